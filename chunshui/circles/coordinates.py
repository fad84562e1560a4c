"""Coordinate systems, as the walking circles use them: see `chunshui.coordinates`."""

from chunshui.coordinates import (
    BD09,
    CGCS2000,
    GCJ02,
    SYSTEMS,
    WGS84,
    convert,
    from_wgs84,
    judge,
    to_degrees,
    to_metres,
    to_wgs84,
    zone,
)

__all__ = [
    "BD09",
    "CGCS2000",
    "GCJ02",
    "SYSTEMS",
    "WGS84",
    "convert",
    "from_wgs84",
    "judge",
    "to_degrees",
    "to_metres",
    "to_wgs84",
    "zone",
]
