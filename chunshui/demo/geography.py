"""The ground of the demonstration district: barriers, blocks, streets and communities.

The outline is the real one (schematic); all else is made here. Arterials, railway and bank cut
the land into superblocks, these are split again and again into city blocks, and blocks are dealt
out to streets and communities, so every border follows a road and neighbours share it exactly.

Everything is computed in metres: EPSG:4547 less `ORIGIN`. `to_degrees` goes to WGS-84.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely import LineString, MultiLineString, Point, Polygon

from chunshui.demo import cells
from chunshui.demo.sketch import ARTERIALS, BLOCK_HECTARES, HAN_FROM, HAN_TO, PARKS, RAILWAYS
from chunshui.demo.stream import Stream
from chunshui.paths import REFERENCE

ORIGIN = (514_246.0, 3_382_588.0)
"""Metres east and north in EPSG:4547: the south-western corner of the outline's bounds."""
RIVER_HALF_WIDTH = 110.0
ARTERIAL_HALF_WIDTH = 18.0
RAIL_HALF_WIDTH = 16.0
SNAP = 0.1
"""Metres: the grid every line is noded on."""
SIMPLIFIED = 4.0
"""Metres: how much the borders of communities are simplified."""


@dataclass
class Ground:
    """Shapes in metres (EPSG:4547 less ORIGIN) and the two rosters.

    `blocks` has one row per city block: shape, area_m2, use (住宅 | 公园 | 水面), street_code,
    community_code. `streets` and `communities` are the rosters with their shapes, `stem` is a
    community's name without 社区. `barriers` has
    barrier_name, kind, shape. `lanes` are the streets that split the superblocks, with `depth`.
    """

    outline: Polygon
    river: Polygon
    barriers: pd.DataFrame
    lanes: pd.DataFrame
    blocks: pd.DataFrame
    streets: pd.DataFrame
    communities: pd.DataFrame


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:4547", always_xy=True)


def to_metres(lonlat: np.ndarray) -> np.ndarray:
    """Shape (n, 2) WGS-84 degrees → metres east and north of ORIGIN."""
    return np.column_stack(_transformer().transform(*lonlat.T)) - ORIGIN


def to_degrees(xy: np.ndarray) -> np.ndarray:
    """Shape (n, 2) metres east and north of ORIGIN → WGS-84 degrees, seven decimals."""
    x, y = (xy + ORIGIN).T
    lonlat = _transformer().transform(x, y, direction="INVERSE")
    return np.round(np.column_stack(lonlat), 7)


