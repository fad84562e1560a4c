"""Figures against the same figures counted again with pandas, for random scopes and months."""

import dataclasses
import random
import re
from decimal import Decimal
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui import words
from chunshui.catalogue.attention import items_of
from chunshui.catalogue.by_place import place_table, saturation_of, with_words
from chunshui.catalogue.figure import change, rounding_note, status, written
from chunshui.catalogue.figures import figure_of, figures_of, variants_of
from chunshui.catalogue.fill import fill_values, quantiles
from chunshui.catalogue.members import members_of
from chunshui.catalogue.metric import BASE, CatalogueError, Variant, all_metrics, get_metric
from chunshui.catalogue.stored import stored_values
from chunshui.month import Month
from chunshui.warehouse.reader import Reader, connect
from tests.catalogue import district
from tests.catalogue.district import COMMUNITIES, JIA, LAST, YI

MONTHS = [f"{month:%Y-%m}" for month in district.MONTHS]
METRICS = all_metrics()
STREETS = st.lists(st.sampled_from([JIA, YI]), unique=True)


@pytest.fixture(scope="module")
def tables(small):
    """The small district's tables as frames with dates, read without the catalogue."""
    names = ["building", "community", "station", "opinion", "grid_unit", "grid_post", "grid_role"]
    names += ["two_new_org", "investment", "renovation_project", "renovation_stage", "fund_entry"]
    with small.cursor() as cursor:
        found = {name: cursor.table(name).df() for name in names}
    streets = found["community"].set_index("community_code")["street_code"]
    for frame in found.values():
        if "community_code" in frame and "street_code" not in frame:
            frame["street_code"] = frame["community_code"].map(streets)
    return found


def alive(frame, since, until, as_of):
    return frame[(frame[since] <= as_of) & ~(frame[until] <= as_of)]


def recount(tables, metric_id, as_of, keep):
    """Count one metric again in pandas: numerator and denominator (None for a total)."""
    start = as_of.replace(month=1, day=1)
    if metric_id == "station_area":
        return keep(alive(tables["station"], "opened_on", "closed_on", as_of))[
            "area_m2"
        ].sum(), None
    if metric_id == "two_new_coverage":
        orgs = keep(alive(tables["two_new_org"], "opened_on", "closed_on", as_of))
        organised = orgs["cover"].isin(["单独组建", "联合组建"]) & (orgs["covered_on"] <= as_of)
        return organised.sum(), len(orgs)
    if metric_id == "opinion_closing_rate":
        items = keep(tables["opinion"])
        due = items[items["due_on"].between(start, as_of)]
        return (due["closed_on"] <= as_of).sum(), len(due)
    if metric_id == "opinion_on_time_rate":
        items = keep(tables["opinion"])
        due = items[items["due_on"].between(start, as_of)]
        return (due["closed_on"] <= due["due_on"]).sum(), len(due)
    if metric_id == "grid_compliance":
        grids = keep(alive(tables["grid_unit"], "set_on", "merged_on", as_of))
        return grids["households"].between(300, 500).sum(), len(grids)
    if metric_id == "grid_leader_rate":
        grids = keep(alive(tables["grid_unit"], "set_on", "merged_on", as_of))
        posts = alive(tables["grid_post"], "filled_on", "vacated_on", as_of)
        leaders = tables["grid_role"].query("is_leader")["role_id"]
        return grids["grid_id"].isin(posts[posts["role_id"].isin(leaders)]["grid_id"]).sum(), len(
            grids
        )
    if metric_id == "area_per_100_households":
        stations = keep(alive(tables["station"], "opened_on", "closed_on", as_of))
        return stations["area_m2"].sum(), keep(tables["building"])["households"].sum()
    if metric_id == "investment_paid_rate":
        projects = tables["renovation_project"][["project_id", "street_code", "community_code"]]
        money = keep(tables["investment"].merge(projects, on="project_id"))
        money = money[money["month"] <= as_of]
        return money["paid_yuan"].sum(), money["planned_yuan"].sum()
    if metric_id == "works_started":
        projects = keep(tables["renovation_project"])
        planned = projects[projects["plan_year"] == as_of.year]
        stages = tables["renovation_stage"]
        started = stages[(stages["stage"] == "开工") & (stages["actual_on"] <= as_of)]["project_id"]
        return planned["project_id"].isin(started).sum(), len(planned)
    if metric_id == "fund_spent":
        entries = keep(tables["fund_entry"])
        spent = entries[(entries["direction"] == "支出") & (entries["booked_on"] <= as_of)]
        return spent["amount_yuan"].sum(), None
    raise AssertionError(metric_id)


