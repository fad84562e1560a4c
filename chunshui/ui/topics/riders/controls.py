"""What is chosen and opened on the page of riders."""

from functools import partial

import pandas as pd
import streamlit as st

from chunshui.snapshots.model import Map
from chunshui.ui import charts as drawn
from chunshui.ui import data as shown
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.click import clicked
from chunshui.ui.shell import notices
from chunshui.ui.topics.riders import charts, data, finding, tables
from chunshui.ui.widgets import downloads, drill, lists, pick, pictures
from chunshui.ui.widgets.tables import headed

TILES = (data.NIGHT, data.WALK, data.WINDOW, data.MEALS, data.BALANCE, data.ROLES)
MAP = "riders_map"


@remembered(256, against=True)
def finding_sentence(scope: Scope) -> str:
    """Say what is worst of what there is for riders in scope."""
    by_id = shown.figures(scope, TILES)
    rows = data.stations(scope)
    said = finding.of_page(
        by_id[data.NIGHT], rows, by_id[data.WINDOW], by_id[data.BALANCE], scope.words
    )
    if scope.community:
        return said
    names = {one.code: one.name for one in shown.district(scope.edition).streets}
    streets = [name for code, name in names.items() if not scope.streets or code in scope.streets]
    return said + finding.of_bare(rows, streets)


def choose() -> tuple[str, int, int]:
    """Draw the choice of stations, weekday and hour; return them (weekday 1 to 7)."""
    usual_day, usual_hour = data.usual()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        which = pick.one_of("看哪些", (data.BRANDED, data.EVERY), data.BRANDED, "rider_which")
        day = pick.one_of("周几", data.WEEKDAYS, data.WEEKDAYS[usual_day - 1], "rider_day")
        hours = [f"{hour}点" for hour in data.HOURS]
        hour = st.selectbox(
            "几点", hours, index=usual_hour, key="rider_hour", bind="query-params",
            label_visibility="collapsed", width=110,
        )  # fmt: skip
    return which, data.WEEKDAYS.index(day) + 1, hours.index(hour)


def draw_week(scope: Scope, which: str, weekday: int, hour: int) -> None:
    """Draw the hours of the week with how many stations are open; a square chooses its hour."""
    if data.chosen(scope, which).empty:
        notices.empty(f"本范围没有{which}。", "")
        return
    rows, table, said = _stations(scope, which, weekday, hour)
    st.markdown(f"**{said}**")
    picture = charts.week(scope, which, weekday, hour)
    pictures.show(picture, f"一周各时点开着的{which}数", "riders_week", _follow_hour)
    st.caption(f"格子里是当时开着几处；点一格换时点。{finding.APART}")

    def open_row(within: Scope, station: pd.Series) -> None:
        _open_station(within, station, weekday, hour)

    title = f"{which}开放情况"
    lists.show(table, title, scope, "rider_stations", 250, open_row, rows, finding=said)


