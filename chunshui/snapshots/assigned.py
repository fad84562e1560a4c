"""What a meeting hands out, frozen with its snapshot, and what became of what the last one handed out.

A matter goes to a unit or a post, never to a person. The frozen list is never changed: how its matters stand
is told from the ledger of the data version (交办台账), whose rows are the sheets that came back.
"""

import datetime as dt
import re
import secrets
from collections import Counter
from collections.abc import Sequence

import pandas as pd

from chunshui import clock
from chunshui.catalogue.wording import assignments_sentence
from chunshui.errors import ChunshuiError
from chunshui.ledgers import personal
from chunshui.ledgers.contracts import ALL
from chunshui.month import Month
from chunshui.snapshots.model import FOLLOWED, HANDED_OUT, Assignment, Column, Earlier, Table
from chunshui.warehouse import Reader

LEDGER = ALL["assignment"]
MOST = 60  # matters in one list
SOON, DAYS = 7, 30  # days after the meeting: too soon to be due, and usual
LENGTH = 200  # letters of a text, as the ledger takes it
DONE, LATE, OPEN, SILENT = "完成", "逾期", "在办", "未反馈"
STANDINGS = (LATE, SILENT, OPEN, DONE)  # as they are listed


def new_id() -> str:
    """Return an id that no other matter has."""
    return f"JD-{secrets.token_hex(3).upper()}"


def usual_due(month: Month, meeting_date: str) -> dt.date:
    """Return when a matter is due unless another day is written: in time for the next month's material.

    That is the last day of the month after the data's; less than a week after the meeting (today,
    where none is written), and a month from that day instead.
    """
    day = dt.date.fromisoformat(day_of(meeting_date) or today())
    end = month.shift(1).last
    return end if (end - day).days >= SOON else day + dt.timedelta(DAYS)


def request(item: Assignment) -> str:
    """Return a matter as it is sent: 请宗关街道大工委于11月30日前办结……."""
    due = dt.date.fromisoformat(item.due_on)
    return f"请{item.unit}于{due.month}月{due.day}日前{item.matter}"


def refuse_faulty(items: Sequence[Assignment], which: str = "") -> None:
    """Raise ChunshuiError for the first matter that cannot be handed out, and say why.

    `which` is what it is called (这一项), else by its number in the list.
    """
    if len(items) > MOST:
        raise ChunshuiError(f"交办单最多{MOST}项，现有{len(items)}项。")
    for number, item in enumerate(items, 1):
        where = which or f"交办单第{number}项"
        if not item.matter.strip():
            raise ChunshuiError(f"{where}没有写事项。")
        if not item.unit.strip():
            raise ChunshuiError(f"{where}没有写责任单位。")
        if personal.names_person(item.unit):
            raise ChunshuiError(
                f"{where}的责任单位像是人名。交办给单位或岗位，不给个人：如区城管局、街道大工委、社区书记岗。"
            )
        for text in (item.matter, item.unit, item.basis):
            if kind := personal.holds(text):
                raise ChunshuiError(f"{where}含{kind}，请删去；只写单位和岗位，不写个人。")
            if len(text) > LENGTH:
                raise ChunshuiError(f"{where}有一格超过{LENGTH}字，请精简。")
        try:
            dt.date.fromisoformat(item.due_on)
        except ValueError as fault:
            raise ChunshuiError(f"{where}没有写应完成日期。") from fault
        if item.issued_on and item.due_on < item.issued_on:
            raise ChunshuiError(f"{where}的应完成日期早于交办的{day_words(item.issued_on)}。")


def handed_out(items: Sequence[Assignment]) -> Table:
    """Return the matters of this meeting as a section."""
    units = len({item.unit for item in items})
    first, last = (pick(item.due_on for item in items) for pick in (min, max))
    until = f"{'' if first == last else '最早'}{day_words(first).partition('年')[2]}到期"
    title = f"本次交办{len(items)}项，{units}个责任单位，{until}"
    rows = [(request(item), item.place, item.basis) for item in items]
    heads = ("交办事项", "地点", "依据")
    heading = f"{HANDED_OUT} · {day_words(items[0].issued_on)}"
    number = (f"{len(items)}项", f"本次交办，{units}个责任单位")
    return Table(title, heading, tuple(map(Column, heads)), tuple(rows), len(items), number)


def followed(reader: Reader, earlier: Earlier, day: str) -> Table:
    """Return how the matters of an earlier meeting stand on a day, as a section: the overdue first."""
    items = {item.id: item for item in earlier.items}
    rows = standings(reader, earlier, day)
    counts = Counter(rows["standing"])
    late = [items[one].matter for one in rows["assignment_id"][rows["standing"] == LATE]]
    title = assignments_sentence("上次交办", len(items), counts, late)
    cells = []
    for row in rows.itertuples():
        item = items[row.assignment_id]
        said = "，".join(filter(None, (row.standing if row.standing != LATE else "", row.late)))
        done = f"{row.done_on:%Y-%m-%d}完成" if row.standing == DONE else ""
        result = "；".join(filter(None, (done, row.result)))
        cells.append((said, item.matter, item.place, item.unit, item.due_on, result))
    heads = ("落实", "事项", "地点", "责任单位", "应完成", "办理结果")
    heading = f"{FOLLOWED} · {day_words(items_day(earlier.items))}交办（{earlier.snapshot}） · 截至{day_words(day)}"
    number = (f"{counts[DONE]}/{len(items)}", "上次交办的事项已完成")
    return Table(title, heading, tuple(map(Column, heads)), tuple(cells), len(items), number)


def standings(reader: Reader, earlier: Earlier, day: str) -> pd.DataFrame:
    """Return how each matter of an earlier meeting stands on a day by the ledger of a version.

    Columns assignment_id, standing (one of `STANDINGS`), late (逾期11个日历日; None), done_on, result. The day a
    matter is due is the frozen one. One that is not in the ledger has not been reported on.
    """
    asked = [{"assignment_id": item.id, "due_on": item.due_on} for item in earlier.items]
    known = bool(reader.manifest.rows.get(LEDGER.id))
    query = "snapshots/assignments" if known else "snapshots/assignments_unknown"
    rows = reader.query(query, asked=asked, day=day)
    rows = rows.astype({"late": object, "result": object})
    rows = rows.where(rows.notna(), None)
    rank = rows["standing"].map(STANDINGS.index)
    due = rows["assignment_id"].map({item.id: item.due_on for item in earlier.items})
    rows = rows.assign(rank=rank, due=due)
    return rows.sort_values(["rank", "due"], kind="stable").reset_index(drop=True)


def items_day(items: Sequence[Assignment]) -> str:
    """Return the day on which the matters of a list were handed out."""
    return items[0].issued_on


def day_words(day: str) -> str:
    """Write a day: "2026年10月8日"."""
    date = dt.date.fromisoformat(day)
    return f"{date.year}年{date.month}月{date.day}日"


def day_of(text: str) -> str:
    """Return the day (ISO) that is written as the date of a meeting; "" where none is."""
    found = re.search(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        return ""


def today() -> str:
    """Return today in China, as it is written in a ledger."""
    return clock.now().date().isoformat()
