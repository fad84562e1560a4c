"""The sections of the material being chosen: in the session, in the address and in what is kept.

On 会议快照 they stand in the address, so that a reload, the browser's back and a link lead to them.
What was chosen last on this computer is there in a new session, too (`snapshots/kept`).
"""

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import all_metrics
from chunshui.errors import ChunshuiError
from chunshui.snapshots import freeze, kept, templates
from chunshui.snapshots.kept import Draft, Kept
from chunshui.snapshots.model import Snapshot, Taken, metrics_of
from chunshui.snapshots.sections.lists import listed
from chunshui.snapshots.selection import SECTION_LIMIT, Choice, Selection
from chunshui.ui.data import reader
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.markdown import plain
from chunshui.ui.shell import notices, permit
from chunshui.ui.topics.meeting import data, official
from chunshui.ui.topics.meeting.data import FIGURES, OWN
from chunshui.ui.widgets.downloads import Seen
from chunshui.warehouse import Edition

SECTIONS, TILES = "sections", "tiles"  # of the session and of the address; tiles there by name
WORDING, TAKEN = "wording", "taken"
# What stands on the material, by what a draft calls it: the keys of its widgets.
HEADING = {
    "title": "material_title",
    "unit": "issuing_unit",
    "meeting_date": "meeting_date",
    "maker": "maker",
}


def current() -> Draft:
    """Return what is chosen in this session; key figures only with the section that shows them."""
    state = st.session_state
    sections = tuple(state.get(SECTIONS, ()))
    wording, template = state.get(WORDING, {}), state.get("template") or OWN
    return Draft(
        sections,
        tuple(state.get(TILES, ())) if FIGURES in sections else (),
        tuple((one, *wording[one]) for one in sections if any(wording.get(one, ()))),
        template,
        **{name: str(state.get(key) or "") for name, key in HEADING.items()},
        template_digest=_digest(template),
    )


def restore() -> None:
    """Bring back, in a new session, what was chosen last on this computer."""
    if SECTIONS not in st.session_state:
        found = kept.read(permit.own_folder())
        st.session_state["unreadable"] = found.fault
        st.session_state[TAKEN] = _by_heading(found)
        template = _template(found.draft.template) or OWN
        earlier = found.draft.template_digest != _digest(template)
        earlier = earlier and template != (template_of(found.draft) or OWN)
        choose(_known(found.draft), OWN if earlier else template)
        st.session_state["earlier"] = (found.draft, template) if earlier else None
        for name, key in HEADING.items():
            st.session_state[key] = vars(found.draft)[name]
        st.session_state["meeting_date"] = _day(found.draft.meeting_date)
        st.session_state["draft"] = current()


def follow() -> None:
    """Let what is chosen be what the address says; where it says nothing, what it was."""
    state, address = st.session_state, _in_address()
    new = SECTIONS not in state
    restore()
    if address == state.get("in_address", ([], [])) or (state["arrived"] and not any(address)):
        return
    names = {one.name: one.id for one in all_metrics().values()}
    asked = Draft(tuple(address[0]), tuple(names.get(one, one) for one in address[1]))
    known = _known(asked)
    state["in_vain"] = [
        *(set(asked.sections) - set(known.sections)),
        *(set(asked.tiles) - set(known.tiles)),
    ]
    before = current()
    same = (before.sections, before.tiles) == (known.sections, known.tiles)
    if not same:
        choose(known)
        if new and before.sections:
            state["before_link"] = before
    state["draft"] = current()
    state["in_address"] = address


def settle() -> None:
    """Put what is chosen into the address, and keep it where the user changed it."""
    address = _address(current())
    if address != _in_address():
        st.query_params.update(dict(zip((SECTIONS, TILES), address, strict=True)))
    st.session_state["in_address"] = address
    keep()


def keep() -> None:
    """Keep what is chosen where it is not what was kept."""
    now, before = current(), st.session_state.get("draft")
    if now == before:
        return
    if before and before.sections and not now.sections:
        st.session_state["cleared"] = before
    try:
        kept.keep_draft(current(), permit.own_folder())
    except ChunshuiError as error:
        notices.failed(error)
    st.session_state["draft"] = current()


def _template(name: str) -> str | None:
    """Return a name that a template has, or that of no template; None for another."""
    return (
        name if name in (OWN, *(one.name for one in templates.all_templates().values())) else None
    )


