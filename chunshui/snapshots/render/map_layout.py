"""From metres on the ground to a box on paper: fit, rings, places for labels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from chunshui.snapshots.model import Basemap, Shape
from chunshui.snapshots.stamp import shorten

# Where a label may go: widths to the right, heights down, the nearest first.
_SHIFTS = (
    (0, 0), (0, -1.0), (0, 1.0), (0.5, 0), (-0.5, 0), (0.5, -1.0), (-0.5, -1.0), (0.5, 1.0),
    (-0.5, 1.0), (0, -2.0), (0, 2.0), (0.9, 0), (-0.9, 0), (0.9, -1.0), (0.9, 1.0), (0.5, -2.0),
    (0.5, 2.0), (-0.5, 2.0), (-0.9, 1.0), (-0.9, -1.0),
)  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """Metres to paper: x right, y down, one scale for both, centred in the box."""

    scale: float
    x: float
    y: float

    def __call__(self, flat: Sequence[float]) -> np.ndarray:
        """Return flat x, y, x, y … metres as an (n, 2) array on paper."""
        points = np.asarray(flat, dtype=float).reshape(-1, 2)
        return np.column_stack(
            [self.x + self.scale * points[:, 0], self.y - self.scale * points[:, 1]]
        )


def fit(shapes: Iterable[Shape], left: float, top: float, width: float, height: float) -> Fit:
    """Return the largest fit of the shapes into a box; shapes without extent are centred."""
    flat = [ring for shape in shapes for ring in shape.rings]
    points = np.concatenate([np.asarray(r, float).reshape(-1, 2) for r in flat] or [[[0, 0]]])
    (west, south), (east, north) = points.min(0), points.max(0)
    scale = min(width / max(east - west, 1), height / max(north - south, 1))
    return Fit(
        scale,
        left + (width - scale * (east - west)) / 2 - scale * west,
        top + (height - scale * (north - south)) / 2 + scale * north,
    )


def drawable(ring: np.ndarray, step: float) -> np.ndarray | None:
    """Return a ring rounded to `step` without repeated points, open; None if nothing is left."""
    grid = np.rint(ring / step) * step
    keep = np.r_[True, (np.diff(grid, axis=0) != 0).any(1)]
    grid = grid[keep]
    if len(grid) > 1 and (grid[0] == grid[-1]).all():
        grid = grid[:-1]
    return grid if len(grid) >= 3 else None


def label_places(
    basemap: Basemap, level: str, to_paper: Fit, size: float, corner: tuple[float, float]
) -> list[tuple[str, float, float]]:
    """Return (name, x, y) for the labels of a map, moved aside where two would overlap.

    Streets are named, or the communities of the only street: those hardly move, for a name beside
    its place would name the neighbour. `size` is the height of the letters on paper, `corner` how
    far right and down a label may reach. One that finds no free place is left out.
    """
    within = level == "社区" and len(basemap.streets) == 1
    shapes, shifts = basemap.streets, _SHIFTS
    if within:
        stems = [shorten(shape.name.removesuffix("社区"), 10) for shape in basemap.communities]
        shapes = [replace(s, name=n) for s, n in zip(basemap.communities, stems, strict=True)]
        shifts = _SHIFTS[:3]
    taken: list[tuple[float, float, float, float]] = []
    placed = []
    for shape in sorted(shapes, key=lambda s: (_area(s), s.code)):
        x, y = (float(v) for v in to_paper((shape.x, shape.y))[0])
        half = len(shape.name) * size * 0.55
        for right, down in shifts:
            a, b = x + right * half, y + down * size
            box = (a - half, b - 0.62 * size, a + half, b + 0.62 * size)
            inside = box[2] <= corner[0] and box[3] <= corner[1]
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                placed.append((shape.name, a, b))
                break
    return placed


def _area(shape: Shape) -> float:
    """The area of the frame around a shape: the small ones choose the place of their label."""
    points = np.concatenate([np.asarray(r, float).reshape(-1, 2) for r in shape.rings])
    return float(np.prod(np.ptp(points, axis=0)))


def in_scope(basemap: Basemap, level: str) -> tuple[Shape, ...]:
    """Return the shapes of a level (街道 or 社区)."""
    return basemap.streets if level == "街道" else basemap.communities


def _overlap(a: tuple, b: tuple) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
