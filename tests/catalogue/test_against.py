"""Changes since any month, held against sums of the stored values made with pandas alone."""

import math
import random
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.catalogue.bands import change_classes, change_step
from chunshui.catalogue.by_place import place_table
from chunshui.catalogue.figures import figures_of
from chunshui.catalogue.metric import all_metrics
from chunshui.catalogue.target_grid import target_grid
from chunshui.catalogue.wording import moved_places_sentence, moved_sentence
from chunshui.month import Month
from tests.catalogue import district
from tests.catalogue.district import JIA, LAST, YI

MONTHS = [f"{month:%Y-%m}" for month in district.MONTHS]
METRICS = all_metrics()
SHARES = [m for m in METRICS.values() if (m.kind, m.unit, m.level) == ("ratio", "%", "community")]


@pytest.fixture(scope="module")
def sums(small) -> pd.DataFrame:
    """Numerator and denominator of every metric, month and street."""
    stored = small.frame("select * from metric_value").query("variant == 'base'")
    stored["month"] = stored["month"].dt.strftime("%Y-%m")
    return stored.groupby(["metric_id", "month", "street_code"])[["numerator", "denominator"]].sum()


def share(sums: pd.DataFrame, *key: str) -> tuple[Decimal | None, float]:
    """Return a percentage with the one decimal that is written, and what it rests on."""
    if key not in sums.index or not sums.loc[key, "denominator"]:
        return None, 0
    above, whole = sums.loc[key]
    exact = Decimal(repr(100 * above / whole))
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP), whole


def test_a_change_is_the_difference_of_the_two_written_values(small, sums):
    dice, held = random.Random(13), 0
    for metric in SHARES:
        for month, before in [(LAST, "2024-10"), tuple(sorted(dice.sample(MONTHS, 2)))[::-1]]:
            rows = place_table(small, metric.id, month, "street", against=before)
            rows = rows.set_index("street_code")
            alike = metric.comparable(Month.parse(month), Month.parse(before))
            for street in (JIA, YI):
                now, base = share(sums, metric.id, month, street)
                then, base_then = share(sums, metric.id, before, street)
                few = min(base, base_then) < metric.fewest and metric.entities != ("street",)
                moved = rows.loc[street, "moved"]
                if now is None or then is None or few or not alike:
                    assert math.isnan(moved) and rows.loc[street, "change"] is None
                elif not {now, then} & {Decimal(f"{end:.1f}") for end in (0, 100)}:
                    # (near 0, 100 and a target one more decimal is written)
                    assert moved == pytest.approx(float(now - then), abs=0.1)
                    held += moved != 0
    assert held > 3


def test_without_a_month_to_compare_nothing_is_added(small):
    rows = place_table(small, "grid_compliance", LAST, "street")
    assert not {"moved", "before"} & set(rows)
    given_last = place_table(small, "grid_compliance", LAST, "street", against="2025-09")
    assert given_last["moved"].dropna().isin(set(rows["change_month"])).all()


def test_what_got_worse_is_counted_and_named(small):
    figures = figures_of(small, [m.id for m in METRICS.values() if m.target is not None], LAST)
    said = moved_sentence(figures.values(), "2024-10")
    worse = [one for one in figures.values() if one.better("2024-10") is False]
    for one in worse:
        gained = (one.value or 0) - next(p.value for p in one.trend if p.month == "2024-10")
        assert (gained < 0) == (one.metric.direction == "up")
    assert said.startswith("较上年同期，")
    assert f"{len(worse)}项变差" in said if worse else "没有变差的" in said


def test_months_that_do_not_count_alike_are_said_so(small):
    one = next(m for m in METRICS.values() if m.restarts and m.level == "community")
    rows = place_table(small, one.id, "2025-03", "street", against="2024-12")
    assert rows["moved"].isna().all()
    assert "与2024年12月不可比" in moved_places_sentence(one, rows, "2025-03", "2024-12")
    figure = figures_of(small, [one.id], "2025-03")[one.id]
    assert figure.moved("2024-12") is None and figure.value is not None
    assert figure.moved_text("2024-12") == "与2024年12月不可比"


@given(st.sampled_from(list(METRICS.values())), st.integers(1, 999), st.integers(-999, 999))
def test_classes_of_changes_are_symmetric_and_the_same_for_any_months(metric, before, tenths):
    classes, moved = change_classes(metric), tenths / 10
    way = classes.of(change_step(metric, moved, before))
    assert classes.of(change_step(metric, -moved, before)) == 4 - way
    far = abs(tenths) >= 50 if metric.unit == "%" else abs(tenths) >= before
    assert way == 2 + (moved > 0) - (moved < 0) + far * ((moved > 0) - (moved < 0))
    if metric.direction != "none" and moved:
        worse = (moved < 0) == (metric.direction == "up")
        assert ("变差" in classes.names[way]) == worse
        assert (classes.strengths[way] > 2) == worse, "worse has the strong shades"


@pytest.mark.parametrize("level", ["street", "community"])
def test_the_grid_of_targets_moves_as_the_tables_of_places_do(small, level):
    grid = target_grid(small, LAST, level, against="2024-10")
    held = 0
    for at, metric in enumerate(grid.metrics):
        rows = place_table(small, metric.id, LAST, level, against="2024-10")
        moves = rows.set_index(f"{level}_code")["moved"]
        for row in grid.rows:
            said = row.cells[at].moved
            assert np.nan_to_num(moves[row.code]) == pytest.approx(said or 0), (metric.id, row.code)
            held += bool(said)
    assert held > 3
    alone = target_grid(small, LAST, level)
    assert all(cell.moved is None for row in alone.rows for cell in row.cells)
