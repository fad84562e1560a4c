"""Sections that are printed as tables: lists of members, changes, sheets, drills, weeks, claims, attention."""

from dataclasses import replace

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue import wording
from chunshui.catalogue.attention import Item, by_kind, counts_of, items_of, items_within
from chunshui.catalogue.claims import claims_of
from chunshui.catalogue.claims import has_claims as has_published
from chunshui.catalogue.members import to_mend
from chunshui.catalogue.metric import get_metric
from chunshui.catalogue.stored import version_months
from chunshui.catalogue.to_target import nearest, to_target_of, to_target_sentence
from chunshui.catalogue.why import change_of, moves_of, why_sentence
from chunshui.catalogue.why_tables import contribution_table, flow_table, nearest_table
from chunshui.community import sheet
from chunshui.errors import ChunshuiError
from chunshui.month import Month
from chunshui.ranking import finding, tables
from chunshui.ranking.changes import progress_of
from chunshui.ranking.drill import MONTHLY, YEARLY, drill_of
from chunshui.snapshots import model
from chunshui.snapshots.model import number
from chunshui.snapshots.sections.job import Job, against_of, flow_rows, member_rows, where
from chunshui.snapshots.selection import CHOICES, COMMUNITY, Choice
from chunshui.week import Week
from chunshui.weekly import sheet as weekly
from chunshui.weekly import told

TABLE_ROWS = 500
SLIDE_TITLE = 74  # characters of a title that is not cut on a slide


def week_tables(job: Job, choice: Choice) -> tuple[model.Week, list[model.Table]]:
    """The head of a week's bulletin, and its matters one by one."""
    last = Month.parse(job.selection.month).last
    week = Week.parse(choice.week) if choice.week else weekly.usual_week(job.reader, last)
    sheet = weekly.week_rows(job.reader, week).sheet(*where(job))
    days = told.days_words(sheet)
    tables = [
        replace(
            listed(part.finding, f"{part.name} · {days}", part.table),
            number=part.number,
            nameless=not part.is_of_places or None,
        )
        for part in told.parts_of(sheet)
    ]
    head = model.Week(
        days=days,
        until=told.day_words(sheet.last),
        issue=told.issue_words(sheet),
        workdays=told.workdays_words(sheet),
        headline=told.headline(sheet, job.scope.full_name),
        method=told.METHOD,
    )
    return head, tables


def to_mend_list(job: Job, choice: Choice) -> model.Table:
    """The members of a figure to look at: for a rate, the ones to mend."""
    metric = job.figures[choice.metrics[0]].metric
    listed = to_mend(metric, member_rows(job, metric))
    labels = ("编号", "名称", "街道", "社区", "原因", "台账", "行号")
    shown = ["entity_id", "entity_name", "street_name", "community_name", "reason", "file_name"]
    cells = listed.head(TABLE_ROWS).astype({"source_row": "Int64"})[[*shown, "source_row"]]
    cells = cells.astype("string").fillna("")
    rows = tuple(cells.itertuples(index=False, name=None))
    title = wording.mend_sentence(metric, list(listed["entity_name"]))
    columns = tuple(map(model.Column, labels))
    return model.Table(
        title, f"{metric.name} · {words.entity(metric.entities[0])}名单", columns, rows, len(listed)
    )


def why(job: Job, choice: Choice) -> model.Table:
    """A change by place, with the sentence on it."""
    metric = get_metric(choice.metrics[0])
    level = "community" if choice.level == COMMUNITY or len(job.around) == 1 else "street"
    against = against_of(job, choice)
    change = change_of(job.reader, metric.id, job.selection.month, against, level, *where(job))
    title = why_sentence(change, flow_rows(job, choice), SLIDE_TITLE).removesuffix("。")
    return listed(title, f"{metric.name}：{change.against}各地的变化", contribution_table(change))


