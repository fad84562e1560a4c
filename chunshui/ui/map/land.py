"""The land that maps are drawn on: streets, communities, river, railway, where names stand."""

import datetime as dt
import gzip
import hashlib
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from shapely.geometry.base import BaseGeometry

from chunshui.drawing import labels
from chunshui.ui.map import geo


class Address(str):
    """Where browsers fetch shapes, and keep them; what is fetched lives as long as the address."""

    __slots__ = ("__weakref__", "zipped")
    zipped: bytes


# Not sent with every map: half of the first page would be it. By name, see `address`.
FETCHED: WeakValueDictionary[str, Address] = WeakValueDictionary()
# A browser asks after the script that told it has ended.
_LATEST: deque[Address] = deque(maxlen=100)
STREET_PX, COMMUNITY_PX, ROAD_PX = 12, 11, 10  # type size of the names
PHONE_PX = 340  # a map's width there: names that are free of one another are so on any wider


@dataclass(frozen=True)
class Place:
    """A street or a community: code, name, the street it lies in (itself for a street), shape.

    `since` is the day a community is in the register from.
    """

    code: str
    name: str
    street_code: str
    shape: BaseGeometry
    since: dt.date | None = None


Label = tuple[Place, float, float]  # a name to write, and where: lon, lat


@dataclass(frozen=True)
class District:
    """The shapes of one data version, and all that is drawn whatever the metric."""

    streets: tuple[Place, ...]
    communities: tuple[Place, ...]
    polygons: Address  # where the browser fetches the communities' GeoJSON (id = code), once
    borders: dict  # outline of the streets, as coordinate lists
    river: tuple[str, dict] | None  # name, lines
    railway: tuple[str, dict] | None
    roads: tuple[tuple[str, BaseGeometry], ...]  # the arterials: name, line
    labels: dict[str | None, tuple[Label, ...]]
    """Where names stand without touching: of the streets (None), of one street's communities."""


def gathered(
    streets: Sequence[Place],
    communities: Sequence[Place],
    barriers: Sequence[tuple[str, str, BaseGeometry]],
) -> District:
    """Return the district of its shapes; of the barriers (kind, name, shape) all are drawn."""
    near = {
        street.code: [c for c in communities if c.street_code == street.code] for street in streets
    }
    return District(
        tuple(streets),
        tuple(communities),
        address(
            geo.feature_collection([c.code for c in communities], [c.shape for c in communities])
        ),
        geo.outline([s.shape for s in streets]),
        _lines("河流", barriers),
        _lines("铁路", barriers),
        tuple((short_name(name), shape) for kind, name, shape in barriers if kind == "主干道"),
        {None: _labels(streets, streets, STREET_PX)}
        | {
            street.code: _labels(near[street.code], [street], COMMUNITY_PX, streets)
            for street in streets
        },
    )


def address(polygons: dict) -> Address:
    """Return from where browsers fetch a GeoJSON: another address for other shapes."""
    content = json.dumps(polygons, separators=(",", ":")).encode()
    name = hashlib.sha256(content).hexdigest()[:16]
    made = Address(f"land/{name}.json")
    made.zipped = gzip.compress(content, 2)  # the last tenth of bytes takes ten times as long
    made = FETCHED.setdefault(name, made)
    _LATEST.append(made)
    return made


def _lines(kind: str, barriers: Sequence[tuple[str, str, BaseGeometry]]) -> tuple[str, dict] | None:
    lines = [(name, shape) for one, name, shape in barriers if one == kind]
    if not lines:
        return None
    traced: dict = geo.outline([shape for _, shape in lines])
    if all(shape.geom_type.endswith("Polygon") for _, shape in lines):
        traced["fill"] = "toself"  # a river drawn by its banks is an area
    return lines[0][0] if len(lines) == 1 else kind, traced


def _labels(
    places: Sequence[Place],
    within: Sequence[Place],
    size_px: float,
    whole: Sequence[Place] = (),
) -> tuple[Label, ...]:
    """Return where names stand when `whole` is closed in on `within` (all of it without `whole`)."""
    zoom = view(whole, [place.shape for place in within])[0] if whole else 1.0
    west, _, east, _ = geo.view([street.shape for street in whole or within])
    spots = labels.inside(
        [place.shape for place in places],
        [short_name(place.name) for place in places],
        width_degrees=(east - west) / zoom,
        width_px=PHONE_PX,
        size_px=size_px,
    )
    return tuple((place, *spots[i]) for i, place in enumerate(places) if i in spots)


def view(
    streets: Sequence[Place], within: Sequence[BaseGeometry]
) -> tuple[float, tuple[float, float]]:
    """Return how far a map of the streets closes in on what is `within`, and on which lon and lat."""
    whole = geo.view([s.shape for s in streets])
    near = geo.view(within, margin=0.12) if within else whole
    zoom = min(
        (whole[2] - whole[0]) / (near[2] - near[0]), (whole[3] - whole[1]) / (near[3] - near[1])
    )
    return zoom, ((near[0] + near[2]) / 2, (near[1] + near[3]) / 2)


def road_names(
    land: District, zoom: float, middle: tuple[float, float], names: Sequence[Label], size_px: float
) -> list[tuple[str, float, float]]:
    """Return the signs of the roads' names with lon and lat, where a view so close has room for them.

    `middle` is the view's, `names` are what is written there at `size_px`: no sign stands on them.
    """
    west, south, east, north = geo.view([street.shape for street in land.streets])
    wide, high = (east - west) / zoom, (north - south) / zoom
    degrees_per_px = wide / PHONE_PX
    half_h = size_px * degrees_per_px * 0.65
    return labels.along(
        [shape for _, shape in land.roads],
        [name for name, _ in land.roads],
        frame=(
            middle[0] - wide / 2,
            middle[1] - high / 2,
            middle[0] + wide / 2,
            middle[1] + high / 2,
        ),
        taken=[
            (lon - half_w, lat - half_h, lon + half_w, lat + half_h)
            for place, lon, lat in names
            for half_w in [len(short_name(place.name)) * size_px * degrees_per_px / 2]
        ],
        degrees_per_px=degrees_per_px,
        size_px=ROAD_PX,
    )


def short_name(name: str) -> str:
    """Return a name as a map writes it: without 街道 or 社区, or what stands behind it in brackets."""
    return name.partition("（")[0].removesuffix("社区").removesuffix("街道")
