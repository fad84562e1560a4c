"""Sentences of the three pages: no superlative on a tie, nothing said twice, reasons given."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chunshui.renewal import wording


def projects(over: list[float], without_limit: int = 0) -> pd.DataFrame:
    """Rows as `renewal_projects` lists them: the stalled, the longest over first, then others."""
    stalled = [(f"第{n}片老旧小区改造（2025年）", True, days, 30.0) for n, days in enumerate(over)]
    others = [(f"等{n}", False, float("nan"), float("nan")) for n in range(without_limit)]
    rows = pd.DataFrame(
        stalled + others, columns=["project_name", "is_stalled", "over_days", "usual_days"]
    )
    return rows.assign(
        stage="开工",
        step=5.0,
        is_over=False,
        waited_days=rows["over_days"] + 30,
        finished_on=pd.NaT,
    )


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=8).map(lambda days: sorted(days, reverse=True))
)
def test_no_project_is_called_the_longest_while_its_equal_is_not_named(over):
    said = wording.stalled_sentence(projects(over), "全区")
    named = [n for n in range(len(over)) if f"第{n}片（" in said]
    assert 1 <= len(named) <= 3 and f"停滞{len(over)}个" in said
    if "最多" in said:
        left_out = [days for n, days in enumerate(over) if n not in named]
        assert min(over[n] for n in named) > max(left_out)


def test_projects_without_a_limit_are_not_called_moving():
    said = wording.stalled_sentence(projects([], without_limit=2), "全区")
    assert (
        said
        == "全区列入计划的改造项目2个，完工0个；2个所在阶段定不出用时界限，不判，其余没有停滞的项目。"
    )
    assert wording.stalled_sentence(projects([5.0], 1), "全区").endswith(
        "停滞1个：第0片（开工后35天，超5天）；1个所在阶段定不出用时界限，不判。"
    )
    assert wording.limit_words(62.0, 40) == "界限62天"
    assert wording.limit_words(float("nan"), float("nan")) == "走完本阶段的项目太少，不判停滞"
    assert wording.limit_words(float("nan"), 40) == "停在本阶段的项目太多，定不出界限"


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ([3, 1], "未达标最多的条目是甲，有3个示范社区未达标。"),
        ([3, 3], "未达标最多的条目是甲、乙，各有3个示范社区未达标。"),
        ([2, 2, 2, 2], "未达标最多的条目是甲等4项，各有2个示范社区未达标。"),
        ([0, 0], "清单全部达标的1个，还没有核查的1个。"),
    ],
)
def test_all_that_sites_lack_most_is_said(lacking, said):
    sites = pd.DataFrame(
        {
            "revoked_on": [pd.NaT] * 2,
            "lacking_items": [0.0, float("nan")],
            "level": ["市级", "区级"],
        }
    )
    items = pd.DataFrame({"item_name": list("甲乙丙丁")[: len(lacking)], "lacking_sites": lacking})
    assert wording.sites_sentence(sites, items, "全区").endswith(said)


@given(st.integers(0, 90_000), st.integers(0, 90_000))
def test_how_far_behind_is_what_a_reader_subtracts(planned, actual):
    gap = {
        "planned": float(planned),
        "actual": float(actual),
        "behind": float(planned - actual),
        "months_late": 0,
    }
    said = wording.behind_sentence(gap, "户", "完工")
    if planned == actual:
        assert said == f"完工{actual:,}户，与计划持平"
        return
    found = re.fullmatch(r"完工([\d,]+)户，比按计划应有的([\d,]+)户(多|少)([\d,]+)户", said)
    done, due, apart = (int(found[one].replace(",", "")) for one in (1, 2, 4))
    assert (done, due) == (actual, planned)
    assert apart == abs(done - due) and (found[3] == "多") == (done > due)


def test_money_behind_its_plan_is_the_difference_of_what_is_written():
    gap = {"planned": 3.1212e9, "actual": 2.4534e9, "behind": 6.678e8, "months_late": 5}
    said = wording.behind_sentence(gap, "元", "累计支付")
    assert said == "累计支付24.53亿元，比按计划应有的31.21亿元少6.68亿元；5个月前按计划就应到这个数"


def coming(*likely: str | None) -> pd.DataFrame:
    return pd.DataFrame({"likely_on": pd.to_datetime(list(likely))})


def test_forecasts_say_when_half_are_done():
    assert wording.forecasts_sentence(coming("2027-03-05", "2027-01-02", "2028-01-01", None)) == (
        "4个未完工项目中3个可预测，预计其中一半在2027年3月底前完工；1个停留太久或可比项目太少，不作预测。"
    )
    assert wording.forecasts_sentence(coming("2027-03-05")) == (
        "1个未完工项目，预计在2027年3月底前完工。"
    )
