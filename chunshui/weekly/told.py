"""The sheet of a week in words and tables: one part for each matter, for a page, a slide or a print."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from chunshui import words
from chunshui.weekly.chance import FEWEST
from chunshui.weekly.sheet import MATTERS, OLDEST, Matter, Sheet

BEYOND, UNSURE = "明显", "尚难断定趋势"
# Of the smaller of two weeks' counts, so that it is true whichever a reader divides by.
LEAST_MOVE, SMALL_MOVE = 0.25, "变化不大"
NONE_BEYOND = f"与上周相比，各项增减{UNSURE}"
TOO_FEW = "各项件数都很少，不与上周比较"
OPEN_WEEK, FIRST_WEEK = "本周未完，不与上周相比", "上周数据不全，不作比较"
DAY = "%Y-%m-%d"
COMPARED = "与上周相比"
BEYOND_MARK = "▲"
METHOD = (
    f"{BEYOND_MARK} 增减超出偶然波动；其余的{UNSURE}，两周合计不足{FEWEST}件的不作比较。"
    "各地不排名：一个街道一周只有几件，先后多是偶然。"
)
DONE = {True: "完成", False: "未完成"}
# What a due thing is called in a list: other than in the finding, where names of a list are hidden.
DUE, AHEAD = "本周应完成", "下周应完成"
LATE, LATE_BUT_DONE = "本周新增", "本周新增，已办结"


@dataclass(frozen=True)
class Part:
    """What the sheet says of one matter: the finding (no full stop) and the table that shows it.

    `number` is the one number of it and what that says; None where its ledger is not there. `is_of_places` says
    whether the table names places or things that lie in one.
    """

    name: str
    finding: str
    table: pd.DataFrame = field(repr=False)
    number: tuple[str, str] | None
    is_of_places: bool


def parts_of(sheet: Sheet) -> list[Part]:
    """Return the parts of a sheet, in the order of the print."""
    parts = []
    for name, form in _FORMS.items():
        told = f"没有{form.ledger}台账", pd.DataFrame()
        if not form.matters or any(map(sheet.knows, form.matters)):
            told = form.tell(sheet)
        parts.append(Part(name, *told, _number(sheet, name), form.is_of_places))
    return parts


def _number(sheet: Sheet, name: str) -> tuple[str, str] | None:
    matter, says = _FORMS[name].number
    if not sheet.knows(matter) or (name == COMPARED and not sheet.is_compared):
        return None
    if name == COMPARED:  # what differs by more than chance, where anything does
        told = sheet.counts[sheet.counts["is_told"]]["matter"]
        matter = told.iloc[0] if len(told) else matter
        says = f"本周{MATTERS[matter].name}"
    count = len(sheet.held_late) if name == "逾期事项" else sheet.count(matter)
    if name == COMPARED:
        says += f"，上周{sheet.count(matter, -1):,}{MATTERS[matter].measure}"
    return f"{count:,}{MATTERS[matter].measure}", says


def rows_of(sheet: Sheet, name: str) -> pd.DataFrame:
    """Return what a part counts, one row each, with its ledger row: as many of each as it says."""
    found = [sheet.rows(key, weeks).assign(how=how) for key, weeks, how, _ in _counted(name)]
    if not found or not sum(map(len, found)):
        return pd.DataFrame()
    rows = pd.concat(found)
    rows["day"] = rows["day"].dt.strftime(DAY)
    whole = rows[["took_part", "source_row"]].astype("Int64")
    rows = rows.assign(**whole)[list(_HEADS)].rename(columns=_HEADS)
    return rows.dropna(axis="columns", how="all")


def count_words(sheet: Sheet, name: str) -> str:
    """Return how many of each matter the rows of a part are: 收到民情8项、办结民情4项; "" without any."""
    counts = [(how, matter, sheet.count(key, weeks)) for key, weeks, how, matter in _counted(name)]
    return "、".join(f"{how}{n:,}{matter.measure}" for how, matter, n in counts if n)


def _counted(name: str) -> Iterator[tuple[str, int, str, Matter]]:
    """Yield what a part counts one by one: the matter's key, how many weeks later, in words, the matter."""
    for key in _FORMS[name].matters:
        for weeks in (0, 1) if key in _AHEAD else (0,):
            matter = MATTERS[key]
            yield key, weeks, f"{'下周' * weeks}{matter.name}", matter


def headline(sheet: Sheet, scope: str) -> str:
    """Return the week in one sentence: what came in, went out and is in hand, and against last week."""
    said = [f"{_items(sheet)}{_fresh(sheet)}"] if sheet.knows("received") else []
    said += [_held_events(sheet)]
    told = "；".join(filter(None, said)) or "没有可报事项的台账"
    return (
        f"{days_words(sheet)}，{scope.replace(' ', '')}{told}。{compared(sheet, in_full=False)}。"
    )


