"""The choice of a week, its parts, and the rows behind each."""

import datetime as dt

import streamlit as st

from chunshui.errors import ChunshuiError
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.topics.week import data
from chunshui.ui.widgets import downloads, drill, tables
from chunshui.week import Week
from chunshui.weekly import told

KEY = "week"  # of the widget and in the address: a day of the week
BESIDE = (("民情办理", "逾期事项"), ("揭榜领题", "到期节点"), ("网格岗位", "活动与训练营"))


def choose(scope: Scope) -> Week:
    """Draw the choice of a week by any of its days; return it.

    Another month chosen above leads to that month's last whole week.
    """
    first, last = data.known_days(scope)
    state, usual, asked = st.session_state, data.usual(scope), st.query_params.get(KEY)
    if state.get("week_of", scope.month) != scope.month and not state["arrived"]:
        state[KEY] = usual.first
    state["week_of"] = scope.month
    least, most = Week.of(first).first, Week.of(last).last
    if asked and not least <= _day(asked, least) <= most:
        _say_unknown(scope, asked)

    def step(weeks: int) -> None:
        moved = Week.of(state[KEY]).shift(weeks).first
        state[KEY] = min(max(moved, least), Week.of(last).first)

    with st.container(horizontal=True, vertical_alignment="bottom"):
        before, day, after = st.container(width="content"), st.container(width=190), st.container(width="content")  # fmt: skip
        with day:
            chosen = st.date_input(
                "看哪一周（任选一天）", usual.first, least, most, KEY,
                format="YYYY-MM-DD", bind="query-params",
            )  # fmt: skip
        week = Week.of(chosen) if chosen else usual
        ends = {
            "上一周": (before, -1, week.first <= least),
            "下一周": (after, 1, week.last >= most),
        }
        for word, (place, weeks, is_end) in ends.items():
            place.button(word, on_click=step, args=(weeks,), disabled=is_end)
    return week


def _day(text: str, other: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return other


def _say_unknown(scope: Scope, asked: str) -> None:
    """Say why the week that a link asks for is not shown."""
    try:
        data.sheet(scope, Week.parse(asked))
    except ChunshuiError as fault:
        st.warning(f"{plain(str(fault), 80)}已改看{data.usual(scope).words}。")


def draw(scope: Scope, week: Week) -> None:
    """Draw the parts of a week, two beside each other, and the comparison with the week before."""
    sheet, parts = data.sheet(scope, week), data.parts(scope, week)
    facts = [told.issue_words(sheet), told.workdays_words(sheet)]
    st.caption(" ｜ ".join(["周一至周日", *filter(None, facts)]))
    for names in BESIDE:
        for column, name in zip(st.columns(2, gap="medium"), names, strict=True):
            with column:
                _draw_part(scope, week, parts[name])
    _draw_part(scope, week, parts[told.COMPARED])
    st.caption(told.METHOD)


def _draw_part(scope: Scope, week: Week, shown: data.Shown) -> None:
    """Draw one part: its finding, its table, and the way to its rows."""
    part = shown.part
    said = part.finding.removeprefix(f"{part.name}，").removeprefix(part.name)
    st.markdown(f"**{part.name}**　{said}")
    if part.table.empty:
        return
    tables.draw(shown.table, part.name, key=f"week_{part.name}", most_px=360)
    title = f"{part.name}_{week.words}"
    downloads.seen(told.upright(part), title, scope, f"{part.finding}")
    if shown.counted and st.button(
        f"逐条看：{shown.counted}",
        icon=":material/list:",
        key=f"rows_{part.name}",
        type="tertiary",
    ):
        rows = told.rows_of(data.sheet(scope, week), part.name)
        drill.rows(f"{part.name}，{week.words}", rows, scope, "week_rows", f"{part.finding}。")
