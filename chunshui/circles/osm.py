"""Walkable ways of an OpenStreetMap extract, and the rules of who may walk where."""

import array
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from chunshui import coordinates
from chunshui.circles.network import (
    Network,
    Note,
    count_note,
    drop_scraps,
    from_vertices,
    line_metres,
)
from chunshui.errors import ChunshuiError

if TYPE_CHECKING:
    import osmium

# Pieces shorter than this that touch nothing else are mapping scraps: a building that snaps to one
# can walk nowhere. Ledgers are never thinned out.
SCRAP_M = 100.0

# Values of a tag that invite walkers; each opens the closed ways of `_CLOSED` that name the tag.
_FOOTWAY = {
    key: {"yes", "both", "left", "right"}
    for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
}
_INVITES = _FOOTWAY | {
    "foot": {"yes", "designated", "permissive", "destination", "official", "customers"},
    "segregated": {"yes", "no"},
}
_NOT_FOR_ALL = {
    "no", "private", "restricted", "military", "permit", "delivery", "agricultural", "forestry",
    "emergency", "employees", "staff", "residents", "members",
}  # fmt: skip
# Which ways may not be walked, the first row that fits: why, the tag and its values, and the tags
# that open the way all the same.
_CLOSED: tuple[tuple[str, str, set[str], tuple[str, ...]], ...] = (
    ("高速公路、匝道", "highway", {"motorway", "motorway_link"}, ()),
    (
        "在建、规划或废弃",
        "highway",
        {
            "abandoned", "construction", "demolished", "disused", "planned", "proposed", "razed",
            "removed",
        },
        (),
    ),
    ("公交专用道", "highway", {"busway", "bus_guideway"}, ()),
    (
        "服务区、避险车道、赛道、站台",
        "highway",
        {
            "bus_stop", "emergency_bay", "escape", "no", "platform", "raceway", "rest_area",
            "services", "via_ferrata",
        },
        (),
    ),
    ("禁止行人", "foot", _NOT_FOR_ALL | {"use_sidepath"}, ()),
    ("自行车道", "highway", {"cycleway"}, ("foot", "segregated")),
    ("汽车专用路", "motorroad", {"yes"}, ("foot",)),
    ("没有人行道标记的快速路", "highway", {"trunk", "trunk_link"}, ("foot", *_FOOTWAY)),
    ("没有人行道标记的快速路", "expressway", {"yes"}, ("foot", *_FOOTWAY)),
    ("私有或不对外开放", "access", _NOT_FOR_ALL, ("foot",)),
)  # fmt: skip
# Barriers that nobody gets around when they are shut.
_GATES = ("gate", "door", "turnstile", "entrance", "sally_port")
# Tags that `why_closed` and `street_kind` read.
TAGS = tuple(
    dict.fromkeys(
        ("highway", "footway", "bridge", "name", *_INVITES, *(key for _, key, _, _ in _CLOSED))
    )
)

_KINDS = {
    "主干道": {"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"},
    "院内路": {"service", "corridor"},
    "巷道": {"footway", "path", "steps", "pedestrian", "cycleway", "track", "bridleway", "living_street"},
}  # fmt: skip
_KIND_OF = {highway: kind for kind, classes in _KINDS.items() for highway in classes}


class Tags(Protocol):
    """Tags of OpenStreetMap: a dict, or what osmium has of an entity."""

    def get(self, key: str, /) -> str | None:
        """Return the value of a tag; None without it."""


def why_closed(tags: Tags) -> str | None:
    """Say in Chinese why a way with these OpenStreetMap tags may not be walked; None if it may."""
    for why, key, closed, opens in _CLOSED:
        if _values(tags, key) & closed and not any(_values(tags, k) & _INVITES[k] for k in opens):
            return why
    return None


def _values(tags: Tags, key: str) -> set[str]:
    """Return the values of a tag; mappers write several with semicolons."""
    return {value.strip() for value in (tags.get(key) or "").split(";")}