def days_words(sheet: Sheet) -> str:
    """Return the days that a sheet counts: 2026年10月19日至25日, of a part of a week which."""
    if sheet.first > sheet.week.first:
        return f"{sheet.week.words}（数据从{_day(sheet.first)}起）"
    if sheet.is_over:
        return sheet.week.words
    return f"{sheet.week.words}（本周未完，截至{_day(sheet.last)}）"


def issue_words(sheet: Sheet) -> str:
    """Return the number of the bulletin and its day: 2026年第41期，10月27日印发."""
    row = sheet.week_rows.bulletin
    if pd.isna(row["issue"]):
        return "期号未登记"
    return f"{row['issue']}，{_day(row['issued_on'])}印发"


def workdays_words(sheet: Sheet) -> str:
    """Return how many working days the week has, and the one before where it had others; or ""."""
    now, before = (sheet.week_rows.bulletin[key] for key in ("workdays", "workdays_before"))
    if pd.isna(now):
        return ""
    said = f"工作日{now:.0f}天"
    return said if pd.isna(before) or now == before else f"{said}，上周{before:.0f}天"


def compared(sheet: Sheet, *, in_full: bool = True) -> str:
    """Say how the counts differ from those of the week before, and whether by more than chance.

    What moved by a quarter or more stands there with both numbers, be it told from chance or not: its table does
    too. Not `in_full` only what is more than chance.
    """
    if not sheet.is_over:
        return OPEN_WEEK
    if not sheet.is_compared:
        return FIRST_WEEK
    rows = sheet.counts
    both = rows["now"] + rows["before"]
    known = rows[both >= FEWEST]
    if known.empty:
        return TOO_FEW
    counts = known[["now", "before"]]
    is_large = (known["now"] - known["before"]).abs() >= LEAST_MOVE * counts.min(axis="columns")
    told = known[known["is_told"]]
    unsure = known[~known["is_told"] & is_large]
    parts = [
        f"{_against(row)}，{BEYOND}{'增多' if row.now > row.before else '减少'}"
        for row in told.itertuples()
    ]
    if not in_full:
        return f"与上周相比，{'；'.join(parts)}" if parts else NONE_BEYOND
    parts += [f"{'、'.join(map(_against, unsure.itertuples()))}，{UNSURE}"] * bool(len(unsure))
    others = [SMALL_MOVE] * (len(told) + len(unsure) < len(known))
    others += ["件数很少"] * bool(both.between(1, FEWEST - 1).any())
    parts += [f"{'其余' if parts else ''}各项{'或'.join(others)}"] * bool(others)
    return f"与上周相比，{'；'.join(parts)}"


def _against(row) -> str:
    matter = MATTERS[row.matter]
    return f"{matter.name}{row.now:,}{matter.measure}（上周{row.before:,}{matter.measure}）"


