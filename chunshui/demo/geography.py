"""The ground of the demonstration district: barriers, blocks, streets and communities.

The outline is the real one (schematic); all else is made here. Arterials, railway and bank cut
the land into superblocks, these are split again and again into city blocks, and blocks are dealt
out to streets and communities, so every border follows a road and neighbours share it exactly.

Everything is computed in metres: EPSG:4547 less `ORIGIN`. `to_degrees` goes to WGS-84.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.optimize import linear_sum_assignment
from shapely import LineString, MultiLineString, Point, Polygon

from chunshui.demo.stream import Stream
from chunshui.paths import REFERENCE

ORIGIN = (514_246.0, 3_382_588.0)
RIVER_HALF_WIDTH = 110.0
ARTERIAL_HALF_WIDTH = 18.0
RAIL_HALF_WIDTH = 16.0
SNAP = 0.1
"""Metres: the grid every line is noded on."""

# The Han runs along the outline between these two points (nearest vertices of the outline).
HAN_FROM, HAN_TO = (12_560.0, 303.0), (1_537.0, 4_719.0)

RAILWAYS = {
    "京广铁路（示意）": [
        (8330, 5900), (8010, 5500), (7500, 5150), (6950, 4700), (6500, 4150), (6130, 3500),
        (5820, 2900), (5600, 2400), (5480, 1900),
    ],
    "汉丹铁路（示意）": [
        (6640, 4330), (6050, 4560), (5100, 4720), (4000, 4880), (3000, 5060), (2100, 5380),
        (1300, 5800), (500, 6150), (-300, 6380),
    ],
}  # fmt: skip

ARTERIALS = {
    "解放大道": [
        (13000, 2300), (11100, 2020), (10450, 1880), (9300, 1850), (8250, 1750), (7250, 1860),
        (6500, 2350), (5500, 3050), (4650, 3420), (3700, 3780), (2850, 4180), (1900, 4500),
        (1000, 4900),
    ],
    "建设大道": [
        (9450, 2900), (8900, 2480), (8250, 2330), (7700, 2560), (6950, 3050), (6250, 3560),
        (5550, 3950), (4600, 4180), (3700, 4350), (2750, 4560), (2000, 5000), (900, 5250),
    ],
    "长丰大道": [
        (8300, 5300), (7400, 5420), (6600, 5520), (5300, 5560), (4300, 5640), (2600, 6050),
        (1500, 6400), (-200, 6900),
    ],
    "京汉大道": [(12900, 1560), (11600, 1440), (10480, 1290), (9250, 1240), (8230, 1300)],
    "中山大道": [(12900, 900), (12100, 860), (11500, 760), (10500, 820), (9700, 830)],
    "二环线": [
        (7250, 900), (7260, 1860), (7100, 2450), (6950, 3050), (6700, 3650), (6230, 4200),
        (5900, 4900), (5750, 5550), (5650, 6300), (5600, 7400),
    ],
    "三环线": [
        (3080, 2300), (3020, 3200), (2850, 4180), (2750, 4560), (2700, 5200), (2600, 6050),
        (2450, 6900), (2350, 8000),
    ],
    "古田二路": [
        (4750, 2200), (4650, 3420), (4600, 4180), (4450, 4900), (4300, 5640), (4250, 6500),
        (4220, 7400),
    ],
    "硚口路": [(8200, 1000), (8230, 1300), (8250, 1750), (8250, 2330), (8230, 2700)],
    "宝丰路": [(9120, 500), (9250, 1240), (9300, 1850), (9380, 2700)],
    "武胜路": [(10380, 150), (10500, 820), (10480, 1290), (10450, 1880), (10400, 2700)],
    "利济路": [(11300, -80), (11500, 760), (11600, 1440), (11640, 2300)],
}  # fmt: skip

# Open land without homes: centre and half-axes in metres.
PARKS = {
    "竹叶海": (2180, 4080, 260, 190),
    "张毕湖": (2000, 5900, 520, 270),
    "园博园": (6450, 6250, 480, 420),
    "古田绿地": (3650, 2550, 330, 180),
    "水厂": (6700, 1560, 260, 170),
    "中山公园": (10050, 2230, 190, 130),
}

# Where a community's name says it lies: east and north within its street, 0 … 1.
PLACED = {
    "舵落口社区": (0.1, 0.8), "竹叶海社区": (0.25, 0.6), "张公堤社区": (0.1, 0.85),
    "张公堤北社区": (0.1, 1.0), "张毕湖社区": (0.2, 0.9), "工农社区": (0.7, 0.2),
    "天顺园北社区": (0.85, 0.6), "天顺园南社区": (0.85, 0.45), "紫润北社区": (0.3, 0.55),
    "紫润南社区": (0.3, 0.35), "园博北社区": (0.65, 0.8), "园博南社区": (0.65, 0.55),
    "古南社区": (0.6, 0.0), "水厂社区": (0.15, 0.0), "汉西社区": (0.05, 0.8),
    "井南社区": (0.9, 0.1), "营北社区": (0.6, 0.95), "营南社区": (0.6, 0.3),
    "营房社区": (0.55, 0.6), "营前社区": (0.75, 0.5), "桥北社区": (0.1, 0.9),
    "利北社区": (0.9, 0.9), "荣西社区": (0.2, 0.5), "武胜社区": (0.0, 0.6),
    "荣东社区": (0.1, 0.5), "大新社区": (0.9, 0.1), "宝庆社区": (0.3, 0.0),
    "长宜社区": (1.0, 0.4), "常码社区": (0.9, 0.9), "东风社区": (0.05, 0.6),
}  # fmt: skip

BEHIND_RAILWAY = "420104002008"
"""The community (四新社区) that fills the pocket between railway and district border."""
POCKET = [(8400, 5950), *RAILWAYS["京广铁路（示意）"][:4], (6790, 4500), (7000, 4100), (8700, 4500)]

# Mean block size in hectares: fine grain in the old town, coarse in the former factory belt.
BLOCK_HECTARES = {
    "古田街道": 2.9, "韩家墩街道": 2.3, "宗关街道": 2.4, "汉水桥街道": 1.7, "宝丰街道": 1.7,
    "荣华街道": 1.15, "汉中街道": 1.2, "汉正街道": 1.1, "六角亭街道": 1.2, "长丰街道": 3.4,
    "易家街道": 4.2,
}  # fmt: skip


@dataclass
class Ground:
    """Shapes in metres (EPSG:4547 less ORIGIN) and the two rosters.

    `blocks` has one row per city block: shape, area_m2, use (住宅 | 公园 | 水面), street_code,
    community_code. `streets` and `communities` are the rosters with their shapes. `barriers` has
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
def _transformer(inverse: bool) -> Transformer:
    ends = ("EPSG:4326", "EPSG:4547")
    return Transformer.from_crs(*(ends[::-1] if inverse else ends), always_xy=True)


