"""加入交办单: what is on the screen becomes a matter that the next meeting hands to a unit or a post.

The list is kept (`snapshots/kept`), is edited on 会议快照 and frozen with the next snapshot.
"""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.access.roles import Act
from chunshui.catalogue.attention import Item
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.snapshots import assigned, kept
from chunshui.snapshots.model import Assignment
from chunshui.snapshots.stamp import shorten
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import notices, permit
from chunshui.ui.widgets.tables import SHOWN
from chunshui.warehouse import Edition

LATE = "逾期"
ROW = words.label("source_row")  # the head that says that a row of a table is one of a ledger
# Columns of a row that do not say what it is about.
_SILENT = {
    *map(words.label, ("file_name", "sheet_name", "source_row", "entity_id", "part")),
    *map(words.label, ("street_name", "community_name", "status")),
}


# Columns by which a row is known wherever they stand, and those that say how it stands and not what it is.
_THINGS = ("事项", "任务", "条目", "主题")
_NUMBERS = re.compile(r"[\d,.]+%?(?:[/／][\d,.]+)?")
_STANDS = {LATE, *("在哪一级", "判断", "现状", "当时", "级别", "层级", "落实", "居民公约")}


class Thing(NamedTuple):
    """What a matter may be about: what is asked for (from a verb on), where it is (names; "" for the
    district), what it rests on.
    """

    matter: str
    street: str = ""
    community: str = ""
    basis: str = ""
    unit: str = ""  # who answers for it already
    is_local: bool = True  # whether the units of its place answer for it, if none is known


