"""What the pages of renewal, fund and demonstration sites are put together from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.runner import Figure
from chunshui.renewal import sayings
from chunshui.ui import charts, data
from chunshui.ui.charts import Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.map.click import clicked
from chunshui.ui.shell import filters, notices
from chunshui.ui.topics.renewal import data as renewal_data
from chunshui.ui.topics.renewal import pictures as renewal_pictures
from chunshui.ui.topics.renewal import tables as renewal_tables
from chunshui.ui.widgets import downloads, notes, tables
from chunshui.ui.widgets import drill as opened

TILES = ("renovation_done_rate", "renovation_stalled", "renovation_budget", "budget_paid_rate")
TILES += ("renovation_beneficiaries", "renovation_unique_beneficiaries")
YEAR = ("works_started", "works_started_households", "works_finished", "works_finished_households")
YEAR += ("works_accepted", "works_accepted_households", "milestones_on_time", "milestones_overdue")
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
MONEY = ("renovation_budget", "renovation_allocated", "renovation_paid", "renovation_idle")
MONEY += ("budget_per_household", "budget_per_beneficiary")
LIFTS = ("lifts_in_use", "lifts_under_way", "lift_consent_rate", "lifts_one_short")
LIFTS += ("walkup_buildings", "walkup_older_rate")
READINGS = (*MONEY[:3], "renovation_beneficiaries", "renovation_unique_beneficiaries")


ROW_PX = 35


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def stalled(scope: Scope) -> str:
    """Say how many projects are stalled and name the three longest over their limit."""
    return sayings.stalled(renewal_data.projects(scope), scope.words)


def map_of_projects(scope: Scope) -> str:
    """Draw what the map shows, bound to the URL, and the map with the stalled projects on it.

    Returns the id of the metric shown.
    """
    metrics = catalogue.load_all()
    shown = st.selectbox(
        "地图看什么",
        MAPPED,
        format_func=lambda metric_id: metrics[metric_id].name,
        key="map_shows",
        bind="query-params",
        label_visibility="collapsed",
    )
    st.plotly_chart(
        renewal_pictures.district_map(scope, shown),
        key="map",
        on_select=lambda: filters.pick("map"),
        selection_mode="points",
        config=maps.CONFIG,
        alt=f"{metrics[shown].name}：各社区地图，标出停滞项目",
    )
    return shown


def _one_of(label: str, options: Sequence[str], default: str, key: str) -> str:
    return st.segmented_control(
        label, options, default=default, required=True, key=key,
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip


def choose_curve() -> tuple[str, bool]:
    """Draw which milestone the S-curve follows, and whether in households."""
    with st.container(horizontal=True, gap="medium"):
        milestone = _one_of("S曲线", renewal_data.MILESTONES, "完工", "milestone")
        return milestone, _one_of("单位", ["按户", "按项目"], "按户", "unit") == "按户"


def choose_plans() -> int:
    """Draw which plans count; return how many years back."""
    plans = _one_of("计划", ["历年累计", "当年计划"], "历年累计", "plans")
    return renewal_data.every_year() if plans == "历年累计" else 0


def titled(picture: tuple | None, what: str, key: str) -> str | None:
    """Draw an S-curve under the sentence it comes with, or say that there is none.

    Returns the month just clicked, once.
    """
    if picture is None:
        notices.empty(f"本范围没有可画的{what}。", "可在左侧换一个街道或月份。")
        return None
    sentence, drawn = picture
    st.markdown(f"**{sentence}**")
    return clickable(drawn, what, key)


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def table(scope: Scope, name: str) -> pd.DataFrame:
    """Return rows of `renewal_data` as the table of the same name shows them."""
    return getattr(renewal_tables, name)(getattr(renewal_data, name)(scope))


def choose_project(projects: pd.DataFrame) -> pd.Series | None:
    """Draw the choice of a project, the longest stalled first; None when there is none."""
    if projects.empty:
        notices.empty("本范围没有列入计划的改造项目。", "可在左侧换一个街道或月份。")
        return None
    rows = projects.set_index("project_id", drop=False)
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


def project(scope: Scope, one: pd.Series, key: str) -> None:
    """Show one project: where it stands, its stages on the calendar, money, forecast, rows."""
    own = renewal_data.stages(scope)
    own = own[own["project_id"] == one["project_id"]]
    made = renewal_data.forecasts(scope)
    made = made[made["project_id"] == one["project_id"]]
    st.markdown(f"**{sayings.project(one, made)}**")
    picture = renewal_pictures.timeline(scope, one, own, made)
    alt = f"{one['project_name']}的时间线"
    st.plotly_chart(picture, config=charts.CONFIG, alt=alt, key=f"timeline_{key}")
    rows(renewal_tables.steps(own), "各阶段日期", scope, f"steps_{key}")


def clickable(picture: Drawn, what: str, key: str) -> str | None:
    """Draw a chart whose bars open something; return what the bar just clicked stands for, once."""

    def note() -> None:
        if click := clicked(key):
            st.session_state[f"{key}_picked"] = click.code

    st.plotly_chart(
        picture, key=key, on_select=note, selection_mode="points", config=charts.CONFIG, alt=what
    )
    return st.session_state.pop(f"{key}_picked", None)


def choose_community(scope: Scope, found: pd.DataFrame) -> str | None:
    """Return the community of the shared filter, else draw a choice, those with a site first."""
    if scope.community:
        return scope.community
    if found.empty:
        return None
    found = found.sort_values(["is_demo", "lacking_items"], ascending=False, kind="stable")
    names = {
        row.community_code: f"{row.street_name}{row.community_name}"
        + ("（示范）" if row.is_demo else "")
        for row in found.itertuples()
    }
    if st.session_state.get("site_community") not in names:
        st.session_state.pop("site_community", None)
    return st.selectbox(
        "社区（有示范点的在前）",
        list(names),
        format_func=names.get,
        key="site_community",
        bind="query-params",
    )


def rows(
    frame: pd.DataFrame,
    title: str,
    scope: Scope,
    key: str,
    height: int | None = None,
    opens: Callable[[int], None] | None = None,
) -> None:
    """Show a table and offer it whole as a file; `opens` is called with the row just picked."""
    if frame.empty:
        notices.empty(f"本范围没有{title}。", "可在左侧换一个街道或月份。")
        return
    shown = frame.head(tables.SHOWN)
    if len(shown) < len(frame):
        st.caption(f"列出前 {len(shown)} 行，共 {len(frame):,} 行；下载的文件里有全部。")
    if opens:
        picked = pickable(shown, title, key, height)
        if picked is not None:
            opens(picked[0])
    else:
        _dataframe(shown, title, key, height)
    label = f"下载{title}（{len(frame):,} 行）"
    downloads.offer(frame, title, scope, key=key, label=label, look="tertiary")


def pickable(
    frame: pd.DataFrame, title: str, key: str, height: int | None = None, cells: bool = False
) -> tuple[int, str] | None:
    """Show a table that opens something; return the row and column just picked, once.

    With `cells` a cell is picked, else a row, and the column is the first.
    """

    def note() -> None:
        chosen = st.session_state[key].selection
        at = chosen.cells[0] if cells and chosen.cells else None
        if not cells and chosen.rows:
            at = chosen.rows[0], frame.columns[0]
        st.session_state[f"{key}_picked"] = at

    mode = "single-cell" if cells else "single-row"
    _dataframe(frame, title, key, height, on_select=note, selection_mode=mode)
    return st.session_state.pop(f"{key}_picked", None)


def _dataframe(frame: pd.DataFrame, title: str, key: str, height: int | None, **how) -> None:
    """Show a table as high as its rows, but no higher than `height`; its numbers separated."""
    fits = height is None or ROW_PX * (len(frame) + 1) <= height
    st.dataframe(
        frame,
        hide_index=True,
        key=key,
        alt=title,
        column_config=tables.separated(frame),
        placeholder=words.MISSING,
        height="content" if fits else height,
        **how,
    )


def dialog(title: str, frame: pd.DataFrame, scope: Scope, key: str, said: str = "") -> None:
    """Open the rows behind a figure in a dialog, with what is `said` of them."""

    def body() -> None:
        st.caption(f"{scope.words} ｜ 截至 {scope.month} ｜ 数据版本 {scope.version}")
        if said:
            st.markdown(said)
        rows(frame, title, scope, key, height=420)

    st.dialog(title, width="large")(body)()


def open_project(scope: Scope, one: pd.Series) -> None:
    """Open one project with its timeline."""
    st.dialog(one["project_name"], width="large")(project)(scope, one, "dialog")


def opener(opens: Callable, scope: Scope, listed: pd.DataFrame) -> Callable[[int], None]:
    """Return what opens the thing at a place in a list."""
    return lambda place: opens(scope, listed.iloc[place])


def open_reached(scope: Scope, stage: str, years_back: int) -> None:
    """Open the projects that reached a stage, of the plans that are counted."""
    found = renewal_data.reached(scope, stage, years_back)
    dialog(f"已到“{stage}”的项目", renewal_tables.projects(found), scope, "reached_rows")


def open_month(scope: Scope, milestone: str, month: str) -> None:
    """Open the projects that were to reach a milestone by a month, or reached it."""
    found = renewal_data.dated(scope, milestone)
    until = pd.Period(month).end_time
    frame = renewal_tables.reached_by(found, milestone, until)
    said = sayings.by_month(found, milestone, until)
    dialog(f"到 {month} 计划或实际{milestone}的项目", frame, scope, "month_rows", said)


def open_money(scope: Scope, month: str) -> None:
    """Open the entries that the S-curve of money adds up by a month."""
    found = renewal_data.source_rows(scope, until=pd.Period(month).end_time)
    frame = renewal_tables.source_rows(found)
    dialog(f"到 {month} 的改造资金", frame, scope, "month_rows")


def consent_rules(scope: Scope) -> None:
    """Show the sets of consent rules that "还差" may be reckoned by, the one in force first."""
    with st.expander("按哪套规则算“还差”"):
        rules = renewal_tables.consent_rules(renewal_data.consent_rules(scope))
        st.table(rules, border="horizontal")


def open_lifts(scope: Scope, standing: str) -> None:
    """Open the lifts at one standing."""
    found = renewal_data.lifts(scope)
    frame = renewal_tables.lifts(found[found["standing"] == standing])
    dialog(f"加装电梯：{standing}", frame, scope, "lift_rows")


def open_flow(scope: Scope, month: str) -> None:
    """Open what came into the fund and went out of it in one month, in the whole district."""
    found = renewal_data.fund_rows(scope.district(), month=pd.Period(month).start_time.date())
    dialog(f"{month} 社区基金收支", renewal_tables.fund_rows(found), scope.district(), "flow_rows")


def open_received(scope: Scope, place: pd.Series) -> None:
    """Open what one community received from the fund."""
    within = replace(scope, community=place["community_code"], words=place["community_name"])
    found = renewal_data.fund_rows(within, direction="支出")
    title = f"{place['community_name']}得到的社区基金"
    dialog(title, renewal_tables.fund_rows(found), within, "received_rows")


def open_fund_project(scope: Scope, one: pd.Series) -> None:
    """Open what one project of the fund spent."""
    found = renewal_data.fund_rows(scope, direction="支出", project=one["project_id"])
    got = one["deliverable"]
    said = f"{one['delivery']}：{'还没有交付物' if words.is_missing(got) else got}"
    frame = renewal_tables.fund_rows(found)
    dialog(f"{one['project_name']}的支出", frame, scope, "project_rows", said)


def open_checklist(scope: Scope, place: pd.Series) -> None:
    """Open the checklist of one community."""
    frame = renewal_tables.checklist(renewal_data.checklist(scope, place["community_code"]))
    dialog(f"{place['community_name']}的四创清单", frame, scope, "checklist_rows")


def open_projects(scope: Scope, category: str, column: str, years_back: int) -> None:
    """Open the projects of one category, or of all; those started, finished or accepted."""
    own = renewal_data.planned(scope, years_back)
    own = own if category == "合计" else own[own["category"] == category]
    dates = {"开工": "started_on", "完工": "finished_on", "验收": "accepted_on"}
    done = column[:2] if column[:2] in dates else None
    own = own[own[dates[done]].notna()] if done else own
    title = f"{category}{f'已{done}' if done else ''}项目"
    dialog(title, renewal_tables.projects(own), scope, "category_rows")


def services(scope: Scope) -> None:
    """Set what residents of finished projects could walk to before beside what they can now."""
    found = renewal_data.services(scope)
    if found.empty:
        notices.empty("本范围没有完工的项目，或步行网络还没有入库。", "可在左侧换一个街道或月份。")
        return
    whole = found[found["project_id"].isna()]
    table = renewal_tables.services(whole)
    picked = pickable(table, "改造前后身边的服务", "services", height=400)
    st.caption(
        "已完工项目的居民，步行十分钟内有该项服务的占比：开工那天与现在相比；一个小区有几个项目的"
        "从第一个算起。阵地增减不都因改造而来，其他小区同期也可能增加。"
    )
    if picked is not None:
        function = whole["function"].iloc[picked[0]]
        own = found[(found["function"] == function) & found["project_id"].notna()]
        dialog(f"{function}：各项目前后", renewal_tables.services(own), scope, "service_rows")


def open_source(scope: Scope, source: str) -> None:
    """Open the entries of one source of money."""
    frame = renewal_tables.source_rows(renewal_data.source_rows(scope, source))
    dialog(f"{source}资金", frame, scope, "source_rows")


def open_spent(scope: Scope, theme: str, element: str) -> None:
    """Open the entries of one theme and element of the fund; a sum opens all it adds up."""
    found = renewal_data.fund_rows(
        scope,
        direction="支出",
        theme=None if theme == "合计" else theme,
        element=None if element in ("主题", "合计") else element,
    )
    dialog(f"{theme}·{element}支出", renewal_tables.fund_rows(found), scope, "fund_rows")


def open_item(scope: Scope, item: pd.Series) -> None:
    """Open the communities that lack one item of the checklist."""
    found = renewal_data.lacking(scope, item["dimension"], item["item_name"])
    frame = renewal_tables.lacking(found)
    dialog(f"{item['item_name']}未达标的社区", frame, scope, "item_rows")


def figures(scope: Scope, found: Iterable[Figure], title: str = "") -> None:
    """Write figures in a row, each a button that opens the number."""
    if title:
        st.markdown(title)
    with st.container(horizontal=True, gap="small"):
        for figure in found:
            if st.button(
                f"{figure.metric.short} **{figure.text}**",
                key=f"figure_{figure.metric.id}",
                help=f"打开“{figure.metric.name}”：{figure.reason or figure.metric.caveat}",
            ):
                opened.number(figure.metric.id, scope)


def claims(scope: Scope, claim_ids: tuple[str, ...]) -> None:
    """Set published figures beside the district's, whatever is filtered."""
    found = data.claims(scope.version, scope.month)
    notes.claims([one for one in found if one.claim_id in claim_ids])


def readings(scope: Scope) -> None:
    """Say the published figures against every reading of them, and why they cannot be told apart."""
    whole, here = data.some(scope.district(), READINGS), data.some(scope, READINGS)
    lines = ["| 读法 | 全区 | 本范围 |", "|:--|--:|--:|"]
    lines += [
        f"| {here[metric_id].metric.name} | {whole[metric_id].text} | {here[metric_id].text} |"
        for metric_id in READINGS
    ]
    st.markdown("\n".join(lines))
    st.caption(
        "“投资34.9亿元、惠及居民53万人”没有说明投资是计划、下达还是支付，没有说明人数去重与否，"
        "也没有说明起止哪一年。本系统投资按计划总投资、人数按累计人次对照，去重人数另列；"
        "两种人数不可相加，也不可混用。"
    )