def to_metres(lonlat: np.ndarray) -> np.ndarray:
    """Shape (n, 2) WGS-84 degrees → metres east and north of ORIGIN."""
    x, y = _transformer(False).transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([x - ORIGIN[0], y - ORIGIN[1]])


def to_degrees(xy: np.ndarray) -> np.ndarray:
    """Shape (n, 2) metres east and north of ORIGIN → WGS-84 degrees, seven decimals."""
    lon, lat = _transformer(True).transform(xy[:, 0] + ORIGIN[0], xy[:, 1] + ORIGIN[1])
    return np.round(np.column_stack([lon, lat]), 7)


def read_reference(name: str) -> pd.DataFrame:
    """One of the small CSV files of data/reference, codes as text."""
    with Path(REFERENCE, name).open(encoding="utf-8-sig", newline="") as file:
        return pd.DataFrame(list(csv.DictReader(file)))


def build() -> Ground:
    """Make the ground. Takes about two seconds; the same every time."""
    outline = _outline()
    han = _han(outline)
    river = han.buffer(RIVER_HALF_WIDTH, quad_segs=4)
    barriers = _barriers(han, river, outline)
    streets = read_reference("streets.csv")
    streets["area_km2_2016"] = streets["area_km2_2016"].astype(float)
    sites = to_metres(streets[["schematic_lon", "schematic_lat"]].to_numpy(float))
    goal = streets["area_km2_2016"].to_numpy()
    goal = goal / goal.sum() * outline.area
    power = _street_power(outline, sites, goal)
    parks = _parks(outline, river)
    pieces, lanes, fixed = _split(outline, river, barriers, parks, sites, power, streets)
    blocks = _blocks(outline, river, parks, fixed, lanes)
    neighbours = _neighbours(blocks["shape"].to_numpy(), lines_of(barriers, "铁路"))
    blocks["street"] = _deal_to_streets(blocks, neighbours, sites, power, goal)
    communities = read_reference("communities.csv").query("kind == '居民委员会'")
    blocks["community_code"] = _deal_to_communities(blocks, neighbours, streets, communities)
    blocks["street_code"] = blocks["community_code"].str[:9]
    communities = communities.reset_index(drop=True)
    shapes = {
        code: shapely.coverage_union_all(group.to_numpy())
        for code, group in blocks.groupby("community_code")["shape"]
    }
    smooth = shapely.coverage_simplify([shapes[c] for c in communities["community_code"]], 4.0)
    communities["shape"] = smooth
    streets["shape"] = [
        shapely.coverage_union_all(smooth[communities["street_code"] == code])
        for code in streets["street_code"]
    ]
    return Ground(
        outline=shapely.coverage_union_all(streets["shape"].to_numpy()),
        river=river,
        barriers=barriers,
        lanes=lanes,
        blocks=blocks.drop(columns="street"),
        streets=streets,
        communities=communities,
    )


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


