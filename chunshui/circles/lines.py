"""Street lines joined into a network: from GeoJSON or GeoPackage, or vertices of any source."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from chunshui import coordinates
from chunshui.circles.network import Network, Note, check_crs, count_note, from_vertices
from chunshui.circles.osm import walkable
from chunshui.errors import ChunshuiError

# Vertices of lines closer than this are one place: sloppy digitising, not two junctions.
JOIN_M = 0.05
# A dead end this near another street, without meeting it, was probably meant to join it.
NEAR_MISS_M = 1.0


def read_lines(path: Path | str, *, layer: str | None = None) -> Network:
    """Read street lines from GeoJSON or GeoPackage; see `from_lines`."""
    path = Path(path)
    try:
        layers = [name for name, _ in pyogrio.list_layers(path)]
        if layer is None and len(layers) > 1:
            raise ChunshuiError(
                f"步行路网文件 {path.name} 有多个图层：{'、'.join(layers)}。请指明用哪一个。"
            )
        frame = gpd.read_file(path, layer=layer)
    except pyogrio.errors.DataSourceError as error:
        raise ChunshuiError(
            f"步行路网文件 {path.name} 读不出来。请确认它是完整的 GeoJSON 或 GeoPackage 文件。"
        ) from error
    return from_lines(frame, name=path.name)


def from_lines(frame: gpd.GeoDataFrame, *, name: str = "步行路网") -> Network:
    """Join street lines into a network.

    Lines meet where they share a vertex, inside or at the end, to within `JOIN_M`. Lines that
    only cross do not meet: one may be a bridge. With a column `highway`, OpenStreetMap's rules of
    who may walk apply. Ids come from a column `edge_id`, `osm_id` or `id`, else the row number.

    Args:
        frame: Lines with a stated coordinate system: degrees, or metres of a projection true to
            length. Web Mercator is refused: here it stretches every metre by a sixth.
        name: What to call the source in messages.
    """
    if not isinstance(frame, gpd.GeoDataFrame):
        raise ChunshuiError(f"{name}没有几何列，无法作为步行路网。")
    check_crs(frame.crs, frame.total_bounds, name)
    ids = next((frame[c] for c in ("edge_id", "osm_id", "id") if c in frame), None)
    ids = np.arange(1, len(frame) + 1) if ids is None else ids.to_numpy()
    notes: list[Note] = []
    shapes = shapely.force_2d(frame.geometry.to_numpy())
    if "highway" in frame:
        tags = frame.reindex(columns=["highway", "foot", "access", "segregated"]).astype(object)
        tags = tags.where(tags.notna(), None)
        ok = np.array([walkable(row) for row in tags.to_dict("records")], dtype=bool)
        ok &= tags["highway"].notna().to_numpy()
        text = "{:,} 条道路不可步行（高速公路、禁止行人等），未计入。"
        notes += count_note("不可步行", int((~ok).sum()), text, ids[~ok])
        shapes, ids = shapes[ok], ids[ok]
    parts, row = shapely.get_parts(shapes, return_index=True)
    kind = shapely.get_type_id(parts)
    is_line = np.isin(kind, (1, 2)) & ~shapely.is_empty(parts)
    used = np.zeros(len(shapes), dtype=bool)
    used[row[is_line]] = True
    text = "{:,} 行不是线（空几何、点或面），未计入。"
    notes += count_note("不是线", int((~used).sum()), text, ids[~used])
    parts, row = parts[is_line], row[is_line]
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
    network = from_vertices(xy, _join(xy), line_of, ids[row], None, crs, notes)
    return _note_near_misses(network)


def _join(xy: np.ndarray) -> np.ndarray:
    """Number the places of these vertices: those within `JOIN_M` of each other are one."""
    unique, place = np.unique(xy, axis=0, return_inverse=True)
    pairs = cKDTree(unique).query_pairs(JOIN_M, output_type="ndarray")
    if len(pairs) == 0:
        return place
    n = len(unique)
    near = csr_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return connected_components(near, directed=False)[1][place]


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
        f"{{:,}} 个断头点离另一条路不到 {NEAR_MISS_M:.0f} 米却没有接上。"
        "若本应相通，请在地图软件中把两条线在交点处打断并接上。"
    )
    notes = network.notes + count_note("疑似未接上", len(missed), text, network.node_id[missed])
    return replace(network, notes=notes)
