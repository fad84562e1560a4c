"""Deal city blocks out to streets and communities.

Streets are the cells of a power diagram around their schematic points, its weights fitted until
areas are as wanted; communities are compact cells of uneven size within a street. Both are made
of whole blocks, so that borders follow roads, and are mended until every cell is in one piece.
"""

from collections import defaultdict

import numpy as np
import pandas as pd
import shapely
from scipy.optimize import linear_sum_assignment
from shapely import MultiLineString, Polygon

from chunshui.demo.sketch import BEHIND_RAILWAY, PLACED, POCKET
from chunshui.demo.stream import Stream

Neighbours = list[dict[int, float]]
"""For each block: its neighbours and the metres of border shared with each."""


def power_label(xy: np.ndarray, sites: np.ndarray, power: np.ndarray) -> np.ndarray:
    """Shape (n,): the cell of the power diagram each point of `xy` (n, 2) lies in."""
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
    distance = ((xy[:, None, :] - sites[None, :, :]) ** 2).sum(2)
    scale = np.sqrt(goal * goal.mean())
    step = 0.5
    for _ in range(rounds):
        have = np.bincount(np.argmin(distance - power, axis=1), area, len(sites))
        power += step * (goal - have) / goal * scale
        step *= 0.985
    return power - power.mean()


def street_power(outline: Polygon, sites: np.ndarray, goal: np.ndarray) -> np.ndarray:
    """Weights that give the streets around `sites` the areas `goal` (square metres)."""
    x0, y0, x1, y1 = outline.bounds
    grid = np.stack(np.meshgrid(np.arange(x0, x1, 60), np.arange(y0, y1, 60)), -1).reshape(-1, 2)
    shapely.prepare(outline)
    grid = grid[shapely.contains_xy(outline, grid[:, 0], grid[:, 1])]
    area = np.full(len(grid), outline.area / len(grid))
    return _fit_power(grid, area, sites, goal, np.zeros(len(sites)), 250)


def find_neighbours(shapes: np.ndarray, railway: MultiLineString) -> Neighbours:
    """For each block: its neighbours and the metres of border shared with each.

    Metres along the railway count a tenth, so that communities rather end there.
    """
    coords, owner = shapely.get_coordinates(shapes, return_index=True)
    same = owner[:-1] == owner[1:]
    a, b, owner = coords[:-1][same], coords[1:][same], owner[:-1][same]
    length = np.hypot(*(a - b).T)
    on_railway = shapely.dwithin(shapely.points((a + b) / 2), railway, 1.0)
    length = np.where(on_railway, 0.1 * length, length)
    forth = (a < b).all(1)[:, None] | (a[:, :1] < b[:, :1])
    key = np.round(np.where(forth, np.hstack([a, b]), np.hstack([b, a])), 2)
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
    label: np.ndarray, area: np.ndarray, neighbours: Neighbours, within: np.ndarray
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


def _round_off(
    label: np.ndarray, neighbours: Neighbours, within: np.ndarray, fixed: np.ndarray
) -> np.ndarray:
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


def deal_to_streets(
    blocks: pd.DataFrame,
    neighbours: Neighbours,
    sites: np.ndarray,
    power: np.ndarray,
    goal: np.ndarray,
) -> np.ndarray:
    """Shape (n,): the number of the street each block belongs to."""
    shapes = blocks["shape"].to_numpy()
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    area = blocks["area_m2"].to_numpy()
    water = (blocks["use"] == "水面").to_numpy()
    power = _fit_power(centre, area, sites, goal, power, 120)
    label = power_label(centre, sites, power)
    one = np.zeros(len(label), int)
    for _ in range(3):
        label = _round_off(label, neighbours, one, water)
        label = _follow_bank(label, water, neighbours)
        label = _join_islands(label, area, neighbours, one)
    return label


def _follow_bank(label: np.ndarray, water: np.ndarray, neighbours: Neighbours) -> np.ndarray:
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


def deal_to_communities(
    blocks: pd.DataFrame, neighbours: Neighbours, street: np.ndarray, communities: pd.DataFrame
) -> np.ndarray:
    """Shape (n,): the code of the community each block belongs to.

    `street` is the code of each block's street.
    """
    shapes = blocks["shape"].to_numpy()
    centre = shapely.get_coordinates(shapely.centroid(shapes))
    area = blocks["area_m2"].to_numpy()
    water = (blocks["use"] == "水面").to_numpy()
    label = np.full(len(blocks), -1)
    # East of the railway and north of the notch in the outline: a pocket with one way in.
    behind = (street == BEHIND_RAILWAY[:9]) & ~water
    behind &= shapely.contains(shapely.polygons(POCKET), shapely.point_on_surface(shapes))
    owner: list[str] = []
    for code in np.unique(street):
        n = int((communities["street_code"] == code).sum())
        if code == BEHIND_RAILWAY[:9]:
            label[behind] = len(owner)
            owner.append(code)
            n -= 1
        mine = np.flatnonzero((street == code) & ~water & ~behind)
        label[mine] = len(owner) + _compact_cells(centre[mine], area[mine], n, code)
        owner += [code] * n
    for _ in range(3):
        label = _round_off(label, neighbours, street, water | behind)
        label = _follow_bank(label, water, neighbours)
        label = _join_islands(label, area, neighbours, street)

    names = np.empty(len(owner), object)
    for code in np.unique(street):
        numbers = np.flatnonzero(np.array(owner) == code)
        rows = communities[communities["street_code"] == code]
        if code == BEHIND_RAILWAY[:9]:
            names[numbers[0]] = BEHIND_RAILWAY
            numbers = numbers[1:]
            rows = rows[rows["community_code"] != BEHIND_RAILWAY]
        blocks_of = [label == k for k in numbers]
        middle = np.array([np.average(centre[b], axis=0, weights=area[b]) for b in blocks_of])
        names[numbers] = _name_cells(middle, rows, code)
    return names[label]


def _compact_cells(xy: np.ndarray, mass: np.ndarray, n: int, code: str) -> np.ndarray:
    """Shape (k,): a cell 0 … n-1 for each block of a street, of uneven size.

    Lloyd's way: sites move to the middle of their cells while the weights are fitted.
    """
    draw = Stream("community cells", code)
    goal = draw.lognormal(n, 0.30)
    goal *= mass.sum() / goal.sum()
    sites = xy[draw.sample(len(xy), n, mass)]
    power = np.zeros(n)
    for _ in range(25):
        power = _fit_power(xy, mass, sites, goal, power, 8)
        cell = power_label(xy, sites, power)
        for k in range(n):
            if (cell == k).any():
                sites[k] = np.average(xy[cell == k], axis=0, weights=mass[cell == k])
            else:
                sites[k], power[k] = xy[draw.sample(len(xy), 1)[0]], power.max()
    return power_label(xy, sites, _fit_power(xy, mass, sites, goal, power, 60))


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
