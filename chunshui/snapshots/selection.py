"""What a snapshot is to be made of: a choice of sections, a scope, the words of the meeting."""

from collections.abc import Iterator
from dataclasses import dataclass

from chunshui.community import sheet
from chunshui.errors import ChunshuiError
from chunshui.snapshots import head, model
from chunshui.snapshots.render import typeset

SECTION_LIMIT = 40
TITLE_LENGTH = 300
COMMENT_LENGTH = 1000
DATE_LENGTH = 40
STREET, COMMUNITY = "街道", "社区"
# What a section can be made of: the kinds that are drawn, and lists that are drawn as tables.
CHOICES = model.KIND_WORDS | {
    "taken": "页面所见",
    "why": "为什么变",
    "flows": "变动名单",
    "to_target": "差多少达标",
    "sheet": sheet.TITLE,
    "beside": f"{sheet.TITLE}：{sheet.BESIDE_TITLE}",
    "week": "一周动态",
    "apart": "谁明显偏离",
    "intervals": "名次区间",
    "weights": "权重与影响",
    "progress": "进步",
    "since_last": "与上次相比",
}
_ONE = ("map", "ranking", "trend", "table", "why", "flows", "to_target")


@dataclass(frozen=True)
class Choice:
    """One section of a selection.

    `kind` is one of `CHOICES`; figures take several metrics, map, ranking, trend, table (the members
    not counted), why and flows (the change by place and by member) and to_target one, sheet, beside and
    the parts of a drill (apart, intervals, weights, progress: by the ledger of its board) and since_last none. `level`
    (街道, 社区) is for map, ranking and why, `months` for trend, `stations` marks them on a map; `yearly`
    sets why and flows against the same month last year; `taken` is what a page showed. `title` replaces
    the finding. A week (a day of it; none: the last that is over by the month's end) is a section for each
    of its matters.
    """

    kind: str
    metrics: tuple[str, ...] = ()
    level: str = STREET
    months: int = 13
    stations: bool = False
    title: str = ""
    comment: str = ""
    yearly: bool = False
    taken: model.Taken | None = None
    week: str = ""


@dataclass(frozen=True)
class Selection:
    """What a snapshot is made of. `streets` and `community` are codes; none is the district.

    An empty `title` becomes "<scope>基层治理<template>（<period>）" (会议材料 without one), of a week alone
    "<scope>一周动态（<period>）". `meeting_date` is free text.
    """

    month: str
    choices: tuple[Choice, ...]
    title: str = ""
    unit: str = ""
    meeting_date: str = ""
    template: str = ""
    streets: tuple[str, ...] = ()
    community: str | None = None
    members: bool = True
    against: str | None = None  # the month that figures, maps and rankings are compared with
    assigned: tuple[model.Assignment, ...] = ()  # what the meeting hands out: the last section
    earlier: model.Earlier | None = None  # what the last one did: how that stands is the first
    day: str = ""  # of the meeting (ISO), for these two
    past: model.Past | None = None  # what the last material said, for the section since_last
    head: model.Head | None = None  # what its notice says beside the figures


def check(selection: Selection) -> None:
    """Raise ChunshuiError, saying what to mend, for a selection that cannot be frozen."""
    if not selection.choices:
        raise ChunshuiError("没有选择任何部分，请至少选一个再冻结。")
    if len(selection.choices) > SECTION_LIMIT:
        raise ChunshuiError(
            f"选了{len(selection.choices)}个部分，最多{SECTION_LIMIT}个，请分成几份快照。"
        )
    for choice in selection.choices:
        if choice.kind not in CHOICES:
            raise ChunshuiError(f"没有“{choice.kind}”这种部分。")
        if choice.level not in (STREET, COMMUNITY):
            raise ChunshuiError(f"层级只能是街道或社区，不能是“{choice.level}”。")
        if choice.kind in _ONE and len(choice.metrics) != 1:
            raise ChunshuiError(f"“{CHOICES[choice.kind]}”要选一个指标。")
        if choice.kind == "figures" and not choice.metrics:
            raise ChunshuiError("“核心指标”至少要选一个指标。")
    if selection.head:
        head.refuse_faulty(selection.head)
    for where, typed in _typed(selection):
        if typed:
            typeset.check_glyphs(typed, where)


def _typed(selection: Selection) -> Iterator[tuple[str, str]]:
    """Yield what the user wrote, each with what it was written as."""
    yield "标题", selection.title
    yield "单位", selection.unit
    yield "会议日期", selection.meeting_date
    if selection.head:
        for name, label in head.LABELS.items():
            yield label, vars(selection.head)[name]
        yield head.REQUIREMENTS, "".join(selection.head.requirements)
    for place, item in enumerate(selection.assigned, 1):
        yield f"交办单第{place}项", f"{item.matter}{item.unit}{item.basis}"
    for place, choice in enumerate(selection.choices, 1):
        yield f"第{place}部分的标题", choice.title
        yield f"第{place}部分的会议用语", choice.comment