def _smooth(points: list[tuple[float, float]], rounds: int = 2) -> LineString:
    """Chaikin's corner cutting, ends kept."""
    line = np.asarray(points, float)
    for _ in range(rounds):
        a, b = line[:-1], line[1:]
        line = np.vstack(
            [
                line[:1],
                np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], 1).reshape(-1, 2),
                line[-1:],
            ]
        )
    return LineString(line).simplify(1.5)


def _barriers(han: LineString, river: Polygon, outline: Polygon) -> pd.DataFrame:
    land = outline.difference(river)
    rows = [("汉江（示意）", "河流", river)]
    rows += [(name, "铁路", _smooth(points)) for name, points in RAILWAYS.items()]
    arterials = {name: _smooth(points) for name, points in ARTERIALS.items()}
    # The riverside avenue follows the bank from the eastern tip to the railway bridge.
    bank = han.buffer(RIVER_HALF_WIDTH + 55, quad_segs=4).simplify(6).exterior
    riverside = shapely.line_merge(
        bank.intersection(outline).intersection(shapely.box(5600, -500, 12_700, 2_600))
    )
    arterials["沿河大道"] = max(getattr(riverside, "geoms", [riverside]), key=lambda g: g.length)
    for name, line in arterials.items():
        inside = shapely.line_merge(line.intersection(land))
        longest = max(getattr(inside, "geoms", [inside]), key=lambda g: g.length)
        rows.append((f"{name}（示意）", "主干道", longest))
    frame = pd.DataFrame(rows, columns=["barrier_name", "kind", "shape"])
    rail = frame["kind"] == "铁路"
    frame.loc[rail, "shape"] = [shape.intersection(outline) for shape in frame.loc[rail, "shape"]]
    frame.insert(0, "barrier_id", [f"ZA-{n:02d}" for n in range(1, len(frame) + 1)])
    return frame


def _parks(outline: Polygon, river: Polygon) -> list[Polygon]:
    land = outline.difference(river.buffer(30))
    shapes = []
    for name, (x, y, wide, high) in PARKS.items():
        turn = np.linspace(0, 2 * np.pi, 17)[:-1]
        wobble = 1 + 0.18 * (Stream("park", name).many(16) - 0.5)
        ring = np.column_stack([x + wide * wobble * np.cos(turn), y + high * wobble * np.sin(turn)])
        shapes.append(Polygon(ring).intersection(land))
    return shapes


def _power_label(xy: np.ndarray, sites: np.ndarray, power: np.ndarray) -> np.ndarray:
    distance = ((xy[:, None, :] - sites[None, :, :]) ** 2).sum(2)
    return np.argmin(distance - power, axis=1)


def _fit_power(
    xy: np.ndarray,
    area: np.ndarray,
    sites: np.ndarray,
    goal: np.ndarray,
    power: np.ndarray,
    rounds: int,
) -> np.ndarray:
    """Weights of a power diagram whose cells have the wanted areas (damped fixed point)."""
    power = power.copy()
    scale = goal.mean()
    step = 0.5
    for _ in range(rounds):
        have = np.bincount(_power_label(xy, sites, power), area, len(sites))
        power += step * (goal - have) / goal * np.sqrt(goal * scale)
        step *= 0.985
    return power - power.mean()


