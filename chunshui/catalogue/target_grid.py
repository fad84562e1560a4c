"""Which place misses which target: every metric with a target for every street or community of one."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from chunshui.catalogue.figure import (
    Figure,
    base,
    change,
    is_small,
    status,
    target_text,
    values,
    written,
)
from chunshui.catalogue.metric import BASE, LEVELS, Metric, all_metrics
from chunshui.catalogue.places import registered
from chunshui.catalogue.stored import SUMS, known_month, stored_values
from chunshui.month import Month
from chunshui.warehouse import Reader
from chunshui.words import JUDGED, MISSED, NEAR, NO_DATA, REACHED


@dataclass(frozen=True)
class Cell:
    """One metric of one place: its status and its value as it is written.

    `moved` is its change since the month compared with, of the written values; None where there is none.
    """

    status: str
    text: str
    moved: float | None = None


@dataclass(frozen=True)
class Row:
    """One place with a cell for every metric of the grid, in their order."""

    code: str
    street_code: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def missed(self) -> int:
        """How many targets the place misses."""
        return sum(cell.status == MISSED for cell in self.cells)


@dataclass(frozen=True)
class TargetGrid:
    """Places by metrics, those that lack most first on both sides."""

    level: str
    metrics: tuple[Metric, ...]
    targets: tuple[str, ...]  # of each metric at this level, in words; "" where none holds
    rows: tuple[Row, ...]


def aimed() -> list[Metric]:
    """Return the metrics that have a target."""
    return [metric for metric in all_metrics().values() if metric.target is not None]


def target_grid(
    reader: Reader,
    month: str,
    level: str,
    streets: Collection[str] = (),
    against: str | None = None,
) -> TargetGrid:
    """Return the metrics with a target for every "street" or "community" (`level`) of some streets.

    No streets are all. A metric that is not known so finely, or whose target does not hold there,
    has a cell that is not judged. Places that miss more targets come first, of equal ones those
    that only come near more; metrics likewise, then in the order of the catalogue. With a month to compare
    `against`, cells say how they moved where both rest on enough.
    """
    this = known_month(reader, month)
    months = [this, Month.parse(against)] if against else [this]
    stored = stored_values(reader, BASE)
    metrics = [one for one in aimed() if one.level != "district"]
    known = [one for one in metrics if LEVELS.index(one.level) >= LEVELS.index(level)]
    known = [one for one in known if not stored.unmeasured(one)]
    sums = {
        one.id: stored.by_place(one, months, level) for one in known if one.id in stored.defined
    }
    nothing = np.full((len(SUMS), len(months)), np.nan)
    names = reader.query("catalogue/place_names").set_index("place_code")["place_name"]
    rows = []
    for street, community in registered(reader, level, this.last):
        if streets and street not in streets:
            continue
        cells = []
        for metric in metrics:
            above, wholes, members = sums.get(metric.id, {}).get((street, community), nothing)
            found = values(metric, above, wholes) if metric.id in sums else nothing[0]
            bases = [base(metric, *pair) for pair in zip(wholes, members, strict=True)]
            shown = written(metric, found[0]).text
            moved = None
            if against and not any(is_small(metric, one, level) for one in bases):
                alike = metric.comparable(this, months[-1])
                moved = change(metric, *found) if alike else None
            cells.append(Cell(status(metric, found[0], bases[0], level), shown, moved))
        code = community or street
        rows.append(Row(code, street, names[code], tuple(cells)))
    by_metric = list(zip(*(row.cells for row in rows), strict=True))
    order = sorted(range(len(by_metric)), key=lambda at: _lacking(by_metric[at]))
    return TargetGrid(
        level,
        tuple(metrics[at] for at in order),
        tuple(target_text(metrics[at], level) or "" for at in order),
        tuple(
            Row(row.code, row.street_code, row.name, tuple(row.cells[at] for at in order))
            for row in sorted(rows, key=lambda row: _lacking(row.cells))
        ),
    )


def furthest_first(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures by their distance from the target: missed, near, reached, then those not judged.

    Within each, percentages by how many points they lack, as `wording.overview_sentence` names the
    furthest; then counts, whose distance is no share of anything, in the order given.
    """
    ranks = {one: rank for rank, one in enumerate((MISSED, NEAR, REACHED))}
    return sorted(
        figures,
        key=lambda one: (
            ranks.get(one.status, len(ranks)),
            -points_short(one) if one.status in JUDGED else 0,
        ),
    )


def points_short(figure: Figure) -> float:
    """Return how many points a percentage is on the wrong side of its target; of others, less than any."""
    metric = figure.metric
    if metric.unit != "%":
        return float("-inf")
    gap = change(metric, metric.target, figure.value) or 0.0
    return gap if metric.direction == "up" else -gap


def _lacking(cells: Sequence[Cell]) -> tuple[int, int, int]:
    counts = Counter(cell.status for cell in cells)
    return -counts[MISSED], -counts[NEAR], counts[NO_DATA]