def offer(
    scope: Scope,
    things: Callable[[], Sequence[Thing]],
    key: str,
    look: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Draw 加入交办单, with the things to choose from; what is in it is asked for when it is opened."""
    if not permit.may(Act.FREEZE):
        return
    label, icon = "加入交办单", ":material/assignment_add:"
    with st.popover(label, icon=icon, type=look, key=f"assign_{key}", on_change="rerun") as one:
        if one.open:
            _form(scope, things(), f"assign_{key}")


def offer_rows(scope: Scope, table: pd.DataFrame, title: str, key: str) -> None:
    """Draw 加入交办单 for the rows of a list that are rows of a ledger; nothing for another list."""
    if ROW not in table or table.empty:
        return

    def things() -> list[Thing]:
        return [_of_row(row, title, scope) for row in table.head(SHOWN).to_dict("records")]

    offer(scope, things, key, "tertiary")


def of_item(item: Item, scope: Scope) -> Thing:
    """Return what needs attention as a thing to hand out."""
    land = data.district(scope.edition)
    names = {one.code: one.name for one in (*land.streets, *land.communities)}
    street, community = (
        names.get(code or "", "") for code in (item.street_code, item.community_code)
    )
    basis = f"{item.sentence.removesuffix('。')}（{since(scope)}）"
    return Thing(item.ask, street, community, basis, item.unit)


def here(scope: Scope) -> tuple[str, str]:
    """Return street and community of a scope by name; "" where it has no one of them."""
    land = data.district(scope.edition)
    streets = {street.code: street.name for street in land.streets}
    for one in land.communities:
        if one.code == scope.community:
            return streets[one.street_code], one.name
    return (streets[scope.streets[0]], "") if len(scope.streets) == 1 else ("", "")


def since(scope: Scope) -> str:
    """Return the month, and the scope where it is not the district, as the basis of a matter names them."""
    month = Month.parse(scope.month).words
    return f"{scope.words}，{month}" if scope.streets or scope.community else month


def _of_row(row: dict, title: str, scope: Scope) -> Thing:
    street, community = here(scope)
    told = {
        head: str(cell)
        for head, cell in row.items()
        if isinstance(cell, str) and cell != words.MISSING and head not in _SILENT
    }
    title = title.partition("_")[0]
    first = [h for h in told if h != LATE and not h.endswith(("编号", "日期"))][:1]
    named = [h for h in _THINGS if h in told][:1] or [
        head for head in first if head not in _STANDS and not _NUMBERS.fullmatch(told[head])
    ]
    street = _place(row, "street_name") or street
    community = _place(row, "community_name") or community
    what, place = "".join(told[head] for head in named), community or street
    where = "" if place in what else place  # 荣华街道集贤里社区大党委 says itself where it is
    late = _late(row)
    about = f"办理{where}{what}（{title}{late}）" if what else f"办理{where}的{title}{late}"
    counts = {
        head: f"{cell:,}"
        for head, cell in row.items()
        if isinstance(cell, int) and not isinstance(cell, bool) and head not in _SILENT
    }
    numbers = [head for head in told if head.endswith("编号")]
    others = [head for head in told if head not in {*named, *numbers, LATE}]
    facts = [(head, told[head]) for head in [*others[: 4 - len(numbers[:1])], *numbers[:1]]]
    said = "，".join(_in_words(head, text) for head, text in [*facts, *list(counts.items())[:2]])
    unit = told.get("责任单位") or told.get("领题单位", "")  # who has it already
    away = told.get("在哪一级") == "部门"
    return Thing(about, street, community, f"{said}（{since(scope)}）", unit, not away)


def _in_words(head: str, text: str) -> str:
    """Say what a cell says as part of a sentence: 2026年1月3日首次受理, 逾期194个工作日."""
    if head == "在哪一级":
        return f"现在{text}一级"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = assigned.day_words(text)
        return f"{head}为{day}" if head.endswith("日期") else f"{day}{head}"
    if length := re.fullmatch(r"(.+)（(日历日|工作日)）", head):
        return f"{length[1]}{text}个{length[2]}"
    return f"{head}{text}" if head.endswith("编号") else f"{head}：{text}"


def _late(row: dict) -> str:
    """Say how long a row is overdue, if one of its columns does."""
    for head, cell in row.items():
        if head == LATE and isinstance(cell, str) and cell != words.MISSING:
            return f"，{cell if cell.endswith('到期') else head + cell}"
        if head.startswith(f"{LATE}（") and isinstance(cell, int | float) and cell > 0:
            return f"，逾期{cell:.0f}个{head.removeprefix(f'{LATE}（').removesuffix('）')}"
    return ""


def _place(row: dict, column: str) -> str:
    name = str(row.get(words.label(column)) or "")
    return "" if name in (words.MISSING, "全区") else name


def _form(scope: Scope, things: Sequence[Thing], key: str) -> None:
    """Draw the form that adds one matter; what was added and what is wrong is said in it."""
    at = 0
    if len(things) > 1:
        at = st.selectbox(
            "哪一项",
            range(len(things)),
            format_func=lambda k: f"{things[k].matter}　{things[k].street}{things[k].community}",
            key=f"{key}_thing",
        )
    thing = things[at]
    with st.form(f"{key}_form_{at}", border=False):
        street = thing.street or _street_of(scope, thing.community)
        listed = units(scope.edition, street, thing.community)
        if mine := thing.unit.removesuffix("（示意）"):  # not a second one for the same matter
            listed = [mine, *(one for one in listed if one != mine)]
        unit = st.selectbox(
            "责任单位或岗位（可输入；不写人名）",
            listed,
            index=0 if listed and (thing.unit or (street and thing.is_local)) else None,
            placeholder="选择或输入",
            accept_new_options=True,
        )
        due = st.date_input(
            "应完成日期",
            assigned.usual_due(
                Month.parse(scope.month), kept.read(permit.own_folder()).draft.meeting_date
            ),
            format="YYYY-MM-DD",
            help=f"默认是数据月份的次月末；离会议（没有写会议日期的，离今天）不足{assigned.SOON}天的，"
            f"为其后{assigned.DAYS}天。",
        )
        matter = st.text_area(
            "事项（接在“请……于……前”之后）", thing.matter, max_chars=assigned.LENGTH
        )
        place = f"{thing.street}{thing.community}" or "全区"
        st.caption(f"地点：{place}　依据：{thing.basis or words.MISSING}")
        if not st.form_submit_button("加入", icon=":material/add:"):
            return
    try:
        item = Assignment(
            assigned.new_id(), matter.strip(), street, thing.community, (unit or "").strip(),
            f"{due:%Y-%m-%d}" if due else "", shorten(thing.basis, assigned.LENGTH),
        )  # fmt: skip
        count = kept.assign(item, permit.own_folder())
    except ChunshuiError as error:
        notices.failed(error)
        return
    st.success(
        f"已加入：{assigned.request(item)}。交办单上共{count}项；在“会议快照”里改、排、删，随材料冻结。"
    )


def _street_of(scope: Scope, community: str) -> str:
    """Return the street of a community whose name no other has."""
    land = data.district(scope.edition)
    streets = {street.code: street.name for street in land.streets}
    found = [streets[one.street_code] for one in land.communities if one.name == community]
    return found[0] if len(found) == 1 else ""


@remembered(4)
def _units(edition: Edition) -> pd.DataFrame:
    if assigned.LEDGER.id not in data.manifest(edition).rows:  # built by earlier software
        return pd.DataFrame(columns=["unit", "street_name", "community_name"])
    return data.reader(edition).query("views/responsible_units").fillna("")


def units(edition: Edition, street: str = "", community: str = "") -> list[str]:
    """Return the units and posts that the ledgers know, those nearest to a place first.

    First those of its street, then of its community, those of the district, and all others.
    """
    rows = _units(edition)
    own, inside = rows["street_name"] == street, rows["community_name"] != ""
    away = np.select(
        [
            own & ~inside,
            own & (rows["community_name"] == community),
            rows["street_name"] == "",
            own,
        ],
        range(4),
        4,
    )
    return rows["unit"].iloc[np.argsort(away, kind="stable")].tolist()
