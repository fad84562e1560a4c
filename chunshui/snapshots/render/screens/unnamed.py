"""A snapshot without the names of lower units, for a room in which nobody is to be singled out."""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from chunshui import words
from chunshui.ranking.league import WAYS
from chunshui.ranking.unnamed import TOLD, among, impersonal
from chunshui.snapshots.letters import letters
from chunshui.snapshots.model import (
    Attention,
    Basemap,
    Column,
    Figure,
    Map,
    Place,
    Ranking,
    Section,
    Snapshot,
    Table,
)
from chunshui.snapshots.render.pictures.drawings import claims

DIGEST = re.compile(r" · 结果校验值\w+")  # letters could be tried out against it
# What is no name: days, months, what is of digits and signs alone.
DAYS = re.compile(r"[\d,]+个(工作日|日历日)|\d+年(\d+月)?|[\W\d]+")
LETTERED = re.compile(r"[A-Z]\d*街道\Z")
# Heads of lists under which stands a kind or a state: by these no place or thing is known, as it is by its days.
KINDS = frozenset({"情况", "类别", "级", "判断", "在哪一级", "状态", "节点", "完成"})
LATE, COUNT, KIND_ROWS = "逾期", "数量", 11  # as many as a screen has
LEVEL = "层级"  # this tells enough alone
WHERE = frozenset({"街道", "社区", "地方"})
OF_PLACES = WHERE | {"阵地", "点位", "楼栋"}
PEOPLE = re.compile(r"（人）\Z")


class Sizes(NamedTuple):
    """Classes of numbers of people: the least of each but the lowest, and what they are called."""

    bounds: tuple[float, ...]
    names: tuple[str, ...]


# As numbers are written: 99.6 is 100 people.
SIZES = Sizes((0.5, 99.5, 999.5), ("没有", "1–99人", "100–999人", "1,000人及以上"))
MOVES = Sizes((-0.5, 0.5), ("减少", "没有变化", "增加"))
STREET, COMMUNITY, THING = "某街道", "某社区", "某处"