def _is_shut_gate(tags: Tags) -> bool:
    """Whether a point on a way is a gate that is locked or not for walkers."""
    if not any(word in (tags.get("barrier") or "") for word in _GATES):
        return False
    foot = _values(tags, "foot")
    not_for_all = _values(tags, "access") & _NOT_FOR_ALL and not foot & _INVITES["foot"]
    return bool(foot & _NOT_FOR_ALL or tags.get("locked") == "yes" or not_for_all)


def street_kind(tags: Tags) -> str:
    """Say which 类别 of the ledger 步行路段 a walkable way is."""
    if tags.get("footway") == "crossing":
        return "过街"
    if tags.get("bridge") not in (None, "no"):
        return "桥"
    return _KIND_OF.get(tags.get("highway") or "", "街道")


def read_osm(
    path: Path | str,
    *,
    bounds: tuple[float, float, float, float] | None = None,
    scrap_m: float = SCRAP_M,
    name: str | None = None,
) -> Network:
    """Read the walkable ways of an OpenStreetMap extract (.osm.pbf).

    Left out are ways that may not be walked, and connected parts shorter than `scrap_m` in all.
    The edge of a square can be walked, whether it is drawn as a way or as a multipolygon; its
    inside can not.

    Args:
        path: The file; read as what its bytes are, whatever its name.
        bounds: West, south, east, north in degrees: ways wholly outside are not read, so that
            a province's extract costs the memory of a district's.
        scrap_m: See above; metres.
        name: What to call the file in messages; its own name when left out.

    Raises:
        ChunshuiError: Not a whole extract, or nothing in it (or within `bounds`) can be walked.
    """
    import osmium  # only this reader needs it

    name = name or Path(path).name
    ways = _Ways(bounds)
    try:
        file = osmium.io.File(str(path), "pbf")
        squares, gates = _squares_and_closed_gates(file)
        for way in (
            osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        ):
            if not isinstance(way, osmium.osm.Way):
                continue
            tags = way.tags
            if "highway" in tags:
                ways.add(way, why_closed(tags), street_kind(tags), tags.get("name") or "")
            elif way.id in squares:
                ways.add(way, None, "巷道", "")
    except (RuntimeError, ValueError) as error:
        raise ChunshuiError(
            f"步行路网文件《{name}》读不出来：文件不完整，或不是 OpenStreetMap 数据（.osm.pbf）。"
            "请重新下载。"
        ) from error
    return drop_scraps(ways.network(name, gates), scrap_m)


def _squares_and_closed_gates(file: "osmium.io.File") -> tuple[set[int], set[int]]:
    """Return the ids of the ways around squares, and of nodes where a gate is shut to walkers."""
    import osmium

    squares: set[int] = set()
    gates: set[int] = set()
    for entity in osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.RELATION).with_filter(
        osmium.filter.KeyFilter("barrier", "highway")
    ):
        tags = entity.tags
        if isinstance(entity, osmium.osm.Relation):
            if tags.get("type") == "multipolygon" and why_closed(tags) is None:
                squares |= {member.ref for member in entity.members if member.type == "w"}
        elif _is_shut_gate(tags):
            gates.add(entity.id)
    return squares, gates


