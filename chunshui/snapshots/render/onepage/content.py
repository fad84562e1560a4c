"""What of a snapshot stands on one page: six figures, a map, three problems, three requests.

All is chosen from what was frozen. Requests are what the meeting asks and hands out; where it does neither they
follow from the targets missed, to the units that miss them. The page of a community speaks of no other.
"""

from collections import Counter
from dataclasses import dataclass, replace

from chunshui.errors import ChunshuiError
from chunshui.ranking.league import CERTAIN_LAST
from chunshui.snapshots import head
from chunshui.snapshots.model import (
    BEHIND,
    Assignment,
    Attention,
    Figure,
    Item,
    Map,
    Matrix,
    Place,
    Snapshot,
    Table,
    by_distance,
    is_empty,
)
from chunshui.snapshots.stamp import shorten, shorten_sentence
from chunshui.weekly.told import DONE, DUE, LATE_BUT_DONE
from chunshui.words import REACHED, URGENCIES, joined

FIGURES, PROBLEMS, NAMED, KINDS = 6, 3, 3, 3
LENGTH, LONGEST = 76, 500  # characters of a problem or a request, of one that is told whole
# Requests and the characters of one, tried in turn until all is on the page: whole ones before many.
_ROOMS = (
    *((most, LONGEST) for most in (40, 12, 8, 6)),
    *((most, LENGTH) for most in (40, 8, 5)),
    (3, 48),
)


@dataclass(frozen=True)
class OnePage:
    """The choice: figures those furthest behind first, sentences ready to print, where the requests come from."""

    figures: tuple[Figure, ...]
    picture: Map | None
    problems: tuple[str, ...]
    requests: tuple[str, ...]
    asked_by: str
    no_problem: str  # what is said where there is none


def has_page(snapshot: Snapshot) -> bool:
    """Whether there is anything for a leader's card: figures, what needs attention, what is handed out."""
    reminds = any(one.items for one in snapshot.parts(Attention))
    return reminds or bool(snapshot.assigned) or bool(_known(snapshot))


def refuse_empty(snapshot: Snapshot) -> None:
    """Raise ChunshuiError for a snapshot that has nothing for a leader's card."""
    if not has_page(snapshot):
        raise ChunshuiError("这份材料没有核心指标和关注事项，不做领导一页；请用简报或手机长图。")


def pages(snapshot: Snapshot) -> list[OnePage]:
    """Return what of a snapshot may stand on one page, the fullest first: what is asked whole, then less of it."""
    return list(dict.fromkeys(one_page(snapshot, most, length) for most, length in _ROOMS))


def one_page(snapshot: Snapshot, most: int, length: int) -> OnePage:
    """Return what of a snapshot stands on one page that holds so many requests, each of at most `length` characters."""
    ordered = sorted(_known(snapshot), key=lambda one: by_distance(snapshot, one))
    behind = [one for one in ordered if one.status in BEHIND]
    urgent = [
        item
        for section in snapshot.parts(Attention)
        for item in section.items
        if item.severity == URGENCIES[0]
    ]
    standing = [f"紧急事项{len(urgent)}条"] * bool(urgent)
    ranked = _last_of_drill(snapshot)
    kinds = Counter(one.kind for one in urgent if one.kind)
    missed = behind[: PROBLEMS - len(standing) - len(ranked)]
    listed = urgent[: PROBLEMS - len(missed) - len(standing) - len(ranked)]
    if kinds and len(urgent) > len(listed):
        told = "、".join(f"{kind}{n}条" for kind, n in kinds.most_common(KINDS))
        standing[-1] += f"（{told}{'等' * (len(kinds) > KINDS)}）"
    elif urgent and not listed:  # earlier software froze no kinds
        standing[-1] += f"，首先是{urgent[0].title}"
    problems = [_problem(snapshot, one) for one in missed]
    problems += [shorten(one, LENGTH) for one in (*ranked, *standing)]
    problems += [
        shorten_sentence(f"{one.title}，{one.text}", LENGTH).rstrip("。") for one in listed
    ]
    problems += _of_week(snapshot)[: PROBLEMS - len(problems)]
    own = [shorten(one, length).rstrip("。") for one in head.requirements(snapshot.head)[0]]
    handed = [_handed_out(one, length) for one in snapshot.assigned or ()]
    if asked := own + handed:
        what = "和".join(w for w, n in (("要求", own), ("交办", handed)) if n)
        requests, asked_by = asked[:most], f"{what}共{len(asked)}项"
        asked_by += f"，列出前{most}项" if len(asked) > most else ""
    else:
        requests = [_request(snapshot, one) for one in missed]
        requests += [
            shorten(f"{one.unit or '责任单位'}：{_asked(one)}", LENGTH)
            for one in urgent[: PROBLEMS - len(requests)]
        ]
        asked_by = "按未达标指标和紧急事项列出"
    return OnePage(
        tuple(ordered[:FIGURES]),
        _picture(snapshot, [one.metric for one in behind]),
        tuple(problems),
        tuple(requests),
        asked_by,
        _no_problem(snapshot),
    )


