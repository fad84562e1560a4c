"""Who is compared with whom, and ranking and sum held against pandas over the raw values of the versions."""

import itertools

import duckdb
import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue import inputs
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.city import comparison
from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.streets import street_columns
from chunshui.pipeline import values
from chunshui.warehouse import schema, sql
from tests.city import planted
from tests.city.planted import LAST, METRICS, NAMES, OLDER, OTHER_METRES, OTHER_ROLES, OTHER_STAGES

APART = {
    "circle_coverage": {OTHER_METRES: "规则"},
    "circle_walk": {},
    "grid_leader_rate": {OTHER_ROLES: ALL["grid_role"].name},
    "opinion_closing_rate": {},
    "opinions_received": {},
    "renovation_done_rate": {OTHER_STAGES: ALL["renovation_step"].name},
}


@pytest.fixture(scope="module")
def raw(whole):
    """What the versions store: one row per district, metric, variant, month and place."""
    tables = []
    for code in NAMES:
        path = whole / "districts" / code / "versions" / "versions" / "v000001.duckdb"
        with duckdb.connect(str(path), read_only=True) as con:
            tables.append(con.table("metric_value").df().assign(district=code))
    return pd.concat(tables, ignore_index=True)


def expected(raw, metric_id, variant="base", month=LAST):
    """Each district's value and sums, by pandas."""
    metric = get_metric(metric_id)
    rows = raw[(raw["metric_id"] == metric_id) & (raw["variant"] == variant)]
    rows = rows[rows["month"] == pd.Timestamp(f"{month}-01")]
    if metric.kind == "quantile":
        rows = rows[rows["street_code"].isna()]
    sums = rows.groupby("district")[["numerator", "denominator"]].sum(min_count=1)
    found = sums["numerator"] / (sums["denominator"] if metric.kind == "ratio" else 1)
    return sums.assign(value=found * metric.scale)


def test_what_is_counted_otherwise_is_set_apart_and_nothing_else(edition):
    """Metres, roles, stages, older software: 4 of 4; of the three others, one in another order and words, none."""
    found = comparison.set_apart(edition)
    for metric_id, apart in APART.items():
        # The older software kept no rules, and its version does not have the last metric at all.
        own = apart | ({} if metric_id == METRICS[-1] else {OLDER: "规则"})
        assert found.get((metric_id, "base"), {}).keys() == own.keys()
        rows = comparison.ranking(edition, metric_id, "base", LAST).set_index("district")
        assert set(rows.index[~rows["comparable"]]) == own.keys() | {OLDER}
        for code, part in own.items():
            assert part in rows.at[code, "differs"].split("、")
            assert np.isnan(rows.at[code, "rank"])
            assert rows.at[code, "value"] == rows.at[code, "value"]


@pytest.mark.parametrize("metric_id", METRICS)
@pytest.mark.parametrize("month", [LAST, "2025-03"])
def test_ranking_and_total_are_those_of_the_raw_values(edition, raw, metric_id, month):
    rows = comparison.ranking(edition, metric_id, "base", month)
    wanted = expected(raw, metric_id, month=month).reindex(rows["district"])
    for column in ("value", "numerator"):
        assert rows[column].to_numpy() == pytest.approx(wanted[column].to_numpy(), nan_ok=True)
    metric = get_metric(metric_id)
    group = [code for code in NAMES if code not in {*APART[metric_id], OLDER}]
    sign = 1 if metric.direction == "down" else -1
    ranked = rows[rows["rank"].notna()]
    assert set(ranked["district"]) == {
        one.district
        for one in rows.itertuples()
        if one.district in group and one.value == one.value and not one.small
    }
    assert ranked["rank"].tolist() == (sign * ranked["value"]).rank(method="min").tolist()
    assert (sign * ranked["value"]).is_monotonic_decreasing  # the worst first
    total = comparison.total(edition, metric_id, "base", month)
    if metric.kind == "quantile":
        assert total.figure.value is None
        assert "不能由各区的数相加" in total.figure.reason
        return
    sums = wanted.loc[group, ["numerator", "denominator"]].sum()
    whole = sums["numerator"] / (sums["denominator"] if metric.kind == "ratio" else 1)
    assert total.figure.value == pytest.approx(whole * metric.scale)
    assert total.sentence == f"{len(group)}/7个区"
    assert len(total.figure.trend) == edition.months.index(month) + 1