class _Ways:
    """Vertices of ways, one after another, in arrays that hold nothing but numbers."""

    def __init__(self, bounds: tuple[float, float, float, float] | None) -> None:
        self.bounds = bounds or (-180.0, -90.0, 180.0, 90.0)
        self.ref, self.lon, self.lat = array.array("q"), array.array("d"), array.array("d")
        self.piece = array.array("q")  # which piece of a way each vertex is in
        self.way_id = array.array("q")  # of each piece
        self.words: list[tuple[str | None, str, str]] = []  # why closed, kind, name; of each piece
        self.elsewhere: tuple[float, float] | None = None  # where a way lies that was not taken

    def add(self, way: "osmium.osm.Way", why: str | None, kind: str, name: str) -> None:
        """Take a way; where the extract cuts it off it becomes several pieces."""
        west, south, east, north = self.bounds
        vertices = [
            (node.ref, node.lon, node.lat) if node.location.valid() else None for node in way.nodes
        ]
        if not any(v and west <= v[1] <= east and south <= v[2] <= north for v in vertices):
            self.elsewhere = self.elsewhere or next((v[1:] for v in vertices if v), None)
            return
        number = -1
        for before, vertex in pairwise((None, *vertices)):
            if vertex is None:
                continue
            if before is None:
                number = len(self.way_id)
                self.way_id.append(way.id)
                self.words.append((why, kind, name))
            self.ref.append(vertex[0])
            self.lon.append(vertex[1])
            self.lat.append(vertex[2])
            self.piece.append(number)

    def _why_none(self) -> str:
        """Return why nothing may be walked, and the way out."""
        if self.elsewhere is None:
            return "里没有可步行的道路。请换一份带道路（highway）的数据。"
        west, south, east, north = self.bounds
        lon, lat = self.elsewhere
        return (
            f"里没有一条可步行的道路在所给范围内（经度{west:.2f}至{east:.2f}，纬度{south:.2f}至"
            f"{north:.2f}）；文件里的道路在别处，如经度{lon:.2f}、纬度{lat:.2f}。"
            "请换成本区的路网，或核对范围。"
        )

    def network(self, name: str, gates: set[int]) -> Network:
        """Join what may be walked; tell what may not."""
        piece, ref = np.array(self.piece, dtype=np.int64), np.array(self.ref, dtype=np.int64)
        way_id = np.array(self.way_id, dtype=np.int64)
        closed = np.array([why is not None for why, _, _ in self.words], dtype=bool)
        walked = ~closed[piece]
        if not walked.any():
            raise ChunshuiError(f"步行路网文件《{name}》{self._why_none()}")
        crs = coordinates.zone(np.array(self.lon)[walked])
        xy = coordinates.to_metres(np.array(self.lon), np.array(self.lat), crs)
        notes = closed_note(
            way_id,
            line_metres(xy, piece),
            [why for why, _, _ in self.words],
            [name for _, _, name in self.words],
        )
        shut = np.intersect1d(ref[walked], np.array(sorted(gates), dtype=np.int64))
        text = (
            "路上有{:,}处大门标注为上锁或不让行人通过，仍按可以通过计。"
            "确实常年不开的，请在步行路段台账里删去那一段。"
        )
        notes += count_note("关闭的大门", len(shut), text, shut)
        node_id, node = np.unique(ref[walked], return_inverse=True)
        kind = np.array([kind for _, kind, _ in self.words], dtype=object)
        return from_vertices(
            xy[walked], node, piece[walked], way_id, node_id, crs, notes, kind=kind
        )


def closed_note(
    ids: np.ndarray, metres: np.ndarray, why: Sequence[str | None], names: Sequence[str]
) -> tuple[Note, ...]:
    """Return the note on streets that may not be walked: by reason, and the longest by name.

    Args:
        ids: Ids of the streets, shape (n,).
        metres: Their lengths, shape (n,).
        why: Why each may not be walked; None for one that may.
        names: The names they go by; empty without one.
    """
    streets = pd.DataFrame({"id": ids, "metres": metres, "why": list(why), "name": list(names)})
    streets = streets[streets["why"].notna()]
    sums = streets.groupby("why")["metres"].agg(["size", "sum"]).sort_values("sum", ascending=False)
    reasons = "、".join(
        f"{row.Index}{row.size:,}条{row.sum / 1000:,.1f}公里" for row in sums.itertuples()
    )
    named = streets[streets["name"] != ""].groupby("name")["metres"].sum().nlargest(5)
    longest = "、".join(f"{name[:40]}{metres / 1000:,.1f}公里" for name, metres in named.items())
    text = f"{{:,}}条道路看来不让行人走，未计入：{reasons}。" + (
        f"其中较长的有{longest}；若其实能走，请在台账里补上。" if longest else ""
    )
    count = streets["id"].nunique()
    return count_note("不可步行", count, text, streets["id"].unique())
