"""The archive on the page: found, opened, compared, filed, and what is in its trash."""

import datetime as dt

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.access.roles import Act
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, comparison
from chunshui.snapshots.archive import About, Damaged
from chunshui.snapshots.model import Snapshot
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import notices, permit
from chunshui.ui.topics.meeting import controls, data, tables
from chunshui.ui.widgets import asked, downloads, pick
from chunshui.ui.widgets.tables import SHOWN, draw, readable

FIND = "find_snapshot"


def draw_of_city(fresh: Snapshot | None) -> None:
    """Draw the archive of what was frozen of a city, for who may see archives; nothing before the first."""
    person = permit.person()
    if person is None or not person.may_open("snapshots"):
        return
    lines, damaged = data.listing(of_city=True)
    if lines or damaged or data.trash(of_city=True):
        st.subheader("档案", anchor=False)
        draw_archive(lines, damaged, None, fresh)


def draw_archive(
    lines: list[About], damaged: list[Damaged], scope: Scope | None, fresh: Snapshot | None
) -> None:
    """Draw the archive: the search, the snapshot chosen, in what it differs from another, the trash.

    A city has no scope.
    """
    if fresh:
        st.session_state["snapshot"] = fresh.id
        st.session_state[FIND] = ""  # what was looked for may not be it
    trash = data.trash(of_city=scope is None)
    if not (lines or damaged or trash):
        made = "冻结一份后列在这里" if permit.may(Act.FREEZE) else "由分析员、台账员冻结后列在这里"
        notices.empty("档案里还没有快照。", f"{made}，可随时重新打开、比较和生成。")
        return
    # Side by side: what was just frozen is downloaded below, without scrolling.
    where, which = st.columns(2) if len(lines) > 1 else [st.container()] * 2
    with where:
        found = _found(lines)
    if found:
        names = {one.id: tables.line_words(one) for one in found}
        with which:
            chosen = pick.by_id("打开快照（置顶的和最近的在前）", names, "snapshot")
        _draw_one(chosen, lines, scope, now=fresh is not None)
    every, compared, thrown = st.tabs(
        [
            f"快照（{len(found)}）" if len(found) == len(lines) else f"找到{len(found)}份",
            "与另一份比较",
            f"回收站（{len(trash)}）",
        ]
    )
    with every:
        if damaged:
            st.warning("  \n".join(map(str, damaged)), icon=":material/warning:")
        table = tables.snapshots(found, damaged)
        draw(table, "档案里的快照，打不开的、置顶的和最近的在前")
        _offer_deletion([one.id for one in damaged], "damaged", "永久删除打不开的")
    with compared:
        _draw_comparison(found, lines, scope)
    with thrown:
        _draw_trash(trash)


def _found(lines: list[About]) -> list[About]:
    """Draw the search where there is something to search; return what it finds."""
    if len(lines) < 2:
        return lines
    typed = st.text_input(
        "找快照",
        key=FIND,
        placeholder="标题、单位、范围、模板、备注、日期（2026-10）、编号，或拼音首字母",
        persist_state="session",
    )
    found = comparison.matching(lines, typed)
    if not found:
        notices.empty(
            f"{len(lines)}份快照里没有与“{plain(typed, 40)}”相符的。",
            "可少写几个字；也看看回收站。",
        )
    return found


def _draw_one(chosen: str, lines: list[About], scope: Scope | None, *, now: bool) -> None:
    """Draw the snapshot that is chosen, and how it is filed."""
    one = next(line for line in lines if line.id == chosen)
    if one.filed.remark:
        st.caption(f"备注：{plain(one.filed.remark, archive.REMARK_LENGTH)}")
    controls.draw_snapshot(chosen, scope, now=now)
    with st.container(horizontal=True):
        pinned = one.filed.is_pinned
        word, icon = ("取消置顶", ":material/keep_off:") if pinned else ("置顶", ":material/keep:")
        _filer(word, icon, chosen, pinned=not pinned)
        with st.popover("写备注", icon=":material/edit_note:"):
            remark = st.text_area(
                "备注（只在档案里看得见，不印在材料上）",
                one.filed.remark,
                max_chars=archive.REMARK_LENGTH,
                key=f"remark-{chosen}",
            )
            _filer("存下备注", ":material/save:", chosen, remark=remark)
        _filer("移入回收站", ":material/delete:", chosen, trashed=True)