def flows(job: Job, choice: Choice) -> model.Table:
    """The members that came, went or changed."""
    metric, rows = get_metric(choice.metrics[0]), flow_rows(job, choice)
    month, against = job.selection.month, against_of(job, choice)
    since = metric.against(Month.parse(month), Month.parse(against))
    title = f"{metric.name}{since}：{'，'.join(moves_of(metric, rows, listing=False)) or '名单没有变动'}"
    return listed(title, f"{metric.name}：{since}变动的名单", flow_table(rows, metric))


def to_target(job: Job, choice: Choice) -> model.Table:
    """The members nearest to being counted, with the sentence on how many reach the target."""
    metric = get_metric(choice.metrics[0])
    gap = to_target_of(job.reader, metric.id, job.selection.month, *where(job))
    title = to_target_sentence(gap).removesuffix("。") or f"{metric.name}没有目标"
    rows = nearest(job.reader, gap, *where(job))
    return listed(title, f"{metric.name}：离达标最近的", nearest_table(rows, metric))


def community_sheet(job: Job, choice: Choice) -> model.Table:
    """What is known of the community in scope, or its main figures beside its street's and the district's."""
    heading, home = CHOICES[choice.kind], job.selection.community
    if not home:
        return model.Table(
            f"没有选社区，{sheet.TITLE}没有内容", heading, (model.Column("方面"),), (), 0
        )
    items = items_within(items_of(job.reader, job.selection.month), (), home)
    known = sheet.sheet_of(job.reader, job.selection.month, home, items)
    if choice.kind == "sheet":
        return listed(known.finding, heading, sheet.sentence_table(known))
    said = sheet.missed_words(known.beside) or "设目标的主要指标全部达标"
    table = sheet.beside_table(known.beside, known.street, job.selection.month)
    return listed(f"{known.name}{said}", heading, table)


def drill_part(job: Job, choice: Choice) -> model.Table:
    """A part of the month's drill (of the year's in 年考评): of all its streets, or of those chosen alone.

    The material of a street names no other: where it stands among them is told by number.
    """
    month = Month.parse(job.selection.month)
    board = YEARLY if job.selection.template == YEARLY else MONTHLY
    drill = drill_of(job.reader, job.selection.month, board)
    heading = f"{CHOICES[choice.kind]} · {board} · {month.words}"
    if drill is None:
        return model.Table(
            finding.no_board(str(month), board).removesuffix("。"), heading, (), (), 0
        )
    kind, chosen = choice.kind, [drill.codes.index(code) for code in job.around]
    progress = progress_of(job.reader, drill) if kind == "progress" else None
    table = {
        "apart": lambda: tables.apart(drill),
        "intervals": lambda: tables.intervals(drill, drill.league),
        "weights": lambda: tables.weights(drill, drill.weights),
        "progress": lambda: tables.progress(drill, progress),
    }[kind]()
    # Names alone are no table, and where one of chosen streets stands is a sentence.
    if kind == "intervals" and (chosen or tables.RANKS not in table):
        table = table.head(0)
    better = tables.apart_better(drill) if kind == "apart" else None
    if chosen and tables.STREET in table:
        own = table[tables.STREET].isin([drill.names[at] for at in chosen]).to_numpy()
        table = table[own].reset_index(drop=True)
        better = tuple(np.array(better)[own].tolist()) if better else better
    said = {
        "apart": lambda: (
            finding.of_own_apart(drill, chosen)
            if chosen
            else finding.of_apart(drill) or finding.NOBODY_APART
        ),
        "intervals": lambda: (
            "；".join(finding.of_own(drill, at) for at in chosen) or finding.of_standing(drill)
        ),
        "weights": lambda: finding.of_weights(drill, drill.weights),
        "progress": lambda: finding.of_own_progress(drill, progress, chosen),
    }[kind]()
    if kind == "weights":
        heading += f" · 种子{drill.seed} · 结果校验值{drill.digest}"
    frozen = listed(said.removesuffix("。"), heading, table, compares=True)
    spans = tables.spans(table) if kind == "intervals" and len(table) else None
    told = None if chosen else finding.number_of(kind, drill, table)
    nameless = kind == "weights" or None
    return replace(frozen, number=told, better=better, spans=spans, nameless=nameless)


