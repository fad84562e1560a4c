"""Maps of the circles: bands of the walk, stations by level, buildings, what a scenario changes."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.catalogue.metric import get_metric
from chunshui.circles import candidates, outlines
from chunshui.circles.scenario import Step
from chunshui.drawing import theme
from chunshui.drawing.theme import Palette
from chunshui.ui import data
from chunshui.ui.charts.base import HOVER, NO_FADING, Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.map import geo
from chunshui.ui.map.click import Click, Kind
from chunshui.ui.map.land import District, Label, address
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import (
    GAIN_CLASSES,
    SHARE_CLASSES,
    Answer,
    station_labels,
    unique_labels,
)
from chunshui.ui.topics.circles.finding import edge_words, time_words
from chunshui.ui.widgets import pictures

# Shape and size by level: told apart without colour.
MARKS = {
    "街道": ("star", 15),
    "集聚区": ("diamond", 9),
    "社区": ("circle", 8),
    "小区": ("circle-open", 4.5),
}
FAR = 0.72  # of that size on the whole district's map, whose bands they would hide
MOST, TOUCHING, FADED = 100, 0.055, 0.45  # marks of a district; of its width; opacity
SINGLE = 4  # times as near the counts are single marks
HEIGHT, BELOW = 490, 140  # the whole, and the room of the legend in it
# How far beside the place in view a wide map still shows, and the least bend that is drawn, in
# widths of that place.
IN_SIGHT, FINEST = 1.6, 0.0006
# Upper bounds of the classes of a share that is compared before and after: whatever the values.
kept = partial(pictures.kept, against=False, most=64)
Squares = list[tuple[str, str]]  # of the legend: words and colour


# ------------------------------------------------------------------ the three maps


@kept
def circle_map(
    scope: Scope, answer: Answer, station: int | None, building: int | None, dark: bool
) -> Drawn:
    """Return the map of the circles: bands, or the buildings of the one community chosen.

    `station` and `building` are the positions of what is chosen: its outline, its ring.
    """
    colours, circles, question = theme.palette(dark), answer.circles, answer.question
    coverage = circles_data.coverage(scope.district(), question).communities
    hovers = {
        row.community_code: f"{row.text}走得到　{row.fraction}<br>"
        f"走不到{row.rest:,.0f}{question.unit}"
        for row in coverage.itertuples()
    }
    near = _shapes_in_view(data.district(scope.edition), scope)
    ring = None
    if station is not None:
        ring = outlines.station_outlines(circles, station, [question.farthest_m]).geometry
        near = near if scope.community else [*ring]
    layers, squares = _bands(scope, answer, colours, hovers, near)
    points = []
    if scope.community:
        squares.append(("更远的楼", colours.accent))
        points.append(_buildings(scope, answer, answer.present.metres, colours))
    answering = np.flatnonzero(answer.answering)
    if near or len(answering) <= MOST:
        points += _stations(answer, answering, colours, 1 if near else FAR)
    else:
        names = data.district(scope.edition).labels[None]
        points += _breaking_up(answer, answering, names, colours)
    if ring is not None:
        for marks in points:
            marks["opacity"] = FADED
        rest = shapely.difference(simplified(answer.bands[:1], near)[0], shapely.union_all(ring))
        layers.insert(1, maps.veil(_collection({"rest": rest}), ["rest"], colours))
        row = _as_places(circles.stations.iloc[[station]], "station")
        points.append(_line(ring, colours.accent, 2.2, name="所选阵地的步行圈"))
        mark = _marker("circle", 13, colours.accent, colours.ground, 2)
        points.append(_places(row, None, "所选的阵地", mark))
    if building is not None:
        row = _as_places(circles.buildings.iloc[[building]], "building")
        ring_mark = _marker("circle-open", 18, colours.accent, colours.accent, 3)
        points.append(_places(row, "building", "所选的楼", ring_mark))
    title = f"{time_words(question)}步行到最近的{question.what}"
    around = [*ring] if ring is not None and not scope.community else ()
    return _drawn(scope, layers, squares, points, title, dark, around=around)


@kept
def scenario_map(
    scope: Scope, answer: Answer, steps: tuple[Step, ...], kind: str, dark: bool
) -> Drawn:
    """Return who gains and who loses by a scenario's steps, with candidates of a kind to click.

    Without steps it is the coverage there is now, by community.
    """
    colours, circles, question = theme.palette(dark), answer.circles, answer.question
    metric = get_metric(circles_data.METRIC)
    outcome = circles_data.outcome(scope.edition, question, steps)
    rows = outcome.places
    shares = ratio(rows["after"], rows["denominator"], 100)
    rooms = np.nan_to_num(ratio(rows["room_after"], rows["denominator"], 1000))
    hovers = {
        row.community_code: f"{words.percent(share)}　{row.after:,.0f}/{row.denominator:,.0f}<br>"
        f"变化{words.signed(row.gain)}<br>每千{question.unit}可得{room:,.1f}人次"
        for row, share, room in zip(rows.itertuples(), shares, rooms, strict=True)
    }
    shown, classes = (rows["gain"], GAIN_CLASSES) if steps else (shares, SHARE_CLASSES)
    values = dict(zip(rows["community_code"], shown, strict=True))
    land = data.district(scope.edition)
    layer, squares = maps.shaded(land, values, hovers, classes, colours=colours)
    free = circles_data.candidate_places(scope.edition, question, kind, scope.streets)
    facts = ("<br>" + free["facts"]).where(free["facts"] != "", "")
    free = free.assign(place_name=free["place_name"] + facts)
    marker = _marker("cross-thin", 6, colours.quiet, colours.quiet, 1) | {"opacity": 0.7}
    if kind == candidates.PREMISES:
        marker = _marker("triangle-up", 8, colours.ground, colours.accent, 1.6)
    name = "候选阵地" if kind == candidates.STATIONS else f"候选{kind}"
    points = [] if free.empty else [_places(free, "candidate", name, marker)]
    if scope.community:
        points.append(_buildings(scope, answer, outcome.metres, colours))
    closed = [step.station for step in steps if step.station is not None]
    points += _stations(answer, np.setdiff1d(np.flatnonzero(answer.answering), closed), colours)
    new, changed = pd.DataFrame([vars(step) for step in steps if step.lon is not None]), []
    if len(new):
        new = new.assign(place_id="", place_name=new["label"])
        marker = _marker("circle", 15, colours.accent, colours.ground, 2)
        changed.append(_places(new, None, "新增", marker))
    if closed:
        old = _as_places(circles.stations.iloc[closed], "station")
        marker = _marker("x", 12, colours.accent, colours.ground, 1)
        changed.append(_places(old, None, "停用", marker))
    shading = pictures.shading(metric, dark)
    title = f"走得到{question.what}的{question.whose}占比；{shading}"
    if steps:
        title = f"走得到{question.what}的{question.whose}（{question.unit}）：蓝色增加，红色减少"
    return _drawn(scope, [layer], squares, points, title, dark, above=changed)


def sites_map(scope: Scope, answer: Answer, sites: pd.DataFrame, name: str, order: bool) -> Drawn:
    """Return the bands of today with chosen places on them, numbered where their `order` counts."""
    dark = pictures.is_dark()
    colours, stations = theme.palette(dark), np.flatnonzero(answer.answering)
    layers, squares = _bands(scope, answer, colours, {}, ())
    marker = _marker("circle", 19 if order else 8, colours.accent, colours.ground, 1.5)
    # Single marks would hide the places, and counts be taken for their order.
    many = len(stations) > MOST
    points = _stations(answer, stations, colours, FAR if many else 1)
    points = [one | {"opacity": FADED if many else 1} for one in points]
    chosen = _places(sites, None, name, marker)
    if order:
        chosen |= {
            "mode": "markers+text",
            "text": [str(number + 1) for number in range(len(sites))],
            "textposition": "middle center",
            "textfont": {"color": colours.ground, "size": 11},
        }
    title = f"现在步行到最近的{answer.question.what}"
    return _drawn(scope, layers, squares, points, title, dark, closest=False, above=[chosen])


def _drawn(
    scope: Scope, layers: list, squares: Squares, points: list, title: str, dark: bool, **others
) -> Drawn:
    look: dict[str, Any] = {
        "height": HEIGHT,
        "below": BELOW,
        "closest": True,
        "roads": True,
        **others,
    }
    return Drawn(
        maps.canvas(
            data.district(scope.edition), layers, squares, title=title, points=points, dark=dark,
            chosen_streets=scope.streets, chosen_community=scope.community, **look,
        )
    )  # fmt: skip


# ------------------------------------------------------------------ the layers


def _bands(
    scope: Scope,
    answer: Answer,
    colours: Palette,
    hovers: Mapping[str, str],
    near: Sequence[BaseGeometry],
) -> tuple[list[dict], Squares]:
    """Return the bands as layers, and their squares of the legend.

    The bands hold one another, the land first: each is painted over the one before. Above them
    lie the communities to hover and click, uncoloured.
    """
    shades = _band_colours(len(answer.limits_m), colours)
    painted = [colours.missing, *shades[::-1]]
    shapes = simplified(answer.bands, near)
    drawn = [k for k, shape in enumerate(shapes) if not shape.is_empty]
    layer = {
        "type": "choropleth",
        "geojson": address(_collection({f"band{k}": shapes[k] for k in drawn})),
        "locations": [f"band{k}" for k in drawn],
        "z": drawn,
        "zmin": -0.5,
        "zmax": len(painted) - 0.5,
        "colorscale": [
            [edge, shade]
            for k, shade in enumerate(painted)
            for edge in (k / len(painted), (k + 1) / len(painted))
        ],
        "showscale": False,
        "marker": {"line": {"width": 0}},
        "hoverinfo": "skip",
        **NO_FADING,
    }
    land, clear = data.district(scope.edition), "rgba(0,0,0,0)"
    hover = maps.communities(land, hovers, colours) | {
        "z": [0] * len(land.communities),
        "colorscale": [[0, clear], [1, clear]],
    }
    squares = [
        (f"{edge_words(answer.question, limit_m)}内", shade)
        for limit_m, shade in zip(answer.limits_m, shades, strict=True)
    ]
    return [layer, hover], [*squares, ("更远", colours.missing)]


def _band_colours(count: int, colours: Palette) -> list[str]:
    """Return the colours of 3 or 4 bands, the nearest first and strongest."""
    strongest, *others = colours.bands[::-1][:4]
    return [strongest, *others[-(count - 1) :]]


def _shapes_in_view(land: District, scope: Scope) -> list[BaseGeometry]:
    """Return the shapes that the map closes in on: the community chosen, else the streets."""
    if scope.community:
        return [place.shape for place in land.communities if place.code == scope.community]
    return [place.shape for place in land.streets if place.code in scope.streets]


def simplified(shapes: Sequence[BaseGeometry], near: Sequence[BaseGeometry]) -> np.ndarray:
    """Return shapes without what is out of sight, nor bends that no screen shows at this scale.

    With `near`, the shapes that the map closes in on, only what is around them is left, and finer.
    """
    west, south, east, north = shapely.total_bounds(list(near or shapes)).tolist()
    wide = max(east - west, north - south)
    if near:
        x, y, half = (west + east) / 2, (south + north) / 2, wide * IN_SIGHT
        shapes = shapely.clip_by_rect(list(shapes), x - half, y - half, x + half, y + half)
    return shapely.simplify(list(shapes), wide * FINEST)


def _collection(shapes: Mapping[str, BaseGeometry]) -> dict:
    """Return polygons by id as a GeoJSON FeatureCollection."""
    features = [
        {"type": "Feature", "id": one, "properties": {}, "geometry": _traced(shape)}
        for one, shape in shapes.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def _traced(shape: BaseGeometry) -> dict:
    """Return polygons as GeoJSON, outer rings clockwise: otherwise all but them would be filled."""
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
    return {
        "type": "MultiPolygon",
        "coordinates": [
            [
                shapely.get_coordinates(ring).round(geo.DECIMALS).tolist()
                for ring in (part.exterior, *part.interiors)
            ]
            for part in shapely.orient_polygons(parts, exterior_cw=True)
        ],
    }


def _line(shapes: Iterable[BaseGeometry], colour: str, width: float, **others) -> dict:
    """Return lines, or the rings of areas, as one trace."""
    return {
        "type": "scattergeo",
        "mode": "lines",
        **geo.outline(list(shapes)),
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
        **others,
    }


def _points(
    rows: pd.DataFrame, clicks: Iterable[Click], hovers: Sequence[str], marker: dict, **others
) -> dict:
    """Return rows with lon and lat as marks, each with what a click and a hover say."""
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": rows["lon"].round(geo.DECIMALS).tolist(),
        "lat": rows["lat"].round(geo.DECIMALS).tolist(),
        "customdata": [click.customdata for click in clicks],
        "hovertext": hovers,
        "marker": marker,
        **HOVER,
        **NO_FADING,
        **others,
    }


def _stations(
    answer: Answer, positions: np.ndarray, colours: Palette, scale: float = 1
) -> list[dict]:
    """Return some stations, one trace per level, the smallest below."""
    stations = answer.circles.stations
    rows = stations.assign(label=station_labels(answer.circles)).iloc[positions]
    traces = []
    for level in reversed(MARKS):
        here = rows[rows["level"] == level]
        if here.empty:
            continue
        symbol, size = MARKS[level]
        edge = (colours.ink, 1.4) if symbol.endswith("open") else (colours.ground, 1)
        marker = _marker(symbol, size * scale, colours.ink, *edge)
        hovers = [f"{area:,.0f}" for area in here["area_m2"]]
        clicks = [Click("station", row.station_id, row.label) for row in here.itertuples()]
        said = f"<b>%{{customdata[2]}}</b><br>{level}级　%{{hovertext}}平方米<extra></extra>"
        name = {"name": f"{level}级{len(here):,}处", "hovertemplate": said}
        traces.append(_points(here, clicks, hovers, marker, **name))
    return traces


def _breaking_up(
    answer: Answer, positions: np.ndarray, names: Sequence[Label], colours: Palette
) -> list[dict]:
    """Return counts of stations that break up as the reader zooms in, at last into the stations."""
    wide = _counts(answer, positions, names, colours)
    near = _counts(answer, positions, names, colours, TOUCHING / 2) | {"showlegend": False}
    single = _stations(answer, positions, colours)
    return [
        maps.between(wide, 0, 2),
        maps.between(near, 2, SINGLE),
        *(maps.between(one, SINGLE) for one in single),
    ]


def _counts(
    answer: Answer,
    positions: np.ndarray,
    names: Sequence[Label],
    colours: Palette,
    touching: float = TOUCHING,
) -> dict:
    """Return how many stations stand together, where single marks would cover one another.

    `touching` is how near that is, of the width of all.

    The thickest cluster is taken first, then the thickest of what is left; a click opens its street.
    A count that would lie on a name stands above or below it.
    """
    rows = answer.circles.stations.iloc[positions]
    x, y = (rows["lon"] * np.cos(np.radians(rows["lat"]))).to_numpy(), rows["lat"].to_numpy()
    near = np.hypot(x[:, None] - x, y[:, None] - y) < touching * np.ptp(x)
    clusters, left = [], np.ones(len(rows), dtype=bool)
    while left.any():
        middle = int(np.argmax((near & left).sum(axis=1) * left))
        clusters.append(rows[near[middle] & left])
        left &= ~near[middle]
    streets = [one["street_code"].mode()[0] for one in clusters]
    hovers = [
        f"{len(one):,}处阵地：{'、'.join(f'{level}级{n}' for level, n in one['level'].value_counts().items())}"
        f"<br>点开看{one['street_name'].mode()[0]}"
        for one in clusters
    ]
    places = pd.DataFrame([one[["lon", "lat"]].mean() for one in clusters])
    wide, high = touching * np.ptp(rows["lon"]), touching * np.ptp(rows["lon"]) * 0.6
    for _, lon, lat in names:
        on = ((places["lon"] - lon).abs() < wide) & ((places["lat"] - lat).abs() < high)
        places.loc[on, "lat"] = lat + np.where(places.loc[on, "lat"] < lat, -high, high)
    size = [12 + 2 * np.sqrt(len(one)) for one in clusters]
    marker = _marker("circle", np.round(size, 1).tolist(), colours.ground, colours.ink, 1.4)
    return _points(
        places, [Click("place", code, street_code=code) for code in streets], hovers, marker,
        name=f"阵地{len(rows):,}处，放大即分开", mode="markers+text",
        text=[str(len(one)) for one in clusters],
        textfont={"color": colours.ink, "size": 11},
    )  # fmt: skip


def _buildings(scope: Scope, answer: Answer, metres: np.ndarray, colours: Palette) -> dict:
    """Return the buildings of the community in scope, coloured by band, sized by people.

    `metres` is the walk of every building of the district, inf where there is none.
    """
    buildings, limits = answer.circles.buildings, answer.limits_m
    mine = (buildings["community_code"] == scope.community).to_numpy()
    rows, metres = buildings[mine], metres[mine]
    people = rows[answer.question.people]
    shades = [*_band_colours(len(limits), colours), colours.accent]
    walks = [f"步行{m:,.0f}米" if np.isfinite(m) else "1,500米内没有" for m in metres]
    hovers = [
        f"<b>{name}</b><br>{lost or walk}<br>{count:,}人"
        for name, lost, walk, count in zip(
            rows["building_name"], rows["lost"].fillna(""), walks, people, strict=True
        )
    ]
    labels = unique_labels(rows, "building")
    clicks = [Click("building", *pair) for pair in zip(rows["building_id"], labels, strict=True)]
    size = np.clip(2 + np.sqrt(rows["residents"].to_numpy(dtype=float)) / 2, 4, 9)
    marker = {
        "symbol": "square",
        "size": size.round(1).tolist(),
        "color": [shades[k] for k in np.searchsorted(np.asarray(limits), metres)],
        "line": {"color": colours.ink, "width": 0.7},
    }
    return _points(rows, clicks, hovers, marker, showlegend=False)


def _places(rows: pd.DataFrame, kind: Kind | None, name: str, marker: dict) -> dict:
    """Return rows of `place_id` and `place_name` as marks; without a `kind` a click says nothing."""
    pairs = zip(rows["place_id"], rows["place_name"], strict=True) if kind else ()
    clicks = [Click(kind, *pair) for pair in pairs if kind]
    hovers = [f"{name}：{place}" for place in rows["place_name"]]
    return _points(rows, clicks, hovers, marker, name=name)


def _as_places(rows: pd.DataFrame, thing: str) -> pd.DataFrame:
    """Return stations or buildings (`thing`) with `place_id` and `place_name`."""
    return rows.rename(columns={f"{thing}_id": "place_id", f"{thing}_name": "place_name"})


def _marker(symbol: str, size: float | list[float], colour: str, edge: str, edge_px: float) -> dict:
    line = {"color": edge, "width": edge_px}
    return {"symbol": symbol, "size": size, "color": colour, "line": line}