def read_reference(name: str) -> pd.DataFrame:
    """One of the small CSV files of data/reference, codes as text."""
    with Path(REFERENCE, name).open(encoding="utf-8-sig", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def build() -> Ground:
    """Make the ground. Takes about a second and a half; the same every time."""
    outline = _outline()
    han = _han(outline)
    river = han.buffer(RIVER_HALF_WIDTH, quad_segs=4)
    barriers = _barriers(han, river, outline)
    streets = read_reference("streets.csv")
    sites = to_metres(streets[["schematic_lon", "schematic_lat"]].to_numpy(float))
    goal = streets["area_km2_2016"].to_numpy(float)
    goal *= outline.area / goal.sum()
    power = cells.street_power(outline, sites, goal)

    parks = _parks(outline, river)
    lines = [outline.exterior, river.exterior.intersection(outline)]
    lines += [*barriers.loc[barriers["kind"] != "河流", "shape"]]
    lines += [park.exterior for park in parks]
    block_m2 = np.array([BLOCK_HECTARES[name] * 1e4 for name in streets["street_name"]])
    lanes = _lanes(
        _superblocks(outline, river, lines, parks),
        lambda xy: block_m2[cells.power_label(xy, sites, power)[0]],
    )
    blocks = _blocks(outline, river, parks, [*lines, *lanes["shape"]])

    neighbours = cells.find_neighbours(blocks["shape"].to_numpy(), lines_of(barriers, "铁路"))
    street = cells.deal_to_streets(blocks, neighbours, sites, power, goal)
    # The one villagers' committee has no community; its land goes to its neighbours.
    communities = read_reference("communities.csv").query("kind == '居民委员会'")
    communities = communities.reset_index(drop=True)
    communities["stem"] = communities["community_name"].str.removesuffix("社区")
    codes = streets["street_code"].to_numpy()[street]
    blocks["community_code"] = cells.deal_to_communities(blocks, neighbours, codes, communities)
    blocks["street_code"] = blocks["community_code"].str[:9]

    whole = blocks.groupby("community_code")["shape"].agg(shapely.coverage_union_all)
    whole = whole.loc[communities["community_code"]]
    shapes = shapely.coverage_simplify(whole.to_numpy(), SIMPLIFIED)
    communities["shape"] = shapes
    streets["shape"] = [
        shapely.coverage_union_all(shapes[communities["street_code"] == code])
        for code in streets["street_code"]
    ]
    return Ground(
        outline=shapely.coverage_union_all(shapes),
        river=river,
        barriers=barriers,
        lanes=lanes,
        blocks=blocks,
        streets=streets,
        communities=communities,
    )


def lines_of(barriers: pd.DataFrame, kind: str) -> MultiLineString:
    """All barrier lines of one kind as one geometry."""
    shapes = barriers.loc[barriers["kind"] == kind, "shape"].to_numpy()
    return MultiLineString(list(shapely.get_parts(shapes)))


def _outline() -> Polygon:
    text = Path(REFERENCE, "district_outline.geojson").read_text(encoding="utf-8")
    shape = shapely.from_geojson(text).geoms[0]
    return Polygon(to_metres(shapely.get_coordinates(shape.exterior)))


def _han(outline: Polygon) -> LineString:
    """The part of the outline that lies in the river, from the east to the west."""
    ring = shapely.get_coordinates(outline.exterior)[:-1]
    first, last = (int(np.argmin(np.hypot(*(ring - point).T))) for point in (HAN_FROM, HAN_TO))
    ring = np.roll(ring, -first, axis=0)
    last = (last - first) % len(ring)
    forth, back = ring[: last + 1], np.vstack([ring[last:], ring[:1]])[::-1]
    south = min((forth, back), key=lambda line: line[:, 1].mean())
    return LineString(south)


def _smooth(points: Sequence[tuple[float, float]], rounds: int = 2) -> LineString:
    """Chaikin's corner cutting, ends kept."""
    line = np.asarray(points, float)
    for _ in range(rounds):
        a, b = line[:-1], line[1:]
        cut = np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], 1).reshape(-1, 2)
        line = np.vstack([line[:1], cut, line[-1:]])
    return LineString(line).simplify(1.5)


def _barriers(han: LineString, river: Polygon, outline: Polygon) -> pd.DataFrame:
    land = outline.difference(river)
    rows = [("汉江（示意）", "河流", river)]
    rows += [(name, "铁路", _smooth(points)) for name, points in RAILWAYS.items()]
    arterials = {name: _smooth(points) for name, points in ARTERIALS.items()}
    # The riverside avenue follows the bank from the eastern tip to the railway bridge.
    bank = han.buffer(RIVER_HALF_WIDTH + 55, quad_segs=4).simplify(6).exterior
    eastern = shapely.box(5600, -500, 12_700, 2_600)
    arterials["沿河大道"] = _longest(bank.intersection(outline).intersection(eastern))
    rows += [
        (f"{name}（示意）", "主干道", _longest(line.intersection(land)))
        for name, line in arterials.items()
    ]
    frame = pd.DataFrame(rows, columns=["barrier_name", "kind", "shape"])
    rail = frame["kind"] == "铁路"
    frame.loc[rail, "shape"] = [shape.intersection(outline) for shape in frame.loc[rail, "shape"]]
    frame.insert(0, "barrier_id", [f"ZA-{n:02d}" for n in range(1, len(frame) + 1)])
    return frame


def _longest(lines: shapely.Geometry) -> LineString:
    """The longest of the lines that these make when joined end to end."""
    return max(shapely.get_parts(shapely.line_merge(lines)), key=shapely.length)


