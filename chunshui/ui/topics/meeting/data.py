"""The sections that the catalogue offers a material, the archive's snapshots reopened.

Nothing here computes a figure. A snapshot's id is a digest of its content, so what is kept by it
cannot be another's.
"""

import datetime as dt
from collections.abc import Callable
from functools import cache

from chunshui.catalogue.metric import all_metrics
from chunshui.errors import ChunshuiError
from chunshui.snapshots import archive, model, unit_templates
from chunshui.snapshots.archive import About, Damaged
from chunshui.snapshots.city import CITY
from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render import child_process, export
from chunshui.snapshots.render.export import Documents
from chunshui.snapshots.selection import CHOICES, COMMUNITY, Choice
from chunshui.ui.data import district, manifest, serving
from chunshui.ui.data.remembering import remembered
from chunshui.ui.shell import filters, permit

OWN = "自选"
FIGURES, ATTENTION, CLAIMS, WEEK = "核心指标", "关注事项", "公开数字对照", "一周动态"
DRILL = {kind: CHOICES[kind] for kind in ("apart", "intervals", "weights", "progress")}
DRILL_SCREENS = tuple(Choice(kind) for kind in ("intervals", "apart", "progress", "weights"))


def of_week(week: str) -> tuple[Choice, ...]:
    """Return the section of a week, by one of its days."""
    return (Choice("week", week=week),)


@cache
def sections() -> dict[str, Choice]:
    """Return every section that can be chosen, by the words it is chosen with."""
    choices = {
        FIGURES: Choice("figures"),
        ATTENTION: Choice("attention"),
        CLAIMS: Choice("claims"),
        **{CHOICES[kind]: Choice(kind) for kind in ("sheet", "beside")},
        WEEK: Choice("week"),
        CHOICES["since_last"]: Choice("since_last"),
        **{words: Choice(kind) for kind, words in DRILL.items()},
    }
    for metric in all_metrics().values():
        name, one = metric.name, (metric.id,)
        if metric.level != "district":
            choices[f"街道排名 · {name}"] = Choice("ranking", one)
        if metric.level == "community":
            by_community = Choice("map", one, level=COMMUNITY)
            choices[f"社区地图 · {name}"] = by_community
            if "station" in metric.entities:
                choices[f"社区地图加阵地 · {name}"] = Choice(
                    "map", one, level=COMMUNITY, stations=True
                )
            choices[f"社区排名 · {name}"] = Choice("ranking", one, level=COMMUNITY)
        choices[f"一年走势 · {name}"] = Choice("trend", one)
        choices[f"三年走势 · {name}"] = Choice("trend", one, months=36)
        choices[f"为什么变 · {name}"] = Choice("why", one)
        choices[f"为什么变，较上年 · {name}"] = Choice("why", one, yearly=True)
        choices[f"变动名单 · {name}"] = Choice("flows", one)
        if metric.target is not None:
            choices[f"差多少达标 · {name}"] = Choice("to_target", one)
        if metric.kind == "ratio":
            choices[f"未计入名单 · {name}"] = Choice("table", one)
    return choices


def label(choice: Choice) -> str:
    """Return the words that a section of a template is chosen with."""
    if choice.kind == "figures":
        return FIGURES
    return next(words for words, one in sections().items() if one == choice)


def listing(of_city: bool = False) -> tuple[list[About], list[Damaged]]:
    """Return the archive's lines that whoever asks may see, the newest first, and what is damaged.

    `of_city`: what was frozen of a city alone.
    """
    lines, damaged = archive.listing()
    return _own(lines, of_city), [] if permit.street() else damaged


def trash(of_city: bool = False) -> list[About]:
    """Return the lines of what is in the trash that whoever asks may see."""
    return _own(archive.trash(), of_city)


def _own(lines: list[About], of_city: bool) -> list[About]:
    """Return the lines of a street's account: what is of its street alone, and names no place of another."""
    if not permit.street():
        return [one for one in lines if not of_city or one.scope == CITY.name]
    own = manifest(filters.current().edition)
    land = district(serving().edition)
    mine = {one.name for one in land.communities if one.street_code == own.street}
    others = tuple(sorted({one.name for one in land.communities} - mine))
    streets = tuple(one.name for one in land.streets if one.code != own.street)
    mine_alone = (one for one in lines if one.scope.split(" ")[0] == own.street_name)
    return [one for one in mine_alone if not _names(one.id, others, streets)]


@remembered(512)
def _names(snapshot_id: str, communities: tuple[str, ...], streets: tuple[str, ...]) -> bool:
    """Whether a snapshot names one of some communities, or in a heading or a matter one of some streets.

    That is a part that was taken from a page of elsewhere. One that is damaged may name any.
    """
    try:
        snapshot = archive.reopen(snapshot_id)
    except ChunshuiError:
        return True
    text = model.canonical_json(model.as_plain(snapshot)).decode()
    heads = [one.heading for one in snapshot.sections]
    heads += [one.street for one in snapshot.assigned or ()]
    return any(one in text for one in communities) or any(
        one in head for one in streets for head in heads
    )


def reopened(snapshot_id: str) -> Snapshot:
    """Return a snapshot of the archive, checked against its id, to whoever may see it."""
    if permit.street():
        seen = {one.id for one in (*listing()[0], *trash())}
        if snapshot_id not in seen:
            raise archive.SnapshotMissingError(
                "本账号能看的快照里没有这一份：只有本街道的。请在“会议快照”页的档案中查找。"
            )
    return _reopened(snapshot_id)


@remembered(8)
def _reopened(snapshot_id: str) -> Snapshot:
    return archive.reopen(snapshot_id)


def documents(
    snapshot_id: str, exported_at: str, progress: Callable[[str, float], None]
) -> Documents:
    """Return deck, notice, brief and workbook of a snapshot for one time of export, on the templates in use."""
    used = unit_templates.chosen()
    made = _made(snapshot_id, exported_at, tuple(sorted(used.values())))
    if not made:
        time = dt.datetime.fromisoformat(exported_at)
        made.append(child_process.documents(snapshot_id, time, progress=progress, templates=used))
    return made[0]


@remembered(6)
def _made(snapshot_id: str, exported_at: str, templates: tuple[str, ...]) -> list[Documents]:
    """Return where those made are kept: a cached function must not draw the progress itself."""
    return []


def one_page(snapshot_id: str, exported_at: str, kind: str) -> bytes:
    """Return the card, its slide or the long picture; may be called outside the script."""
    time = dt.datetime.fromisoformat(exported_at)
    made = child_process.documents(snapshot_id, time, (kind,))
    if made.faults:
        raise ChunshuiError("\n".join(made.faults))
    return next(iter(made.files.values()))


def pictures(snapshot_id: str, exported_at: str) -> bytes:
    """Return all pictures of a snapshot in an archive; may be called outside the script."""
    time = dt.datetime.fromisoformat(exported_at)
    return export.zip_bytes(child_process.documents(snapshot_id, time, ("png", "svg")).files, time)
