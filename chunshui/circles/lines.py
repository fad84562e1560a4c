"""Street lines joined into a network."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from chunshui import coordinates
from chunshui.circles.network import (
    STREET,
    Network,
    check_crs,
    count_note,
    from_vertices,
    line_metres,
)
from chunshui.circles.osm import TAGS, closed_note, street_kind, why_closed
from chunshui.errors import ChunshuiError

# Vertices of lines closer than this are one place: sloppy digitising, not two junctions.
JOIN_M = 0.05
# A dead end this near another street, without meeting it, was probably meant to join it.
NEAR_MISS_M = 1.0


def from_lines(frame: gpd.GeoDataFrame, *, name: str = "步行路网") -> Network:
    """Join street lines into a network.

    Lines meet where they share a vertex, inside or at the end, to within `JOIN_M`. Lines that
    only cross do not meet: one may be a bridge. With a column `highway` (or `fclass`, as extracts
    in Shapefiles call it) OpenStreetMap's rules of who may walk apply. Ids come from a column
    `edge_id`, `osm_id` or `id`, else the row number.

    Args:
        frame: Lines with a stated coordinate system: degrees, or metres of a projection true to
            length. Web Mercator is refused: here it stretches every metre by a sixth.
        name: What to call the source in messages.

    Raises:
        ChunshuiError: Not in usable coordinates, or nothing that can be walked.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ChunshuiError(f"{name}没有几何列，无法作为步行路网。")
    check_crs(frame.crs, frame.total_bounds, name)
    given = next((frame[c] for c in ("edge_id", "osm_id", "id") if c in frame), None)
    ids = np.arange(1, len(frame) + 1) if given is None else given.to_numpy()
    shapes, tags = shapely.force_2d(frame.geometry.to_numpy()), _tags(frame)
    # The edge of a square can be walked: a polygon with a road class is one.
    square = np.array(["highway" in one for one in tags] or np.zeros(len(frame)), dtype=bool)
    square &= np.isin(shapely.get_type_id(shapes), (3, 6))
    shapes = np.where(square, shapely.boundary(shapes), shapes)
    parts, row = shapely.get_parts(shapes, return_index=True)
    is_line = np.isin(shapely.get_type_id(parts), (1, 2)) & ~shapely.is_empty(parts)
    parts, row = parts[is_line], row[is_line]
    other = np.setdiff1d(np.arange(len(frame)), row)
    text = "{:,}行不是线（空几何、点或面），未计入。"
    notes = count_note("不是线", len(other), text, ids[other])
    if len(parts) == 0:
        raise ChunshuiError(f"{name}里没有可步行的线。请检查图层和几何类型。")

    xy, line_of = shapely.get_coordinates(parts, return_index=True)
    if not np.isfinite(xy).all():
        raise ChunshuiError(f"{name}里有坐标不是数字的点。请检查几何。")
    change = pyproj.Transformer.from_crs(frame.crs, "EPSG:4326", always_xy=True)
    lon, lat = change.transform(xy[:, 0], xy[:, 1])
    crs = coordinates.zone(lon)
    xy = coordinates.to_metres(lon, lat, crs)
    if not np.isfinite(xy).all():
        raise ChunshuiError(f"{name}的坐标超出所写坐标系的范围。请检查坐标系。")
    kind = np.full(len(frame), STREET, dtype=object)
    walked = np.ones(len(xy), dtype=bool)
    if tags:
        why = [why_closed(one) if "highway" in one else "没有写明道路类别" for one in tags]
        kind[:] = [street_kind(one) for one in tags]
        metres = np.bincount(row, line_metres(xy, line_of), minlength=len(frame))
        notes += closed_note(ids, metres, why, [one.get("name", "") for one in tags])
        walked = np.array([one is None for one in why], dtype=bool)[row[line_of]]
    if not walked.any():
        raise ChunshuiError(f"{name}里没有可步行的线：所有道路都标注为不让行人走。请检查道路类别。")
    xy, line_of = xy[walked], line_of[walked]
    network = from_vertices(xy, _join(xy), line_of, ids[row], None, crs, notes, kind=kind[row])
    return _note_near_misses(network)


def _tags(frame: gpd.GeoDataFrame) -> list[dict[str, str]]:
    """Return the OpenStreetMap tags of every row; nothing where the file has no road classes."""
    if "highway" not in frame and "fclass" in frame:
        frame = frame.rename(columns={"fclass": "highway"})
    if "highway" not in frame:
        return []
    return [
        {key: value for key, value in row.items() if isinstance(value, str)}
        for row in frame.reindex(columns=TAGS).to_dict("records")
    ]


def _join(xy: np.ndarray) -> np.ndarray:
    """Number the places of these vertices: those within `JOIN_M` of each other are one."""
    unique, place = np.unique(xy, axis=0, return_inverse=True)
    pairs = cKDTree(unique).query_pairs(JOIN_M, output_type="ndarray")
    if len(pairs) == 0:
        return place
    n = len(unique)
    near = csr_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return np.asarray(connected_components(near, directed=False)[1][place])


def _note_near_misses(network: Network) -> Network:
    """Add a note on dead ends that stop just short of another street."""
    degree = np.bincount(np.r_[network.start, network.end], minlength=len(network.xy))
    dead = np.flatnonzero(degree == 1)
    which, edge = network.tree.query(
        shapely.points(network.xy[dead]), predicate="dwithin", distance=NEAR_MISS_M
    )
    own = (network.start[edge] == dead[which]) | (network.end[edge] == dead[which])
    missed = np.unique(dead[which[~own]])
    text = (
        f"{{:,}}个断头点离另一条路不到{NEAR_MISS_M:.0f}米却没有接上。"
        "若本应相通，请在地图软件中把两条线在交点处打断并接上。"
    )
    notes = network.notes + count_note("疑似未接上", len(missed), text, network.node_id[missed])
    return replace(network, notes=notes)