def test_trend_and_streets_are_those_of_the_raw_values(edition, raw):
    asked = ["circle_coverage", "grid_leader_rate"]
    found = comparison.figures(edition, asked, "base", edition.months)
    for metric_id, month in itertools.product(asked, ("2024-01", LAST)):
        own = found[metric_id].cells[3, :, edition.months.index(month)]
        wanted = expected(raw, metric_id, month=month)["value"].to_dict()
        assert dict(zip(NAMES, own, strict=True)) == pytest.approx(wanted)
    streets = comparison.street_values(edition, "grid_leader_rate", "base", LAST)
    rows = raw[(raw["metric_id"] == "grid_leader_rate") & (raw["month"] == f"{LAST}-01")]
    sums = rows.groupby("street_code")[["numerator", "denominator"]].sum()
    wanted = 100 * sums["numerator"] / sums["denominator"]
    assert dict(zip(streets["street_code"], streets["value"], strict=True)) == pytest.approx(
        wanted.to_dict()
    )
    assert set(streets["street_name"]) == {"甲街道", "乙街道"}


def test_both_texts_say_what_differs(edition):
    def texts(metric_id, code):
        return {one.part: one for one in comparison.rule_text(edition, metric_id, code)}

    metres = texts("circle_coverage", OTHER_METRES)["规则"]
    assert metres.differs
    assert "$farthest: 600" in metres.own
    assert "$farthest: 720" in metres.common
    roles = texts("grid_leader_rate", OTHER_ROLES)
    assert not roles["规则"].differs
    role = roles[ALL["grid_role"].name]
    assert "R2,网格员,False,False" in role.own
    assert "R2,网格员,False,True" in role.common
    assert not any(one.differs for one in texts("grid_leader_rate", "420103").values())
    assert comparison.rule_text(edition, METRICS[-1], OLDER) == ()


def test_a_month_or_metric_nobody_has_is_said(edition):
    with pytest.raises(ChunshuiError, match=r"没有2031-01的数据，可选2023-11至2025-10"):
        comparison.ranking(edition, "grid_leader_rate", "base", "2031-01")
    with pytest.raises(ChunshuiError, match="没有编号为"):
        comparison.ranking(edition, "no_such", "base", LAST)
    total = comparison.total(edition, "station_area", "base", LAST)
    assert (total.figure.value, total.sentence) == (None, "0/7个区")
    assert "没有这项指标" in total.figure.reason


def test_without_walks_or_any_denominator_a_figure_is_missing_and_not_0(city):
    """A district without a walking network has no coverage; all without an opinion have no rate."""
    code, *others = NAMES
    rows = planted.tables(code, 0)
    for one in ("walk_node", "walk_edge", "reach", "walk_door"):
        del rows[one]
    for one in ("opinion", "opinion_event"):
        rows[one] = rows[one].iloc[:0]
    planted.publish_district(city.root, code, rows=rows)
    shown = city.publish(label="无路网", by="测试", without=others)
    for metric_id, why in (
        ("circle_coverage", "没有它所需的台账"),
        ("opinion_closing_rate", "没有"),
    ):
        rows = comparison.ranking(shown, metric_id, "base", LAST)
        assert rows["value"].isna().all()
        assert why in rows["reason"].iloc[0]
        assert comparison.total(shown, metric_id, "base", LAST).figure.value is None
    assert comparison.total(shown, "opinions_received", "base", LAST).figure.value == 0


def test_dictionaries_are_all_ledgers_that_decide_what_is_counted():
    """A ledger of no street that a metric reads is a dictionary, or lists things that are counted."""
    things = {"action_task", "bulletin", "industry_committee"}
    calendar = {"workday"}  # the same in all the country
    bodies = schema.named_texts()
    read = set().union(
        *(inputs._reached(sql.plain(one.sql), bodies) for one in all_metrics().values())
    )
    of_no_street = {one.id for one in ALL.values() if not street_columns(one)}
    assert read & of_no_street == {*values.DICTIONARIES, *things, *calendar}
