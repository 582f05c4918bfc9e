"""Great-circle distances on a sphere of mean earth radius."""

import math

LonLat = tuple[float, float]
"""WGS 84, longitude first."""
EARTH_RADIUS_M = 6_371_008.8


def distance_m(one: LonLat, other: LonLat) -> float:
    """Return the distance of two positions by the haversine formula; never NaN."""
    lon, lat = math.radians(one[0]), math.radians(one[1])
    other_lon, other_lat = math.radians(other[0]), math.radians(other[1])
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    # Of places opposite each other on the globe rounding may make it more than 1.
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(half, 1.0)))