@pytest.mark.parametrize(
    "metric_id",
    [
        "station_area",
        "two_new_coverage",
        "opinion_closing_rate",
        "opinion_on_time_rate",
        "grid_compliance",
        "grid_leader_rate",
        "area_per_100_households",
        "investment_paid_rate",
        "works_started",
        "fund_spent",
    ],
)
def test_pandas_counts_the_same(small, tables, metric_id):
    dice = random.Random(metric_id)
    for month in dice.sample(MONTHS, 6):
        as_of = pd.Timestamp(Month.parse(month).last)
        one = dice.choice(COMMUNITIES)
        for streets, community in [((), None), ((JIA,), None), ((YI, JIA), None), ((), one)]:

            def keep(frame, streets=streets, community=community):
                if streets:
                    frame = frame[frame["street_code"].isin(streets)]
                return frame if community is None else frame[frame["community_code"] == community]

            n, d = recount(tables, metric_id, as_of, keep)
            figure = figure_of(small, metric_id, month, streets, community)
            if d is None:
                assert figure.value == n
            elif d == 0:
                assert figure.value is None and figure.reason
            else:
                assert figure.value == pytest.approx(METRICS[metric_id].scale * n / d, rel=1e-12)
                assert (figure.numerator, figure.denominator) == (n, d)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(METRICS)), st.sampled_from(MONTHS), st.data())
def test_parts_add_up_to_the_whole(small, metric_id, month, data):
    one = METRICS[metric_id]
    variant = data.draw(st.sampled_from(one.variants)).id
    whole = figure_of(small, metric_id, month, variant=variant, months=1)
    streets = place_table(small, metric_id, month, "street", variant=variant)
    communities = place_table(small, metric_id, month, "community", variant=variant)
    if one.kind == "quantile":
        return
    raw = values_of(small, metric_id, month, variant)
    for frame in (streets, communities):
        assert frame["numerator"].sum() == pytest.approx(raw["numerator"].sum())
        assert frame["denominator"].sum() == pytest.approx(raw["denominator"].sum())
        assert frame["members"].sum() == whole.members


def values_of(small, metric_id, month, variant):
    one = METRICS[metric_id]
    return small.frame(one.sql, **one.query_parameters(Month.parse(month), variant))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(METRICS)), st.sampled_from(MONTHS), STREETS, st.data())
def test_members_add_up_to_the_figure(small, metric_id, month, streets, data):
    one = METRICS[metric_id]
    variant = data.draw(st.sampled_from(one.variants)).id
    community = data.draw(st.sampled_from([None, *COMMUNITIES])) if not streets else None
    found = members_of(small, metric_id, month, streets, community, variant)
    figure = figure_of(small, metric_id, month, streets, community, variant, months=1)
    unplaceable = one.level == "district" and (streets or community)
    if unplaceable or (one.level == "street" and community):
        assert figure.value is None and figure.reason
        return
    assert figure.members == found["counted"].sum()
    if figure.value is None:
        assert figure.reason
    elif one.kind == "quantile":
        counted = found[found["counted"]]
        assert figure.value in set(counted["numerator"])
        share = get_metric(metric_id).quantile(variant)
        assert (counted["numerator"] <= figure.value).mean() >= share - 1e-9
        assert (counted["numerator"] < figure.value).mean() < share + 1e-9
    else:
        assert found.loc[found["counted"], "numerator"].sum() == pytest.approx(figure.numerator)
        assert found["numerator"].sum() == pytest.approx(figure.numerator)
        assert found["denominator"].sum() == pytest.approx(figure.denominator or 0)
    assert found["file_name"].notna().all() and found["source_row"].notna().all()


def test_all_months_at_once_equal_one_month_at_a_time(small):
    """The fill turns $as_of into a column; every sum must be that of the plain query."""
    stored = small.frame("select * from metric_value")
    dice = random.Random(0)
    for one in METRICS.values():
        if one.kind == "quantile":
            continue
        if stored_values(small, BASE).unmeasured(one):
            assert one.id not in set(stored["metric_id"])
            continue
        for variant in one.variants:
            month = dice.choice(MONTHS)
            plain = values_of(small, one.id, month, variant.id)
            keys = ["street_code", "community_code"]
            plain = plain.groupby(keys, dropna=False)[["numerator", "denominator"]].sum()
            here = stored[
                (stored["metric_id"] == one.id)
                & (stored["variant"] == variant.id)
                & (stored["month"] == pd.Timestamp(Month.parse(month).first))
            ]
            here = here.groupby(keys, dropna=False)[["numerator", "denominator"]].sum()
            pd.testing.assert_frame_equal(
                here.sort_index(), plain.astype("float64").sort_index(), check_index_type=False
            )


