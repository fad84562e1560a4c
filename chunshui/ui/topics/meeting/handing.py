"""The list of what the next meeting hands out, and what became of what meetings handed out."""

import datetime as dt
import hashlib
from collections import Counter

import pandas as pd
import streamlit as st

from chunshui.catalogue.wording import assignments_sentence
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.snapshots import assigned, freeze, kept
from chunshui.snapshots.archive import About
from chunshui.snapshots.model import FOLLOWED, Assignment
from chunshui.snapshots.selection import CHOICES, Selection
from chunshui.ui.data import district, figures, has_ledger, reader, views
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import notices, permit
from chunshui.ui.topics.meeting.data import reopened
from chunshui.ui.widgets import drill, lists
from chunshui.ui.widgets.tables import LEDGER, headed

FIGURES = (
    "assignments_issued",
    "assignment_done_rate",
    "assignments_overdue",
    "assignment_on_time",
)
LIST = {
    "state": "落实", "title": "事项", "unit": "责任单位", "due_on": "应完成", "done_on": "完成",
    "result": "办理结果", "street_name": "街道", "community_name": "社区", "issued_on": "交办",
    "basis": "依据", "assignment_id": "交办编号", "snapshot_id": "快照编号", **LEDGER,
}  # fmt: skip
_BEFORE = "handing_before"  # of the session: the list before something was taken off, and after
COLUMNS = ("次序", "事项", "街道", "社区", "责任单位", "应完成", "依据", "编号")


def draw_list(scope: Scope, lines: list[About]) -> None:
    """Draw what the next meeting is to hand out, to be written, ordered and removed; keep what is changed."""
    items = kept.read(permit.own_folder()).assigned
    said = (
        f"{len(items)}项，随材料冻结"
        if items
        else "还没有事项，在各页点“加入交办单”，或在下面直接写"
    )
    with st.expander(f"交办单（{said}）", expanded=bool(items), icon=":material/assignment:"):
        _take_back(items, lines)
        _bring_back(items)
        table = pd.DataFrame(
            [
                (n, one.matter, one.street, one.community, one.unit,
                 dt.date.fromisoformat(one.due_on), one.basis, one.id)
                for n, one in enumerate(items, 1)
            ],
            columns=list(COLUMNS),
        ).astype({"次序": "Int64"} | dict.fromkeys(COLUMNS[1:], object))  # fmt: skip
        config = st.column_config
        streets = [street.name for street in district(scope.edition).streets]
        edited = st.data_editor(
            table,
            hide_index=True,
            num_rows="dynamic",
            key=f"handing_{_digest(items)}",
            column_config={
                "次序": config.NumberColumn(width=56, step=1),
                "事项": config.TextColumn(max_chars=assigned.LENGTH, width="medium"),
                "街道": config.SelectboxColumn(options=["", *streets]),
                "社区": config.TextColumn(max_chars=40),
                "责任单位": config.TextColumn("责任单位或岗位", max_chars=assigned.LENGTH),
                "应完成": config.DateColumn(format="YYYY-MM-DD"),
                "依据": config.TextColumn(max_chars=assigned.LENGTH, width="medium"),
                "编号": None,
            },
        )
        st.caption(
            "改一格、改次序、在末行添一项、选中行后删去，都即时存下。写单位或岗位，不写人名。"
        )
        if not edited.equals(table):
            _keep(items, edited)


def _take_back(items: tuple[Assignment, ...], lines: list[About]) -> None:
    """Draw the button that brings the list frozen last back, to be corrected and frozen again."""
    last = next((one for one in lines if one.assigned), None)
    if items or last is None:
        return

    def bring() -> None:
        try:
            kept.keep_assigned(reopened(last.id).assigned or (), permit.own_folder())
        except ChunshuiError as error:
            notices.failed(error)

    label = (
        f"取回{last.frozen_at[:10]}冻结的交办单（{len(last.assigned)}项，{last.id}），改后重新冻结"
    )
    st.button(label, icon=":material/undo:", on_click=bring)


def _bring_back(items: tuple[Assignment, ...]) -> None:
    """Draw the button that brings back what was just taken off the list."""
    before, after = st.session_state.get(_BEFORE, ((), ()))
    if after != items or before == items:
        return

    def bring() -> None:
        kept.keep_assigned(before, permit.own_folder())

    gone = len({one.id for one in before} - {one.id for one in items})
    st.button(f"恢复刚才删去的{gone}项", icon=":material/undo:", on_click=bring)


