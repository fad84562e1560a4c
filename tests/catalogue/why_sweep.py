"""Changes taken apart, held against the members of both months: `python -m tests.catalogue.why_sweep`.

The whole goes through every metric, month, way of comparing, street and community of the
demonstration in the data folder (CHUNSHUI_DATA); the suite tries a sample.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import product

import pandas as pd

from chunshui import paths
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.catalogue.stored import version_months
from chunshui.catalogue.why import (
    CAME,
    GAINED,
    LEFT,
    LOST,
    change_of,
    comparable_months,
    member_flows,
    why_sentence,
)
from chunshui.warehouse import Reader, Store
from tests.catalogue.wording_sweep import read

# Words for what a metric's file has no own words for.
MACHINE = (GAINED, LOST, "不再统计", "-")
PART_OF = re.compile(r"(\d[\d,.]*[万亿]?)[^\d，；。]*（其中(\d[\d,.]*[万亿]?)")
KEY = ["entity_table", "entity_id", "street_code", "community_code"]


@dataclass(frozen=True)
class Case:
    """One figure in two months."""

    metric_id: str
    month: str
    against: str
    level: str
    streets: tuple[str, ...] = ()
    community: str | None = None


def cases(reader: Reader) -> Iterator[Case]:
    """Yield every metric × month × month before and a year before × district and street.

    And every community in the last month.
    """
    register = reader.query("views/communities")
    streets = list(register["street_code"].unique())
    wide = [((), None, level) for level in ("street", "community")]
    wide += [((street,), None, "community") for street in streets]
    wide.append((tuple(streets[:2]), None, "street"))
    fine = [((), community, "community") for community in register["community_code"]]
    months = version_months(reader)
    for metric, month in product(all_metrics().values(), months):
        comparable = comparable_months(metric, month, months)
        for against in sorted({month.shift(-1), month.shift(-12)} & set(comparable)):
            for chosen, community, level in wide + fine * (month == months[-1]):
                yield Case(metric.id, str(month), str(against), level, chosen, community)


@lru_cache(maxsize=4)
def district_members(reader: Reader, metric_id: str, month: str) -> pd.DataFrame:
    """Return the members of the whole district."""
    rows = members_of(reader, metric_id, month)
    return rows.fillna({"street_code": "", "community_code": ""})


def members_in(reader: Reader, case: Case, month: str) -> pd.DataFrame:
    """Return the members of a case's scope."""
    rows = district_members(reader, case.metric_id, month)
    if case.streets:
        rows = rows[rows["street_code"].isin(case.streets)]
    return rows[rows["community_code"] == case.community] if case.community else rows


def check(reader: Reader, case: Case) -> None:
    """Raise AssertionError where the parts of a change are not those of the members themselves."""
    metric = get_metric(case.metric_id)
    scope = (case.streets, case.community)
    change = change_of(reader, metric.id, case.month, case.against, case.level, *scope)
    flows = member_flows(reader, metric.id, case.month, case.against, *scope)
    was, now = (members_in(reader, case, month) for month in (case.against, case.month))
    both = was.merge(now, on=KEY, how="outer", suffixes=("_0", "_1"), indicator=True)
    moved = {}
    for part in ("numerator", "denominator"):
        before, after = (
            pd.to_numeric(both[f"{part}_{side}"]).fillna(0).astype(float) for side in (0, 1)
        )
        moved[part] = after - before
        stated = flows[f"{part}_change"].sum()
        assert abs(stated - moved[part].sum()) <= 1e-6 * max(1, after.abs().sum()), part
    large = (
        both[["numerator_0", "numerator_1"]].apply(pd.to_numeric).abs().max(axis=1).clip(lower=1)
    )
    sure = (moved["numerator"].abs() > 1e-6 * large) | (moved["denominator"].abs() > 1e-6)
    listed = flows.fillna({"street_code": "", "community_code": ""})
    assert {*both.loc[sure, KEY].itertuples(index=False, name=None)} <= {
        *listed[KEY].itertuples(index=False, name=None)
    }
    sides = both.set_index(KEY).loc[list(listed[KEY].itertuples(index=False, name=None))]
    _check_flows(listed["flow"], sides)
    _check_sums(case, change, flows)
    sentence = why_sentence(change, flows)
    check_words(sentence)
    if change.written:
        check_pulls(sentence, Decimal(str(change.written)))


