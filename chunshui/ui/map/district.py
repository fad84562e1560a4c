"""The district map: plotly's SVG geo subplot, needing neither tiles, WebGL nor a network.

A map is a plain dict, which is far cheaper to build and to share than a figure object.
"""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from shapely.geometry.base import BaseGeometry

from chunshui.catalogue.bands import Classes
from chunshui.drawing import theme
from chunshui.ui.map import geo
from chunshui.ui.map.click import Click
from chunshui.ui.map.land import (
    COMMUNITY_PX,
    ROAD_PX,
    STREET_PX,
    District,
    Label,
    road_names,
    short_name,
    view,
)

# plotly.js fetches <topojsonURL><name>.json before it draws any geo subplot and draws
# nothing if that fails. An empty topology in a data URL satisfies it; the "#" turns the
# file name it appends into an ignored fragment.
_LAYERS = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
_EMPTY = {
    "type": "Topology",
    "arcs": [],
    "objects": {name: {"type": "GeometryCollection", "geometries": []} for name in _LAYERS},
}
CONFIG = {
    "topojsonURL": f"data:application/json,{quote(json.dumps(_EMPTY))}#",
    "displayModeBar": True,
    "displaylogo": False,
    "modeBarButtons": [["zoomInGeo", "zoomOutGeo", "resetGeo"]],
    "locale": "zh-CN",
    "locales": {
        "zh-CN": {
            "dictionary": {"Zoom in": "放大", "Zoom out": "缩小", "Reset": "复位"},
            "format": {},
        }
    },
    "scrollZoom": False,  # the wheel and the finger scroll the page
    "doubleClick": False,
}


def district_map(
    land: District,
    values: Mapping[str, float | None],
    words: Mapping[str, str],
    classes: Classes,
    *,
    title: str,
    chosen_streets: Sequence[str] = (),
    chosen_community: str | None = None,
    missing: str = "无数据",
    dark: bool = False,
    height: int = 430,
) -> dict:
    """Return a map of one metric by community, a plotly figure as a plain dict.

    `values` holds the metric by community code (None or absent: no data) and `words` what to
    say of each on hover. The chosen streets or the chosen community are outlined in the
    accent, the view closes in on them and the rest fades.
    """
    colours = theme.palette(dark)
    layer, squares = shaded(land, values, words, classes, missing=missing, colours=colours)
    return canvas(
        land,
        [layer],
        squares,
        title=title,
        chosen_streets=chosen_streets,
        chosen_community=chosen_community,
        dark=dark,
        height=height,
    )


def shaded(
    land: District,
    values: Mapping[str, float | None],
    words: Mapping[str, str],
    classes: Classes,
    *,
    colours: theme.Palette,
    missing: str = "无数据",
) -> tuple[dict, list[tuple[str, str]]]:
    """Return the communities shaded by class as a layer, and the legend's squares."""
    shades = [colours.ramp(classes.ramp)[strength] for strength in classes.strengths]
    known = [classes.of(values.get(c.code)) for c in land.communities]
    numbers = [-1 if number is None else number for number in known]
    steps = len(shades) + 1  # the missing class first, then the shades
    scale = [
        [edge, colour]
        for k, colour in enumerate([colours.missing, *shades])
        for edge in (k / steps, (k + 1) / steps)
    ]
    choropleth = communities(land, words, colours, missing) | {
        "z": numbers,
        "zmin": -1.5,
        "zmax": len(shades) - 0.5,
        "colorscale": scale,
    }
    squares = list(zip(classes.names, shades, strict=True))
    return choropleth, [*squares, (missing, colours.missing)] if -1 in numbers else squares