def _digest(template: str) -> str:
    """Return what tells a template from what software before and after takes it to be; "" of none."""
    return "" if template == OWN else f"{zlib.crc32(repr(of_template(template)).encode()):08x}"


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None


def choose(draft: Draft, template: str | None = None) -> None:
    """Choose other sections (may be a callback)."""
    st.session_state[SECTIONS] = list(draft.sections)
    st.session_state[TILES] = list(draft.tiles)
    st.session_state[WORDING] = {one: (title, said) for one, title, said in draft.wording}
    st.session_state["template"] = template or template_of(draft) or OWN
    st.session_state["earlier"] = None
    for before in ("before_link", "cleared"):
        st.session_state.pop(before, None)


def add(label: str, figures: Sequence[str] = ()) -> None:
    """Add a section, and key figures to those it shows (a callback)."""
    state = st.session_state
    sections = state.get(SECTIONS, [])
    state[SECTIONS] = list(dict.fromkeys([*sections, label]))
    state[TILES] = list(dict.fromkeys([*state.get(TILES, []), *figures]))
    keep()


def sections() -> dict[str, Choice]:
    """Return every section that can be chosen: those of the catalogue, and what was taken from pages."""
    taken = st.session_state[TAKEN].items()
    return data.sections() | {
        heading: Choice("taken", metrics_of(one.section), taken=one) for heading, one in taken
    }


def take(heading: str, seen: Seen) -> None:
    """Add a table or a map as a page shows it (a callback)."""
    taken = as_taken(heading, seen)
    st.session_state[TAKEN][heading] = taken
    try:
        kept.take(taken, permit.own_folder())
    except ChunshuiError as error:
        notices.failed(error)
    add(heading)


def as_taken(heading: str, seen: Seen) -> Taken:
    """Return what a page shows as a section of a material."""
    if seen.picture:
        return Taken(replace(seen.picture(), heading=heading), seen.version)
    table = listed(seen.finding.rstrip("。"), heading, seen.table, compares=seen.compares)
    table = replace(table, number=seen.number, names=seen.names or None)
    return Taken(replace(table, nameless=seen.nameless or None), seen.version)


def move(step: int) -> None:
    """Move the section picked for it up or down by so many places, or as far as there are (a callback)."""
    sections = list(st.session_state[SECTIONS])
    at = sections.index(st.session_state["to_move"])
    to = min(max(at + step, 0), len(sections) - 1)
    sections.insert(to, sections.pop(at))
    st.session_state[SECTIONS] = sections


@cache  # every page asks which template is chosen
def of_template(name: str) -> Draft:
    """Return the sections and key figures of a template."""
    choices = templates.get_template(name).choices
    tiles = [metric for one in choices if one.kind == "figures" for metric in one.metrics]
    return Draft(tuple(data.label(one) for one in choices), tuple(tiles))


def template_of(draft: Draft) -> str | None:
    """Return the template that has just these sections and key figures, if one has."""
    names = (one.name for one in templates.all_templates().values())
    bare = Draft(draft.sections, draft.tiles)
    return next((name for name in names if of_template(name) == bare), None)


def query() -> list[tuple[str, str]]:
    """Return what is chosen as query parameters."""
    sections, tiles = _address(current())
    return [*((SECTIONS, one) for one in sections), *((TILES, one) for one in tiles)]


def notice() -> None:
    """Say what could not be read, what of a link is not there, what was being chosen before, and that
    what is chosen began with a template as it no longer is.
    """
    if fault := st.session_state.pop("unreadable", ""):
        st.warning(fault, icon=":material/warning:")
    if strange := st.session_state.pop("in_vain", []):
        words = plain("、".join(sorted(strange)), 60)
        st.warning(f"链接里的“{words}”现在没有，已略去。", icon=":material/link_off:")
    if before := st.session_state.get("before_link"):
        label = f"链接里的部分已选上；换回上次选的{len(before.sections)}部分"
        st.button(label, icon=":material/undo:", on_click=choose, args=(before,))

    if earlier := st.session_state.get("earlier"):
        then, name = earlier
        now = replace(of_template(name), wording=current().wording)
        st.warning(_differs(then, now, name), icon=":material/update:")
        label = f"换成现在的“{name}”"
        st.button(label, icon=":material/update:", on_click=choose, args=(now, name))