def check_words(sentence: str) -> None:
    """Raise AssertionError where a sentence is the program's and not an official's."""
    assert sentence.endswith("。"), sentence
    assert not any(word in sentence for word in ("nan", "None", *MACHINE)), sentence
    for whole, part in PART_OF.findall(sentence):
        assert read(part) <= read(whole), sentence


def check_pulls(sentence: str, change: Decimal) -> None:
    """Raise AssertionError where the places' parts, as written, are not the change as written."""
    part = re.split("[；：]", sentence.rstrip("。"))[-1]
    ways = "(拉高|拉低|增加|减少)"
    if "约" in part or not re.match(f"{ways}最多的是|[^（]*各{ways}|其中.*{ways}", part):
        return
    part = part.replace("，为最多", "")
    named, _, rest = part.partition("，其余")
    if each := re.search("(?:([0-9]+)个(?:社区|街道))?各(?:拉高|拉低|增加|减少)(.*)", named):
        total = int(each[1] or named.count("、") + 1) * read(each[2])
    else:
        sizes = "(?:拉高|拉低|增加|减少)([^、]*)" if named.startswith("其中") else "（([^）]*)）"
        total = sum(read(size) for size in re.findall(sizes, named))
    if rest:
        same = _way(rest) == _way(named)
        total += read(rest) * (1 if same else -1)
    assert abs(total - abs(change)) <= Decimal("1e-9"), (sentence, change)


def _way(words: str) -> bool:
    """Return whether words say that something rose."""
    return bool(re.search("拉高|增加|上升", words))


def _check_flows(flow: pd.Series, sides: pd.DataFrame) -> None:
    for word, merge in zip(flow, sides["_merge"], strict=True):
        assert (word == CAME) == (merge == "right_only")
        assert (word == LEFT) == (merge == "left_only")
    counted = (sides["counted_0"].eq(True), sides["counted_1"].eq(True))
    there = (sides["_merge"] == "both").to_numpy()
    assert ((flow == GAINED).to_numpy() == (there & (~counted[0] & counted[1]).to_numpy())).all()
    assert ((flow == LOST).to_numpy() == (there & (counted[0] & ~counted[1]).to_numpy())).all()


def _check_sums(case: Case, change, flows: pd.DataFrame) -> None:
    metric, places = change.metric, change.places
    if metric.kind == "quantile":
        assert places["contribution"].isna().all() and flows["contribution"].isna().all()
        return
    if change.size is None:
        return
    near = 1e-9 * max(1, abs(change.after.value), abs(change.before.value))
    effects = places["numerator_effect"] + places["denominator_effect"]
    assert ((effects - places["contribution"]).abs() <= near).all()
    assert abs(places["contribution"].sum() - change.size) <= near * 10, case
    assert abs(flows["contribution"].sum() - change.size) <= near * 1e4, case
    by_place = flows.groupby(flows["street_code"].fillna(""))["contribution"].sum()
    of_places = places.groupby(places["street_code"].fillna(""))["contribution"].sum()
    both = pd.concat([by_place, of_places], axis=1).fillna(0)
    assert ((both.iloc[:, 0] - both.iloc[:, 1]).abs() <= near * 1e4).all(), case


def main() -> None:
    """Check every case, or each of a number (--every=1000)."""
    every = next((int(one[8:]) for one in sys.argv[1:] if one.startswith("--every=")), 1)
    with Store(paths.versions_dir()).open() as reader:
        done = 0
        for number, case in enumerate(cases(reader)):
            if number % every == 0:
                check(reader, case)
                done += 1
        print(f"{done:,} of {number + 1:,}")


if __name__ == "__main__":
    main()