def _no_problem(snapshot: Snapshot) -> str:
    """Say that there is no problem, of what the material holds and of nothing else."""
    looked_at = []
    if _known(snapshot):
        looked_at.append("所列指标没有未达标的")
    if snapshot.parts(Attention):
        looked_at.append("没有紧急事项")
    if snapshot.week:
        looked_at.append("一周各表没有逾期和到期未完成的事项")
    return "，".join(looked_at) or "这份材料没有核心指标和关注事项"


def _of_week(snapshot: Snapshot) -> list[str]:
    """What a week's tables say is overdue, and what was due in it and is not done."""
    if not snapshot.week:
        return []
    said = []
    for section in snapshot.parts(Table):
        labels = [one.label for one in section.columns]
        if "情况" not in labels:
            continue
        rows = [dict(zip(labels, row, strict=True)) for row in section.rows]
        if "应办结日期" in labels and any(row["情况"] != LATE_BUT_DONE for row in rows):
            said.append(shorten_sentence(section.title, LENGTH).rstrip("。"))
        undone = [
            f"{row.get('事项') or row.get('项目')}{row.get('节点') or ''}（{row['日期']}）"
            for row in rows
            if row.get("完成") == DONE[False] and row["情况"] == DUE
        ]
        if undone:
            name = section.heading.partition(" · ")[0]
            said.append(
                shorten(f"{name}：{DUE}而未完成的{len(undone)}项，{joined(undone)}", LENGTH)
            )
    return said


def _last_of_drill(snapshot: Snapshot) -> list[str]:
    """Say which street is last for certain by the ranks of a drill, if one is."""
    for section in snapshot.parts(Table):
        labels = [one.label for one in section.columns]
        if {"街道", "名次区间", "判断"} <= set(labels):
            rows = [dict(zip(labels, row, strict=True)) for row in section.rows]
            last = [f"{row['街道']}" for row in rows if row["判断"] == CERTAIN_LAST]
            if not rows:  # of chosen streets it is said and no table
                return [part for part in section.title.split("；") if "居末位" in part]
            return [f"综合各项指标，{'、'.join(last)}居末位"] if last else []
    return []


def _known(snapshot: Snapshot) -> list[Figure]:
    figures = snapshot.overall_figures(drawn=True)
    return [one for one in figures.values() if one.value is not None]


def _picture(snapshot: Snapshot, problems: list[str]) -> Map | None:
    """The map of the first of the problems that has one, else the first map.

    None where that shows what reaches its target beside others that do not.
    """
    known = snapshot.overall_figures(drawn=True)
    statuses = {metric: one.status for metric, one in known.items()}
    is_any_behind = any(one in BEHIND for one in statuses.values())
    drawn = [snapshot.picture] if snapshot.picture else []
    maps = snapshot.parts(Map)
    drawn += sorted(maps, key=lambda one: one.is_taken)
    drawn = [_of_home(one) for one in drawn if not is_empty(one)]
    for metric in problems:
        if found := next((one for one in drawn if one.metric == metric), None):
            return found
    return next(
        (one for one in drawn if not (is_any_behind and statuses.get(one.metric) == REACHED)), None
    )


