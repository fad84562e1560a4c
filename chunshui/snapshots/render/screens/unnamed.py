"""A snapshot without the names of lower units, for a room in which nobody is to be singled out."""

import re
from dataclasses import replace

from chunshui.snapshots.model import (
    Attention,
    Basemap,
    Figure,
    Map,
    Place,
    Ranking,
    Section,
    Shape,
    Snapshot,
    Table,
)
from chunshui.words import letters

COUNTS, COUNTED = "构成", re.compile(r"（[\d,]+(/[\d,]+)?）")
LETTERED = re.compile(r"[A-Z]\d*街道\Z")
STREET, COMMUNITY, THING = "某街道", "某社区", "某处"


def unnamed(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot that names no street or community within its scope and nothing of a list.

    Ranked places are called by their rank, what needs attention by its kind; what was written for the meeting loses such names, too.
    """
    stand_in = _stand_ins(snapshot)
    pattern = re.compile(
        "|".join(map(re.escape, sorted(stand_in, key=len, reverse=True))) or "(?!)"
    )

    letter = _letters(snapshot)

    def hidden(words: str, section: Section) -> str:
        # Only beside the table itself: under a map a letter would be a place.
        for name, own in letter.items() if _compares(section) else ():
            words = words.replace(name, own)
        return pattern.sub(lambda found: stand_in[found[0]], words)

    return replace(
        snapshot,
        sections=tuple(
            replace(
                _without(section, letter),
                title=hidden(_without_things(section, section.title), section),
                heading=hidden(_without_things(section, section.heading), section),
                comment=hidden(section.comment, section),
            )
            for section in snapshot.sections
        ),
        basemap=_unlabelled(snapshot.basemap),
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


def compares(snapshot: Snapshot) -> bool:
    """Return whether a snapshot holds streets against each other, which names nobody unasked."""
    return any(_compares(section) for section in snapshot.sections)


def _compares(section: Section) -> bool:
    return isinstance(section, Table) and section.units is not None


def alike(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot in which a street that goes by its letter anywhere is named nowhere.

    What a page shows by letters and the same with its names, side by side, would be a key.
    """
    letter, units = _letters(snapshot), _units(snapshot)
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

    And the same as on the page, where all streets of the district have one.
    """
    streets = {place.street for place in snapshot.streets.places if place.street}
    named = streets | {name for name in _units(snapshot) if not LETTERED.match(name)}
    return letters(named, snapshot.data_version)


def _units(snapshot: Snapshot) -> set[str]:
    """How the streets are called that are compared in tables."""
    tables = [one for one in snapshot.sections if isinstance(one, Table) and one.units is not None]
    return {str(row[one.units]) for one in tables for row in one.rows if one.units is not None}


def _without(section: Section, letter: dict[str, str]) -> Section:
    if isinstance(section, Ranking):
        figures = tuple(
            replace(figure, place=Place(figure.place.code, f"第{rank}位"))
            for rank, figure in enumerate(section.figures, 1)
        )
        return replace(section, figures=figures, unranked=None)
    if isinstance(section, Map):
        return replace(
            section,
            figures=tuple(_somewhere(figure) for figure in section.figures),
            points=tuple(replace(point, name="") for point in section.points),
            ground=section.ground and _unlabelled(section.ground),
        )
    if isinstance(section, Table):
        at = section.units
        if at is None:
            return replace(section, rows=())
        rows = (
            (*row[:at], letter.get(str(row[at]), str(row[at])), *row[at + 1 :])
            for row in section.rows
        )
        return _without_counts(replace(section, rows=tuple(rows)))
    if isinstance(section, Attention):
        items = (replace(one, title=one.kind or THING, text="", link="") for one in section.items)
        return replace(section, items=tuple(items))
    return section


def _without_counts(section: Table) -> Table:
    """A table of streets by letters without what they rest on: counts that other lists give with names."""
    kept = [at for at, column in enumerate(section.columns) if column.label != COUNTS]
    rows = tuple(
        tuple(COUNTED.sub("", cell) if isinstance(cell := row[at], str) else cell for at in kept)
        for row in section.rows
    )
    columns = tuple(section.columns[at] for at in kept)
    units = None if section.units is None else kept.index(section.units)
    return replace(section, columns=columns, rows=rows, units=units)


def _without_things(section: Section, words: str) -> str:
    """The title or heading of a section; that of a list may name what is in it."""
    if isinstance(section, Table) and section.units is None:
        things = {cell for row in section.rows for cell in row if isinstance(cell, str)}
        for thing in sorted({*things, *(section.names or ())}, key=len, reverse=True):
            words = words.replace(thing, THING) if len(thing) > 2 else words
    return words.replace(THING * 2, THING)  # a street and its community


def _somewhere(figure: Figure) -> Figure:
    return replace(figure, place=Place(figure.place.code, STREET))


def _unlabelled(ground: Basemap) -> Basemap:
    return replace(
        ground, communities=_nameless(ground.communities), streets=_nameless(ground.streets)
    )


def _nameless(shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    return tuple(replace(shape, name="", street="") for shape in shapes)
