"""Maps of the circles: bands of the walk, stations by level, buildings, what changes.

All are plain dicts on the district's canvas; numbers come in, nothing is counted.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from chunshui.drawing import theme
from chunshui.ui.map import district as maps
from chunshui.ui.map import geo
from chunshui.ui.map.click import Click, Kind
from chunshui.ui.map.district import District

# Shape and size by level: told apart without colour.
MARKS = {
    "街道": ("star", 15),
    "集聚区": ("diamond", 9),
    "社区": ("circle", 8),
    "小区": ("circle-open", 4.5),
}
HEIGHT, BELOW = 490, 140  # the whole, and the room of the legend in it
# How far beside the place in view a wide map still shows, and the least bend that is drawn, in
# widths of that place.
IN_SIGHT, FINEST = 1.6, 0.0006


def band_colours(count: int, dark: bool) -> list[str]:
    """Return the colours of the bands, the nearest first and strongest."""
    ramp = theme.palette(dark).bands[::-1]
    return [ramp[k] for k in ((0, 2, 3) if count == 3 else (0, 1, 2, 3))][:count]


def band_layers(
    land: District,
    bands: Sequence[BaseGeometry],
    words: dict[str, str],
    dark: bool,
    near: Sequence[BaseGeometry] = (),
) -> list[dict]:
    """Return the bands, and the communities to hover and click above them, uncoloured.

    `bands` hold one another, the land first: each is painted over the one before. With `near`,
    the shapes that the map closes in on, only what is around them is drawn, and finer.
    """
    colours = theme.palette(dark)
    shades = [colours.missing, *band_colours(len(bands) - 1, dark)[::-1]]
    features = [
        {"type": "Feature", "id": f"band{k}", "properties": {}, "geometry": _traced(shape)}
        for k, shape in enumerate(lighter(bands, near))
        if not shape.is_empty
    ]
    drawn = [feature["id"] for feature in features]
    layer = {
        "type": "choropleth",
        "geojson": {"type": "FeatureCollection", "features": features},
        "locations": drawn,
        "z": [int(one.removeprefix("band")) for one in drawn],
        "zmin": -0.5,
        "zmax": len(bands) - 0.5,
        "colorscale": [
            [edge, shade]
            for k, shade in enumerate(shades)
            for edge in (k / len(bands), (k + 1) / len(bands))
        ],
        "showscale": False,
        "marker": {"line": {"width": 0}},
        "unselected": {"marker": {"opacity": 1}},
        "hoverinfo": "skip",
    }
    clear = "rgba(0,0,0,0)"
    hover = maps.communities(land, words, colours) | {
        "z": [0] * len(land.communities),
        "colorscale": [[0, clear], [1, clear]],
    }
    return [layer, hover]


def near(land: District, streets: Sequence[str], community: str | None) -> list[BaseGeometry]:
    """Return the shapes that the map closes in on: the community chosen, else the streets."""
    if community:
        return [place.shape for place in land.communities if place.code == community]
    return [place.shape for place in land.streets if place.code in streets]


def lighter(shapes: Sequence[BaseGeometry], near: Sequence[BaseGeometry]) -> np.ndarray:
    """Leave out what is out of sight, and bends that no screen shows at this scale."""
    west, south, east, north = shapely.total_bounds(list(near or shapes)).tolist()
    wide = max(east - west, north - south)
    if near:
        x, y, half = (west + east) / 2, (south + north) / 2, wide * IN_SIGHT
        shapes = shapely.clip_by_rect(list(shapes), x - half, y - half, x + half, y + half)
    return shapely.simplify(list(shapes), wide * FINEST)


def _traced(shape: BaseGeometry) -> dict:
    """Write polygons as GeoJSON, outer rings clockwise: otherwise all but them would be filled."""
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


def arterials(lines: Sequence, dark: bool) -> dict:
    """Return the arterials, thin: where people cross, and where they hardly can."""
    return {
        "type": "scattergeo",
        "mode": "lines",
        **geo.outline(list(lines)),
        "line": {"color": theme.palette(dark).quiet, "width": 1.1},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def outline(shapes: Sequence, dark: bool, name: str) -> dict:
    """Return catchments as lines in the accent."""
    return {
        "type": "scattergeo",
        "mode": "lines",
        **geo.outline(list(shapes)),
        "line": {"color": theme.palette(dark).accent, "width": 2.2},
        "hoverinfo": "skip",
        "name": name,
    }


def stations(rows: pd.DataFrame, labels: Sequence[str], dark: bool, scale: float = 1) -> list[dict]:
    """Return the stations, one trace per level, the smallest below; a click gives the label."""
    colours = theme.palette(dark)
    rows = rows.assign(label=list(labels))
    traces = []
    for level in reversed(MARKS):
        here = rows[rows["level"] == level]
        if here.empty:
            continue
        symbol, size = MARKS[level]
        traces.append(
            {
                "type": "scattergeo",
                "mode": "markers",
                "lon": here["lon"].round(geo.DECIMALS).tolist(),
                "lat": here["lat"].round(geo.DECIMALS).tolist(),
                "customdata": [
                    Click("station", *pair).customdata
                    for pair in zip(here["station_id"], here["label"], strict=True)
                ],
                "text": [
                    f"<b>{name}</b><br>{level}级　{area:,.0f} 平方米"
                    for name, area in zip(here["label"], here["area_m2"], strict=True)
                ],
                "hovertemplate": "%{text}<extra></extra>",
                "marker": {
                    "symbol": symbol,
                    "size": size * scale,
                    "color": colours.ink,
                    "line": {"color": colours.ink, "width": 1.4}
                    if symbol.endswith("open")
                    else {"color": colours.ground, "width": 1},
                },
                "selected": {"marker": {"opacity": 1}},
                "unselected": {"marker": {"opacity": 1}},
                "name": f"{level}级 {len(here):,}",
            }
        )
    return traces


def buildings(
    rows: pd.DataFrame,
    labels: Sequence[str],
    metres: np.ndarray,
    limits: Sequence[float],
    people: str,
    dark: bool,
) -> dict:
    """Return the buildings of a community, coloured by band, sized by people."""
    colours = theme.palette(dark)
    shades = [*band_colours(len(limits), dark), colours.accent]
    band = np.searchsorted(np.asarray(limits), metres)
    walk = [f"步行 {m:,.0f} 米" if np.isfinite(m) else "1,500 米内没有" for m in metres]
    reason = rows["lost"].fillna("").to_numpy()
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": rows["lon"].round(geo.DECIMALS).tolist(),
        "lat": rows["lat"].round(geo.DECIMALS).tolist(),
        "customdata": [
            Click("building", *pair).customdata
            for pair in zip(rows["building_id"], labels, strict=True)
        ],
        "text": [
            f"<b>{name}</b><br>{lost or way}<br>{count:,} 人"
            for name, lost, way, count in zip(
                rows["building_name"], reason, walk, rows[people], strict=True
            )
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "square",
            "size": np.clip(2 + np.sqrt(rows["residents"].to_numpy(dtype=float)) / 2, 4, 9)
            .round(1)
            .tolist(),
            "color": [shades[k] for k in band],
            "line": {"color": colours.ink, "width": 0.7},
        },
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "showlegend": False,
    }


def places(rows: pd.DataFrame, kind: Kind, name: str, look: dict, dark: bool) -> dict:
    """Return candidate or chosen places as points; a click gives kind, id and name."""
    return {
        "type": "scattergeo",
        "mode": "markers+text" if "text" in rows else "markers",
        "lon": rows["lon"].round(geo.DECIMALS).tolist(),
        "lat": rows["lat"].round(geo.DECIMALS).tolist(),
        "customdata": [Click(kind, *pair).customdata for pair in zip(rows["place_id"], rows["place_name"], strict=True)],
        "hovertext": rows["place_name"].tolist(),
        "hovertemplate": f"{name}：%{{hovertext}}<extra></extra>",
        **({"text": rows["text"].tolist()} if "text" in rows else {}),
        "textposition": "middle center",
        "textfont": {"color": theme.palette(dark).ground, "size": 11},
        "marker": look,
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "name": name,
    }  # fmt: skip