def _filer(label: str, icon: str, snapshot_id: str, **how: bool | str) -> None:
    """Draw a button that files a snapshot otherwise."""

    def do() -> None:
        try:
            permit.demand(Act.FREEZE, snapshot=snapshot_id, **how)
            archive.file(snapshot_id, **how)  # type: ignore[arg-type]
        except ChunshuiError as error:
            notices.failed(error)

    st.button(label, icon=icon, on_click=do, key=f"{label}-{snapshot_id}")


def _draw_trash(trash: list[About]) -> None:
    """Draw what is in the trash, and the ways out of it: back, or for ever."""
    if not trash:
        st.caption("回收站是空的。移入回收站的快照不再列出，随时可以恢复。")
        return
    draw(tables.snapshots(trash, []), "回收站里的快照，最近移入的在前")
    names = {one.id: tables.line_words(one) for one in trash}
    chosen = st.selectbox("处理哪一份", list(names), format_func=names.__getitem__, key="in_trash")
    count = len(next(one for one in trash if one.id == chosen).assigned)
    note = f"它交办了{count}项，删后报回的交办台账无从核对。" if count else ""
    with st.container(horizontal=True):
        _filer("恢复", ":material/restore_from_trash:", chosen, trashed=False)
        _offer_deletion([chosen], f"trash-{chosen}", "永久删除这一份", note)


def _offer_deletion(ids: list[str], key: str, label: str, note: str = "") -> None:
    """Draw the button that deletes snapshots for ever, which asks first."""
    if not ids:
        return

    def do() -> None:
        try:
            for one in ids:
                permit.demand(Act.FREEZE, snapshot=one, deleted=True)
                archive.delete(one)
        except ChunshuiError as error:
            notices.failed(error)

    asked.once(
        label,
        f"{len(ids)}份快照将永久删除，**不能恢复**。{note}",
        do,
        key=f"delete-{key}",
        confirm="确认永久删除",
        icon=":material/delete_forever:",
    )


def _draw_comparison(found: list[About], lines: list[About], scope: Scope | None) -> None:
    """Draw the choice of another snapshot, by a day or from the list, and in what they differ."""
    if not found or len(lines) < 2:
        notices.empty("只有一份快照，没有可比的。", "")
        return
    names = {one.id: tables.line_words(one) for one in (*found, *lines)}  # those found first
    one = next(line for line in lines if line.id == st.session_state["snapshot"])
    day: dt.date | None = st.date_input(
        "与哪一天或之前的上一份同类比较（不填为最近的）",
        value=None,
        format="YYYY-MM-DD",
        key="compared_day",
    )
    alike = comparison.previous_alike(one, lines, day.isoformat() if day else "")
    if not alike:
        until = f"{day.isoformat()}及以前" if day else "在它之前"
        st.caption(f"{until}没有冻结过同类同范围的，下面是另一类的，可任选一份。")
    first = {alike.id: f"上一份同类：{tables.line_words(alike)}"} if alike else {}
    others = {other: said for other, said in names.items() if other != one.id}
    if st.session_state.get("compared_for") != (one.id, day):
        if "compared_for" in st.session_state:  # another day or snapshot has another one before it
            st.session_state["other"] = next(iter(first | others))
        st.session_state["compared_for"] = (one.id, day)
    other = pick.by_id("与哪一份比较", first | others | first, "other")
    older, newer = sorted(
        (one, next(line for line in lines if line.id == other)), key=comparison.when
    )
    st.caption(f"从{older.frozen_at[:10]}的{older.id}到{newer.frozen_at[:10]}的{newer.id}")
    _draw_differences(older.id, newer.id, scope)


def _draw_differences(a: str, b: str, scope: Scope | None) -> None:
    """Draw in what two snapshots differ."""
    try:
        every = comparison.differences(data.reopened(a), data.reopened(b))
    except ChunshuiError as error:
        notices.failed(error)
        return
    if not every:
        notices.empty("两份快照内容相同。", "")
        return
    table = tables.differences(a, b, every)
    changes = [
        words.MISSING
        if pd.isna(one)
        else f"{one:+,.2f}"
        if abs(one) >= 0.01 and one % 1
        else f"{one:+,.12g}"
        for one in table["变化"]
    ]
    draw(readable(table.assign(变化=changes)), "两份快照的不同")
    if len(every) > SHOWN:
        st.caption(f"列出{SHOWN}处，共{len(every):,}处{'；下载的文件里有全部' if scope else ''}。")
    if scope is None:
        return
    downloads.offer(
        table,
        f"快照比较_{a}_{b}",
        scope,
        key="differences",
        label="下载全部不同之处",
        source="两份快照",
    )