def _parks(outline: Polygon, river: Polygon) -> list[Polygon]:
    land = outline.difference(river.buffer(30))
    shapes = []
    for name, (x, y, wide, high) in PARKS.items():
        turn = np.linspace(0, 2 * np.pi, 17)[:-1]
        wobble = 1 + 0.18 * (Stream("park", name).many(16) - 0.5)
        ring = np.column_stack([x + wide * wobble * np.cos(turn), y + high * wobble * np.sin(turn)])
        shapes.append(Polygon(ring).intersection(land))
    return shapes


def _superblocks(
    outline: Polygon, river: Polygon, lines: list, parks: list[Polygon]
) -> list[Polygon]:
    """The land between the given lines, parks left out."""
    land = outline.difference(river).difference(shapely.union_all(parks))
    net = shapely.union_all(lines, grid_size=SNAP)
    faces = shapely.get_parts(shapely.polygonize([net]))
    return [face for face in faces if land.contains(face.representative_point())]


def _lanes(superblocks: list[Polygon], block_m2: Callable[[np.ndarray], float]) -> pd.DataFrame:
    """The streets that split the superblocks, with how deep in the splitting each came.

    A piece is cut across its long side, near the middle, until it is smaller than `block_m2`
    at its centre; the lines run a little askew, as streets laid out over the years do.
    """
    draw = Stream("blocks")
    lanes: list[tuple[LineString, int]] = []
    far = 6_000  # longer than any superblock

    def split(piece: Polygon, depth: int) -> None:
        centre = shapely.get_coordinates(piece.centroid)
        if piece.area < block_m2(centre) * draw.one(0.85, 1.75):
            return
        box = shapely.get_coordinates(shapely.oriented_envelope(piece))
        sides = np.diff(box[:3], axis=0)
        long = sides[np.argmax(np.hypot(*sides.T))]
        length = np.hypot(*long)
        along = long / length
        at = box[:4].mean(0) + along * length * (draw.one(0.40, 0.60) - 0.5)
        across = np.array([-along[1], along[0]]) + along * draw.one(-0.05, 0.05)
        knife = LineString([at - across * far, at + across * far])
        side = Polygon([*knife.coords, at + (across + along) * far, at + (along - across) * far])
        cuts = shapely.get_parts(knife.intersection(piece))
        lanes.extend((cut, depth) for cut in cuts if cut.length > 1)
        for half in (piece.intersection(side), piece.difference(side)):
            for part in shapely.get_parts(half):
                if part.geom_type == "Polygon" and part.area > 50:
                    split(part, depth + 1)

    for superblock in superblocks:
        split(superblock, 0)
    return pd.DataFrame(lanes, columns=["shape", "depth"])


def _blocks(outline: Polygon, river: Polygon, parks: list[Polygon], lines: list) -> pd.DataFrame:
    """Polygons between all lines; the river is cut every 150 m so that it can be dealt out."""
    bank = _longest(river.exterior.intersection(outline))
    rungs = []
    for at in np.arange(75, bank.length, 150):
        here, ahead = shapely.get_coordinates(bank.interpolate([at, at + 1]))
        normal = np.array([here[1] - ahead[1], ahead[0] - here[0]]) / np.hypot(*(ahead - here))
        for way in (normal, -normal):
            if river.contains(Point(here + way * 20)):
                rungs.append(LineString([here, here + way * (RIVER_HALF_WIDTH + 15)]))
    net = shapely.union_all([*lines, *rungs], grid_size=SNAP)
    shapes = shapely.get_parts(shapely.polygonize([net]))
    inner = shapely.point_on_surface(shapes)
    shapes = shapes[shapely.contains(outline, inner)]
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    shapes = shapes[np.lexsort((centre[:, 1], centre[:, 0]))]
    inner = shapely.point_on_surface(shapes)
    use = np.full(len(shapes), "住宅", object)
    use[shapely.contains(shapely.union_all(parks), inner)] = "公园"
    use[shapely.contains(river, inner)] = "水面"
    return pd.DataFrame({"shape": shapes, "area_m2": shapely.area(shapes), "use": use})