def _told(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    if not sheet.is_compared:
        return compared(sheet), pd.DataFrame()
    # Two lines: on the print all others' rows need the room (`upright` for a page).
    heads = {
        f"{BEYOND_MARK} " * row.is_told + MATTERS[row.matter].name: [row.now, row.before]
        for row in sheet.counts.itertuples()
        if row.now or row.before
    }
    table = pd.DataFrame({"周": ["本周", "上周"], **heads}) if heads else pd.DataFrame()
    return compared(sheet), table


def upright(part: Part) -> pd.DataFrame:
    """Return the table of a part as a page shows it: the comparison with a row for each matter."""
    if part.name != COMPARED or part.table.empty:
        return part.table
    return part.table.set_index("周").T.rename_axis("事项").rename_axis(None, axis=1).reset_index()


def _items(sheet: Sheet) -> str:
    received, closed = map(sheet.count, ("received", "closed"))
    held, late = int(sheet.tiers["closing"].sum()), len(sheet.held_late)
    end = "周末" if sheet.is_over else "目前"
    overdue = f"逾期{late:,}项" if late else "都没有逾期"
    said = _happened([("收到民情", received), ("办结", closed)], "项", "没有收到、办结民情")
    return f"{said}，{end}{f'在手{held:,}项（{overdue}）' if held else '没有在手事项'}"


def _happened(counts: Sequence[tuple[str, int]], measure: str, nothing: str) -> str:
    """Return what happened how often, then what did not: 收到民情8项、没有办结; `nothing` where none did."""
    some = [f"{what}{count:,}{measure}" for what, count in counts if count]
    others = [f"没有{what}" for what, count in counts if not count]
    return "、".join([*some, *others]) if some else nothing


def _fresh(sheet: Sheet) -> str:
    """Say how many items fell overdue in the week, and how many of them are closed by its end."""
    fresh = sheet.rows("overdue")
    closed = int(fresh["is_done"].fillna(False).astype(bool).sum())
    said = f"，本周新逾期{len(fresh):,}项" if len(fresh) else ""
    return f"{said}（其中{closed:,}项已办结）" if closed else said


def _opinions(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    rows = sheet.tiers
    came = {"收件": "received", "下级上报": "from_below", "上级退回": "from_above"}
    went = {"上报": "up", "退回": "back", "办结": "closed"}
    end = "周末在手" if sheet.is_over else "目前在手"
    heads = {"周初在手": "opening", **came, **went, end: "closing"}
    table = pd.DataFrame({head: rows[key] for head, key in heads.items()})
    table.loc["合计"] = table.sum()
    # What is handed from tier to tier is neither received nor closed by the whole.
    table = table.astype("Int64")
    table.loc["合计", ["下级上报", "上级退回", "上报", "退回"]] = pd.NA
    table = table[table.fillna(0).any(axis=1)]  # a tier that nothing passed is no row
    return _items(sheet), table.rename_axis("层级").reset_index()


def _overdue(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    late, fresh = sheet.held_late, sheet.rows("overdue")
    oldest = late.head(OLDEST)
    last = sheet.visits.drop_duplicates("opinion_id", keep="last")
    names = {"entity_id": "opinion_id", "thing": "category", "day": "due_on"}
    new = fresh.rename(columns=names)[[*names.values(), "street_name", "community_name", "is_done"]]
    new = new.merge(last[["opinion_id", "tier", "late"]], "left", "opinion_id")
    is_done = new["is_done"].astype(bool)
    new = new.assign(
        how=is_done.map({True: LATE_BUT_DONE, False: LATE}),
        late=new["late"].mask(is_done),
    )
    oldest = oldest[~oldest["opinion_id"].isin(new["opinion_id"])].assign(how="逾期最久")
    shown = pd.concat([oldest, new])
    table = pd.DataFrame(
        {
            "情况": shown["how"],
            "类别": shown["category"],
            "社区": shown["community_name"],
            "在哪一级": shown["tier"],
            "逾期": shown["late"].str.removeprefix("逾期"),
            "应办结日期": shown["due_on"].dt.strftime(DAY),
            "街道": shown["street_name"],
            "事项编号": shown["opinion_id"],
        }
    )  # fmt: skip
    said = _fresh(sheet).removeprefix("，")
    if late.empty:
        return f"{said}，在手事项没有逾期的" if said else "没有逾期的民情", table
    said = said or "本周没有新逾期"
    worst = late.iloc[0]
    return (
        f"{said}；在手逾期{len(late):,}项，最久的是{worst['community_name']}一项{worst['category']}，"
        f"已{worst['late']}"
    ), table


def _posts(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    both = {"空出": sheet.rows("vacated"), "补上": sheet.rows("filled")}
    counts = {f"{how}（个）": rows["detail"].value_counts() for how, rows in both.items()}
    table = pd.DataFrame(counts).fillna(0).astype(int).sort_index()
    sizes = [len(rows) for rows in both.values()]
    named = list(zip(("空出网格岗位", "补上"), sizes, strict=True))
    said = _happened(named, "个", "没有网格岗位空出或补上")
    return said, table.rename_axis("岗位").reset_index() if any(sizes) else pd.DataFrame()


def _board(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    posted, claimed = sheet.rows("posted"), sheet.rows("claimed")
    due, ahead = sheet.rows("challenge_due"), sheet.rows("challenge_due", 1)
    listed = {"发榜": posted, "领题": claimed, DUE: due, AHEAD: ahead}
    table = _things(listed, "事项", "单位")
    said = _happened([("发榜", len(posted)), ("领题", len(claimed))], "项", "没有发榜、领题")
    return f"{said}；{_due_words('领题事项', due, ahead, '项')}", table


def _milestones(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    due, ahead = sheet.rows("milestone_due"), sheet.rows("milestone_due", 1)
    return _due_words("节点", due, ahead, "个"), _things({DUE: due, AHEAD: ahead}, "项目", "节点")


def _due_words(what: str, due: pd.DataFrame, ahead: pd.DataFrame, measure: str) -> str:
    if due.empty and ahead.empty:
        return f"本周、下周都没有到期的{what}"
    done = int(due["is_done"].astype(bool).sum())
    said = f"{what}本周到期{len(due):,}{measure}" if len(due) else f"本周没有到期的{what}"
    if len(due):
        how = f"完成{done:,}{measure}" if done else "都未完成" if len(due) > 1 else "未完成"
        said += f"，{('都' * (len(due) > 1)) + '已完成' if done == len(due) else how}"
    early = int(ahead["is_done"].astype(bool).sum())
    some = f"到期{len(ahead):,}{measure}" + f"（其中{early:,}{measure}已提前完成）" * bool(early)
    return f"{said}；下周{some if len(ahead) else '没有到期的'}"


def _things(listed: dict[str, pd.DataFrame], thing: str, detail: str) -> pd.DataFrame:
    """Return rows that happened or are due, by what they are."""
    rows = pd.concat([one.assign(how=how) for how, one in listed.items()])
    return pd.DataFrame(
        {
            "情况": rows["how"],
            "日期": rows["day"].dt.strftime(DAY),
            thing: rows["thing"],
            **({"节点": rows["detail"]} if detail == "节点" else {}),
            "完成": [DONE.get(one, "") for one in rows["is_done"]],
            "地方": rows["community_name"].fillna(rows["street_name"]).fillna("全区"),
            **({"单位": rows["detail"]} if detail == "单位" else {}),
        }
    )


def _held_events(sheet: Sheet) -> str:
    known = [
        (MATTERS[key], sheet.count(key)) for key in ("activity", "training") if sheet.knows(key)
    ]
    some = "、".join(f"{matter.name}{n:,}{matter.measure}" for matter, n in known if n)
    none = "、".join(matter.name for matter, n in known if not n)
    said = (f"举办{some}" if some else "", f"没有{'' if some else '举办'}{none}" if none else "")
    return "，".join(filter(None, said))


def _activities(sheet: Sheet) -> tuple[str, pd.DataFrame]:
    said = _held_events(sheet)
    held, courses = sheet.rows("activity"), sheet.rows("training")
    kinds = held.groupby("detail")["took_part"].agg(["size", "sum"])
    kinds = kinds.assign(rest=kinds.index == "其他").sort_values(
        ["rest", "size", "sum"], ascending=[True, False, False]
    )[["size", "sum"]]
    courses = courses.assign(kind="训练营（" + courses["detail"] + "办，实到岗位）")
    taught = courses.groupby("kind")["took_part"].agg(["size", "sum"])
    table = pd.concat([kinds, taught]).astype(int)
    table.columns = pd.Index(["场（期）", "人次"])
    if table.empty:
        return said, pd.DataFrame()
    many = int(held["took_part"].sum())
    said += f"；活动参加{words.number(many, '人次')}" if many else ""
    if len(courses):
        came, asked = int(courses["took_part"].sum()), int(courses["invited"].sum())
        said += f"；训练营应到{asked:,}个岗位、实到{came:,}个"
    return said, table.rename_axis("类别").reset_index()


def day_words(day: dt.date) -> str:
    """Return a day in words: 2026年10月25日."""
    return f"{day.year}年{_day(day)}"


def _day(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


@dataclass(frozen=True)
class _Form:
    """How a part is told, and of which ledger in words; what it counts one by one, in the order of its rows.

    `number` is the matter of its one number and what that says.
    """

    tell: Callable[[Sheet], tuple[str, pd.DataFrame]]
    ledger: str
    number: tuple[str, str]
    matters: tuple[str, ...]
    is_of_places: bool = False


_FORMS = {
    "民情办理": _Form(_opinions, "民情", ("received", "本周收到民情"), ("received", "closed")),
    "逾期事项": _Form(_overdue, "民情", ("overdue", "在手民情逾期"), ("overdue",), True),
    "揭榜领题": _Form(
        _board, "揭榜领题", ("claimed", "本周领题"), ("posted", "claimed", "challenge_due"), True
    ),
    "到期节点": _Form(
        _milestones, "旧改与行动节点", ("milestone_due", "本周到期节点"), ("milestone_due",), True
    ),
    "网格岗位": _Form(_posts, "网格岗位", ("vacated", "本周空出网格岗位"), ("vacated", "filled")),
    "活动与训练营": _Form(
        _activities, "活动、党建训练营", ("activity", "本周举办活动"), ("activity", "training")
    ),
    COMPARED: _Form(_told, "", ("received", "本周收到民情"), ()),
}
_AHEAD = ("challenge_due", "milestone_due")  # counted for the week after, too
_HEADS = {
    "how": "情况", "day": "日期", "thing": "事项", "detail": "说明", "took_part": "人次（实到岗位）",
    "street_name": "街道", "community_name": "社区", "entity_id": "编号",
    "file_name": "台账文件", "sheet_name": "工作表", "source_row": "行号",
}  # fmt: skip