def listed(title: str, heading: str, table: pd.DataFrame, *, compares: bool = False) -> model.Table:
    """Return a frame with Chinese heads as a section, its first rows, no wider than a page.

    With `compares` its streets are held against each other.
    """
    wide = [words.label(one) for one in ("sheet_name", "entity_id")]
    table = table.drop(columns=wide, errors="ignore")
    columns, cells = [], []
    for head, column in table.head(TABLE_ROWS).items():
        kind = pd.api.types
        is_number = kind.is_numeric_dtype(column) and not kind.is_bool_dtype(column)
        if is_number and str(head).endswith(words.COUNT_NOTHING):
            column, is_number = column.astype("Int64").astype("string"), False
        if kind.is_datetime64_any_dtype(column):
            column = column.dt.strftime("%Y-%m-%d")
        elif kind.is_bool_dtype(column):
            column = column.map({True: "是", False: "否"})
        columns.append(model.Column(str(head), "number" if is_number else "text"))
        empty = None if is_number else ""
        cells.append(
            [
                empty if pd.isna(cell) else number(float(cell)) if is_number else str(cell)
                for cell in column
            ]
        )
    units = (
        list(table.columns).index(tables.STREET) if compares and tables.STREET in table else None
    )
    rows = tuple(zip(*cells, strict=True))
    return model.Table(title, heading, tuple(columns), rows, len(table), units=units)


def taken(job: Job, choice: Choice) -> model.Table | model.Map:
    """What a page showed, as it was, its scope and month in the heading; another version is named."""
    if choice.taken is None:
        raise ChunshuiError("取自页面的部分没有内容，请回到那一页重新加入。")
    section, version = choice.taken.section, choice.taken.version
    mark = "" if version == job.reader.version else f" · 数据版本{version}"
    return replace(section, heading=section.heading + mark)


def has_claims(job: Job) -> bool:
    """Whether there is anything to say of published figures, which are about the whole district."""
    return not job.around and has_published(job.reader)


def claims(job: Job, choice: Choice) -> model.Claims:
    """The published figures, which no report dates, beside the district's of the latest month."""
    latest, month = version_months(job.reader)[-1], Month.parse(job.selection.month)
    if month != latest:
        sentence = f"公开数字只与最新月份（{latest.words}）对照，{month.words}的材料不列"
        return model.Claims(sentence, "公开数字对照", ())
    claims = claims_of(job.reader)
    rows = tuple(
        model.Claim(
            c.claim_id, c.subject, c.quote, c.claimed_text, c.computed_text, c.status, c.note
        )
        for c in claims
    )
    sentence = wording.claims_sentence(row.verdict for row in rows)
    heading = f"公开数字对照 · 全区{month.words}（公开报道未写明月份）"
    # Whatever the scope of the material, what was published is about the whole district.
    return model.Claims(f"全区{sentence}" if rows else sentence, heading, rows)


def attention(job: Job, choice: Choice) -> model.Attention:
    """What needs attention in the scope, the urgent first."""
    everything = items_of(job.reader, job.selection.month)
    items = items_within(everything, job.selection.streets, job.selection.community)
    frozen = tuple(
        model.Item(
            one.severity, one.title, one.sentence, _link(one), one.kind,
            place="".join(job.names.get(code or "", "") for code in (one.street_code, one.community_code)),
            unit=one.unit, ask=one.ask or None,
        )
        for one in items
    )  # fmt: skip
    total, urgent = counts_of(items)
    told = items[:urgent] if urgent else items  # the urgent ones come first
    kinds = {kind: len(alike) for kind, alike in by_kind(told).items()}
    title = wording.attention_kinds_sentence(total, urgent, kinds)
    return model.Attention(title, "需要关注的事项", frozen, total)


def _link(item: Item) -> str:
    return f"/{item.page}?{_query(item.params)}"


def _query(params: dict[str, str]) -> str:
    """Return a link's parameters as the pages read them: a metric by its name."""
    return "&".join(
        f"{key}={get_metric(value).name if key == 'metric' else value}"
        for key, value in params.items()
    )
