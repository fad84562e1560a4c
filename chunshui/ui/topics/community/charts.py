"""The small map of a community: who walks to a station in ten minutes, and who cannot.

An inline SVG: it stands on the page together with the words beside it, so that a sheet printed
right after it was opened has it; plotly draws its maps seconds later.
"""

from collections.abc import Iterable, Sequence
from html import escape
from math import cos, radians

import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from chunshui.drawing import theme
from chunshui.ui import data as shown
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import geo, land
from chunshui.ui.topics.community import data
from chunshui.ui.widgets.pictures import kept

REACHED, BEYOND, STATION = "走得到的楼", "走不到的楼", "阵地"
TALL = 0.82  # height of the picture by its width
TITLE = "社区里的楼和阵地：步行十分钟走得到与走不到"


@kept
def reach_map(scope: Scope, dark: bool) -> str:
    """Return the map of the community in scope, its buildings by whether a station is in reach."""
    colours, ground = theme.palette(dark), shown.district(scope.edition)
    homes, stations = data.homes(scope), data.stations(scope)
    mine = [one.shape for one in ground.communities if one.code == scope.community]
    west, south, east, north = geo.view(mine, margin=0.12)
    lon, lat = (west + east) / 2, (south + north) / 2
    squeeze = cos(radians(lat))
    wide = max(east - west, (north - south) / squeeze / TALL)
    high = wide * squeeze * TALL
    frame = _Frame(lon - wide / 2, lat + high / 2, land.PHONE_PX / wide, squeeze)
    window = shapely.box(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2)

    def drawn(shapes: Iterable[BaseGeometry], look: str) -> str:
        near = [one.boundary if "Polygon" in one.geom_type else one for one in shapes]
        near = [one.intersection(window) for one in near if one.intersects(window)]
        return f'<path d="{"".join(map(frame.path, near))}" fill="none" {look}/>'

    half = {
        one.code: land.COMMUNITY_PX * len(land.short_name(one.name)) / 2
        for one in ground.communities
    }
    names = [
        (one, x, y)
        for one, x, y in ground.labels.get(shown.home_street(scope), ())
        if half[one.code] < frame.spot(x, y)[0] < land.PHONE_PX - half[one.code]
    ]
    whole = geo.view([street.shape for street in ground.streets])
    zoom = (whole[2] - whole[0]) / wide
    signs = land.road_names(ground, zoom, (lon, lat), names, land.COMMUNITY_PX)
    words = [(land.short_name(one.name), x, y) for one, x, y in names]
    parts = [
        drawn([one.shape for one in ground.communities], _line(colours.border, 0.7)),
        drawn([shape for _, shape in ground.roads], _line(colours.quiet, 1.1)),
        _water(ground, frame, colours),
        drawn([one.shape for one in ground.streets], _line(colours.street, 1.7)),
        drawn(mine, _line(colours.accent, 3)),
        _points(homes, stations, frame, colours),
        *(_word(word, *frame.spot(x, y), land.ROAD_PX, colours.quiet, colours) for word, x, y in signs),
        *(_word(word, *frame.spot(x, y), land.COMMUNITY_PX, colours.ink, colours) for word, x, y in words),
    ]  # fmt: skip
    return (
        f'<svg class="land" role="img" aria-label="{TITLE}" viewBox="0 0 {land.PHONE_PX} {land.PHONE_PX * TALL:.0f}">'
        f"{''.join(parts)}</svg>{_legend(homes, stations, colours)}"
    )


class _Frame:
    """Where lon and lat come to lie, in units of the picture; `squeeze` is a degree of lon by one of lat."""

    def __init__(self, west: float, north: float, units_per_degree: float, squeeze: float):
        self.west, self.north, self.squeeze = west, north, squeeze
        self.scale = units_per_degree

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.scale, (self.north - lat) * self.scale / self.squeeze

    def path(self, shape: BaseGeometry) -> str:
        """Return the lines of a shape as an SVG path."""
        return "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (self.spot(*at) for at in part.coords))
            for part in shapely.get_parts(shape)
            if part.geom_type == "LineString"
        )


def _line(colour: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'stroke="{colour}" stroke-width="{width}"{dashed}'


def _water(ground: land.District, frame: _Frame, colours: theme.Palette) -> str:
    """Return river and railway, which are kept as lists of lon and lat with None between lines."""
    parts = []
    for kind, looks in (
        (ground.river, [_line(colours.river, 5)]),
        (ground.railway, [_line(colours.ink, 2.6), _line(colours.ground, 1.4, "5 5")]),
    ):
        if kind is None:
            continue
        path, pen = [], "M"
        for lon, lat in zip(kind[1]["lon"], kind[1]["lat"], strict=True):
            if lon is None:
                pen = "M"
                continue
            x, y = frame.spot(lon, lat)
            path.append(f"{pen}{x:.1f} {y:.1f}")
            pen = "L"
        if "fill" in kind[1]:
            looks = [f'stroke="none" fill="{colours.river}"']
        else:
            looks = [f'fill="none" {look}' for look in looks]
        parts += [f'<path d="{"".join(path)}" {look}/>' for look in looks]
    return "".join(parts)


def _points(
    homes: pd.DataFrame, stations: pd.DataFrame, frame: _Frame, colours: theme.Palette
) -> str:
    """Return buildings and stations, each saying what it is when it is pointed at."""
    parts = []
    for one in homes.sort_values("numerator", ascending=False).itertuples():
        x, y = frame.spot(one.lon, one.lat)
        radius, colour = (2.2, colours.quiet) if one.numerator else (4, colours.accent)
        why = f"，{one.reason}" if not one.numerator and isinstance(one.reason, str) else ""
        said = escape(f"{one.entity_name}：{one.denominator:,.0f}人{why}")
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}" stroke="{colours.ground}"'
            f' stroke-width="0.7"><title>{said}</title></circle>'
        )
    for one in stations.itertuples():
        x, y = frame.spot(one.lon, one.lat)
        said = escape(f"{one.station_name}：{one.level}级阵地")
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{_diamond(colours, said)}</g>')
    return "".join(parts)


def _diamond(colours: theme.Palette, said: str) -> str:
    return (
        f'<path d="M0-6L6 0L0 6L-6 0Z" fill="{colours.ink}" stroke="{colours.ground}">'
        f"<title>{said}</title></path>"
    )


def _word(text: str, x: float, y: float, size: int, colour: str, colours: theme.Palette) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="middle" dominant-baseline="central"'
        f' fill="{colour}" stroke="{colours.ground}" stroke-width="3" paint-order="stroke">{escape(text)}</text>'
    )


def _legend(homes: pd.DataFrame, stations: pd.DataFrame, colours: theme.Palette) -> str:
    """Return what the marks stand for, with how many there are of each."""
    reached = int((homes["numerator"] > 0).sum())
    marks: Sequence[tuple[str, str, int]] = (
        (f'<circle r="3" fill="{colours.quiet}"/>', REACHED, reached),
        (f'<circle r="4" fill="{colours.accent}"/>', BEYOND, len(homes) - reached),
        (_diamond(colours, STATION), STATION, len(stations)),
    )
    shown_marks = "".join(
        f'<span><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">{mark}</svg>'
        f" {name}（{count:,}）</span>"
        for mark, name, count in marks
        if count
    )
    return f'<p class="marks">{shown_marks}<span>步行十分钟为720米</span></p>'
