"""Turn coordinates from one system into another, and find out which system they really are in.

Four systems are met in China: WGS-84 (GPS, OpenStreetMap), CGCS2000 (government; equal to WGS-84
within a few centimetres and treated as equal), GCJ-02 (AMap, Tencent) and BD-09 (Baidu). GCJ-02
lies about 600 m from the truth in Wuhan and BD-09 about 1,200 m: more than a walking circle.

The forward formulas are the public ones. Their inverses are found by fixed-point iteration,
because the one-step inverses in common use are wrong by up to two metres.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import ArrayLike

from chunshui.errors import ChunshuiError

WGS84, CGCS2000, GCJ02, BD09 = "WGS-84", "CGCS2000", "GCJ-02", "BD-09"
SYSTEMS = (WGS84, CGCS2000, GCJ02, BD09)

# The ellipsoid of the GCJ-02 formula (Krasovsky 1940).
_A = 6378245.0
_E2 = 0.00669342162296594323
_BD_TURN = np.pi * 3000.0 / 180.0
# GCJ-02 is defined inside this box only: west, east, south, north.
_BOX = (72.004, 137.8347, 0.8293, 55.8271)
_ITERATIONS = 10

_VOTE = ["label", "points", "stated", "inside", "best", "inside_best", "wrong"]
_VOTE += ["east_m", "north_m"]

Pair = tuple[np.ndarray, np.ndarray]
Change = Callable[[np.ndarray, np.ndarray], Pair]


def to_wgs84(lon: ArrayLike, lat: ArrayLike, system: str) -> Pair:
    """Degrees stated in `system` → WGS-84 degrees, as two float arrays of the same shape."""
    return _TO_WGS84[_known(system)](*_degrees(lon, lat))


def from_wgs84(lon: ArrayLike, lat: ArrayLike, system: str) -> Pair:
    """WGS-84 degrees → degrees in `system`, as two float arrays of the same shape."""
    return _FROM_WGS84[_known(system)](*_degrees(lon, lat))


def zone(lon: ArrayLike) -> str:
    """Choose the 3-degree CGCS2000 / Gauss-Krüger zone in which these places are measured.

    Args:
        lon: WGS-84 or CGCS2000 longitudes in degrees; the median decides.

    Returns:
        An EPSG code such as `EPSG:4547` (central meridian 114°E). Outside 73.5–136.5°E, where
        China has no zone, the same projection about the nearest meridian of three degrees.
    """
    lon = np.asarray(lon, dtype=float)
    if not np.isfinite(lon).any():
        raise ChunshuiError("没有一个点带有坐标，无法选定投影带。请检查经度、纬度两列。")
    meridian = 3 * round(float(np.nanmedian(lon)) / 3)
    if 75 <= meridian <= 135:
        return f"EPSG:{4534 + (meridian - 75) // 3}"
    return f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"


def to_metres(lon: ArrayLike, lat: ArrayLike, crs: str) -> np.ndarray:
    """WGS-84 degrees → an array (n, 2) of metres, east then north, in the projection `crs`."""
    return np.column_stack(_projected("EPSG:4326", crs, *_degrees(lon, lat)))


def to_degrees(xy: ArrayLike, crs: str) -> Pair:
    """Metres (n, 2) in the projection `crs` → WGS-84 longitudes and latitudes in degrees."""
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    return _projected(crs, "EPSG:4326", xy[:, 0], xy[:, 1])


def shapes_to_metres(shapes: Any, crs: str) -> Any:
    """A shape, or an array of shapes, in WGS-84 degrees → the same in the projection `crs`."""
    return shapely.transform(shapes, lambda xy: to_metres(xy[:, 0], xy[:, 1], crs))


def shapes_to_degrees(shapes: Any, crs: str) -> Any:
    """A shape, or an array of shapes, in the projection `crs` → the same in WGS-84 degrees."""
    return shapely.transform(shapes, lambda xy: np.column_stack(to_degrees(xy, crs)))


def judge(
    lon: ArrayLike,
    lat: ArrayLike,
    stated: str,
    own_area: ArrayLike,
    *,
    label: ArrayLike | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold every point against the community its own ledger names, under each possible system.

    Points of one origin (`label`: a file, a sheet) vote together. A system is called wrongly
    stated when another one puts clearly more of the points inside their own communities: by a
    sign test at one in a thousand over the points on which the two systems disagree, and at
    least seven in ten points inside. A single point is a suspect when it lies outside its own
    community as stated, and another system puts it inside.

    Args:
        lon: Longitudes as written in the ledger, degrees, shape (n,).
        lat: Latitudes as written in the ledger, degrees, shape (n,).
        stated: The system the ledger says it uses, one of `SYSTEMS`.
        own_area: WGS-84 polygons, shape (n,): the community each point says it belongs to;
            None where it names none, which keeps the point out of the vote.
        label: What votes together, shape (n,); everything in one vote when left out.

    Returns:
        Two frames. Votes, one row per label: `label, points, stated, inside, best, inside_best,
        wrong, east_m, north_m`; the shift is the median move that would mend it. Points, one row
        per point that lies outside its own area: `index, label, metres_outside, fits`; `fits`
        is the system that puts it inside, or an empty string.
    """
    lon, lat = _degrees(lon, lat)
    own_area = np.asarray(own_area, dtype=object)
    label = np.full(len(lon), "全部") if label is None else np.asarray(label, dtype=object)
    if not len(lon) == len(lat) == len(own_area) == len(label):
        raise ValueError("lon, lat, own_area and label must have the same length")
    _known(stated)
    has_area = np.array([isinstance(area, shapely.Geometry) for area in own_area], dtype=bool)
    usable = np.flatnonzero(has_area & np.isfinite(lon) & np.isfinite(lat))
    # CGCS2000 and WGS-84 are one system here: two names for it would split the vote.
    rivals = [stated] + [s for s in (WGS84, GCJ02, BD09) if _same(s) != _same(stated)]
    place = {s: to_wgs84(lon[usable], lat[usable], s) for s in rivals}
    area = own_area[usable]
    shapely.prepare(area)
    inside = {s: shapely.intersects_xy(area, *place[s]) for s in rivals}

    votes = []
    for name in pd.unique(label[usable]):
        chosen = label[usable] == name
        votes.append(_vote(name, stated, rivals, inside, place, chosen))

    out = np.flatnonzero(~inside[stated])
    fits = np.full(len(out), "", dtype=object)
    for system in reversed(rivals[1:]):
        fits[inside[system][out]] = system
    points = pd.DataFrame(
        {
            "index": usable[out],
            "label": label[usable][out],
            "metres_outside": _metres_outside(area[out], *(c[out] for c in place[stated])),
            "fits": fits,
        }
    )
    return pd.DataFrame(votes, columns=_VOTE), points


