"""Claims, what needs attention, and the finding: the words beside the figures."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from chunshui.catalogue.attention import all_rules, by_kind, counts_of, items_of, items_within
from chunshui.catalogue.by_place import place_table, with_words
from chunshui.catalogue.claims import claims_of, factor, holds
from chunshui.catalogue.figures import figure_of, figures_of
from chunshui.catalogue.fill import fill_values
from chunshui.catalogue.frontmatter import CatalogueError
from chunshui.catalogue.metric import all_metrics, get_metric
from chunshui.catalogue.sources import source_files, source_row, unused_rows
from chunshui.catalogue.wording import (
    attention_kinds_sentence,
    overview_sentence,
    place_sentence,
    ranking_sentence,
)
from chunshui.warehouse.reader import Reader, connect
from chunshui.words import URGENCIES
from tests.catalogue import district
from tests.catalogue.district import COMMUNITIES, JIA, LAST


@pytest.fixture(scope="module")
def claimed(tmp_path_factory):
    """The small district with claims about it, and one station far off its community."""
    path = tmp_path_factory.mktemp("claimed") / "v.duckdb"
    con = connect(path, read_only=False)
    district.build(con)
    rows = [
        ("C01", "大工委", "等于", 2.0, "个", "street_committees", None),
        ("C05", "民情", "等于", 8.0, "项", "opinions_received", None),
        ("C07", "两新", "超过", 50.0, "%", "two_new_coverage", None),
        ("C12", "面积", "不少于", 1210.0, "平方米", "station_area", None),
        ("C13", "基金", "等于", 4.2, "万元", "fund_spent", None),
        (
            *("C14", "旧改", "等于", 950.0, "万元", "renovation_budget"),
            "renovation_allocated；renovation_paid",
        ),
        (
            *("C15", "惠及", "等于", 0.058, "万人", "renovation_beneficiaries"),
            "renovation_unique_beneficiaries",
        ),
        ("C04", "单位错", "等于", 2.0, "名", "member_units", None),
        ("C99", "没有指标", "等于", 2.0, "名", None, None),
    ]
    con.executemany(
        "insert into claim (claim_id, subject, comparator, value, unit, metric_id, other_metrics, quote, note,"
        " source_id, source_row) values (?, ?, ?, ?, ?, ?, ?, '原文', '没有说明期间', 'street', 2)",
        rows,
    )
    con.execute("insert into station_place (station_id, metres_outside) values ('S2', 321.4)")
    fill_values(con)
    con.close()
    with Reader(path, SimpleNamespace(version="v000001")) as reader:
        yield reader


def test_claims_beside_figures(claimed):
    found = {one.claim_id: one for one in claims_of(claimed)}
    said = {claim_id: one.status for claim_id, one in found.items()}
    assert said == {
        "C01": "一致",
        "C04": "无数据",
        "C05": "不一致",
        "C07": "不一致",
        "C12": "一致",
        "C13": "一致",
        "C14": "口径不明",
        "C15": "口径不明",
        "C99": "无数据",
    }
    assert found["C07"].claimed_text == "超50%" and found["C07"].computed_text == "50.0%"
    assert found["C12"].claimed_text == "不少于1,210平方米"
    assert found["C13"].computed == pytest.approx(4.2) and found["C13"].computed_text == "4.2万元"
    assert found["C14"].holds and "按“老旧小区改造累计支付”为80.0万元，不一致" in found["C14"].note
    assert not found["C15"].holds and "去重人数）”为580人，一致" in found["C15"].note
    assert found["C99"].note == "没有指标对应这项公开数据。"


@pytest.mark.parametrize(
    ("computed", "comparator", "claimed_", "met"),
    [
        (34.94, "等于", 34.9, True),
        (34.96, "等于", 34.9, False),
        (53.4, "等于", 53.0, True),
        (53.6, "等于", 53.0, False),
        (440, "超过", 440, False),
        (441, "超过", 440, True),
        (440, "不少于", 440, True),
        (9.0, "不到", 10, True),
        (10.1, "不超过", 10, False),
    ],
)
def test_a_claim_is_held_to_its_own_precision(computed, comparator, claimed_, met):
    assert holds(computed, comparator, claimed_) is met


def test_units_of_claims():
    assert factor("万元", "元") == 1e4 and factor("亿元", "元") == 1e8
    assert factor("万人", "人") == 1e4 and factor("%", "%") == 1
    assert factor("名", "家") is None and factor("万人", "元") is None


def in_scope(reader, streets=(), community=None):
    return items_within(items_of(reader, LAST), streets, community)


def test_attention_is_sentences_with_numbers_and_links(claimed):
    items = in_scope(claimed)
    by_rule = {}
    for item in items:
        by_rule.setdefault(item.rule, []).append(item)
        assert item.sentence.endswith("。") and "{" not in item.sentence + item.title
        assert any(letter.isdigit() for letter in item.sentence) or "没有" in item.sentence
        assert item.params["metric"] in all_metrics() and item.params["month"] == LAST
    of_district = [item for item in items if "street" not in item.params]
    assert [item.rule for item in of_district] == ["assignments_late"]
    assert {item.params.get("street") for item in items} == {"甲街道", "乙街道", None}
    assert [item.severity for item in items] == sorted(
        (item.severity for item in items), key=URGENCIES.index
    )
    (misplaced,) = by_rule["stations_misplaced"]
    assert misplaced.title == "甲二阵地坐标可疑"
    assert "距该社区321米" in misplaced.sentence
    assert misplaced.params["street"] == "甲街道" and misplaced.params["community"] == "甲二社区"
    (stalled,) = by_rule["projects_stalled"]
    assert stalled.sentence == (
        "开工后174天仍未进入下一阶段；同类（基础类）项目九成在30天内进入，超出144天；"
        "涉及300户、计划总投资300.0万元。"
    )
    near = {item.title: item.sentence for item in by_rule["lifts_one_short"]}
    assert near["第1电梯征询只差一户"].startswith(
        "12户中11户已参与表决，按规定须9户同意，已有8户同意；同意的面积须达832.5平方米，已有790.0平方米。"
    )
    assert near["第2电梯征询只差一户"].startswith(
        "12户中9户已参与表决，按规定须7户同意，已有6户同意；同意的面积须达675.0平方米，已有610.0平方米。"
    )
    assert {item.title: item.sentence for item in by_rule["opinions_overdue"]} == {
        "乙街道民情逾期未办结": "民情1项到期未办结，逾期52个工作日（乙二社区，楼道照明）。",
        "甲街道民情逾期未办结": "民情1项到期未办结，当天到期（甲二社区，楼道照明）。",
    }
    assert {item.params["street"] for item in by_rule["grids_without_leader"]} == {
        "甲街道",
        "乙街道",
    }


def test_attention_agrees_with_the_metrics(claimed):
    """A rule counts with SQL of its own; its counts must be those of the metric it links to."""
    items = in_scope(claimed)

    def weight(rule):
        return sum(item.weight for item in items if item.rule == rule)

    def figure(metric_id):
        return figure_of(claimed, metric_id, LAST, months=1)

    overdue = figure("opinions_open_overdue").value
    assert weight("opinions_overdue") == overdue
    leaders = figure("grid_leader_rate")
    assert weight("grids_without_leader") == leaders.denominator - leaders.numerator
    stations = figure("community_station_rate")
    missing = [item for item in items if item.rule == "communities_without_station"]
    assert len(missing) == stations.denominator - stations.numerator
    stalled = [item for item in items if item.rule == "projects_stalled"]
    assert len(stalled) == figure("renovation_stalled").value


def test_attention_keeps_to_its_scope(claimed):
    only = in_scope(claimed, [JIA])
    assert {item.street_code for item in only} == {JIA}
    assert not any(item.narrow for item in only)
    one = in_scope(claimed, community=COMMUNITIES[4])
    assert {item.community_code for item in one} == {COMMUNITIES[4]}
    overdue = next(item for item in one if item.rule == "opinions_overdue")
    assert overdue.narrow and overdue.title == "乙二社区民情逾期未办结"
    assert overdue.params["community"] == "乙二社区"
    street = next(item for item in in_scope(claimed) if item.rule == "opinions_overdue")
    assert "community" not in street.params


def test_attention_is_counted_once_and_by_kind(claimed):
    """Recounted from the findings: nothing is cut, the gravest first, the worst of each rule before the next."""
    items = in_scope(claimed)
    total, urgent = counts_of(items)
    assert total == len(items) == sum(not item.narrow for item in items_of(claimed, LAST))
    grave = [URGENCIES.index(item.severity) for item in items]
    assert grave == sorted(grave) and urgent == grave.count(0) > 0
    kinds = by_kind(items)
    assert sum(map(len, kinds.values())) == total and len(kinds["社区没有社区级阵地"]) == 4
    for alike in kinds.values():
        assert [one.weight for one in alike] == sorted((one.weight for one in alike), reverse=True)
    sentence = attention_kinds_sentence(total, urgent, {"甲": 2, "乙": 1})
    assert sentence == f"需要关注的事项{total}条，其中紧急{urgent}条：甲2条、乙1条"
    assert attention_kinds_sentence(0, 0, {}) == "没有需要关注的事项"


def test_off_target_names_the_street_and_the_fraction(claimed):
    items = in_scope(claimed)
    found = {item.title: item.sentence for item in items if item.rule == "off_target"}
    assert found == {
        "乙街道每百户阵地面积低于目标": (
            "13.6平方米（90平方米/660户），目标≥30平方米；全区只有这个街道低于目标。"
        ),
        "甲街道改造资金支付率低于目标": "80.0%（80/100万元），目标≥90%；全区2个街道均低于目标。",
        "乙街道改造资金支付率低于目标": "0%（0/100万元），目标≥90%；全区2个街道均低于目标。",
    }


def test_off_target_counts_every_street_that_does_not_reach_the_target(claimed):
    """Recounted from the values: what is near its target does not reach it."""
    for item in in_scope(claimed):
        if item.rule != "off_target":
            continue
        metric = all_metrics()[item.params["metric"]]
        rows = place_table(claimed, metric.id, LAST, "street")
        rows = rows[rows["value"].notna() & rows["street_code"].notna()]
        judged = rows[~rows["small"]]["value"]
        up = metric.direction == "up"
        beyond = int((judged < metric.target).sum() if up else (judged > metric.target).sum())
        side = "低于目标" if up else "高于目标"
        who = (
            f"{beyond}个街道{'均' if beyond == len(rows) else ''}" if beyond > 1 else "只有这个街道"
        )
        assert item.sentence.endswith(f"；全区{who}{side}。") and item.title.endswith(side)


def test_attention_rules_are_many_and_sound():
    assert len(all_rules()) >= 8


def test_a_faulty_attention_rule_is_refused(tmp_path):
    (tmp_path / "attention").mkdir()
    text = (
        "id='a'\nkind='甲'\ntitle='甲'\nseverity='重要'\npage='p'\ntemplate='乙'\nask='丙'\nlink={}"
    )
    (tmp_path / "attention" / "a.sql").write_text(f"/*\n{text}\n*/\nselect 1", encoding="utf-8")
    with pytest.raises(CatalogueError, match="severity 只能取"):
        all_rules(tmp_path)


def test_the_finding_of_the_overview(small):
    ids = [one.id for one in all_metrics().values() if one.target is not None]
    figures = figures_of(small, ids, LAST)
    sentence = overview_sentence(figures.values())
    judged = sum(one.value is not None for one in figures.values())
    assert len(ids) - judged == 1  # circle_coverage: this district has no streets to walk on
    assert sentence.startswith(f"2025年10月全区{judged}项有目标的指标中，")
    missed = sum(one.status in ("未达标", "接近") for one in figures.values())
    assert f"{missed}项没有达到目标" in sentence and sentence.endswith("。")
    worst = max(
        (one for one in figures.values() if one.status == "未达标" and one.metric.unit == "%"),
        key=lambda one: abs(one.value - one.metric.target),
    )
    assert f"离目标最远的是{worst.metric.name}" in sentence
    assert overview_sentence([figure_of(small, "station_count", LAST)], "甲街道") == (
        "甲街道本月没有可与目标比较的指标。"
    )


def test_the_finding_of_one_metric(small):
    figure = figure_of(small, "grid_compliance", LAST)
    rows = place_table(small, "grid_compliance", LAST, "community")
    assert place_sentence(figure, rows) == (
        "网格规模合规率66.7%（4/6个），比目标90%低23.3个百分点。"
    )
    nothing = figure_of(small, "industry_committees", LAST, [JIA])
    assert place_sentence(nothing, rows) == (
        "区级行业系统综合党委数：本指标只在全区统计，不分到街道、社区。"
    )
    even = dataclasses.replace(figure, trend=())
    assert "最高" not in place_sentence(even, rows.assign(value=50.0))


def test_what_is_within_chance_has_no_first_and_no_last(small):
    """By hand: 34 of 40 everywhere is chance; 12 of 40 is not, nor is it before a street of no cases."""
    figure = figure_of(small, "opinion_on_time_rate", LAST)
    codes = [f"42010400{n}" for n in range(8)]
    hits, cases = np.array([34.0, 33, 36, 31, 12, 35, 3, 34]), np.array([40.0] * 6 + [4, 40])
    rows = pd.DataFrame(
        {"street_code": codes, "street_name": list("甲乙丙丁戊己庚辛"), "value": 100 * hits / cases}
    ).assign(numerator=hits, denominator=cases, members=hits.astype(int))
    told = with_words(figure.metric, rows, "street")
    assert told["beyond"].fillna(9).tolist() == [0, 0, 0, 0, -1, 0, 9, 0]
    said = "明显偏低的是戊（30.0%），其余街道之差在偶然波动之内"
    assert f"基数不少于10项的7个街道中，{said}；其余1个基数小" in place_sentence(figure, told)
    assert ranking_sentence(figure, told).endswith(f"，{said}")
    alike = told.drop(index=4)
    alike = with_words(figure.metric, alike, "street")
    assert "最" not in place_sentence(figure, alike) and "之差在偶然波动之内" in ranking_sentence(
        figure, alike
    )
    # What is so on a day is a fact.
    fact = with_words(get_metric("grid_leader_rate"), rows, "street")
    assert fact["beyond"].isna().all()


def test_a_ledger_row_can_be_read_again(small):
    row = source_row(small, "station", 3)
    assert row["file_name"] == "station.xlsx" and row["raw"] == {"行": 3}
    with pytest.raises(CatalogueError, match="没有来源station的第999行"):
        source_row(small, "station", 999)
    files = source_files(small)
    assert set(files["nature"]) == {"演示"} and len(files) == len(district.tables())
    assert unused_rows(small).empty


def test_what_rests_on_too_little_is_not_what_moved_most(small):
    figure = figure_of(small, "grid_compliance", LAST)
    moved = dataclasses.replace(figure, previous_month=10.0)
    assert "变动也最大，较上月" in overview_sentence([moved])
    few = dataclasses.replace(moved, metric=dataclasses.replace(moved.metric, fewest=100))
    assert few.status == "基数小"
    assert "变动" not in overview_sentence([few, dataclasses.replace(figure, trend=())])
