"""Estimate where a house number lies that is not on the map, from those of its street that are."""

from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import LonLat

_FARTHEST_APART_M = 600.0
"""Between houses further apart than this a number may lie anywhere."""
_BESIDE_M = 60.0
"""A house this near to a line of its street is counted along that line."""


@dataclass(frozen=True, slots=True)
class KnownHouse:
    """A house of a street: the number it begins with, as it is written, and where it stands."""

    number: int
    house: str
    lonlat: LonLat


@dataclass(frozen=True, slots=True)
class HouseEstimate:
    """A position, and the houses it lies between; one alone if it has the same number."""

    lonlat: LonLat
    between: tuple[KnownHouse, ...]


def estimate(
    wanted: int, houses: Iterable[KnownHouse], lines: Sequence[shapely.LineString]
) -> HouseEstimate | None:
    """Return where a number of a street probably is; None if that cannot be told.

    Numbers of one side are odd or even and rise along the street, so a number lies between the next
    lower and the next higher one of its own side, as far along as its value says.

    Parameters
    ----------
    wanted
        The number; no house with exactly this one is known.
    houses
        The known houses of the street.
    lines
        The lines of the street, WGS 84, longitude first. Without any, or where the two houses
        stand beside different ones, the straight line between the houses is taken.
    """
    side = [house for house in houses if (house.number - wanted) % 2 == 0]
    below = max((each for each in side if each.number <= wanted), key=_order, default=None)
    above = min((each for each in side if each.number > wanted), key=_order, default=None)
    if below is not None and below.number == wanted:  # 12 is known and 12 bis is asked for
        return HouseEstimate(below.lonlat, (below,))
    if below is None or above is None:
        return None
    plane = Plane(below.lonlat[1])
    start, end = plane.project(np.array([below.lonlat, above.lonlat]))
    if np.hypot(*(end - start)) > _FARTHEST_APART_M:
        return None
    share = (wanted - below.number) / (above.number - below.number)
    at = _along_street(plane, lines, start, end, share)
    if at is None:
        at = start + share * (end - start)
    lon, lat = (at / plane.project(np.ones(2))).tolist()
    return HouseEstimate((lon, lat), (below, above))


def _order(house: KnownHouse) -> tuple[int, str]:
    return house.number, house.house


def _along_street(
    plane: Plane,
    lines: Sequence[shapely.LineString],
    start: np.ndarray,
    end: np.ndarray,
    share: float,
) -> np.ndarray | None:
    """Return the position in metres at a share of the way along the line that both stand beside.

    It keeps to their side: as far off the line as they are, in proportion.
    """
    if not lines:
        return None
    flat = [
        shapely.LineString(plane.project(shapely.get_coordinates(line)).tolist()) for line in lines
    ]
    joined = shapely.line_merge(shapely.multilinestrings(flat))
    ends = shapely.points([start, end])
    parts = [part for part in shapely.get_parts(joined) if not part.is_closed]
    best = min(parts, key=lambda part: shapely.distance(part, ends).max(), default=None)
    if best is None or shapely.distance(best, ends).max() > _BESIDE_M:
        return None
    first_m, last_m = shapely.line_locate_point(best, ends).tolist()
    first_off_m, last_off_m = (_left_m(best, *each) for each in ((first_m, start), (last_m, end)))
    along_m = first_m + share * (last_m - first_m)
    off_m = first_off_m + share * (last_off_m - first_off_m)
    middle, ahead = _heading(best, along_m)
    at: np.ndarray = middle + off_m * np.array([-ahead[1], ahead[0]])
    return at


def _left_m(line: shapely.LineString, along_m: float, place: np.ndarray) -> float:
    """Return how far left of a line a place lies; negative to the right."""
    middle, ahead = _heading(line, along_m)
    east, north = place - middle
    side = float(ahead[0] * north - ahead[1] * east)
    return float(np.copysign(np.hypot(east, north), side))


def _heading(line: shapely.LineString, along_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the point at a distance along a line, and the unit vector of its direction there."""
    near = 0.5
    back, middle, front = shapely.get_coordinates(
        shapely.line_interpolate_point(
            line, np.clip([along_m - near, along_m, along_m + near], 0.0, line.length)
        )
    )
    way = front - back
    return middle, way / max(float(np.hypot(*way)), 1e-9)
