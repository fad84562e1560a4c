"""What is chosen and opened on the page of the two-new organisations."""

import pandas as pd
import streamlit as st

from chunshui.catalogue import why
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.why_tables import effects_table
from chunshui.month import Month
from chunshui.ui import data as shown
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices
from chunshui.ui.topics.two_new import charts, data, finding, tables
from chunshui.ui.widgets import drill, lists, pick, pictures
from chunshui.ui.widgets.tables import headed, readable

TILES = (data.COVERAGE, data.GAP, "two_new_own_rate", "two_new_work_coverage")
PLACES = {
    "组织覆盖率": data.COVERAGE,
    "应建未建": data.GAP,
    "单独组建率": "two_new_own_rate",
    "工作覆盖率": "two_new_work_coverage",
}


@remembered(256, against=True)
def finding_sentence(scope: Scope) -> str:
    """Say what is worst of the two-new organisations in scope."""
    figure = shown.figure(scope, data.COVERAGE)
    return finding.of_page(
        figure, shown.places(scope, data.COVERAGE), data.orgs(scope), scope.words
    )


def draw_place(scope: Scope) -> None:
    """Draw the choice of a metric, the map and the ranking of it."""
    metric = get_metric(PLACES[pick.one_of("看哪一项", list(PLACES), "组织覆盖率", "two_new_show")])
    pictures.show_map(
        pictures.district_map(scope, metric.id), f"{metric.name}：各社区地图", "two_new_map"
    )
    pictures.show_titled_ranking(st.container(), scope, metric)


def draw_groups(scope: Scope) -> None:
    """Draw the choice of groups and how each is covered; a bar opens its organisations."""
    by = pick.one_of("按什么分", data.GROUPS, data.BY_INDUSTRY, "two_new_by")
    if data.orgs(scope).empty:
        notices.empty("本范围没有运营中的两新组织。", "")
        return
    said = finding.of_groups(data.groups(scope, by), data.group_of(scope, by)[0])
    st.markdown(f"**{said}**")
    picture = charts.groups(scope, by)
    if name := pictures.pick(picture, f"两新组织按{by}的覆盖方式", "two_new_groups"):
        _open_group(scope, by, name)
    st.caption(f"{finding.APART}点一条横条看名单。")


def draw_table(scope: Scope) -> None:
    """Draw the groups chosen above as a table; a row opens its organisations."""
    by = st.session_state["two_new_by"]
    rows, called = data.groups(scope, by), data.group_of(scope, by)[0]
    said = finding.of_groups(rows, called)
    st.markdown(f"**{said}**")
    st.caption(f"{finding.APART}点一行看名单；上方选按什么分。")

    def open_row(within: Scope, row: pd.Series) -> None:
        _open_group(within, by, row["name"])

    table = tables.groups(scope, by)
    lists.show(
        table, f"两新组织按{called}", scope, "two_new_table", None, open_row, rows, finding=said
    )
    if by == data.BY_CLUSTER:
        st.caption(finding.UNNAMED)
        lists.show(
            headed(data.clusters(scope), tables.CLUSTERS), "集聚区", scope, "two_new_clusters"
        )


def _open_group(scope: Scope, by: str, name: str) -> None:
    """Open the organisations of one group, those without a party organisation first."""
    rows = data.orgs(scope)
    rows = rows[data.group_of(scope, by)[1] == name]
    first = data.uncovered(rows)
    rows = pd.concat([first, rows.drop(first.index)])
    drill.rows(
        f"{name}的两新组织", headed(rows, tables.ORGS), scope, "group_rows", finding.of_gap(rows)
    )


def draw_gap(scope: Scope) -> None:
    """Draw the organisations without a party organisation, the oldest first."""
    rows = data.orgs(scope)
    said, without = finding.of_gap(rows), data.uncovered(rows)
    st.markdown(f"**{said}**")
    st.caption(finding.LIMIT)
    table = tables.gap(without)
    lists.show(table, "应建未建的两新组织", scope, "two_new_gap_list", 460, finding=said)


def draw_moves(scope: Scope) -> None:
    """Draw why the rate changed, what each kind of move gave to it, openings and closings by month."""
    metric = get_metric(data.COVERAGE)
    against = scope.against or str(Month.parse(scope.month).shift(-12))
    if against not in shown.months(scope.edition):
        notices.empty("更早没有可比的月份。", "")
        return
    sentence, effects = _explained(scope, against)
    st.markdown(f"**{sentence}**")
    st.caption(finding.CLOSING)
    drawn, counted = st.columns([3, 2], gap="medium")
    with drawn:
        st.markdown("近12个月开办、注销与新建党组织")
        if month := pictures.pick(charts.months(scope), "两新组织逐月开办与注销", "two_new_months"):
            _open_month(scope, month)
    with counted:
        st.markdown("覆盖率的变化是怎么来的")
        if effects.empty:
            notices.empty("两个月之间没有变动，或基数太小。", "")
        else:
            title = f"两新组织覆盖率较{Month.parse(against).words}变化的来源"
            table = readable(effects_table(effects, metric))
            lists.show(table, title, scope, "two_new_effects", finding=sentence)
        drill.buttons(scope, [shown.figure(scope, data.COVERAGE)])
    table = tables.events(data.events(scope))
    lists.show(table, "近12个月开办、注销与新建党组织", scope, "two_new_events", 420)


def _open_month(scope: Scope, month: str) -> None:
    """Open what opened, closed and was covered in one month, with the ledger rows."""
    rows = data.events(scope)
    table = tables.events(rows[rows["month"] == month])
    title = f"{Month.parse(month).words}两新组织开办、注销与新建党组织"
    drill.rows(title, table, scope, "month_rows", finding.of_month(rows[rows["month"] == month]))


@remembered(128)
def _explained(scope: Scope, against: str) -> tuple[str, pd.DataFrame]:
    level = "community" if shown.home_street(scope) else "street"
    change = shown.change(scope, data.COVERAGE, against, level)
    flows = shown.flows(scope, data.COVERAGE, against)
    effects = why.effects_by_move(change, flows)
    said = f"{change.metric.name}{change.words}"
    more = why.effects_sentence(change, effects)
    return f"{said}：{more}" if more else f"{said}。", effects


def draw_every(scope: Scope) -> None:
    """Draw all organisations."""
    table = headed(data.orgs(scope), tables.ORGS)
    lists.show(table, "两新组织", scope, "two_new_orgs", 460)


# The parts of the page below the groups.
PARTS = {
    "应建未建": draw_gap,
    "开办与注销": draw_moves,
    "分组一览": draw_table,
    "全部两新组织": draw_every,
}
