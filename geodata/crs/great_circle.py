"""Great-circle distances on a sphere of mean earth radius."""

import math
from typing import NamedTuple

LonLat = tuple[float, float]
"""WGS 84, longitude first."""
EARTH_RADIUS_M = 6_371_008.8
_SLACK = 1.02
_NEAR_POLE = 89.0


class Box(NamedTuple):
    """From the lower left to the upper right, in degrees."""

    west: float
    south: float
    east: float
    north: float


def distance_m(one: LonLat, other: LonLat) -> float:
    """Return the distance of two positions by the haversine formula; never NaN."""
    lon, lat = math.radians(one[0]), math.radians(one[1])
    other_lon, other_lat = math.radians(other[0]), math.radians(other[1])
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    # Of places opposite each other on the globe rounding may make it more than 1.
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(half, 1.0)))


def box_around(centre: LonLat, radius_m: float) -> Box:
    """Return a box that holds everything within a distance, and a little more.

    It is two per cent wider than on a sphere, since the ellipsoid's degrees differ from the
    sphere's by less than one. Where it would reach over a pole or the 180th meridian it goes all
    around.

    Parameters
    ----------
    centre
        Longitude and latitude, in degrees.
    radius_m
        The distance in metres.
    """
    lon, lat = centre
    reach = math.degrees(_SLACK * radius_m / EARTH_RADIUS_M)
    south, north = lat - reach, lat + reach
    widest = max(abs(south), abs(north))
    if widest >= _NEAR_POLE:
        return Box(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
    across = reach / math.cos(math.radians(widest))
    west, east = lon - across, lon + across
    if west < -180 or east > 180:  # noqa: PLR2004  (degrees)
        return Box(-180.0, south, 180.0, north)
    return Box(west, south, east, north)