def test_month_by_month_change_and_status(small):
    grids = figure_of(small, "grid_compliance", LAST)
    assert (grids.numerator, grids.denominator, grids.members) == (4, 6, 4)
    assert grids.status == "未达标" and grids.target_text == "目标≥90%"
    assert grids.previous_year == pytest.approx(100 * 4 / 7)
    assert grids.change_year == pytest.approx(66.7 - 57.1), "of what is written"
    assert grids.better("2025-09") is None and grids.change_text == "与上月持平"
    assert len(grids.trend) == 24 and grids.trend[-1].value == grids.value
    short = figure_of(small, "grid_compliance", LAST, months=12)
    assert [point.month for point in short.trend] == MONTHS[-12:]
    first = figure_of(small, "grid_compliance", MONTHS[0])
    assert first.previous_month is None and first.change_text == ""


def test_only_a_quantile_is_known_to_be_beyond_what_is_measured():
    for one in METRICS.values():
        assert one.kind == "quantile" or all(one.most(way.id) is None for way in one.variants)
    assert written(METRICS["lifts_one_short"], 4).text == "4部", (
        "its most is a number of households"
    )


def test_what_belongs_to_no_street_has_its_own_row(small):
    rows = place_table(small, "industry_committees", LAST, "street")
    assert rows["street_name"].tolist() == ["甲街道", "乙街道", "（不分街道）"]
    assert rows["text"].tolist() == ["—", "—", "1个"]
    figure = figure_of(small, "industry_committees", LAST, [JIA])
    assert figure.value is None and figure.reason == "本指标只在全区统计，不分到街道、社区。"
    assert figure.status == "无数据"
    own = place_table(small, "station_area", LAST, "community")
    assert own.iloc[-1]["community_name"] == "（不分社区）" and own.iloc[-1]["numerator"] == 900


def test_places_come_best_first(small):
    up = place_table(small, "area_per_100_households", LAST, "community")
    assert up["value"].dropna().is_monotonic_decreasing
    down = place_table(small, "opinion_closing_days", LAST, "community")
    assert down["value"].dropna().is_monotonic_increasing
    chosen = place_table(small, "station_count", LAST, "community", [YI])
    assert set(chosen["street_code"]) == {YI} and len(chosen) == 3


def test_members_say_why_not(small):
    members = members_of(small, "two_new_coverage", LAST)
    assert members["counted"].tolist() == [True, True, False, False]
    assert members["part"].tolist() == ["计入分子", "计入分子", "未计入分子", "未计入分子"]
    assert members["reason"].tolist() == [None, None, "工作覆盖", "未覆盖"]
    assert members["file_name"].unique().tolist() == ["two_new_org.xlsx"]
    assert members["source_row"].tolist() == [2, 3, 4, 5]
    both = members_of(small, "area_per_100_households", LAST, community=COMMUNITIES[0])
    assert both["part"].tolist() == ["只作分母", "只作分母", "只作分子"]
    assert both["entity_word"].tolist() == ["楼栋", "楼栋", "阵地"]
    night = members_of(small, "station_night_rate", LAST)
    assert night[night["part"] == "不在分母"]["reason"].unique().tolist() == ["未登记开放时间"]