def _street_power(outline: Polygon, sites: np.ndarray, goal: np.ndarray) -> np.ndarray:
    x0, y0, x1, y1 = outline.bounds
    grid = np.stack(np.meshgrid(np.arange(x0, x1, 60), np.arange(y0, y1, 60)), -1).reshape(-1, 2)
    shapely.prepare(outline)
    grid = grid[shapely.contains_xy(outline, grid[:, 0], grid[:, 1])]
    area = np.full(len(grid), outline.area / len(grid))
    return _fit_power(grid, area, sites, goal, np.zeros(len(sites)), 250)


def _split(outline, river, barriers, parks, sites, power, streets):
    """Superblocks split into blocks; returns (pieces, lanes, fixed lines)."""
    land = outline.difference(river)
    fixed = [outline.exterior, river.exterior.intersection(outline)]
    fixed += [shape for shape in barriers.loc[barriers["kind"] != "河流", "shape"]]
    fixed += [park.exterior for park in parks]
    net = shapely.union_all(fixed, grid_size=SNAP)
    superblocks = [
        p for p in shapely.polygonize([net]).geoms if land.contains(p.representative_point())
    ]
    green = shapely.union_all(parks)
    draw = Stream("blocks")
    lanes: list[tuple[LineString, int]] = []
    pieces: list[Polygon] = []
    goals = np.array([BLOCK_HECTARES[name] * 1e4 for name in streets["street_name"]])

    def split(piece: Polygon, depth: int) -> None:
        centre = shapely.get_coordinates(piece.centroid)
        goal = goals[_power_label(centre, sites, power)[0]] * draw.one(0.85, 1.75)
        if piece.area < goal:
            pieces.append(piece)
            return
        box = shapely.get_coordinates(shapely.oriented_envelope(piece))
        sides = np.diff(box[:3], axis=0)
        long = sides[np.argmax(np.hypot(*sides.T))]
        length = np.hypot(*long)
        along = long / length
        across = np.array([-along[1], along[0]])
        corner = box[:4].mean(0) + along * length * (draw.one(0.40, 0.60) - 0.5)
        tilt = draw.one(-0.05, 0.05)
        across = across + along * tilt
        reach = 6_000
        knife = LineString([corner - across * reach, corner + across * reach])
        cut = knife.intersection(piece)
        side = Polygon(
            [*knife.coords, corner + (across + along) * reach, corner + (along - across) * reach]
        )
        for part in shapely.get_parts(cut):
            if part.length > 1:
                lanes.append((part, depth))
        for half in (piece.intersection(side), piece.difference(side)):
            for part in shapely.get_parts(half):
                if part.geom_type == "Polygon" and part.area > 50:
                    split(part, depth + 1)

    for block in superblocks:
        if green.contains(block.representative_point()):
            pieces.append(block)
        else:
            split(block, 0)
    lanes = pd.DataFrame(lanes, columns=["shape", "depth"])
    return pieces, lanes, fixed


def _blocks(outline, river, parks, fixed, lanes) -> pd.DataFrame:
    """Polygons between all lines, the river strip cut every 150 m so that it can be dealt out."""
    bank = river.exterior.intersection(outline)
    lines = shapely.get_parts(shapely.line_merge(bank))
    bank = max(lines, key=lambda g: g.length)
    rungs = []
    for at in np.arange(75, bank.length, 150):
        here, ahead = (shapely.get_coordinates(bank.interpolate(d))[0] for d in (at, at + 1))
        normal = np.array([-(ahead - here)[1], (ahead - here)[0]])
        normal /= np.hypot(*normal)
        for sign in (1, -1):
            rung = LineString([here, here + sign * normal * (RIVER_HALF_WIDTH + 15)])
            if river.contains(Point(here + sign * normal * 20)):
                rungs.append(rung)
    net = shapely.union_all([*fixed, *lanes["shape"], *rungs], grid_size=SNAP)
    shapes = np.array(
        [p for p in shapely.polygonize([net]).geoms if outline.contains(p.representative_point())]
    )
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    shapes = shapes[np.lexsort((centre[:, 1], centre[:, 0]))]
    inner = shapely.point_on_surface(shapes)
    use = np.full(len(shapes), "住宅", object)
    use[shapely.contains(shapely.union_all(parks), inner)] = "公园"
    use[shapely.contains(river, inner)] = "水面"
    return pd.DataFrame({"shape": shapes, "area_m2": shapely.area(shapes), "use": use})


