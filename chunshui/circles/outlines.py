"""What a map paints of a question: outlines in degrees, cut to the land. For the eye only."""

import geopandas as gpd
import numpy as np
import shapely

from chunshui import coordinates
from chunshui.circles import catchments
from chunshui.circles.model import Circles
from chunshui.circles.question import Question
from chunshui.circles.stations import answering


def station_outlines(circles: Circles, station: int, limits_m) -> gpd.GeoDataFrame:
    """Outline what can be walked to from one station: `metres`, geometry in WGS-84."""
    found = catchments.catchments(
        circles.ground.network, circles.mesh, circles.ground.stations[[station]], limits_m
    )
    found["geometry"] = shapely.intersection(
        shapely.make_valid(found.geometry.to_numpy()), circles.land
    )
    return _degrees(found, circles)


def _degrees(frame: gpd.GeoDataFrame, circles: Circles) -> gpd.GeoDataFrame:
    crs = circles.ground.network.crs
    shapes = shapely.transform(
        frame.geometry.to_numpy(), lambda xy: np.column_stack(coordinates.to_degrees(xy, crs))
    )
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs="EPSG:4326")


def nested_outlines(circles: Circles, question: Question, limits_m) -> list[shapely.Geometry]:
    """Draw how far the nearest asked station is. Painted one over the other these are the bands.

    Returns:
        The land itself, then what lies within each distance, the farthest first; WGS-84.
    """
    network = circles.ground.network
    doors = circles.ground.stations[np.flatnonzero(answering(circles, question))]
    outlines = catchments.covered(network, circles.mesh, doors, limits_m).geometry.to_numpy()[::-1]
    shapes = np.array([circles.land, *shapely.intersection(outlines, circles.land)])
    return shapely.transform(
        shapes, lambda xy: np.column_stack(coordinates.to_degrees(xy, network.crs))
    ).tolist()
