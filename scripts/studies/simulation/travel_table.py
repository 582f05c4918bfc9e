"""Travel times between all places of a simulation, made once from the roads of the study.

Posts and the places of incidents are the rows and the columns. A simulation of ten thousand
incidents asks for some hundred thousand times; each is one look into this table, and none a
question to the engine.
"""

from bisect import bisect_right
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads

Times = NDArray[np.float32]
MOST_PLACES = 3_000
"""Places of incidents that are kept apart: 36 MB a table. More are merged with their neighbours."""
_ROWS_AT_ONCE = 250
_EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, eq=False)
class TravelTable:
    """Travel times between places.

    Attributes
    ----------
    lonlat
        The places, WGS 84, longitude first, the posts before the others; shape ``(p, 2)``.
    posts
        How many of them are posts.
    periods
        From which second on which times hold, ascending, the first from 0: closures and the hour
        change them. Each of shape ``(p, p)``, rows are origins; ``inf`` where no road leads.
    """

    lonlat: FloatArray
    posts: int
    periods: tuple[tuple[float, Times], ...]

    @classmethod
    def of_times(cls, lonlat: FloatArray, posts: int, times_s: FloatArray) -> Self:
        """Return a table that holds all the time."""
        return cls(lonlat, posts, ((0.0, np.asarray(times_s, dtype=np.float32)),))

    def at(self, now_s: float) -> Times:
        """Return the times that hold at an instant; what is before 0 is as at 0."""
        periods = self.periods
        if len(periods) == 1:
            return periods[0][1]
        return periods[max(bisect_right(periods, now_s, key=lambda each: each[0]) - 1, 0)][1]


@dataclass(frozen=True, eq=False)
class PlacedCalls:
    """Places of a simulation, and which of them is whose.

    Attributes
    ----------
    places
        Posts, then places of incidents, all on the network.
    posts
        How many of them are posts.
    of_call
        The place of each incident that was given, -1 where it lies off the network; shape ``(n,)``.
    moved_m
        The furthest that an incident's place was shifted by merging, in a straight line.
    left_out
        Incidents off the network.
    """

    places: Placed
    posts: int
    of_call: IntArray
    moved_m: float
    left_out: tuple[LeftOut, ...]


def place_calls(
    roads: StudyRoads, posts: Points, incidents: Points, *, most: int = MOST_PLACES
) -> PlacedCalls:
    """Return the places that a table is made of.

    Incidents at the same spot share a place. Where there are more than ``most`` spots, those of one
    square share the place of the one nearest to their middle, the squares as small as may be.

    Raises
    ------
    ValueError
        If a post lies off the network: no crew could leave it.
    """
    standing = roads.place(posts)
    if len(standing) < len(posts):
        strays = ", ".join(each.name for each in standing.points.left_out[len(posts.left_out) :])
        message = f"posts off the road network: {strays}"
        raise ValueError(message)
    # Names may occur twice, so each is known by its row here.
    numbers = tuple(str(row) for row in range(len(incidents)))
    snapped = roads.place(replace(incidents, names=numbers, left_out=()))
    off = [int(each.name) for each in snapped.points.left_out]
    off_road = tuple(
        replace(each, name=incidents.names[int(each.name)]) for each in snapped.points.left_out
    )
    on_road = np.ones(len(incidents), dtype=np.bool_)
    on_road[off] = False
    chosen, of_each, moved_m = merged(snapped.points.lonlat, most)
    of_call = np.full(len(incidents), -1, dtype=np.int64)
    of_call[on_road] = len(posts) + of_each
    lonlat = np.vstack([posts.lonlat, snapped.points.lonlat[chosen]])
    return PlacedCalls(
        roads.place(Points.at_places(lonlat)), len(posts), of_call, moved_m, off_road
    )


def merged(lonlat: FloatArray, most: int) -> tuple[IntArray, IntArray, float]:
    """Return which of some places are kept, and which of the kept ones stands for each.

    Returns
    -------
    chosen
        Rows of the places that are kept.
    of_each
        Index into ``chosen``, shape ``(n,)``.
    moved_m
        The furthest shift.
    """
    spots, first, of_each = np.unique(lonlat, axis=0, return_index=True, return_inverse=True)
    of_each = of_each.ravel()
    if len(spots) <= most:
        return first, of_each, 0.0
    middle = np.radians(spots[:, 1].mean())
    plane_m = np.radians(spots - spots.min(axis=0)) * _EARTH_RADIUS_M * [np.cos(middle), 1.0]
    side_m = 5.0
    while True:
        cells = np.unique(np.floor(plane_m / side_m), axis=0, return_inverse=True)[1].ravel()
        if cells.max() < most:
            break
        side_m *= 1.2
    counts = np.bincount(cells)
    centre = np.column_stack([np.bincount(cells, plane_m[:, axis]) / counts for axis in (0, 1)])
    off_m = np.hypot(*(plane_m - centre[cells]).T)
    order = np.lexsort([off_m, cells])
    kept = order[np.searchsorted(cells[order], np.arange(len(counts)))]
    moved_m = float(np.hypot(*(plane_m - plane_m[kept[cells]]).T).max())
    return first[kept], cells[of_each], moved_m


def measure(
    roads: StudyRoads, places: Placed, *, tell: Callable[[int, int], None] | None = None
) -> Times:
    """Return the travel times between places on the roads as they are now.

    Some rows at a time, so that memory stays near that of the table itself.

    Parameters
    ----------
    tell
        Called with how many rows are done, and of how many.
    """
    count = len(places)
    times_s = np.empty((count, count), dtype=np.float32)
    for begin in range(0, count, _ROWS_AT_ONCE):
        rows = np.zeros(count, dtype=np.bool_)
        rows[begin : begin + _ROWS_AT_ONCE] = True
        times_s[rows] = roads.times(roads.place(places.points.only(rows)), places)
        if tell is not None:
            tell(min(begin + _ROWS_AT_ONCE, count), count)
    return times_s


def line_distances_m(lonlat: FloatArray, to: Sequence[float] | FloatArray) -> FloatArray:
    """Return metres in a straight line, on a sphere (haversine), to one place; shape ``(n,)``."""
    lon, lat = np.radians(lonlat).T
    to_lon, to_lat = np.radians(to)
    half = np.sin((lat - to_lat) / 2) ** 2
    half += np.cos(lat) * np.cos(to_lat) * np.sin((lon - to_lon) / 2) ** 2
    distances: FloatArray = 2 * _EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return distances
