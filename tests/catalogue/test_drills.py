"""What may be on the board of a drill: what was done for residents, and nothing that only looks so."""

import pytest

from chunshui.catalogue.metric import all_metrics
from chunshui.ranking.drill import drill_of
from tests.catalogue.district import JIA, LAST, YI

ASKED = "select board_refusal($name, 'ratio', 'up', $text) as refusal"


def refusal(reader, name: str, text: str = "select 1 from opinion") -> str | None:
    found = reader.frame(ASKED, name=name, text=text)["refusal"].iloc[0]
    return found if isinstance(found, str) else None


@pytest.mark.parametrize(
    "name",
    [
        "平台登录率", "网格员打卡率", "签到率", "人均在线时长", "公众号阅读量", "积分达标率", "表格按时填报率",
        "报表上报率", "领导批示率", "媒体报道条数占比", "宣传稿件采用率", "党建品牌覆盖率", "创新案例入选率",
        "经验推广率", "示范创建达标率", "创建成功率", "获奖率",
    ],
)  # fmt: skip
def test_what_only_looks_like_work_is_refused_by_its_name(small, name):
    assert "不得进入评比" in refusal(small, name)


@pytest.mark.parametrize("table", ["brand", "award", "demo_site", "activity", "source_row"])
def test_it_is_refused_whatever_it_is_called(small, table):
    assert "不得进入评比" in refusal(small, "群众满意率", f"select 1 from community join {table}")
    assert refusal(small, "群众满意率", f"select 1 from community as {table}_of") is None


def test_every_metric_of_the_catalogue_is_judged(small):
    rows = small.frame(
        "select metric_id, board_refusal(metric_name, kind, direction, sql_text) as refusal"
        " from metric_definition"
    ).set_index("metric_id")["refusal"]
    for metric in all_metrics().values():
        may = metric.kind == "ratio" and metric.direction != "none"
        kept_out = {"brand", "award", "demo_site", "activity", "training", "bulletin"} & {
            *metric.entities, *metric.ledgers,
        }  # fmt: skip
        if not may or kept_out:
            assert isinstance(rows[metric.id], str), metric.id
    board = ["opinion_on_time_rate", "opinion_return_rate", "grid_post_days", "two_new_coverage"]
    assert rows[board].isna().all()


def test_a_refused_metric_takes_no_part(small):
    drill = drill_of(small, LAST)
    assert drill.codes == (JIA, YI) and set(drill.weights) == {
        "opinion_on_time_rate",
        "grid_leader_rate",
    }
    assert drill_of(small, "2024-10") is None  # no board for that year


def test_a_stock_is_taken_over_the_months_of_the_year(small):
    """By hand: grids with a leader at the end of each month of 2025, of all grids then."""
    entry = next(e for e in drill_of(small, LAST).entries if e.metric.id == "grid_leader_rate")
    rows = small.frame(
        "select street_code, sum(numerator) as n, sum(denominator) as d from metric_value"
        " where metric_id = 'grid_leader_rate' and variant = 'base'"
        " and month between date '2025-01-01' and date '2025-10-01' group by all order by all"
    )
    assert entry.hits.tolist() == rows["n"].tolist()
    assert entry.cases.tolist() == rows["d"].tolist()
    assert entry.now_cases.sum() < entry.cases.sum()