def _keep(items: tuple[Assignment, ...], edited: pd.DataFrame) -> None:
    """Keep the list as it was written; what cannot be handed out is said and not kept."""
    rows = edited.astype(object).where(edited.notna(), "")
    rows = rows[rows[["事项", "责任单位"]].ne("").any(axis=1)]
    place = {number: n for n, number in enumerate(rows["次序"])}
    rows = rows.assign(次序=[k if k != "" else len(place) + 1 for k in rows["次序"]])
    was = {item.id: item for item in items}
    written = tuple(
        Assignment(
            row.编号 or assigned.new_id(), row.事项.strip(), row.街道, row.社区.strip(),
            row.责任单位.strip(), f"{row.应完成:%Y-%m-%d}" if row.应完成 else "", row.依据,
            was[row.编号].issued_on if row.编号 in was else "",
        )
        for row in rows.sort_values("次序", kind="stable").itertuples()
    )  # fmt: skip
    if written == items:
        return
    try:
        kept.keep_assigned(written, permit.own_folder())
    except ChunshuiError as error:
        notices.failed(error)
        return
    if {one.id for one in items} - {one.id for one in written}:
        st.session_state[_BEFORE] = items, written
    st.rerun()


def _new(rows: pd.DataFrame, scope: Scope) -> str:
    """Say how many matters were handed out in the month, and how they stand."""
    month = Month.parse(scope.month)
    new = rows[rows["issued_on"] >= pd.Timestamp(month.first)]
    if new.empty:
        return f"{month.number}月没有新交办"
    counts = new["standing"].value_counts()
    states = [f"{one}{counts[one]}项" for one in assigned.STANDINGS if counts.get(one)]
    return f"{month.number}月新交办{len(new)}项（{'、'.join(states)}）"


def _digest(items: tuple[Assignment, ...]) -> str:
    return hashlib.sha256(repr(items).encode()).hexdigest()[:12]


def say_what_comes_first(scope: Scope, selection: Selection, lines: list[About]) -> None:
    """Say which meeting's matters the material will begin with, if one's, and with which it is compared."""
    if past := freeze.last_material(reader(scope.edition), selection, lines):
        said = f"{past.frozen_at[:10]}冻结的《{plain(past.title, 60)}》（截至{past.as_of}，{past.id}）。"
        st.caption(f"“{CHOICES['since_last']}”与{said}")
    items = kept.read(permit.own_folder()).assigned
    if own := freeze.handed_out_before(reader(scope.edition), selection, items, lines):
        st.caption(
            f"本期{own.frozen_at[:10]}已交办{len(own.assigned)}项（{own.id}），这份材料照列；要改先取回。"
        )
    if last := freeze.last_meeting(reader(scope.edition), selection, lines):
        st.caption(
            f"材料以“{FOLLOWED}”开头：{last.frozen_at[:10]}冻结的《{plain(last.title, 60)}》"
            f"（{last.id}）交办的{len(last.assigned)}项。"
        )


def draw_standings(scope: Scope, lines: list[About]) -> None:
    """Draw what became of what meetings handed out, by the ledger, and what nobody reported on."""
    known = has_ledger(scope, assigned.LEDGER.id)
    frozen = {item: one for one in reversed(lines) for item in one.assigned}
    if not (known or frozen):
        return
    standings = _standings(scope) if known else None
    if not (standings or frozen):
        return
    st.subheader("交办落实", anchor=False)
    if standings:
        said, table = standings
        st.markdown(f"**{said}。**")
        drill.buttons(scope, figures(scope, FIGURES).values())
        lists.show(table, "交办事项", scope, "assignments", 320, finding=f"{said}。")
    reported = (
        set(reader(scope.edition).query("snapshots/assignments_reported")["assignment_id"])
        if known
        else set()
    )
    silent = Counter(one.id for item, one in frozen.items() if item not in reported)
    for one in lines:
        if count := silent.get(one.id):
            st.caption(
                f"未反馈{count}项：{one.frozen_at[:10]}冻结的《{plain(one.title, 60)}》（{one.id}）交办{len(one.assigned)}项，"
                "报回的“交办台账”在台账入库上传。"
            )


@remembered(64)
def _standings(scope: Scope) -> tuple[str, pd.DataFrame] | None:
    """Return the sentence on the matters of the scope's year, and the table of them and of late ones."""
    rows = views.within("views/assignments", scope)
    if rows.empty:
        return None
    of_year = rows["issued_on"].dt.year == int(scope.month[:4])
    late = rows["standing"] == assigned.LATE
    year, before = rows[of_year], int((late & ~of_year).sum())
    said = assignments_sentence(
        f"{scope.words}{scope.month[:4]}年交办",
        len(year),
        Counter(year["standing"]),
        list(rows["title"][late & of_year]),
    )
    said += f"；往年交办仍逾期{before}项" if before else ""
    said += f"；{_new(rows, scope)}"
    return said, headed(rows[of_year | late], LIST)