def _vote(
    name: str,
    stated: str,
    rivals: list[str],
    inside: dict[str, np.ndarray],
    place: dict[str, Pair],
    chosen: np.ndarray,
) -> dict[str, Any]:
    n = int(chosen.sum())
    count = {s: int(inside[s][chosen].sum()) for s in rivals}
    best = max(rivals, key=lambda s: count[s])
    clear = clearly_more(inside[best][chosen], inside[stated][chosen])
    wrong = best != stated and clear and count[best] >= 0.7 * n
    east, north = _median_shift(place[stated], place[best], chosen) if wrong else (0.0, 0.0)
    return {
        "label": name,
        "points": n,
        "stated": stated,
        "inside": count[stated],
        "best": best if wrong else stated,
        "inside_best": count[best] if wrong else count[stated],
        "wrong": wrong,
        "east_m": east,
        "north_m": north,
    }


def clearly_more(some: np.ndarray, others: np.ndarray) -> bool:
    """Whether more of the same points are true in `some` than in `others`, and not by chance.

    A sign test at one in a thousand: were both equally good, the points on which they disagree
    would fall half and half.
    """
    from scipy.special import bdtrc  # slow to import, and few ledgers come to a vote

    only_some, only_others = int((some & ~others).sum()), int((others & ~some).sum())
    return float(bdtrc(only_some - 1, only_some + only_others, 0.5)) < 0.001


def _median_shift(before: Pair, after: Pair, chosen: np.ndarray) -> tuple[float, float]:
    crs = zone(before[0][chosen])
    moved = to_metres(*after, crs)[chosen] - to_metres(*before, crs)[chosen]
    east, north = np.median(moved, axis=0)
    return float(east), float(north)


def _metres_outside(area: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    if len(lon) == 0:
        return np.empty(0)
    crs = zone(lon)
    shapes = shapes_to_metres(area, crs)
    return np.asarray(shapely.distance(shapes, shapely.points(to_metres(lon, lat, crs))))


def _degrees(lon: ArrayLike, lat: ArrayLike) -> Pair:
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def _known(system: str) -> str:
    if system not in SYSTEMS:
        raise ChunshuiError(f"不认识坐标系“{system}”。请填写{'、'.join(SYSTEMS)}之一。")
    return system


def _same(system: str) -> str:
    return WGS84 if system == CGCS2000 else system


def _projected(source: str, target: str, x: np.ndarray, y: np.ndarray) -> Pair:
    return _PROJECTING.submit(lambda: _transformer(source, target).transform(x, y)).result()


# pyproj needs tens of milliseconds to set one up, for every thread anew, and each answer of a page
# is worked out in a new one: all are used in one thread. A what-if has five.
_PROJECTING = ThreadPoolExecutor(1, "projecting")


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _wgs_to_gcj(lon: np.ndarray, lat: np.ndarray) -> Pair:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    d_lat += (wave + 20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    d_lon += (wave + 20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    curve = 1.0 - _E2 * np.sin(phi) ** 2
    north = _A * (1.0 - _E2) / curve**1.5
    east = _A / np.sqrt(curve) * np.cos(phi)
    inside = (lon >= _BOX[0]) & (lon <= _BOX[1]) & (lat >= _BOX[2]) & (lat <= _BOX[3])
    return (
        lon + np.where(inside, np.degrees(d_lon / east), 0.0),
        lat + np.where(inside, np.degrees(d_lat / north), 0.0),
    )


def _gcj_to_bd(lon: np.ndarray, lat: np.ndarray) -> Pair:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _invert(forward: Change) -> Change:
    def backward(lon: np.ndarray, lat: np.ndarray) -> Pair:
        # The shift changes by well under a tenth of a move, so each round gains a digit or more.
        a, b = lon.copy(), lat.copy()
        for _ in range(_ITERATIONS):
            there = forward(a, b)
            a, b = a + (lon - there[0]), b + (lat - there[1])
        return a, b

    return backward


def _identity(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return lon.copy(), lat.copy()


_gcj_to_wgs = _invert(_wgs_to_gcj)
_bd_to_gcj = _invert(_gcj_to_bd)
_FROM_WGS84: dict[str, Change] = {
    WGS84: _identity,
    CGCS2000: _identity,
    GCJ02: _wgs_to_gcj,
    BD09: lambda lon, lat: _gcj_to_bd(*_wgs_to_gcj(lon, lat)),
}
_TO_WGS84: dict[str, Change] = {
    WGS84: _identity,
    CGCS2000: _identity,
    GCJ02: _gcj_to_wgs,
    BD09: lambda lon, lat: _gcj_to_wgs(*_bd_to_gcj(lon, lat)),
}
