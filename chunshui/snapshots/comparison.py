"""In what two snapshots differ: their heads, then every figure of district and places."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chunshui import words
from chunshui.catalogue import search
from chunshui.snapshots import assigned, model
from chunshui.snapshots.archive import About
from chunshui.snapshots.model import Number, Snapshot


@dataclass(frozen=True)
class Difference:
    """One thing in which two snapshots differ; `change` is b − a, for numbers only."""

    what: str
    place: str
    a: str
    b: str
    change: Number | None = None


def when(one: About) -> tuple[str, str]:
    """Return what snapshots are set in order by: the month they are about, then when they were frozen."""
    return one.as_of, one.frozen_at


def kind_of(template: str, title: str) -> str:
    """Return what snapshots of one kind share: the template, else the title but for its numbers and days."""
    return template or re.sub(
        r"（[^（）]*\d[^（）]*）|[第\d０-９一二三四五六七八九十〇○]+[年月日期次周季度]*|\s+",
        "",
        title,
    )


def previous_alike(one: About, lines: Iterable[About], day: str = "") -> About | None:
    """Return the last snapshot before this of the same kind and scope, if there is one.

    With a `day` (ISO), the last frozen on it or before.
    """
    kind = kind_of(one.template, one.title), one.scope
    alike = (
        a
        for a in lines
        if (kind_of(a.template, a.title), a.scope) == kind and (not day or a.frozen_at[:10] <= day)
    )
    return max((a for a in alike if when(a) < when(one)), key=when, default=None)


def matching(lines: Sequence[About], text: str) -> list[About]:
    """Return the lines whose title, unit, scope, template, remark, dates or id answer to a text, pinned ones first.

    As in the search of names, the initials of pinyin will do.
    """
    names = {}
    for one in lines:
        filed = (one.id, one.title, one.unit, one.scope, one.template, one.filed.remark)
        days = (one.as_of, one.frozen_at[:10], one.meeting_date, assigned.day_of(one.meeting_date))
        names[one.id] = filed + days
    answers = set(search.named(names, text)) if text.strip() else set(names)
    return sorted(
        (one for one in lines if one.id in answers), key=lambda one: not one.filed.is_pinned
    )


def differences(a: Snapshot, b: Snapshot) -> list[Difference]:
    """Return in what two snapshots differ: their heads first, then every figure."""
    heads = [
        Difference(what, "—", before, after)
        for what, before, after in (
            ("标题", a.title, b.title),
            ("数据版本", a.data_version, b.data_version),
            ("数据性质", a.nature_words, b.nature_words),
            ("统计截至", a.as_of_words, b.as_of_words),
            ("范围", a.scope, b.scope),
            ("单位", a.unit, b.unit),
            ("会议日期", a.meeting_date, b.meeting_date),
        )
    ]
    filters_a, filters_b = dict(a.filters), dict(b.filters)
    for label in filters_a | filters_b:
        if label not in ("范围", "统计截至"):
            before, after = filters_a.get(label, "—"), filters_b.get(label, "—")
            heads.append(Difference(f"筛选：{label}", "—", before, after))
    headings_a, headings_b = _headings(a), _headings(b)
    for heading in dict.fromkeys(headings_a + headings_b):
        before, after = ("有" if heading in own else "无" for own in (headings_a, headings_b))
        heads.append(Difference("部分", heading, before, after))
    return [one for one in heads if one.a != one.b] + _figure_differences(a, b)


def _figure_differences(a: Snapshot, b: Snapshot) -> list[Difference]:
    """What changed where both have a figure; metrics and places of one alone get a line each."""
    names = {d.metric: f"{d.name}（{d.unit}）" for s in (a, b) for d in s.definitions}
    values_a, values_b = _values(a), _values(b)
    lines = []
    for position, what in enumerate(("指标", "地点")):
        keys_a, keys_b = (dict.fromkeys(k[position] for k in v) for v in (values_a, values_b))
        for own, other, here in ((keys_a, keys_b, "有无"), (keys_b, keys_a, "无有")):
            if alone := [names.get(key, key) for key in own if key not in other]:
                lines.append(Difference(f"只在一份里的{what}", words.joined(alone), *here))
    for key, value in values_a.items():
        if key in values_b and value != values_b[key]:
            new = values_b[key]
            change = None if value is None or new is None else model.number(new - value)
            lines.append(Difference(names[key[0]], key[1], *_words(value, new), change))
    return lines


def _values(snapshot: Snapshot) -> dict[tuple[str, str], Number | None]:
    """Every value by metric and place; the whole scope, whatever it is, is 合计."""
    values = {(metric, "合计"): f.value for metric, f in snapshot.overall_figures().items()}
    for matrix in (snapshot.streets, snapshot.communities):
        for column in matrix.columns:
            for place, value in zip(matrix.places, column.values, strict=True):
                values[(column.metric, place.full_name)] = value
    return values


def _words(before: Number | None, after: Number | None) -> tuple[str, str]:
    """Write two numbers to two decimals; in full where they would be the same."""

    def written(value: Number | None, form: str) -> str:
        return (
            "—" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:{form}}"
        )

    short = written(before, ",.2f"), written(after, ",.2f")
    return short if short[0] != short[1] else (written(before, ",.12g"), written(after, ",.12g"))


def _headings(snapshot: Snapshot) -> list[str]:
    return [f"{model.KIND_WORDS[s.kind]}：{s.heading}" for s in snapshot.sections]
