"""What users of this computer keep: views under a name, what they took from pages, the material
they are choosing, what the next meeting is to hand out, and what official documents say in their heads.

One file in the folder of whoever keeps it, written whole: beside the data on one's own computer.
"""

import json
import secrets
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots.assigned import refuse_faulty
from chunshui.snapshots.head import refuse_faulty as refuse_faulty_head
from chunshui.snapshots.model import (
    Assignment,
    Head,
    Taken,
    as_plain,
    from_plain,
    taken_from_plain,
)
from chunshui.snapshots.stamp import shorten
from chunshui.warehouse import durable

NAME_LENGTH = 40
VIEWS = 200
TAKEN = 60
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class View:
    """A page with its filters and choices; `query` is what stands in the address behind the `?`."""

    id: str
    name: str
    page: str
    query: str


@dataclass(frozen=True)
class Draft:
    """The material being chosen: the words of its sections in order, its key figures by id.

    `wording` has a section with the title and the comment written for it; `template` names what it
    began with and `template_digest` what that was then; `meeting_date` is a day (2026-11-30) or nothing.
    """

    sections: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    wording: tuple[tuple[str, str, str], ...] = ()
    template: str = ""
    title: str = ""
    unit: str = ""
    meeting_date: str = ""
    maker: str = ""
    template_digest: str = ""


@dataclass(frozen=True)
class Kept:
    """All that is kept, and a sentence when the file cannot be read ("" else).

    `taken` are the last `TAKEN` tables and maps taken from pages, the latest last.
    """

    views: tuple[View, ...] = ()
    draft: Draft = Draft()
    taken: tuple[Taken, ...] = ()
    assigned: tuple[Assignment, ...] = ()
    head: Head = field(default_factory=Head)
    fault: str = ""


