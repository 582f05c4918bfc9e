"""Requests to close parts of the grid city."""

from dispatch.closures.types import CloseRoads
from tests.cities import GridCity


def area(
    city: GridCity, west: float, south: float, east: float, north: float, **fields: object
) -> CloseRoads:
    """Return a request to close a rectangle of the grid."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = [list(city.at(*corner)) for corner in corners]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    wanted = {"kind": "area", "geometry": geometry, "reason": "Burst main", **fields}
    return CloseRoads.read(wanted)


def road(city: GridCity, *places: tuple[float, float], **fields: object) -> CloseRoads:
    """Return a request to close the road between places of the grid."""
    points = [list(city.at(*place)) for place in places]
    geometry = {"type": "LineString", "coordinates": points}
    return CloseRoads.read({"kind": "road", "geometry": geometry, "reason": "Trench", **fields})
