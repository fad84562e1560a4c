"""What is chosen and opened on the page of renovation."""

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import all_metrics
from chunshui.ledgers.cells.parsed import WIDTH
from chunshui.month import Month
from chunshui.renewal import wording
from chunshui.ui.charts import CONFIG, Drawn
from chunshui.ui.data import figures
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import filters, notices
from chunshui.ui.topics.renovation import charts, data, tables
from chunshui.ui.widgets import drill, lists, pick, pictures
from chunshui.ui.widgets.tables import headed

TILES = (
    "renovation_done_rate",
    "renovation_stalled",
    "renovation_budget",
    "budget_paid_rate",
    "renovation_beneficiaries",
    "renovation_unique_beneficiaries",
)
YEAR = (
    "works_started",
    "works_started_households",
    "works_finished",
    "works_finished_households",
    "works_accepted",
    "works_accepted_households",
    "milestones_on_time",
    "milestones_overdue",
)
MAPPED = (
    "renovation_done_rate",
    "works_finished_households",
    "works_started_households",
    "works_accepted_households",
    "milestones_overdue",
    "budget_paid_rate",
    "lifts_in_use",
    "walkup_older_rate",
)
MONEY = (
    "renovation_budget",
    "renovation_allocated",
    "renovation_paid",
    "renovation_idle",
    "budget_per_household",
    "budget_per_beneficiary",
)
LIFTS = (
    "lifts_in_use",
    "lifts_under_way",
    "lift_consent_rate",
    "lifts_one_short",
    "walkup_buildings",
    "walkup_older_rate",
)
READINGS = (*MONEY[:3], "renovation_beneficiaries", "renovation_unique_beneficiaries")


@remembered(256)
def finding(scope: Scope) -> str:
    """Say how many projects are stalled and name the three longest over their limit."""
    return wording.stalled_sentence(data.projects(scope), scope.words)


def choose_mapped() -> str:
    """Draw the choice of what the map shows, bound to the URL; return the metric's id."""
    metrics = all_metrics()
    return st.selectbox(
        "地图看什么",
        MAPPED,
        format_func=lambda metric_id: metrics[metric_id].name,
        key="map_shows",
        bind="query-params",
        label_visibility="collapsed",
    )


def choose_curve() -> tuple[str, bool]:
    """Draw the choice of the milestone that the S-curve follows, and whether in households."""
    with st.container(horizontal=True, gap="medium"):
        milestone = pick.one_of("S曲线", data.MILESTONES, "完工", "milestone")
        return milestone, pick.one_of("单位", ["按户", "按项目"], "按户", "unit") == "按户"


def choose_plans() -> int:
    """Draw the choice of the plans that count; return how many years back."""
    plans = pick.one_of("计划", ["历年累计", "当年计划"], "历年累计", "plans")
    return data.every_year() if plans == "历年累计" else 0


def pick_month(curve: tuple[str, Drawn] | None, what: str, key: str) -> str | None:
    """Draw an S-curve under its sentence, or say that there is none.

    Returns the month just clicked, once.
    """
    if curve is None:
        notices.empty(f"本范围没有可画的{what}。")
        return None
    sentence, picture = curve
    st.markdown(f"**{sentence}**")
    return pictures.pick(picture, what, key)


def choose_project(projects: pd.DataFrame) -> pd.Series | None:
    """Draw the choice of a project, the longest stalled first; None when there is none."""
    if projects.empty:
        notices.empty("本范围没有列入计划的改造项目。")
        return None
    rows = projects.set_index("project_id", drop=False)
    in_link, names = st.query_params.get("project"), rows["project_name"]
    if in_link and in_link not in names.values:
        # Links of earlier software have narrow brackets.
        alike = names[names.str.translate(WIDTH) == in_link.translate(WIDTH)]
        if alike.empty:
            st.warning(f"链接里的“{plain(in_link, 40)}”不在本范围，已改看停滞最久的。")
        else:
            st.session_state["project"], st.query_params["project"] = alike.index[0], alike.iloc[0]
    if st.session_state.get("project") not in rows.index:
        st.session_state.pop("project", None)
    chosen = st.selectbox(
        "项目（停滞的在前）",
        list(rows.index),
        format_func=lambda project_id: rows.at[project_id, "project_name"],
        key="project",
        bind="query-params",
    )
    return rows.loc[chosen]


def draw_project(scope: Scope, project: pd.Series, key: str) -> None:
    """Draw one project: where it stands, its stages on the calendar, money, forecast, rows."""
    stages, forecasts = (
        rows[rows["project_id"] == project["project_id"]]
        for rows in (data.stages(scope), data.forecasts(scope))
    )
    sentence, name = wording.project_sentence(project, forecasts), project["project_name"]
    st.markdown(f"**{sentence}**")
    picture = charts.timeline(scope, project, stages, forecasts)
    alt = f"{name}的时间线"
    st.plotly_chart(picture, config=CONFIG, alt=alt, key=f"timeline_{key}")
    table, title = tables.steps(stages), f"{name}各阶段日期"
    waited = None
    if not project["is_over"] and not words.is_missing(project["waited_days"]):
        waited = f"{int(project['waited_days']):,}天", f"{project['stage']}后已停留"
    lists.show(table, title, scope, f"steps_{key}", finding=sentence, number=waited, names=(name,))
    if key != "dialog":
        return

    def go() -> None:
        st.session_state["part"], st.session_state["project"] = "一个项目", project["project_id"]
        st.query_params["project"] = name  # a choice not drawn yet does not write it itself
        filters.close()

    # What a meeting takes is on the page, not over it.
    if st.button("在“一个项目”里看，可加入会议材料", icon=":material/playlist_add:", on_click=go):
        st.rerun()