@remembered(256)
def _stations(
    scope: Scope, which: str, weekday: int, hour: int
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the chosen stations, those open then first, their table and what it comes to."""
    rows = data.chosen(scope, which)
    states = data.open_then(scope, rows, weekday, hour)
    return *tables.stations(rows, states), finding.of_hour(states, weekday, hour, which)


def _follow_hour(chart: str) -> None:
    """Choose the weekday and the hour of the square just clicked (a callback)."""
    if click := clicked(chart):
        day, _, hour = click.code.partition("-")
        st.session_state["rider_day"] = data.WEEKDAYS[int(day)]
        st.session_state["rider_hour"] = f"{hour}点"


def draw_map(scope: Scope, which: str, weekday: int, hour: int) -> None:
    """Draw which stations are open at the hour and who can walk to one; a station opens its hours."""
    picture = charts.night_map(scope, which, weekday, hour)
    title = f"{data.WEEKDAYS[weekday - 1]}{hour}点的{which}"
    frozen = partial(frozen_map, scope, which, weekday, hour)
    downloads.seen(pd.DataFrame(), f"驿站地图_{title}", scope, picture=frozen)
    if picked := pictures.pick_on_map(picture, title, MAP):
        rows = data.stations(scope.district())
        _open_station(scope, rows[rows["station_id"] == picked].iloc[0], weekday, hour)


def _open_station(scope: Scope, station: pd.Series, weekday: int, hour: int) -> None:
    """Open when one station is open over the week, with the ledger rows."""
    state = data.open_then(scope, station.to_frame().T, weekday, hour).iloc[0]
    table = tables.hours(data.hours(scope, station["station_id"]))
    title = f"{station['station_name']}的开放时间"
    drill.rows(title, table, scope, "rider_hours", finding.of_station(state, weekday, hour))


@remembered(16)
def frozen_map(scope: Scope, which: str, weekday: int, hour: int) -> Map:
    """Return the map on paper: the communities by the walk to a 小哥驿站, the open stations as dots."""
    rows = data.chosen(scope, which)
    rows = rows[data.open_then(scope, rows, weekday, hour) == data.OPEN]
    title = f"{data.WEEKDAYS[weekday - 1]}{hour}点开着的{which}"
    return pictures.frozen_map(scope, data.WALK, rows, title)


def draw_windows(scope: Scope) -> None:
    """Draw the canteens, those without a window first, and the ranking of places."""
    figure = shown.figure(scope, data.WINDOW)
    st.markdown(f"**{pictures.ranking_title(scope, figure.metric)}**")
    rows, ranked = st.columns([3, 2], gap="medium")
    with rows:
        table = tables.canteens(data.stations(scope))
        lists.show(table, "幸福食堂", scope, "rider_canteens", 420)
    with ranked:
        pictures.show_ranking(st.container(), scope, figure.metric)


def draw_meals(scope: Scope) -> None:
    """Draw meals earned and used by month, what is owed, and the canteens; a row opens its months."""
    rows = data.canteens(scope)
    said = finding.of_meals(rows, scope.words)
    st.markdown(f"**{said}**")
    st.caption(finding.OWED)
    if rows.empty:
        return
    if month := pictures.pick(charts.meals(scope), "逐月送餐与平价餐", "rider_meal_months"):
        every = data.meals(scope)
        every = every[every["month"] == month]
        drill.rows(f"{month}送餐与平价餐", headed(every, tables.MEALS), scope, "meal_month_rows")
    table = tables.books(rows)
    lists.show(table, "食堂送餐换餐", scope, "rider_books", 420, _open_books, rows, finding=said)


def _open_books(scope: Scope, canteen: pd.Series) -> None:
    """Open the months of one canteen, with their ledger rows."""
    rows = data.meals(scope)
    rows = rows[rows["station_id"] == canteen["station_id"]]
    name = f"{canteen['station_name']}逐月送餐与平价餐"
    drill.rows(name, headed(rows, tables.MEALS), scope, "meal_rows")


def draw_posts(scope: Scope) -> None:
    """Draw the five roles and the posts; a role opens its posts."""
    rows = data.posts(scope)
    said = finding.of_posts(rows, scope.words)
    st.markdown(f"**{said}**")
    st.caption("只记岗位，不记姓名；没有应设数，所以不算到岗率。点一行看这一类的岗位。")
    roles = tables.roles(rows)
    lists.show(roles, "五类岗位", scope, "rider_roles", None, _open_role, roles, finding=said)
    lists.show(tables.posts(rows), "新就业群体岗位", scope, "rider_posts", 420)


def _open_role(scope: Scope, role: pd.Series) -> None:
    """Open the posts of one role, those filled first."""
    rows, name = data.posts(scope), role["岗位"]
    rows = rows[rows["role"] == name]
    said = finding.of_posts(rows, scope.words)
    drill.rows(f"{name}岗位", tables.posts(rows), scope, "role_posts", said)


def draw_needs(scope: Scope) -> None:
    """Draw the choice of a survey and what may be told of it: counts, never its rows."""
    rows = data.needs(scope)
    if rows.empty:
        notices.empty("到本月还没有需求调查。", "")
        return
    names = {one: finding.survey_name(own) for one, own in rows.groupby("survey_id", sort=False)}
    survey = pick.by_id("看哪次调查", names, "rider_survey")
    own = rows[rows["survey_id"] == survey]
    said = finding.of_survey(own)
    st.markdown(f"**{said}**")
    st.caption(finding.TOLD)
    st.plotly_chart(
        charts.needs(scope, survey), key="rider_needs", config=drawn.CONFIG, alt="各项需求的次数"
    )
    title = f"{names[survey]}需求"
    lists.show(tables.needs(own), title, scope, "rider_need_table", finding=said)


# The parts of the page below the map.
PARTS = {
    "送餐与平价餐": draw_meals,
    "小哥窗口": draw_windows,
    "五类岗位": draw_posts,
    "需求调查": draw_needs,
}
