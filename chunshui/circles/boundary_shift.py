"""Find layers of boundaries that as a whole are in another coordinate system than they state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import shapely

from chunshui import coordinates, paths, words
from chunshui.coordinates import BD09, GCJ02

# The layers, each judged once those before it are known to be right: points stand in communities,
# communities make up streets, streets the district.
LAYERS = {"community": "community_code", "street": "street_code", "district": "district_code"}
POINTS = ("station", "premises", "neighbourhood", "grid_unit", "building")
OUTLINE = paths.REFERENCE / "district_outline.geojson"
STATE = "在台账里把坐标系写明为 {} 后重新入库，系统会换算"
POINTS_NAME = "点位"
# Two maps of one place: the share of their common area that only one of them covers. A reading is
# clearly better when it at least halves that, and by so much of the area.
BETTER_BY = 0.02
GRID_DEGREES = 1e-8  # about a millimetre: what lies nearer together is one line
WRITTEN = ""

# A layer stands in the tables as WGS-84 by what it states. It may really be in another system, or
# have been WGS-84 all along and been converted for nothing (`twice`).
_READINGS: dict[str, coordinates.Change] = {
    WRITTEN: lambda lon, lat: (lon, lat),
    GCJ02: lambda lon, lat: coordinates.to_wgs84(lon, lat, GCJ02),
    BD09: lambda lon, lat: coordinates.to_wgs84(lon, lat, BD09),
    f"{GCJ02} twice": lambda lon, lat: coordinates.from_wgs84(lon, lat, GCJ02),
    f"{BD09} twice": lambda lon, lat: coordinates.from_wgs84(lon, lat, BD09),
}


@dataclass(frozen=True)
class Shift:
    """A layer, or the part of it from one sheet, that another reading makes fit.

    `system` is what it really is, or what it was converted from for nothing where `twice`;
    `evidence` is a Chinese clause, `metres` how far it lies off.
    """

    table: str
    source_id: str
    code: str
    shapes: int
    system: str
    twice: bool
    metres: float
    evidence: str

    @property
    def message(self) -> str:
        """What is wrong, in one sentence."""
        word = words.ENTITIES[self.table]
        what = f"{self.shapes:,}个{word}的边界" if self.shapes > 1 else f"{word}边界"
        seems = (
            f"像是本来就是 WGS-84，却按 {self.system} 多换算了一次"
            if self.twice
            else f"很可能是 {self.system}"
        )
        return f"{what}整体偏移约{self.metres:,.0f}米，{seems}：{self.evidence}。"

    @property
    def mend(self) -> str:
        """What to do about it."""
        if self.twice:
            return "请在台账里把坐标系写明为 WGS-84 后重新入库。"
        return (
            "网上地图（高德、腾讯、DataV 等）的边界多是 GCJ-02，百度的是 BD-09。"
            f"请核实来源，{STATE.format(self.system)}。"
        )


def shifted_layers(
    tables: Mapping[str, pd.DataFrame], below: Mapping[str, pd.DataFrame]
) -> tuple[list[Shift], dict[str, pd.DataFrame]]:
    """Judge each layer of boundaries, sheet by sheet; return what is off, and the layers mended.

    What decides is the first of these that says clearly whether the boundaries fit as written or
    read otherwise: the outline that comes with the software (of its own district only), the
    points that name their community, the layers judged before, the version `below` (rows of the
    three layers; empty without one), the layers not yet judged. Neither the version below nor layers
    not yet judged can say that a layer was converted for nothing: they may be what is wrong.
    """
    layers = {table: tables[table].assign(shape=_shapes(tables[table])) for table in LAYERS}
    under = {t: rows.assign(shape=_shapes(rows)) for t, rows in below.items() if len(rows)}
    points = _points(tables)
    found = []
    for table in LAYERS:
        rows = layers[table]
        for source, part in rows.groupby("source_id", sort=True):
            shapes = {name: _read(part["shape"], name) for name in _READINGS}
            votes = list(_votes(table, part, shapes, layers, under, points))
            reading = _decided(votes)
            if reading != WRITTEN:
                found.append(_shift(table, str(source), part, reading, shapes, votes))
                layers[table].loc[part.index, "shape"] = shapes[reading]
    return found, layers


@dataclass(frozen=True)
class _Vote:
    name: str
    reading: str
    evidence: str
    trusted: bool


def _decided(votes: list[_Vote]) -> str:
    """The reading that the first clear vote is for; as written where none is clear."""
    if not votes:
        return WRITTEN
    first = votes[0]
    if not first.reading.endswith("twice") or first.trusted:
        return first.reading
    # Points that are themselves in another system look the same: the maps must say so, too.
    agree = first.name == POINTS_NAME and any(v.reading == first.reading for v in votes[1:])
    return first.reading if agree else WRITTEN


def _votes(
    table: str,
    part: pd.DataFrame,
    shapes: dict[str, np.ndarray],
    layers: dict[str, pd.DataFrame],
    below: dict[str, pd.DataFrame],
    points: pd.DataFrame,
) -> Iterator[_Vote]:
    """Tell what each reference says clearly, the most trusted first."""
    key = LAYERS[table]
    judged = list(LAYERS)[: list(LAYERS).index(table)]
    own = {name: _united(some) for name, some in shapes.items()}
    code, outline = _outline()
    if str(part[key].iloc[0]).startswith(code):
        yield from _by_area("随软件附带的区界轮廓", own, outline, trusted=True)
    if table == "community":
        yield from _by_points(part[key], shapes, points)
    for other in judged:
        yield from _by_layer(other, own, _same_places(layers[other], part), trusted=True)
    if table in below:
        same = below[table][below[table][key].isin(part[key])]
        if len(same) == len(part):
            yield from _by_area("现用版本的边界", own, _united(same["shape"]), trusted=False)
    for other in LAYERS:
        if other != table and other not in judged:
            yield from _by_layer(other, own, _same_places(layers[other], part), trusted=False)


def _same_places(other: pd.DataFrame, part: pd.DataFrame) -> pd.DataFrame:
    """The rows of another layer that cover what a part of a layer covers."""
    for key in ("street_code", "district_code"):
        if key in other and key in part:
            return other[other[key].isin(part[key])]
    return other


def _by_points(
    codes: pd.Series, shapes: dict[str, np.ndarray], points: pd.DataFrame
) -> Iterator[_Vote]:
    at = pd.Index(codes).get_indexer(points["community_code"])
    lon, lat, at = points["lon"][at >= 0], points["lat"][at >= 0], at[at >= 0]
    for some in shapes.values():
        shapely.prepare(some)
    inside = {name: shapely.intersects_xy(some[at], lon, lat) for name, some in shapes.items()}
    best = max(inside, key=lambda name: (inside[name].sum(), name == WRITTEN))
    rivals = [name for name in inside if name != best] if best == WRITTEN else [WRITTEN]
    clear = all(coordinates.clearly_more(inside[best], inside[rival]) for rival in rivals)
    if clear and inside[best].sum() >= 0.7 * len(at):
        counts = [f"{inside[name].sum():,}个" for name in (WRITTEN, best)]
        said = f"{len(at):,}个阵地、楼栋等点位按所写坐标系只有{counts[0]}在自己的社区里"
        yield _Vote(POINTS_NAME, best, f"{said}，{_as(best)}则有{counts[1]}", trusted=False)


def _by_layer(
    table: str, own: dict[str, shapely.Geometry], rows: pd.DataFrame, *, trusted: bool
) -> Iterator[_Vote]:
    if len(rows):
        name = f"{words.ENTITIES[table]}边界"
        yield from _by_area(name, own, _united(rows["shape"]), trusted=trusted)


def _by_area(
    name: str, own: dict[str, shapely.Geometry], other: shapely.Geometry, *, trusted: bool
) -> Iterator[_Vote]:
    apart = {reading: _share_apart(shape, other) for reading, shape in own.items()}
    best = min(apart, key=lambda reading: (apart[reading], reading != WRITTEN))
    rival = apart[WRITTEN]
    if best == WRITTEN:
        rival = min(share for reading, share in apart.items() if reading != WRITTEN)
    if rival >= 2 * apart[best] and rival - apart[best] >= BETTER_BY:
        said = f"与{name}按所写坐标系有{apart[WRITTEN]:.1%}的面积对不上"
        yield _Vote(name, best, f"{said}，{_as(best)}只有{apart[best]:.1%}", trusted)


def _as(reading: str) -> str:
    return "不换算" if reading.endswith("twice") else f"按 {reading} 解读"


def _share_apart(a: shapely.Geometry, b: shapely.Geometry) -> float:
    """How much of what two shapes cover together only one of them covers, 0 to 1.

    Told in degrees: over one district a share of areas is the same as in metres.
    """
    both = shapely.area(shapely.intersection(a, b, grid_size=GRID_DEGREES))
    whole = shapely.area(a) + shapely.area(b) - both
    return max(0.0, float(1 - both / whole)) if whole else 0.0


def _shift(
    table: str,
    source: str,
    part: pd.DataFrame,
    reading: str,
    shapes: dict[str, np.ndarray],
    votes: list[_Vote],
) -> Shift:
    before, after = (shapely.get_coordinates(shapes[name]) for name in (WRITTEN, reading))
    crs = coordinates.zone(after[:, 0])
    moved = np.subtract(*(coordinates.to_metres(xy[:, 0], xy[:, 1], crs) for xy in (after, before)))
    system, _, twice = reading.partition(" ")
    also = [vote.name for vote in votes[1:] if vote.reading == reading]
    evidence = votes[0].evidence + (f"；与{'、'.join(also)}比也是如此" if also else "")
    return Shift(
        table, source, str(part[LAYERS[table]].iloc[0]), len(part), system, bool(twice),
        float(np.hypot(*np.median(moved, axis=0))), evidence,
    )  # fmt: skip


def _points(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    columns = ["community_code", "lon", "lat"]
    rows = [tables[table][columns] for table in POINTS if len(tables[table])]
    if not rows:
        return pd.DataFrame({"community_code": [], "lon": [], "lat": []})
    return pd.concat(rows, ignore_index=True).dropna()


def _shapes(rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(shapely.from_wkb([bytes(shape) for shape in rows["shape"]]), dtype=object)


def _read(shapes: pd.Series, reading: str) -> np.ndarray:
    change = _READINGS[reading]
    given = shapes.to_numpy(dtype=object)
    return np.asarray(
        shapely.transform(given, lambda xy: np.column_stack(change(xy[:, 0], xy[:, 1]))),
        dtype=object,
    )


def _united(shapes: pd.Series | np.ndarray) -> shapely.Geometry:
    return shapely.union_all(
        shapely.make_valid(np.asarray(shapes, dtype=object)), grid_size=GRID_DEGREES
    )


@cache
def _outline() -> tuple[str, shapely.Geometry]:
    """The district whose outline comes with the software, and the outline."""
    import json

    (feature,) = json.loads(OUTLINE.read_text(encoding="utf-8"))["features"]
    return str(feature["properties"]["district_code"]), shapely.geometry.shape(feature["geometry"])