def draw_services(scope: Scope) -> None:
    """Draw what residents of finished projects could walk to before beside what they can now."""
    rows = data.services(scope)
    if rows.empty:
        notices.empty("本范围没有完工的项目，或步行网络还没有入库。")
        return
    sums = rows[rows["project_id"].isna()]
    row = lists.pick_row(tables.services(sums), "改造前后身边的服务", "services", 400)
    st.caption(
        "已完工项目的居民，步行十分钟内有该项服务的占比：开工那天与现在相比；一个小区有几个项目的"
        "从第一个算起。阵地增减不都因改造而来，其他小区同期也可能增加。"
    )
    if row is not None:
        function = sums["function"].iloc[row]
        own = rows[(rows["function"] == function) & rows["project_id"].notna()]
        drill.rows(f"{function}：各项目前后", tables.services(own), scope, "service_rows")


def draw_readings(scope: Scope) -> None:
    """Draw the published figures' readings, and why they cannot be told apart."""
    whole, here = figures(scope.district(), READINGS), figures(scope, READINGS)
    lines = ["| 读法 | 全区 | 本范围 |", "|:--|--:|--:|"]
    lines += [
        f"| {figure.metric.name} | {whole[metric_id].text} | {figure.text} |"
        for metric_id, figure in here.items()
    ]
    st.markdown("\n".join(lines))
    st.caption(
        "公开的数字常不说明投资是计划、下达还是支付，人数去重与否，起止哪一年。"
        "本系统投资按计划总投资、人数按累计人次对照，去重人数另列；两种人数不可相加，也不可混用。"
    )


def draw_consent_rules(scope: Scope) -> None:
    """Draw the sets of consent rules that "还差" may be reckoned by, the one in force first."""
    with st.expander("按哪套规则算“还差”"):
        st.table(headed(data.consent_rules(scope), tables.CONSENT_RULES), border="horizontal")


# ------------------------------------------------------------------ what a click opens


def draw_opened(scope: Scope, projects: pd.DataFrame) -> None:
    """Draw the timeline that the address opens over the page; closing it takes it out of there."""
    if st.query_params.get(filters.OPEN) != filters.TIMELINE:
        return
    name = st.query_params.get(filters.OF, "")
    named = projects[projects["project_name"] == name]
    if named.empty:
        notices.empty(f"本范围没有名为“{plain(name, 40)}”的改造项目。")
        return
    draw = st.dialog(name, width="large", on_dismiss=filters.close)(draw_project)
    draw(scope, named.iloc[0], "dialog")


def open_project(scope: Scope, project: pd.Series) -> None:
    """Open one project with its timeline."""
    st.dialog(project["project_name"], width="large")(draw_project)(scope, project, "dialog")


def open_reached(scope: Scope, stage: str, years_back: int) -> None:
    """Open the projects that reached a stage, of the plans that are counted."""
    table = headed(data.reached(scope, stage, years_back), tables.PROJECTS)
    drill.rows(f"已到“{stage}”的项目", table, scope, "reached_rows")


def open_milestone(scope: Scope, milestone: str, month: str) -> None:
    """Open the projects that were to reach a milestone by a month, or reached it."""
    dated, until = data.dated(scope, milestone), pd.Timestamp(Month.parse(month).last)
    table = tables.reached_by(dated, milestone, until)
    title = f"到{month}计划或实际{milestone}的项目"
    drill.rows(
        title, table, scope, "month_rows", wording.by_month_sentence(dated, milestone, until)
    )


def open_money(scope: Scope, month: str) -> None:
    """Open the entries that the S-curve of money adds up by a month."""
    rows = data.source_rows(scope, until=pd.Timestamp(Month.parse(month).last))
    drill.rows(f"到{month}的改造资金", headed(rows, tables.SOURCE_ROWS), scope, "month_rows")


def open_source(scope: Scope, source: str) -> None:
    """Open the entries of one source of money."""
    table = headed(data.source_rows(scope, source), tables.SOURCE_ROWS)
    drill.rows(f"{source}资金", table, scope, "source_rows")


def open_category(scope: Scope, category: str, column: str, years_back: int) -> None:
    """Open the projects of one category, or of all; those started, finished or accepted."""
    rows = data.planned(scope, years_back)
    rows = rows if category == "合计" else rows[rows["category"] == category]
    dates = {"开工": "started_on", "完工": "finished_on", "验收": "accepted_on"}
    done = column[:2] if column[:2] in dates else ""
    rows = rows[rows[dates[done]].notna()] if done else rows
    title = f"{category}{f'已{done}' if done else ''}项目"
    drill.rows(title, headed(rows, tables.PROJECTS), scope, "category_rows")


def open_lifts(scope: Scope, standing: str) -> None:
    """Open the lifts at one standing."""
    rows = data.lifts(scope)
    table = tables.lifts(rows[rows["standing"] == standing])
    drill.rows(f"加装电梯：{standing}", table, scope, "lift_rows")