def read(root: Path | None = None) -> Kept:
    """Return what is kept; of a damaged file nothing, with a sentence."""
    file = _file(root)
    try:
        return _from_plain(json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return Kept()
    except (OSError, ValueError, TypeError, KeyError, ChunshuiError):
        return Kept(
            fault=f"存着“我的视图”的文件 {file.name} 读不出，请从备份恢复；"
            f"在此之前新存的另起一份，原文件改名为 {_aside(file).name} 留着。"
        )


def keep(name: str, page: str, query: str, root: Path | None = None) -> View:
    """Keep a view under a name that no other has, and return it."""
    with _ONE_AT_A_TIME:
        kept = read(root)
        if len(kept.views) >= VIEWS:
            raise ChunshuiError(f"已存了{VIEWS}个视图，请先删去不用的。")
        view = View(secrets.token_hex(4), _name(name, kept.views), page, query)
        _write(replace(kept, views=(*kept.views, view)), root)
    return view


def rename(view_id: str, name: str, root: Path | None = None) -> None:
    """Give a view another name; its link stays."""
    with _ONE_AT_A_TIME:
        kept = read(root)
        others = tuple(one for one in kept.views if one.id != view_id)
        name = _name(name, others)
        views = tuple(replace(one, name=name) if one.id == view_id else one for one in kept.views)
        _write(replace(kept, views=views), root)


def delete(view_id: str, root: Path | None = None) -> None:
    """Forget a view."""
    with _ONE_AT_A_TIME:
        kept = read(root)
        _write(replace(kept, views=tuple(o for o in kept.views if o.id != view_id)), root)


def keep_draft(draft: Draft, root: Path | None = None) -> None:
    """Keep the material being chosen, in the place of what was."""
    with _ONE_AT_A_TIME:
        kept = read(root)
        if draft != kept.draft:
            _write(replace(kept, draft=draft), root)


def take(taken: Taken, root: Path | None = None) -> None:
    """Keep what a page showed, in the place of what had the same heading."""
    with _ONE_AT_A_TIME:
        kept = read(root)
        others = [one for one in kept.taken if one.section.heading != taken.section.heading]
        _write(replace(kept, taken=(*others, taken)[-TAKEN:]), root)


def assign(item: Assignment, root: Path | None = None) -> int:
    """Add a matter to what the next meeting hands out; return how many there are.

    Raises ChunshuiError for one that cannot be handed out or is on the list already.
    """
    refuse_faulty((item,), "这一项")
    with _ONE_AT_A_TIME:
        kept = read(root)
        for number, one in enumerate(kept.assigned, 1):
            if (one.matter, one.street, one.community, one.unit) == (
                item.matter,
                item.street,
                item.community,
                item.unit,
            ):
                raise ChunshuiError(f"交办单第{number}项就是这件事，{one.due_on}前交{one.unit}办。")
        items = (*kept.assigned, item)
        refuse_faulty(items)
        _write(replace(kept, assigned=items), root)
    return len(items)


def keep_assigned(items: tuple[Assignment, ...], root: Path | None = None) -> None:
    """Keep these matters, in this order, in the place of what was to be handed out."""
    refuse_faulty(items)
    with _ONE_AT_A_TIME:
        kept = read(root)
        if items != kept.assigned:
            _write(replace(kept, assigned=items), root)


def keep_head(head: Head, root: Path | None = None) -> None:
    """Keep what this installation's official documents say beside their figures, whatever they are about.

    What one asks of those it goes to is its own and is not kept.
    """
    refuse_faulty_head(head)
    head = replace(head, requirements=())
    with _ONE_AT_A_TIME:
        kept = read(root)
        if head != kept.head:
            _write(replace(kept, head=head), root)


def _name(name: str, others: tuple[View, ...]) -> str:
    name = shorten(name, NAME_LENGTH)
    if not name:
        raise ChunshuiError("请先写一个名字。")
    if any(one.name == name for one in others):
        raise ChunshuiError(f"已有叫“{name}”的视图，请换一个名字。")
    return name


def _from_plain(plain: Any) -> Kept:
    views = tuple(View(**one) for one in plain["views"])
    if not all(isinstance(one, dict) for one in plain.get("assigned", ())):
        raise TypeError(plain["assigned"])
    draft = dict(plain["draft"])
    wording = tuple((str(a), str(b), str(c)) for a, b, c in draft.pop("wording"))
    sections, tiles = (tuple(draft.pop(one)) for one in ("sections", "tiles"))
    texts = [*sections, *tiles, *draft.values(), *(v for one in views for v in vars(one).values())]
    if not all(isinstance(one, str) for one in texts):
        raise TypeError(texts)
    taken = tuple(taken_from_plain(one) for one in plain.get("taken", ()))
    assigned = tuple(from_plain(Assignment, one) for one in plain.get("assigned", ()))
    head = from_plain(Head, plain["head"]) if "head" in plain else Head()
    head = replace(head, requirements=())  # earlier releases kept those of the last material
    return Kept(views, Draft(sections, tiles, wording, **draft), taken, assigned, head)


def _write(kept: Kept, root: Path | None) -> None:
    """Write the file; one that cannot be read is put aside and not lost."""
    file = _file(root)
    plain = {
        "views": [asdict(one) for one in kept.views],
        "draft": asdict(kept.draft),
        "taken": [as_plain(one) for one in kept.taken],
        "assigned": [as_plain(one) for one in kept.assigned],
        "head": as_plain(kept.head),
    }
    with durable.disk_in_words():
        file.parent.mkdir(parents=True, exist_ok=True)
        if kept.fault:
            file.replace(_aside(file))
        durable.replace(file, json.dumps(plain, ensure_ascii=False, indent=1))


def _file(root: Path | None) -> Path:
    return (root or paths.data_dir()) / "kept.json"


def _aside(file: Path) -> Path:
    """The first free name for a damaged file."""
    names = (file.with_name(f"kept-damaged{n or ''}.json") for n in range(10_000))
    return next(one for one in names if not one.exists())
