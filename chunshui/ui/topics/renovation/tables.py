"""Tables of renovation as they are shown: Chinese heads, units, signs."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.renovation import data
from chunshui.ui.widgets.tables import LEDGER, headed

PROJECTS = {
    "project_name": "项目", "street_name": "街道", "community_name": "社区", "category": "类别",
    "plan_year": "计划年度", "stage": "到了哪一步", "since_on": "自何日",
    "waited_days": "已停留（天）", "usual_days": "停滞界限（天）", "over_days": "超出（天）",
    "overdue_stages": "逾期阶段", "households": "户数", "budget_yuan": "总投资（万元）",
    "allocated_yuan": "下达（万元）", "paid_yuan": "支付（万元）",
    "unique_residents": "受益去重（人）", "cumulative_residents": "受益累计（人次）", **LEDGER,
}  # fmt: skip
FORECASTS = {
    "project_name": "项目", "street_name": "街道", "stage": "到了哪一步",
    "waited_days": "已停留（天）", "planned_finish_on": "计划完工", "likely_on": "最可能完工",
    "interval": "八成把握的区间", "slip": "比计划晚（日历日）", "finished": "可比项目（已完工）",
    "reason": "为什么没有预测", "households": "户数",
}  # fmt: skip
SOURCE_ROWS = {
    "project_name": "项目", "street_name": "街道", "month": "月份", "source": "来源",
    "planned_yuan": "计划（万元）", "allocated_yuan": "下达（万元）", "paid_yuan": "支付（万元）",
    **LEDGER,
}  # fmt: skip
LIFTS = {
    "elevator_name": "电梯", "street_name": "街道", "community_name": "社区", "standing": "进度",
    "lacking_households": "同意还差（户）", "lacking_m2": "同意还差（㎡）",
    "agreed_households": "同意（户）", "voted_households": "参与（户）", "households": "全部（户）",
    "agreed_m2": "同意（㎡）", "voted_m2": "参与（㎡）", "area_m2": "全部（㎡）",
    "residents_60": "楼内老人（人）", "waited_days": "申请至今（天）", "counted_on": "最近计票",
    "in_use_on": "投用", "rule_name": "按哪套规则", **LEDGER,
}  # fmt: skip
DECIMALS = {"lacking_m2": 1, "agreed_m2": 0, "voted_m2": 0, "area_m2": 0}
CONSENT_RULES = {
    "rule_name": "规则", "in_force": "当月施行", "valid_from": "施行", "valid_to": "废止",
    "start_households": "启动户数", "join_households": "参与人数", "join_area": "参与面积",
    "agree_households": "同意人数", "agree_area": "同意面积", "subsidy_cap_yuan": "补助上限（元）",
    "mark": "可信程度", "basis": "依据", **LEDGER,
}  # fmt: skip


@remembered(256)
def every_project(scope: Scope) -> pd.DataFrame:
    """Return the list of the projects in scope."""
    return headed(data.projects(scope), PROJECTS)


def funnel_words(funnel: pd.DataFrame) -> list[str]:
    """Return what is said of each bar of the funnel: projects, households, share of the planned."""
    shares = ratio(funnel["projects"], funnel["planned_projects"], 100)
    return [
        f"项目{row.projects:,}个（占计划{words.percent(share)}），住户{row.households:,}户"
        for row, share in zip(funnel.itertuples(), shares, strict=True)
    ]


def categories(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each category by projects, by neighbourhoods and by households."""
    return pd.DataFrame(
        [
            {
                "类别": "合计" if words.is_missing(row["category"]) else row["category"],
                "按": unit,
                "计划": row[what],
                "开工": row[f"started_{what}"],
                "完工": row[f"finished_{what}"],
                "验收": row[f"accepted_{what}"],
                "完工占比": words.percent(float(ratio(row[f"finished_{what}"], row[what], 100))),
            }
            for row in rows.to_dict("records")
            for what, unit in (
                ("projects", "项目"),
                ("neighbourhoods", "小区"),
                ("households", "户"),
            )
        ]
    )


def steps(stages: pd.DataFrame) -> pd.DataFrame:
    """Return the stages of one project with how late each was."""
    late_days = (stages["actual_on"] - stages["planned_on"]).dt.days
    heads = {"stage": "阶段", "planned_on": "计划日期", "actual_on": "实际日期"}
    return headed(stages.assign(late=late_days), heads | {"late": "比计划晚（日历日）"} | LEDGER)


def lateness(late_days: float) -> str:
    """Say how late a stage was: 晚12个日历日, 早3个日历日, 按期, 未到."""
    if words.is_missing(late_days):
        return "未到"
    if late_days == 0:
        return "按期"
    return f"{'晚' if late_days > 0 else '早'}{abs(int(late_days)):,}个日历日"


def reached_by(dated: pd.DataFrame, milestone: str, until: pd.Timestamp) -> pd.DataFrame:
    """Return the projects planned to reach a milestone by a day, or that reached it by then."""
    due, done = dated["planned_on"] <= until, dated["actual_on"] <= until
    standing = {(True, True): f"已{milestone}", (True, False): f"计划到期、当时未{milestone}"}
    standings = [standing.get(pair, f"提前{milestone}") for pair in zip(due, done, strict=True)]
    rows = dated.assign(standing=standings)[due | done]
    heads = {
        "project_name": "项目", "street_name": "街道", "community_name": "社区", "standing": "情形",
        "households": "户数", "planned_on": f"计划{milestone}", "actual_on": f"实际{milestone}",
    }  # fmt: skip
    rows = rows.sort_values(["standing", "planned_on"], ascending=[False, True])
    return headed(rows, heads | LEDGER)


def services(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of residents near each service before the works and now."""
    before, now = (
        ratio(rows[f"residents_{when}"], rows["residents"], 100) for when in ("before", "after")
    )
    heads = {"function": "服务"}
    if rows["project_name"].notna().any():
        heads = {"project_name": "项目", "started_on": "开工"}
    heads |= {"residents": "居民（人）", "before": "开工时", "now": "现在"}
    return headed(
        rows.assign(
            before=[words.percent(value) for value in before],
            now=[words.percent(value) for value in now],
            gain=[f"{value:+.1f}" for value in now - before],
        ),
        heads | {"gain": "变化（百分点）"},
    )


def forecasts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the forecasts of projects under way."""
    intervals = [
        words.MISSING if pd.isna(row.likely_on) else f"{_day(row.low_on)}至{_day(row.high_on)}"
        for row in rows.itertuples()
    ]
    slip = (rows["likely_on"] - rows["planned_finish_on"]).dt.days
    return headed(rows.assign(interval=intervals, slip=slip), FORECASTS)


def _day(day: pd.Timestamp) -> str:
    """Write a day, or "暂不能定" where there is none."""
    return "暂不能定" if pd.isna(day) else f"{day:%Y-%m-%d}"


def lifts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return lifts with what their consent still lacks, by people and by area."""
    asked = rows["standing"].isin(("征询中", "同意达标"))
    lacking = {
        f"lacking_{unit}": rows[f"short_{unit}"].where(asked) for unit in ("households", "m2")
    }
    return headed(rows.assign(**lacking).round(DECIMALS), LIFTS)


@remembered(256)
def every_lift(scope: Scope) -> pd.DataFrame:
    """Return the lifts in scope."""
    return lifts(data.lifts(scope))
