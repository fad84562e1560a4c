"""What a map paints of a question: outlines that hold one another, in degrees. For the eye only."""

import numpy as np
import shapely

from chunshui import coordinates
from chunshui.circles import catchments, service
from chunshui.circles.service import Circles, Question


def nested(circles: Circles, question: Question, limits_m) -> list[shapely.Geometry]:
    """Draw how far the nearest asked station is. Painted one over the other these are the bands.

    Returns:
        The land itself, then what lies within each distance, the farthest first; WGS-84.
    """
    network = circles.ground.network
    doors = circles.ground.stations[np.flatnonzero(service.asked(circles, question))]
    outlines = catchments.covered(network, circles.mesh, doors, limits_m).geometry.to_numpy()[::-1]
    shapes = np.array([circles.land, *shapely.intersection(outlines, circles.land)])
    return shapely.transform(
        shapes, lambda xy: np.column_stack(coordinates.to_degrees(xy, network.crs))
    ).tolist()