def _neighbours(shapes: np.ndarray, railway: MultiLineString) -> list[dict[int, float]]:
    """For each block: its neighbours and the metres of border shared with each.

    Metres along the railway count a tenth, so that communities rather end there.
    """
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    same = owner[:-1] == owner[1:]
    a, b, owner = coords[:-1][same], coords[1:][same], owner[:-1][same]
    length = np.hypot(*(a - b).T)
    on_railway = shapely.dwithin(shapely.points((a + b) / 2), railway, 1.0)
    length = np.where(on_railway, 0.1 * length, length)
    key = np.round(
        np.where(
            (a < b).all(1)[:, None] | (a[:, :1] < b[:, :1]), np.hstack([a, b]), np.hstack([b, a])
        ),
        2,
    )
    shared = defaultdict(list)
    for k, (edge, who) in enumerate(zip(map(tuple, key), owner, strict=True)):
        shared[edge].append((who, length[k]))
    table: list[dict[int, float]] = [defaultdict(float) for _ in shapes]
    for pair in shared.values():
        if len(pair) == 2 and pair[0][0] != pair[1][0]:
            (i, metres), (j, _) = pair
            table[i][j] += metres
            table[j][i] += metres
    return table


def _join_islands(
    label: np.ndarray, area: np.ndarray, neighbours, within: np.ndarray
) -> np.ndarray:
    """Give every part of a label that is cut off from its main part to the label around it.

    Only blocks with the same `within` may exchange; a label never vanishes.
    """
    label = label.copy()
    for _ in range(30):
        seen = np.full(len(label), -1)
        parts: list[list[int]] = []
        for start in range(len(label)):
            if seen[start] >= 0:
                continue
            seen[start] = len(parts)
            stack, part = [start], []
            while stack:
                i = stack.pop()
                part.append(i)
                for j in neighbours[i]:
                    if seen[j] < 0 and label[j] == label[i] and within[j] == within[i]:
                        seen[j] = len(parts)
                        stack.append(j)
            parts.append(part)
        main: dict[int, int] = {}
        for number, part in enumerate(parts):
            best = main.get(label[part[0]])
            if best is None or area[part].sum() > area[parts[best]].sum():
                main[label[part[0]]] = number
        moved = False
        for number, part in enumerate(parts):
            if main[label[part[0]]] == number:
                continue
            touch: dict[int, float] = defaultdict(float)
            for i in part:
                for j, metres in neighbours[i].items():
                    if label[j] != label[i] and within[j] == within[i]:
                        touch[label[j]] += metres
            if touch:
                label[part] = max(sorted(touch), key=lambda t: touch[t])
                moved = True
        if not moved:
            break
    return label


