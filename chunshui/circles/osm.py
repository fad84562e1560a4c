"""Walkable ways of an OpenStreetMap extract, and the rules of who may walk where."""

import array
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from chunshui import coordinates
from chunshui.circles.network import Network, count_note, drop_scraps, from_vertices
from chunshui.errors import ChunshuiError

# Of an OpenStreetMap extract, pieces shorter than this that touch nothing else are mapping scraps:
# a building that snaps to one can walk nowhere. Ledgers are never thinned out.
SCRAP_M = 100.0

_NOT_FOR_WALKING = {
    "abandoned", "bus_guideway", "construction", "demolished", "disused", "escape", "motorway",
    "motorway_link", "no", "planned", "platform", "proposed", "raceway", "razed", "removed",
    "rest_area", "services",
}  # fmt: skip
_FOOT_WELCOME = {"yes", "designated", "permissive", "destination", "official", "customers"}


def read_osm(path: Path | str, *, scrap_m: float = SCRAP_M) -> Network:
    """Read the walkable ways of an OpenStreetMap extract.

    Left out are motorways, ways closed to pedestrians or private, and connected parts shorter
    than `scrap_m` in all. The edge of a square (area=yes) can be walked, its inside can not.
    """
    import osmium  # only this reader needs it

    ref, lon, lat = array.array("q"), array.array("d"), array.array("d")
    way_of, way_id = array.array("q"), array.array("q")
    closed = 0
    try:
        ways = (
            osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations()
            .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
            .with_filter(osmium.filter.KeyFilter("highway"))
        )
        for way in ways:
            if not walkable(way.tags):
                closed += 1
                continue
            piece = len(way_id)
            way_id.append(way.id)
            for node in way.nodes:
                if not node.location.valid():  # cut off by the edge of the extract
                    piece = len(way_id)
                    way_id.append(way.id)
                    continue
                ref.append(node.ref)
                lon.append(node.lon)
                lat.append(node.lat)
                way_of.append(piece)
    except (RuntimeError, ValueError) as error:
        raise ChunshuiError(
            f"步行路网文件 {Path(path).name} 读不出来：文件不完整，或不是 OpenStreetMap 数据。"
            "请重新下载。"
        ) from error
    if not ref:
        raise ChunshuiError(f"步行路网文件 {Path(path).name} 里没有可步行的道路。")
    lon, lat = np.frombuffer(lon), np.frombuffer(lat)
    crs = coordinates.zone(lon)
    way_of = np.frombuffer(way_of, dtype=np.int64)
    node_id, node = np.unique(np.frombuffer(ref, dtype=np.int64), return_inverse=True)
    notes = count_note("不可步行", closed, "{:,} 条道路不可步行（高速公路、禁止行人等），未计入。")
    network = from_vertices(
        coordinates.to_metres(lon, lat, crs),
        node,
        way_of,
        np.frombuffer(way_id, dtype=np.int64),
        node_id,
        crs,
        notes,
    )
    return drop_scraps(network, scrap_m)


def walkable(tags: Mapping[str, str]) -> bool:
    """Say whether a way with these OpenStreetMap tags may be walked."""
    highway, foot, access = tags.get("highway"), tags.get("foot"), tags.get("access")
    if highway in _NOT_FOR_WALKING or foot in ("no", "private", "use_sidepath"):
        return False
    if highway == "cycleway":
        return foot in _FOOT_WELCOME or tags.get("segregated") is not None
    if access in ("no", "private"):
        return foot in _FOOT_WELCOME
    return True