def communities(
    land: District, words: Mapping[str, str], colours: theme.Palette, missing: str = "无数据"
) -> dict:
    """Return the communities as a layer to be coloured: a click gives code and street's code."""
    streets = {s.code: s.name for s in land.streets}
    return {
        "type": "choropleth",
        "geojson": land.polygons,
        "locations": [c.code for c in land.communities],
        "showscale": False,
        "marker": {"line": {"color": colours.border, "width": 0.7}},
        "unselected": {"marker": {"opacity": 1}},  # a click filters; it must not fade the map
        "customdata": [
            Click("place", c.code, street_code=c.street_code).customdata for c in land.communities
        ],
        "text": [
            f"<b>{c.name}</b>　{streets[c.street_code]}<br>{words.get(c.code, missing)}"
            for c in land.communities
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def canvas(
    land: District,
    layers: Sequence[dict],
    squares: Sequence[tuple[str, str]],
    *,
    title: str,
    points: Sequence[dict] = (),
    above: Sequence[dict] = (),
    chosen_streets: Sequence[str] = (),
    chosen_community: str | None = None,
    dark: bool = False,
    height: int = 430,
    below: int = 84,
    closest: bool = False,
    around: Sequence[BaseGeometry] = (),
    roads: bool = False,
) -> dict:
    """Return layers under the river, the railway, the borders and the names of the district.

    `layers` are plotly traces drawn below all that, `points` above it but for the names, what is
    `above` over these too; `squares` are the legend's
    colours with their words, and a point trace with a name has its own entry. `below` is the room
    for the legend, pixels of `height`. The view closes in on the street of what is chosen, or with
    `closest` on the chosen community itself, or on what it is to be `around`. Closed in, it shows
    the arterials with their names, with `roads` the whole district's too. Buttons and a drag move it;
    where the reader moved it to stays until something else is chosen.
    """
    colours = theme.palette(dark)
    quiet = {"type": "scattergeo", "hoverinfo": "skip", "showlegend": False, "mode": "lines"}
    chosen = [s.shape for s in land.streets if s.code in chosen_streets]
    if chosen_community:
        chosen = [c.shape for c in land.communities if c.code == chosen_community]
    home = {c.street_code for c in land.communities if c.code == chosen_community}
    home = home or set(chosen_streets)
    near = [s for s in land.streets if s.code in home]
    if closest and chosen_community:
        near = [c for c in land.communities if c.code == chosen_community]
    zoom, (lon, lat) = view(land.streets, around or [place.shape for place in near])
    whole = geo.view([s.shape for s in land.streets])
    names = land.labels[next(iter(home)) if len(home) == 1 else None]
    arterials = {**geo.outline([shape for _, shape in land.roads]), "line": _road(colours)}
    data = [
        *layers,
        *_veil(land, chosen_streets, chosen_community, colours),
        *([{**quiet, **arterials}] if roads or near or around else []),
        *([{**quiet, **land.river[1], **_river(land.river, colours)}] if land.river else []),
        # A railway as Chinese maps draw it: a dark line with light dashes.
        *([{**quiet, **land.railway[1], "line": _rail(colours)}] if land.railway else []),
        *([{**quiet, **land.railway[1], "line": _dashes(colours)}] if land.railway else []),
        # Street borders have a light casing, to stand out on the dark shades too.
        {**quiet, **land.borders, "line": {"color": colours.ground, "width": 3.6}},
        {**quiet, **land.borders, "line": {"color": colours.street, "width": 1.7}},
        {**quiet, **geo.outline(chosen), "line": {"color": colours.accent, "width": 3}},
        *points,
        *(_road_names(land, zoom, (lon, lat), names, colours) if near or around else []),
        _names(names, chosen_community, colours),
        *above,
        *_legend(land, squares, colours),
    ]
    return {
        "data": [trace for trace in data if trace.get("lon") != []],
        "layout": {
            "geo": {
                "visible": False,
                # The range stays the whole district and the zoom does the closing in: plotly
                # clips at the range, and the neighbours should stay in sight.
                "projection": {"type": "mercator", "scale": zoom},
                "center": {"lon": lon, "lat": lat},
                "lonaxis": {"range": [whole[0], whole[2]]},
                "lataxis": {"range": [whole[1], whole[3]]},
                "bgcolor": "rgba(0,0,0,0)",
                "domain": {"x": [0, 1], "y": [0, 1]},
            },
            "margin": {"l": 0, "r": 0, "t": 0, "b": below, "autoexpand": False},
            "height": height,
            "dragmode": False,
            "uirevision": f"{zoom:.4f} {lon:.4f} {lat:.4f}",
            "modebar": {
                "orientation": "v",
                "bgcolor": colours.ground,
                "color": colours.ink,
                "activecolor": colours.accent,
            },
            "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
            "legend": {
                "title": {"text": title, "side": "top", "font": {"color": colours.quiet}},
                "orientation": "h",
                "x": 0,
                "y": -0.02,
                "yanchor": "top",
                "itemclick": False,
                "itemdoubleclick": False,
                "itemsizing": "constant",
                "bgcolor": "rgba(0,0,0,0)",
                "font": {"size": 12, "color": colours.ink},
            },
            "hoverlabel": {"align": "left"},
        },
    }


def between(trace: dict, least: float, most: float | None = None) -> dict:
    """Return a trace that is seen while the map is so many times as near as at first (see maps.js)."""
    return {**trace, "meta": {"zoom": [least, most]}}


def _veil(
    land: District, streets: Sequence[str], community: str | None, colours: theme.Palette
) -> list[dict]:
    """Return what fades the communities that are not chosen; nothing where none or all are."""
    chosen = {c.code for c in land.communities if c.street_code in streets}
    chosen = {community} if community else chosen
    others = [c.code for c in land.communities if c.code not in chosen]
    if not chosen or not others:
        return []
    return [veil(land.polygons, others, colours)]


def veil(shapes: str | dict, ids: Sequence[str], colours: theme.Palette) -> dict:
    """Return what fades the shapes with such ids of a GeoJSON, or of the address of one."""
    shade = f"rgba({', '.join(str(int(colours.ground[k : k + 2], 16)) for k in (1, 3, 5))}, 0.55)"
    return {
        "type": "choropleth",
        "geojson": shapes,
        "locations": list(ids),
        "z": [0] * len(ids),
        "colorscale": [[0, shade], [1, shade]],
        "showscale": False,
        "marker": {"line": {"width": 0}},
        "hoverinfo": "skip",
        "unselected": {"marker": {"opacity": 1}},
    }


def _river(river: tuple[str, dict], colours: theme.Palette) -> dict:
    width = 0 if "fill" in river[1] else 5
    return {"line": {"color": colours.river, "width": width}, "fillcolor": colours.river}


def _rail(colours: theme.Palette) -> dict:
    return {"color": colours.ink, "width": 2.6}


def _dashes(colours: theme.Palette) -> dict:
    return {"color": colours.ground, "width": 1.4, "dash": "5px,5px"}


def _road(colours: theme.Palette) -> dict:
    return {"color": colours.quiet, "width": 1.1}


def _road_names(
    land: District,
    zoom: float,
    middle: tuple[float, float],
    names: Sequence[Label],
    colours: theme.Palette,
) -> list[dict]:
    """Return the names of the arterials, sign by sign along them."""
    signs = road_names(land, zoom, middle, names, _size_px(names))
    return [_texts(signs, ROAD_PX, colours.quiet, colours)] if signs else []


def _size_px(labels: Sequence[Label]) -> int:
    near = labels and labels[0][0].code != labels[0][0].street_code
    return COMMUNITY_PX if near else STREET_PX


def _names(labels: Sequence[Label], chosen_community: str | None, colours: theme.Palette) -> dict:
    """Return the names of streets, or of the communities of the one street chosen."""
    words = [
        (
            f"<b>{short_name(place.name)}</b>"
            if place.code == chosen_community
            else short_name(place.name),
            lon,
            lat,
        )
        for place, lon, lat in labels
    ]
    return _texts(words, _size_px(labels), colours.ink, colours)


def _texts(
    words: Sequence[tuple[str, float, float]], size_px: int, colour: str, colours: theme.Palette
) -> dict:
    """Return words at their lon and lat as a trace."""
    return {
        "type": "scattergeo",
        "mode": "text",
        "lon": [round(lon, geo.DECIMALS) for _, lon, _ in words],
        "lat": [round(lat, geo.DECIMALS) for _, _, lat in words],
        "text": [word for word, _, _ in words],
        "textfont": {
            "size": size_px,
            "color": colour,
            "shadow": colours.halo,
        },
        "unselected": {"textfont": {"color": colour}},  # a click on a mark must not fade the names
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _legend(
    land: District, squares: Sequence[tuple[str, str]], colours: theme.Palette
) -> list[dict]:
    """Return one empty trace per legend entry: the colours in words, then the lines."""
    entries = [
        (name, {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": colour}})
        for name, colour in squares
    ]
    lines = [("街道界", {"color": colours.street, "width": 1.7})]
    if land.river:
        lines.append((land.river[0], {"color": colours.river, "width": 5}))
    if land.railway:
        lines.append((land.railway[0], _rail(colours) | {"dash": "5px,2px"}))
    entries += [(name, {"mode": "lines", "line": line}) for name, line in lines]
    return [
        {"type": "scattergeo", "lon": [None], "lat": [None], "name": name, **look}
        for name, look in entries
    ]