def test_quantile_of_several_streets_is_asked_live(small):
    for variant in ("base", "p90", "month"):
        whole = figure_of(small, "opinion_closing_days", LAST, variant=variant)
        both = figure_of(small, "opinion_closing_days", LAST, [JIA, YI], variant=variant)
        same = [f.name for f in dataclasses.fields(whole) if f.name not in ("metric", "level")]
        assert [getattr(both, name) for name in same] == [getattr(whole, name) for name in same]
    assert whole.fraction_text == "1项民情"


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 5)), min_size=1, max_size=40),
    st.floats(0.01, 0.99),
)
def test_weighted_quantile_is_that_of_repeated_values(pairs, share):
    """Against numpy, over a metric whose members are the pairs (value, weight)."""
    con = duckdb.connect()
    con.execute("create table pairs (value integer, weight integer)")
    con.executemany("insert into pairs values (?, ?)", pairs)
    plain = "select null street_code, null community_code, value numerator, weight denominator"
    made = dataclasses.replace(
        METRICS["opinion_closing_days"],
        sql=f"{plain} from pairs where $as_of > $window_start",
        variants=(Variant("base", "", "month", {"quantile": share}),),
    )
    statement, parameters = quantiles(made, made.variants[0], [Month(2025, 5)])
    rows = con.execute(statement, parameters).fetchall()
    con.close()
    numbers, weights = np.array(pairs).T
    repeated = np.repeat(numbers, weights)
    found = [(row[5], row[6], row[7]) for row in rows]
    if repeated.size == 0:
        assert found == []
    else:
        wanted = np.quantile(repeated, share, method="inverted_cdf")
        assert found == [(wanted, len(repeated), np.count_nonzero(weights))]


def test_sensitivity_shows_every_definition(small):
    band = variants_of(small, "two_new_coverage", LAST)
    assert band["variant"].tolist() == ["base", "with_work", "own_only", "enterprises"]
    assert band["value"].tolist() == pytest.approx([50, 75, 25, 200 / 3])
    assert band["difference"].tolist() == pytest.approx([0, 25, -25, 16.7])


def test_saturation_speaks_only_of_streets_alike():
    def streets(*shares):
        codes = [f"{n:09d}" for n in range(len(shares))]
        rows = pd.DataFrame({"street_code": codes, "street_name": codes, "value": shares})
        rows = rows.assign(numerator=shares, denominator=100, members=1)
        return with_words(METRICS["two_new_coverage"], rows, "street")

    alike = saturation_of("two_new_coverage", streets(98.0, 99.0, 100.0, None))
    assert alike.saturated and alike.spread == 2
    assert alike.sentence == (
        "3个街道都在98.0%到100%之间，相差不大，可改看两新组织单独组建率、两新组织党的工作覆盖率。"
    )
    assert alike.splits == ("two_new_own_rate", "two_new_work_coverage")
    assert "3个街道都是100%，" in saturation_of("two_new_coverage", streets(100, 100, 100)).sentence
    assert not saturation_of("two_new_coverage", streets(90, 100, 95)).saturated
    assert not saturation_of("two_new_coverage", streets(100, 100)).saturated
    assert not saturation_of("station_count", streets(4, 4, 4)).saturated


@pytest.mark.parametrize(
    ("metric_id", "value", "said"),
    [
        ("two_new_coverage", 90.0, "达标"),
        ("two_new_coverage", 89.9, "接近"),
        ("two_new_coverage", 84.9, "未达标"),
        ("opinion_return_rate", 10.0, "达标"),
        ("opinion_return_rate", 12.0, "接近"),
        ("opinion_return_rate", 15.1, "未达标"),
        ("opinions_open_overdue", 1.0, "未达标"),
        ("station_count", 1.0, "无目标"),
        ("station_count", None, "无数据"),
        ("station_count", float("nan"), "无数据"),
    ],
)
def test_status(metric_id, value, said):
    assert status(METRICS[metric_id], value, 100) == said


@pytest.mark.parametrize("month", ["2023-10", "2025-11"])
def test_a_month_the_version_lacks_is_refused(small, month):
    with pytest.raises(CatalogueError, match=f"没有{month}的数据，可选2023-11至2025-10"):
        figure_of(small, "station_count", month)


def test_a_metric_younger_than_the_version_says_so(small, monkeypatch):
    young = dataclasses.replace(METRICS["station_count"], id="young")
    monkeypatch.setattr("chunshui.catalogue.figures.get_metric", lambda _: young)
    figure = figure_of(small, "young", LAST)
    assert figure.value is None and "重新发布" in figure.reason


def test_several_figures_in_one_go(small):
    ids = ["station_count", "opinion_closing_days", "two_new_coverage"]
    several = figures_of(small, ids, LAST, [JIA])
    assert list(several) == ids
    for one in ids:
        assert several[one] == figure_of(small, one, LAST, [JIA])


def test_fill_keeps_the_definition_beside_the_values(small):
    kept = small.frame("select * from metric_definition").set_index("metric_id")
    assert set(kept.index) == set(METRICS)
    assert kept.loc["station_count", "sql_text"] == METRICS["station_count"].sql
    assert kept.loc["two_new_coverage", "target"] == 90