def _round_off(label: np.ndarray, neighbours, within: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Hand single blocks that stick out to the label that surrounds them most."""
    label = label.copy()
    for _ in range(4):
        for i in np.flatnonzero(~fixed):
            touch: dict[int, float] = defaultdict(float)
            for j, metres in neighbours[i].items():
                if within[j] == within[i] and not fixed[j]:
                    touch[label[j]] += metres
            if not touch:
                continue
            best = max(sorted(touch), key=lambda t: touch[t])
            alone = np.count_nonzero(label == label[i]) < 4
            if best != label[i] and touch[best] > 1.7 * touch[label[i]] and not alone:
                label[i] = best
    return label


def _deal_to_streets(blocks, neighbours, sites, power, goal) -> np.ndarray:
    shapes = blocks["shape"].to_numpy()
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    area = blocks["area_m2"].to_numpy()
    water = (blocks["use"] == "水面").to_numpy()
    power = _fit_power(centre, area, sites, goal, power, 120)
    label = _power_label(centre, sites, power)
    one = np.zeros(len(label), int)
    for _ in range(3):
        label = _round_off(label, neighbours, one, water)
        label = _follow_bank(label, water, neighbours)
        label = _join_islands(label, area, neighbours, one)
    return label


def _follow_bank(label: np.ndarray, water: np.ndarray, neighbours) -> np.ndarray:
    """Water belongs to whoever owns the bank it touches most."""
    label = label.copy()
    for i in np.flatnonzero(water):
        touch: dict[int, float] = defaultdict(float)
        for j, metres in neighbours[i].items():
            if label[j] >= 0:
                # Water beside water counts only where there is no bank.
                touch[label[j]] += metres if not water[j] else 0.001 * metres
        if touch:
            label[i] = max(sorted(touch), key=lambda t: touch[t])
    return label


def _deal_to_communities(blocks, neighbours, streets, communities) -> np.ndarray:
    """Community code per block: compact cells of uneven size within each street."""
    shapes = blocks["shape"].to_numpy()
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    area = blocks["area_m2"].to_numpy()
    water = (blocks["use"] == "水面").to_numpy()
    street = blocks["street"].to_numpy()
    label = np.full(len(blocks), -1)
    # East of the railway and north of the notch in the outline: a pocket with one way in.
    behind = (street == list(streets["street_code"]).index(BEHIND_RAILWAY[:9])) & ~water
    behind &= shapely.contains(shapely.polygons(POCKET), shapely.point_on_surface(shapes))
    cells: list[tuple[int, np.ndarray]] = []
    for s, code in enumerate(streets["street_code"]):
        draw = Stream("community cells", code)
        n = int((communities["street_code"] == code).sum())
        if code == BEHIND_RAILWAY[:9]:
            label[behind] = len(cells)
            cells.append((s, 0))
            n -= 1
        mine = np.flatnonzero((street == s) & ~water & ~behind)
        xy, mass = centre[mine], area[mine]
        goal = draw.lognormal(n, 0.30)
        goal *= mass.sum() / goal.sum()
        sites = xy[draw.sample(len(mine), n, mass)]
        power = np.zeros(n)
        for _ in range(25):
            power = _fit_power(xy, mass, sites, goal, power, 8)
            cell = _power_label(xy, sites, power)
            for k in range(n):
                if (cell == k).any():
                    sites[k] = np.average(xy[cell == k], axis=0, weights=mass[cell == k])
                else:
                    sites[k], power[k] = xy[draw.sample(len(mine), 1)[0]], power.max()
        cell = _power_label(xy, sites, _fit_power(xy, mass, sites, goal, power, 60))
        label[mine] = cell + len(cells)
        cells += [(s, k) for k in range(n)]
    for _ in range(3):
        label = _round_off(label, neighbours, street, water | behind)
        label = _follow_bank(label, water, neighbours)
        label = _join_islands(label, area, neighbours, street)
    names = np.empty(len(cells), object)
    for s, code in enumerate(streets["street_code"]):
        numbers = [k for k, (owner, _) in enumerate(cells) if owner == s]
        middle = np.array(
            [np.average(centre[label == k], axis=0, weights=area[label == k]) for k in numbers]
        )
        rows = communities[communities["street_code"] == code]
        if code == BEHIND_RAILWAY[:9]:
            names[numbers[0]] = BEHIND_RAILWAY
            numbers, middle = numbers[1:], middle[1:]
            rows = rows[rows["community_code"] != BEHIND_RAILWAY]
        names[numbers] = _name_cells(middle, rows, code)
    return names[label]


def _name_cells(middle: np.ndarray, rows: pd.DataFrame, code: str) -> np.ndarray:
    """Codes for the cells at `middle`: names that tell a place go there, the rest by lot."""
    low, high = middle.min(0), middle.max(0)
    where = (middle - low) / np.maximum(high - low, 1)
    draw = Stream("community names", code)
    cost = np.empty((len(rows), len(middle)))
    for r, name in enumerate(rows["community_name"]):
        if name in PLACED:
            cost[r] = 10 * np.hypot(*(where - PLACED[name]).T)
        else:
            cost[r] = draw.many(len(middle))
    row, column = linear_sum_assignment(cost)
    codes = np.empty(len(middle), object)
    codes[column] = rows["community_code"].to_numpy()[row]
    return codes


def lines_of(barriers: pd.DataFrame, kind: str) -> MultiLineString:
    """All barrier lines of one kind as one geometry."""
    parts = [
        p for s in barriers.loc[barriers["kind"] == kind, "shape"] for p in shapely.get_parts(s)
    ]
    return MultiLineString(parts)
