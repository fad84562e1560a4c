"""What a map paints of a question: outlines in degrees, cut to the land. For the eye only."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from chunshui import coordinates
from chunshui.circles import catchments
from chunshui.circles.model import Circles
from chunshui.circles.question import Question
from chunshui.circles.stations import answering


def station_outlines(circles: Circles, station: int, limits_m: Sequence[float]) -> gpd.GeoDataFrame:
    """Outline what can be walked to from one station: `metres`, geometry in WGS-84."""
    network, doors = circles.ground.network, circles.ground.stations[[station]]
    outlines = catchments.catchments(network, circles.mesh, doors, limits_m)
    shapes = shapely.make_valid(outlines.geometry.to_numpy())
    shapes = coordinates.shapes_to_degrees(shapely.intersection(shapes, circles.land), network.crs)
    return gpd.GeoDataFrame(outlines[["station", "metres"]], geometry=shapes, crs="EPSG:4326")


def nested_outlines(
    circles: Circles, question: Question, limits_m: Sequence[float]
) -> list[shapely.Geometry]:
    """Outline how far the nearest answering station is; painted in turn these are the bands.

    Returns:
        The land itself, then what lies within each distance, the farthest first; WGS-84.
    """
    network = circles.ground.network
    doors = circles.ground.stations[np.flatnonzero(answering(circles, question))]
    outlines = catchments.covered(network, circles.mesh, doors, limits_m)
    shapes = shapely.intersection(outlines.geometry.to_numpy()[::-1], circles.land)
    return [*coordinates.shapes_to_degrees(np.array([circles.land, *shapes]), network.crs)]