def test_fill_reports_progress(tmp_path):
    from chunshui.warehouse.reader import connect

    con = connect(tmp_path / "v.duckdb", read_only=False)
    district.build(con)
    told = []
    assert fill_values(con, told.append) > 0
    assert told[-1] == 1 and told == sorted(told)
    con.close()


def test_what_no_ledger_was_given_for_is_unknown_and_not_nought(tmp_path):
    """Of a district of places alone nothing is known; of one with opinions, the opinions."""
    places = ["district", "street", "community"]
    for name, given_ledgers in (("a", places), ("b", [*places, "neighbourhood", "opinion"])):
        con = connect(tmp_path / f"{name}.duckdb", read_only=False)
        rows = {
            table: frame for table, frame in district.tables().items() if table in given_ledgers
        }
        district.build(con, rows, [Month.parse(LAST).first])
        fill_values(con)
        con.close()
        with Reader(tmp_path / f"{name}.duckdb", SimpleNamespace(version="v000001")) as reader:
            for figure in figures_of(reader, METRICS, LAST, months=1).values():
                table = place_table(reader, figure.metric.id, LAST, "community")
                counted = re.findall(r"\b(?:from|join) (\w+)\b(?!\()", figure.metric.sql)
                counted += figure.metric.needs  # what a macro reads is said there
                # Not names within a statement, nor the calendar, which takes the usual weeks.
                counted = [one for one in counted if one in district.tables()]
                if name == "b" and set(counted) <= set(given_ledgers) | {"month"} and counted:
                    assert figure.value is not None or "分母" in figure.reason
                    continue
                assert figure.value is None and figure.text == "—"
                assert figure.reason.startswith("本版本没有") and figure.reason.endswith(
                    "无从计算。"
                )
                assert table["value"].isna().all() and (table["status"] == "无数据").all()
            if name == "b":
                received = figure_of(reader, "opinions_received", LAST)
                assert received.value > 0
            rules = {item.rule for item in items_of(reader, LAST)}
            assert rules <= ({"opinions_overdue", "off_target", "falls"} if name == "b" else set())


def test_a_ledger_given_empty_counts_nought(tmp_path):
    rows = district.tables()
    rows["demo_site"] = rows["demo_site"].iloc[:0]
    con = connect(tmp_path / "v.duckdb", read_only=False)
    district.build(con, rows, [Month.parse(LAST).first])
    fill_values(con)
    con.close()
    with Reader(tmp_path / "v.duckdb", SimpleNamespace(version="v000001")) as reader:
        assert figure_of(reader, "demo_sites", LAST).value == 0
        assert figure_of(reader, "circle_left_out", LAST).value is None


@given(value=st.floats(0, 40), other=st.floats(0, 40), variant=st.sampled_from(["base", "older"]))
def test_beyond_what_is_measured_nothing_is_said_to_the_tenth(value, other, variant):
    walk = get_metric("circle_walk")
    most, speed = walk.most(variant), walk.variant(variant).params["speed"]
    assert most <= 1500 / speed / 60 < most + 0.01
    value, other = min(round(value, 1), most), min(round(other, 1), most)
    text = written(walk, value, variant).text
    assert text.startswith("超过") == (value == most)
    moved = change(walk, value, other, variant)
    assert (moved is None) == (most in (value, other))
    assert moved is None or moved == pytest.approx(value - other)
    judged = dataclasses.replace(walk, target=15.0, amber=20.0)
    assert status(judged, most, None) == "未达标"


@given(
    st.lists(st.integers(0, 300_000_000), min_size=1, max_size=12),
    st.sampled_from(["元", "人", "项"]),
)
def test_a_footnote_stands_where_written_parts_do_not_add_up(parts, unit):
    """Read the words again, as a reader does: numbers with 万 and 亿, added up."""

    def read(text):
        number = Decimal(re.match(r"[\d,.]+", text)[0].replace(",", ""))
        return number * {"万": 10_000, "亿": 100_000_000}.get(text.removesuffix(unit)[-1], 1)

    whole = sum(parts)
    told = sum(read(words.number(part, unit)) for part in parts)
    note = rounding_note(parts, whole, unit)
    assert (note != "") == (told != read(words.number(whole, unit)))
    assert rounding_note([*parts, 7], whole, unit) == ""  # not by rounding
