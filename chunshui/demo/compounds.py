"""Lay out one city block as a neighbourhood: rows of buildings, inner lanes, places for gates.

Four ways of building, told apart by `Form`. All coordinates are metres in the plane of
`chunshui.demo.geography`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely
from shapely import Polygon

from chunshui.demo.stream import Stream


class Form(NamedTuple):
    """How a kind of housing is laid out; distances in metres.

    Lanes run `lane_gap` apart; along each lane stand `rows` of buildings at `offset` from it,
    `pitch` apart. `homes` is a building's usual number of households, for planning.
    """

    name: str
    lane_gap: float
    offsets: tuple[float, ...]
    pitch: float
    homes: float
    walled: bool

    @property
    def homes_per_m2(self) -> float:
        """Households per square metre inside the walls, about."""
        return 0.80 * len(self.offsets) * self.homes / (self.lane_gap * self.pitch)


FORMS = {
    "高层": Form("高层", 52, (17.0,), 42, 92.0, True),
    "多层": Form("多层", 26, (8.5,), 16, 13.0, True),
    "里弄": Form("里弄", 21, (5.5, -5.5), 13, 8.5, False),
    "自建": Form("自建", 24, (6.5, -6.5), 15, 5.0, False),
}


@dataclass
class Layout:
    """Buildings, paths and gate places of one neighbourhood, in metres.

    `buildings` is (k, 2). `nodes` is (m, 2) with `links` (l, 2) between them: the inner paths.
    `gates` lists (node, x, y): where the path from that node meets the wall, best place first.
    """

    buildings: np.ndarray
    nodes: np.ndarray
    links: np.ndarray
    gates: list[tuple[int, float, float]]


def _span(ring: np.ndarray, v: float, near: float | None = None) -> tuple[float, float] | None:
    """The widest stretch of the line at height `v` inside `ring`, or the one holding `near`."""
    a, b = ring[:-1], ring[1:]
    hit = (a[:, 1] <= v) != (b[:, 1] <= v)
    if not hit.any():
        return None
    a, b = a[hit], b[hit]
    u = np.sort(a[:, 0] + (v - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0]))
    spans = list(zip(u[::2], u[1::2], strict=False))
    if near is not None:
        for low, high in spans:
            if low <= near <= high:
                return low, high
        return None
    return max(spans, key=lambda s: s[1] - s[0])


def lay_out(plot: Polygon, form: Form, draw: Stream, part: float = 1.0) -> Layout | None:
    """Lay out `plot` (the block inside its walls); None when nothing fits.

    Of the lanes that would fit only `part` (0 … 1) is built.
    """
    box = shapely.get_coordinates(shapely.oriented_envelope(plot))
    sides = np.diff(box[:3], axis=0)
    # Lanes run along the long side, as rows of flats do, whichever way the block is turned.
    along = sides[int(np.argmax(np.hypot(*sides.T)))]
    along = along / np.hypot(*along)
    if along[0] < 0:
        along = -along
    axes = np.array([along, [-along[1], along[0]]])
    middle = shapely.get_coordinates(plot.centroid)[0]
    ring = (shapely.get_coordinates(plot.exterior) - middle) @ axes.T
    low, high = ring[:, 1].min(), ring[:, 1].max()
    room = high - low
    count = max(1, int((room - 8) / form.lane_gap))
    first = low + (room - (count - 1) * form.lane_gap) / 2
    if len(form.offsets) == 1:
        first -= form.offsets[0] / 2
    heights = first + form.lane_gap * np.arange(max(1, int(np.ceil(part * count))))
    lanes = [(v, s) for v in heights if (s := _span(ring, v)) and s[1] - s[0] > 16]
    if not lanes:
        return None
    spine = float(np.median([(s[0] + s[1]) / 2 for _, s in lanes])) + draw.one(-12, 12)

    buildings = []
    for v, _ in lanes:
        for offset in form.offsets:
            span = _span(ring, v + offset)
            if span is None:
                continue
            free = span[1] - span[0] - 0.6 * form.pitch
            fits = int(free / form.pitch) + 1 if free > 0 else 0
            start = (span[0] + span[1] - (fits - 1) * form.pitch) / 2
            buildings += [(start + k * form.pitch, v + offset) for k in range(fits)]
    if not buildings:
        return None

    nodes: list[tuple[float, float]] = []
    links, centre, ends = [], [], []
    for v, (a, b) in lanes:
        at = min(max(spine, a + 5), b - 5)
        here = len(nodes)
        nodes += [(a + 3, v), (at, v), (b - 3, v)]
        links += [(here, here + 1), (here + 1, here + 2)]
        centre.append(here + 1)
        ends.append((here, here + 2))
    links += list(pairwise(centre))
    if form.walled and len(lanes) > 1 and draw.one() < 0.6:
        side = 1 if draw.one() < 0.5 else 0
        links += [(p[side], q[side]) for p, q in pairwise(ends)]

    gates = []
    for node, sign in ((centre[0], -1), (centre[-1], 1)):
        u, v = nodes[node]
        span = _span(ring[:, ::-1], u, near=v)
        if span:
            gates.append((node, u, span[0] if sign < 0 else span[1]))
    if draw.one() < 0.5:
        gates.reverse()
    wanted = range(len(lanes)) if not form.walled else [len(lanes) // 2]
    for k in wanted:
        v, (a, b) = lanes[k]
        gates += [(ends[k][0], a, v), (ends[k][1], b, v)]

    def plane(points: list[tuple[float, float]]) -> np.ndarray:
        return np.asarray(points, float).reshape(-1, 2) @ axes + middle

    places = plane([(u, v) for _, u, v in gates]).tolist()
    return Layout(
        buildings=plane(buildings),
        nodes=plane(nodes),
        links=np.asarray(links, int).reshape(-1, 2),
        gates=[(gate[0], x, y) for gate, (x, y) in zip(gates, places, strict=True)],
    )