def offer_cleared() -> None:
    """Draw the button that brings back what was chosen before all of it was taken out."""
    if before := st.session_state.get("cleared"):
        label = f"取回刚才的{len(before.sections)}部分"
        how = before, before.template
        st.button(label, icon=":material/undo:", on_click=choose, args=how)


def _differs(then: Draft, now: Draft, name: str) -> str:
    """Say in what a choice that began with an earlier template differs from that of today."""
    metrics = all_metrics()
    told = [
        [
            *(f"“{one}”" for one in here.sections if one not in there.sections),
            *(metrics[one].name for one in here.tiles if one not in there.tiles and one in metrics),
        ]
        for here, there in ((now, then), (then, now))
    ]
    said = [
        f"{how}{words.joined(those, 4, '项')}"
        for how, those in zip(("新有", "不再有"), told, strict=True)
        if those
    ]
    differs = f"现在的模板{'，'.join(said)}" if said else "现在的模板次序不同"
    return f"上次选的部分出自“{name}”以前的模板，{differs}。现按自选原样保留，不作“{name}”冻结。"


def written(sections: Sequence[str], wording: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Return sections with the titles and comments written for them, as a table."""
    rows = [(one, *wording.get(one, ("", ""))) for one in sections]
    return pd.DataFrame(rows, columns=["部分", "标题", "会议用语"])


def unfrozen(scope: Scope, written: Mapping[str, str] | None = None) -> Snapshot:
    """Return what would be frozen now of what is chosen: with the list of what it hands out, or, where it is
    written who meets when, as a material of its own that hands out nothing.
    """
    draft, lines = current(), data.listing()[0]
    asked = selection(scope, draft, draft.template, **(written or {}))
    items = kept.read(permit.own_folder()).assigned
    if written is not None:
        asked, items = replace(asked, head=official.typed(scope, asked, lines)), ()
    meeting = freeze.meeting(reader(scope.edition), asked, items, lines=lines)
    return as_frozen(scope.edition, meeting)


def selection(
    scope: Scope,
    draft: Draft,
    template: str,
    *,
    title: str = "",
    unit: str = "",
    meeting_date: str = "",
) -> Selection:
    """Return what is to be frozen of the sections that are chosen."""
    wording, every = {section: words for section, *words in draft.wording}, sections()
    choices = []
    for section in draft.sections:
        metrics = draft.tiles if section == FIGURES else every[section].metrics
        own_title, comment = wording.get(section, ("", ""))
        choices.append(replace(every[section], metrics=metrics, title=own_title, comment=comment))
    asked = of_scope(scope, choices, "" if template == OWN else template)
    return replace(asked, title=title, unit=unit, meeting_date=meeting_date)


def of_scope(scope: Scope, choices: Sequence[Choice], template: str = "") -> Selection:
    """Return some sections, of the scope and the months that the filters say."""
    return Selection(
        month=scope.month,
        choices=tuple(choices),
        template=template,
        streets=() if scope.community else scope.streets,
        community=scope.community,
        against=scope.against,
    )


@remembered(4)
def as_frozen(edition: Edition, selection: Selection) -> Snapshot:
    """Return what would be frozen of a selection, which is not put into the archive."""
    return freeze.snapshot_of(reader(edition), selection)


def _known(draft: Draft) -> Draft:
    """Leave out what this software has no section or metric for, and what would be too many."""
    if not set(draft.sections) <= set(sections()):  # perhaps taken in another session
        st.session_state[TAKEN] = (
            _by_heading(kept.read(permit.own_folder())) | st.session_state[TAKEN]
        )
    known = tuple(one for one in dict.fromkeys(draft.sections) if one in sections())
    tiles = tuple(one for one in dict.fromkeys(draft.tiles) if one in all_metrics())
    return Draft(known[:SECTION_LIMIT], tiles, draft.wording)


def _by_heading(found: Kept) -> dict[str, Taken]:
    return {one.section.heading: one for one in found.taken}


def _address(draft: Draft) -> tuple[list[str], list[str]]:
    return list(draft.sections), [all_metrics()[one].name for one in draft.tiles]


def _in_address() -> tuple[list[str], list[str]]:
    return st.query_params.get_all(SECTIONS), st.query_params.get_all(TILES)
