"""In what two snapshots differ: their heads, then every figure of district and places."""

from dataclasses import dataclass

from chunshui import words
from chunshui.snapshots import model
from chunshui.snapshots.model import Snapshot


@dataclass(frozen=True)
class Difference:
    """One thing in which two snapshots differ; `change` is b − a, for numbers only."""

    what: str
    place: str
    a: str
    b: str
    change: float | int | None = None


def differences(a: Snapshot, b: Snapshot) -> list[Difference]:
    """List in what two snapshots differ: their heads, then every figure of district and places."""
    found = [
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
        if before != after
    ]
    filters = dict(a.filters), dict(b.filters)
    for label in dict.fromkeys([*filters[0], *filters[1]]):
        before, after = (chosen.get(label, "—") for chosen in filters)
        if before != after and label not in ("范围", "统计截至"):
            found.append(Difference(f"筛选：{label}", "—", before, after))
    for label in dict.fromkeys(_headings(a) + _headings(b)):
        inside = label in _headings(a), label in _headings(b)
        if inside[0] != inside[1]:
            found.append(Difference("部分", label, *("有" if yes else "无" for yes in inside)))
    return found + _figure_differences(a, b)


def _figure_differences(a: Snapshot, b: Snapshot) -> list[Difference]:
    """What changed where both have a figure; metrics and places of one alone get a line each."""
    names = {d.metric: f"{d.name}（{d.unit}）" for s in (a, b) for d in s.definitions}
    figures = _figures(a), _figures(b)
    found = []
    for position, what in enumerate(("指标", "地点")):
        keys = [list(dict.fromkeys(key[position] for key in one)) for one in figures]
        for here, there, (before, after) in (
            (keys[0], keys[1], ("有", "无")),
            (keys[1], keys[0], ("无", "有")),
        ):
            alone = [key for key in here if key not in set(there)]
            if alone:
                shown = [names[key] if what == "指标" else key for key in alone]
                found.append(Difference(f"只在一份里的{what}", words.joined(shown), before, after))
    for key, before in figures[0].items():
        if key not in figures[1] or before == figures[1][key]:
            continue
        after = figures[1][key]
        change = None if None in (before, after) else model.number(after - before)
        found.append(Difference(names[key[0]], key[1], _words(before), _words(after), change))
    return found


def _figures(snapshot: Snapshot) -> dict[tuple[str, str], float | int | None]:
    """Every figure by metric and place; the whole scope, whatever it is, is 合计."""
    values = {}
    for section in snapshot.sections:
        if section.kind == "figures":
            values |= {(f.metric, "合计"): f.value for f in section.figures}
        if section.kind == "ranking":
            values[(section.metric, "合计")] = section.overall.value
    for matrix in (snapshot.streets, snapshot.communities):
        for column in matrix.columns:
            for place, value in zip(matrix.places, column.values, strict=True):
                values[(column.metric, place.full_name)] = value
    return values


def _words(value: float | int | None) -> str:
    return "—" if value is None else f"{value:,}"


def _headings(snapshot: Snapshot) -> list[str]:
    return [f"{model.KIND_WORDS[s.kind]}：{s.heading}" for s in snapshot.sections]