def unnamed(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot by which no street or community within its scope is known, of a list only of what kinds.

    Maps and rankings keep how many places stand how, for where a place lies and what it has is its name;
    findings end where they come to a place, what was written for the meeting loses its name. What needs
    attention is called by its kind; streets that are compared go by letters (`ranking/unnamed.py`).
    """
    stand_in = _stand_ins(snapshot)
    pattern = re.compile(
        "|".join(map(re.escape, sorted(stand_in, key=len, reverse=True))) or "(?!)"
    )

    letter = _letters(snapshot) if compares(snapshot) else {}

    def hidden(words: str, section: Section) -> str:
        # Only beside the table itself: under a map a letter would be a place.
        for name, own in letter.items() if _compares(section) else ():
            words = words.replace(name, own)
        return pattern.sub(lambda found: stand_in[found[0]], words)

    def found(section: Section) -> str:
        if isinstance(section, Table) and section.nameless:
            return hidden(section.title, section)
        if _compares(section):
            return hidden(section.title, section)
        kept = impersonal(section.title, among((*stand_in, *_things(section))))
        return kept or hidden(section.heading, section)

    return replace(
        snapshot,
        sections=tuple(
            replace(
                _without(section, letter),
                title=found(section),
                heading=hidden(_without_things(section, section.heading), section),
                comment=hidden(section.comment, section),
            )
            for section in snapshot.sections
        ),
        basemap=Basemap(),
    )


def _stand_ins(snapshot: Snapshot) -> dict[str, str]:
    """What is said in the place of each name, the street's alone and short, too."""
    found: dict[str, str] = {}
    places = {*snapshot.streets.places, *snapshot.communities.places}
    for section in snapshot.sections:
        if isinstance(section, Map | Ranking):
            places |= {figure.place for figure in section.figures}
    for place in places:
        found |= dict.fromkeys((place.street, place.street.removesuffix("街道")), STREET)
        if place.community:
            both = place.full_name, f"{place.street}{place.community}", place.community
            found |= dict.fromkeys(both, COMMUNITY)
    return {name: words for name, words in found.items() if name and name not in snapshot.scope}


def singles_out(snapshot: Snapshot) -> bool:
    """Return whether a snapshot ranks places or lists what is in some of its scope: it names nobody unasked."""
    scope = snapshot.scope.replace(" ", "")
    return compares(snapshot) or any(
        isinstance(one, Ranking) or any(place not in scope for place in _whereabouts(one))
        for one in snapshot.sections
    )


def _whereabouts(section: Section) -> set[str]:
    """Return the places of what a section lists."""
    if isinstance(section, Attention):
        return {item.place for item in section.items if item.place}
    if not isinstance(section, Table) or section.nameless:
        return set()
    at = [j for j, column in enumerate(section.columns) if column.label in WHERE]
    return {str(row[j]) for row in section.rows for j in at if row[j]}


def compares(snapshot: Snapshot) -> bool:
    """Return whether a snapshot holds streets against each other that go by letters where unnamed."""
    return any(_compares(section) for section in snapshot.sections)


def _compares(section: Section) -> bool:
    return isinstance(section, Table) and section.units is not None


def alike(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot in which a street that goes by its letter anywhere is named nowhere.

    What a page shows by letters and the same with its names, side by side, would be a key.
    """
    units = _units(snapshot)
    if not any(LETTERED.match(one) for one in units):
        return snapshot
    letter = _letters(snapshot)
    if not any(name in units and own in units for name, own in letter.items()):
        return snapshot

    def hidden(words: str) -> str:
        for name, own in letter.items():
            words = words.replace(name, own)
        return words

    sections = [
        replace(
            _without(one, letter),
            title=hidden(one.title),
            heading=hidden(one.heading),
            comment=hidden(one.comment),
        )
        if _compares(one)
        else one
        for one in snapshot.sections
    ]
    return replace(snapshot, sections=tuple(sections))


def _letters(snapshot: Snapshot) -> dict[str, str]:
    """What the streets are called that are compared in a table: the same in all of the material.

    And the same as on the page, where all streets of the district have one; a street that the scope names
    keeps its name, for beside it a letter would be told whose it is.
    """
    streets = {place.street for place in snapshot.streets.places if place.street}
    named = streets | {name for name in _units(snapshot) if not LETTERED.match(name)}
    every = letters(named, snapshot.data_version)
    told = snapshot.scope
    return {name: own for name, own in every.items() if name.removesuffix("街道") not in told}


def _units(snapshot: Snapshot) -> set[str]:
    """How the streets are called that are compared in tables."""
    tables = [one for one in snapshot.parts(Table) if one.units is not None]
    return {str(row[one.units]) for one in tables for row in one.rows if one.units is not None}


def _without(section: Section, letter: dict[str, str]) -> Section:
    if isinstance(section, Ranking):
        figures = tuple(_somewhere(one) for one in (*section.figures, *(section.unranked or ())))
        return replace(section, figures=figures, unranked=None, beyond=None)
    if isinstance(section, Map):
        return replace(
            section,
            figures=tuple(_somewhere(figure) for figure in section.figures),
            points=tuple(replace(point, name="", x=0, y=0) for point in section.points),
            ground=section.ground and Basemap(),
        )
    if isinstance(section, Table):
        if section.units is not None:
            return _lettered(section, letter)
        if section.nameless:
            return section
        return _counted(section)
    if isinstance(section, Attention):
        items = (replace(one, title=one.kind or THING, text="", link="") for one in section.items)
        return replace(section, items=tuple(items))
    return section


def _counted(section: Table) -> Table:
    """A list as how many there are of each kind and state, as they come: row after row they would tell nothing.

    Where these are more than a screen has, without the column that tells most of them apart.
    """
    heads = [column.label for column in section.columns]
    told = {h: [row[j] for row in section.rows] for j, h in enumerate(heads) if h in KINDS}
    if LEVEL in heads and not OF_PLACES.isdisjoint(heads):
        told = {LEVEL: [row[heads.index(LEVEL)] for row in section.rows]}
    elif len(told) < 2:
        return _by_size(section)
    nothing = (None, "", words.MISSING)
    if LATE in heads and "情况" not in heads:
        late = heads.index(LATE)
        told[LATE] = ["否" if row[late] in nothing else "是" for row in section.rows]
    told = {head: cells for head, cells in told.items() if not cells or set(cells) - {*nothing}}
    while len(told) > 1 and len(set(zip(*told.values(), strict=True))) > KIND_ROWS:
        del told[max(told, key=lambda head: len(set(told[head])))]
    counts = Counter(zip(*told.values(), strict=True))
    order = [list(dict.fromkeys(cells)) for cells in told.values()]  # what is alike stands together
    places = {one: [n.index(cell) for n, cell in zip(order, one, strict=True)] for one in counts}
    return replace(
        section,
        columns=(*map(Column, told), Column(COUNT, "number")),
        rows=tuple((*one, counts[one]) for one in sorted(counts, key=places.__getitem__)),
    )


def _by_size(section: Table) -> Table:
    """A list of places as how many of them have how many people, or more or fewer; without any nothing."""
    heads = [column.label for column in section.columns]
    at = next((j for j, one in enumerate(section.columns) if PEOPLE.search(one.words)), None)
    if at is None or OF_PLACES.isdisjoint(heads) or len(section.rows) < section.total:
        return replace(section, rows=())
    classes = MOVES if heads[at].startswith("变化") else SIZES
    sizes = [row[at] for row in section.rows]
    if not all(isinstance(one, int | float) and (one >= 0 or classes is MOVES) for one in sizes):
        return replace(section, rows=())
    counts = Counter(bisect_right(classes.bounds, float(one)) for one in sizes)  # type: ignore[arg-type]
    return replace(
        section,
        columns=(Column(section.columns[at].words), Column(COUNT, "number")),
        rows=tuple((name, counts[k]) for k, name in enumerate(classes.names) if counts[k])[::-1],
    )


def _lettered(section: Table, letter: dict[str, str]) -> Table:
    """A table of streets by letters, with what may be told, in the order of what is said and of the letters."""
    at, heads = section.units, [column.label for column in section.columns]
    assert at is not None
    own = [letter.get(str(row[at]), str(row[at])) for row in section.rows]
    said, groups = claims(section), list(WAYS)
    order = sorted(range(len(own)), key=lambda k: (groups.index(said[k]), own[k]))
    kept = [k for k, head in enumerate(heads) if k == at or head in TOLD]
    rows = tuple(tuple(own[k] if j == at else section.rows[k][j] for j in kept) for k in order)
    return replace(
        section,
        rows=rows,
        columns=tuple(section.columns[j] for j in kept),
        units=kept.index(at),
        better=section.better and tuple(section.better[k] for k in order),
        spans=section.spans and tuple(section.spans[k] for k in order),
    )


def _things(section: Section) -> set[str]:
    """What a list holds, or a map marks, that a finding of it may name."""
    if isinstance(section, Map):
        return {one.name for one in section.points if len(one.name) > 2}
    if not isinstance(section, Table):
        return set()
    cells = {cell for row in section.rows for cell in row if isinstance(cell, str)}
    things = {*cells, *(section.names or ()), *_short_names(section)}
    return {one for one in things if len(one) > 2 and not DAYS.fullmatch(one)}


def _short_names(section: Table) -> set[str]:
    """What the finding calls a thing of the list by: how the name in the first column of texts begins."""
    at = next((j for j, one in enumerate(section.columns) if one.kind == "text"), None)
    names = {str(row[at]) for row in section.rows} if at is not None else set()
    begins = (name[:end] for name in names for end in range(len(name), 2, -1))
    return {one for one in begins if one in section.title}


def _without_things(section: Section, words: str) -> str:
    """The heading of a section; it may name what is in it."""
    if not isinstance(section, Table) or section.units is None:
        for thing in sorted(_things(section), key=len, reverse=True):
            words = words.replace(thing, THING)
    return DIGEST.sub("", words.replace(THING * 2, THING))  # a street and its community


def _somewhere(figure: Figure) -> Figure:
    """How a place stands, and nothing else of it."""
    return Figure(
        figure.metric, Place(None, STREET), None, "", None, None, "", figure.status, figure.band
    )
