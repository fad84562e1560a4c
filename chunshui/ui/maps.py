"""The district map: plotly's SVG geo subplot, needing neither tiles, WebGL nor a network.

`District` holds the shapes of one data version, made once; `district_map` draws values on
them and returns a plain dict, which is far cheaper to build and to share than a figure object.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

from shapely.geometry.base import BaseGeometry

from chunshui.ui import geo, scales, theme

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
    "displayModeBar": False,
    "scrollZoom": False,  # the wheel and the finger scroll the page
    "doubleClick": False,
}


@dataclass(frozen=True)
class Place:
    """A street or a community: code, name, the street it lies in (itself for a street), shape."""

    code: str
    name: str
    street_code: str
    shape: BaseGeometry


@dataclass(frozen=True)
class District:
    """Everything drawn that does not depend on a metric."""

    streets: tuple[Place, ...]
    communities: tuple[Place, ...]
    rivers: tuple[tuple[str, BaseGeometry], ...]  # name, line
    railways: tuple[tuple[str, BaseGeometry], ...]
    polygons: dict  # GeoJSON of the communities, id = code


def district(
    streets: Sequence[Place],
    communities: Sequence[Place],
    barriers: Sequence[tuple[str, str, BaseGeometry]],
) -> District:
    """Gather the shapes; of the barriers (kind, name, shape) rivers and railways are drawn."""
    return District(
        tuple(streets),
        tuple(communities),
        tuple((name, shape) for kind, name, shape in barriers if kind == "河流"),
        tuple((name, shape) for kind, name, shape in barriers if kind == "铁路"),
        geo.feature_collection([c.code for c in communities], [c.shape for c in communities]),
    )


def district_map(
    land: District,
    values: Mapping[str, float | None],
    words: Mapping[str, str],
    *,
    title: str,
    unit: str,
    chosen_streets: Sequence[str] = (),
    chosen_community: str | None = None,
    falling: bool = False,
    dark: bool = False,
    height: int = 430,
) -> dict:
    """Draw one metric by community and return a plotly figure as a plain dict.

    `values` holds the metric by community code (None or absent: no data) and `words` what to
    say of each on hover. The chosen streets or the chosen community are outlined in the
    accent and the view closes in on them; nothing is faded. `falling` reverses the shades for
    a metric that should be low, so that dark always is more of the good thing.
    """
    colours = theme.palette(dark)
    bounds = scales.breaks([v for v in values.values() if v is not None])
    shades = [colours.bands[k] for k in scales.spread(len(bounds) + 1)]
    if falling:
        shades.reverse()
    classes = [scales.class_of(values.get(c.code), bounds) for c in land.communities]
    streets = {s.code: s.name for s in land.streets}
    quiet = {"type": "scattergeo", "hoverinfo": "skip", "showlegend": False, "mode": "lines"}

    chosen = [s.shape for s in land.streets if s.code in chosen_streets]
    if chosen_community:
        chosen = [c.shape for c in land.communities if c.code == chosen_community]
    home = {c.street_code for c in land.communities if c.code == chosen_community}
    around = [s.shape for s in land.streets if s.code in (home or set(chosen_streets))]
    whole = geo.view([s.shape for s in land.streets])
    near = geo.view(around, margin=0.12) if around else whole
    zoom = min(
        (whole[2] - whole[0]) / (near[2] - near[0]), (whole[3] - whole[1]) / (near[3] - near[1])
    )

    steps = len(shades) + 1  # the missing class first, then the shades
    scale = [
        [edge, colour]
        for k, colour in enumerate([colours.missing, *shades])
        for edge in (k / steps, (k + 1) / steps)
    ]
    data = [
        {
            "type": "choropleth",
            "geojson": land.polygons,
            "locations": [c.code for c in land.communities],
            "z": classes,
            "zmin": -1.5,
            "zmax": len(shades) - 0.5,
            "colorscale": scale,
            "showscale": False,
            "marker": {"line": {"color": colours.border, "width": 0.7}},
            "unselected": {"marker": {"opacity": 1}},  # a click filters; it must not fade the map
            "customdata": [[c.code, c.street_code] for c in land.communities],
            "text": [
                f"<b>{c.name}</b>　{streets[c.street_code]}<br>{words.get(c.code, '无数据')}"
                for c in land.communities
            ],
            "hovertemplate": "%{text}<extra></extra>",
        },
        {
            **quiet,
            **geo.outline([shape for _, shape in land.rivers]),
            "line": {"color": colours.river, "width": 5},
        },
        {
            **quiet,
            **geo.outline([shape for _, shape in land.railways]),
            "line": {"color": colours.ink, "width": 2.6},
        },
        {  # the white dashes of a railway line as Chinese maps draw it
            **quiet,
            **geo.outline([shape for _, shape in land.railways]),
            "line": {"color": colours.ground, "width": 1.4, "dash": "5px,5px"},
        },
        {
            **quiet,
            **geo.outline([s.shape for s in land.streets]),
            "line": {"color": colours.street, "width": 1.7},
        },
        {
            **quiet,
            **geo.outline(chosen),
            "line": {"color": colours.accent, "width": 3},
        },
        *_labels(
            land,
            home or set(chosen_streets),
            chosen_community,
            (whole[2] - whole[0]) / zoom,
            colours,
        ),
        *_legend(land, bounds, shades, classes, unit, colours),
    ]
    return {
        "data": [trace for trace in data if trace.get("lon") != []],
        "layout": {
            "geo": {
                "visible": False,
                # The range stays the whole district and the zoom does the closing in: plotly
                # clips at the range, and the neighbours should stay in sight.
                "projection": {"type": "mercator", "scale": zoom},
                "center": {"lon": (near[0] + near[2]) / 2, "lat": (near[1] + near[3]) / 2},
                "lonaxis": {"range": [whole[0], whole[2]]},
                "lataxis": {"range": [whole[1], whole[3]]},
                "bgcolor": "rgba(0,0,0,0)",
                "domain": {"x": [0, 1], "y": [0, 1]},
            },
            "margin": {"l": 0, "r": 0, "t": 0, "b": 84, "autoexpand": False},
            "height": height,
            "dragmode": False,
            "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
            "legend": {
                "title": {"text": title, "side": "top"},
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


def _labels(
    land: District,
    chosen_streets: set[str],
    chosen_community: str | None,
    width_degrees: float,
    colours: theme.Palette,
) -> list[dict]:
    """Return the names: of communities within a single chosen street, else of all streets."""
    near = len(chosen_streets) == 1
    places = [c for c in land.communities if c.street_code in chosen_streets] if near else []
    places = places or list(land.streets)
    size = 11 if near else 12
    names = [p.name.removesuffix("社区").removesuffix("街道") for p in places]
    spots = geo.label_places(
        [p.shape for p in places], names, width_degrees=width_degrees, size_px=size
    )
    drawn = [(p, n, s) for p, n, s in zip(places, names, spots, strict=True) if s]
    return [
        {
            "type": "scattergeo",
            "mode": "text",
            "lon": [round(s[0], geo.DECIMALS) for _, _, s in drawn],
            "lat": [round(s[1], geo.DECIMALS) for _, _, s in drawn],
            "text": [f"<b>{n}</b>" if p.code == chosen_community else n for p, n, _ in drawn],
            "textfont": {
                "size": size,
                "color": colours.ink,
                # A halo of the ground colour keeps the name legible on any shade.
                "shadow": ", ".join(
                    f"{dx}px {dy}px 2px {colours.ground}" for dx in (-1, 1) for dy in (-1, 1)
                ),
            },
            "hoverinfo": "skip",
            "showlegend": False,
        }
    ]


def _legend(
    land: District,
    bounds: Sequence[float],
    shades: Sequence[str],
    classes: Sequence[int],
    unit: str,
    colours: theme.Palette,
) -> list[dict]:
    """Return one empty trace per legend entry: the classes in words with units, then the lines."""
    edges = [f"{bound:,.10g}" for bound in bounds]
    if bounds:
        inner = [f"{low}–{high}{unit}" for low, high in pairwise(edges)]
        names = [f"低于 {edges[0]}{unit}", *inner, f"{edges[-1]}{unit} 及以上"]
    else:
        names = ["各处相同"]
    squares = list(zip(names, shades, strict=True))
    if -1 in classes:
        squares.append(("无数据", colours.missing))
    entries = [
        (name, {"mode": "markers", "marker": {"symbol": "square", "size": 13, "color": colour}})
        for name, colour in squares
    ]
    lines = [("街道界", {"color": colours.street, "width": 1.7})]
    lines += [(name, {"color": colours.river, "width": 5}) for name, _ in land.rivers[:1]]
    lines += [
        (name, {"color": colours.ink, "width": 2.6, "dash": "5px,2px"})
        for name, _ in land.railways[:1]
    ]
    entries += [(name, {"mode": "lines", "line": line}) for name, line in lines]
    return [
        {"type": "scattergeo", "lon": [None], "lat": [None], "name": name, **look}
        for name, look in entries
    ]