def _problem(snapshot: Snapshot, figure: Figure) -> str:
    definition = snapshot.definition(figure.metric)
    is_own = figure.place.community and figure.counted
    of_what = f"（{figure.counted}）" if is_own else ""
    said = f"{definition.name}{figure.shown}{of_what}，目标{definition.target_shown}"
    behind, of = _behind(snapshot, figure)
    if figure.place.community:
        said += _lacking(snapshot, figure)
    elif behind and len(behind) == len(of):
        said += f"，{len(of)}个{_level(snapshot, of)}都没有达到"
    elif behind:
        said += f"，{len(of)}个{_level(snapshot, of)}中{len(behind)}个没有达到：{_first(behind)}"
    return shorten_sentence(said.replace("目标≥ ", "目标≥").replace("目标≤ ", "目标≤"), LENGTH)


def _request(snapshot: Snapshot, figure: Figure) -> str:
    definition = snapshot.definition(figure.metric)
    behind, of = _behind(snapshot, figure)
    who = _named(snapshot, behind) if behind else figure.place.name
    if behind and len(behind) == len(of):
        who = f"各{_level(snapshot, of)}"
    goal = definition.target_shown.replace(" ", "")
    do = "压降" if definition.direction == "down" else "提升"
    return shorten(f"{who}：{do}{definition.name}，尽快达到目标（{goal}）", LENGTH)


def _asked(item: Item) -> str:
    """What is asked of the unit of an urgent matter, which is named before it; earlier software froze it not."""
    if not item.ask:
        return f"对“{shorten(item.title, 40)}”限期整改，下次会议报结果"
    return item.ask.replace(item.unit or "", "", 1)


def _handed_out(item: Assignment, length: int) -> str:
    """A matter with its unit and its day, which stay where it is shortened."""
    due = "月".join(str(int(part)) for part in item.due_on.split("-")[1:])
    until = f"，{due}日前完成"
    return shorten(f"{item.unit}：{item.matter}", length - len(until)) + until


def _of_home(section: Map) -> Map:
    """A map as the page of a community has it: under the community's own figure, not that of its neighbours."""
    own = section.overall
    if own is None or not own.place.community or section.bands:
        return section
    name = section.heading.partition(" · ")[0]
    return replace(section, title=f"{own.place.community}{name.partition('（')[0]}{own.shown}")


def _lacking(snapshot: Snapshot, figure: Figure) -> str:
    """What of a community is not counted in a rate, by name: what is to be mended; "" where nothing is known."""
    if figure.denominator is None:
        return ""
    members = next((one for one in snapshot.members if one.metric == figure.metric), None)
    names = [one.name for one in members.rows if not one.counted] if members else []
    return f"，未达到的是{joined(names, NAMED, '个')}" if names else ""


def _behind(snapshot: Snapshot, figure: Figure) -> tuple[list[Place], list[Place]]:
    """The places that miss the target of a metric, the worst first, and all that have a figure; of a community none."""
    if figure.place.community:
        return [], []
    definition = snapshot.definition(figure.metric)
    for matrix in (snapshot.streets, snapshot.communities):
        column = next((one for one in matrix.columns if one.metric == definition.metric), None)
        if column is None or len(matrix.places) < 2:
            continue
        known = _counted(matrix, column.values)
        sign = -1 if definition.direction == "down" else 1
        missed = [i for i in known if column.statuses[i] in BEHIND]
        missed.sort(key=lambda i: (sign * (column.values[i] or 0), matrix.places[i].code or ""))
        return [matrix.places[i] for i in missed], [matrix.places[i] for i in known]
    return [], []


def _counted(matrix: Matrix, values: tuple[float | None, ...]) -> list[int]:
    return [i for i in range(len(matrix.places)) if values[i] is not None]


def _level(snapshot: Snapshot, places: list[Place]) -> str:
    return (snapshot.communities if places[0].community else snapshot.streets).level


def _first(places: list[Place]) -> str:
    return "、".join(one.name for one in places[:NAMED]) + "等" * (len(places) > NAMED)


def _named(snapshot: Snapshot, places: list[Place]) -> str:
    count = f"{len(places)}个{_level(snapshot, places)}" if len(places) > NAMED else ""
    return _first(places) + count
