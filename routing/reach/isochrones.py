"""Isochrones: the edge intervals reached within a time, and the areas they cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

import numpy as np
import shapely

from routing.errors import InvalidLimitError
from routing.locate.road_stretches import EdgeIntervals
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.reach.contours import Contours
from routing.reach.outward_search import ReachedIntervals


@dataclass(frozen=True, eq=False)
class Reach:
    """What can be reached from the nearest of some origins within some limits.

    Attributes
    ----------
    limits_s
        The limits in the order given, seconds, shape ``(k,)``.
    areas
        One per limit, WGS 84, valid, empty where nothing is reached. Holes have no reached road
        nearby. Exact to the cell size of the grid, some 60 m: all that is reached lies inside.
    edge, from_m, to_m
        Intervals of directed edges reached within the greatest limit, shape ``(r,)``; a street
        driven in both directions is listed twice.
    from_s, to_s
        Times to the beginning and to the end of each, seconds.
    """

    limits_s: FloatArray
    areas: tuple[shapely.MultiPolygon, ...]
    edge: IntArray
    from_m: FloatArray
    to_m: FloatArray
    from_s: FloatArray
    to_s: FloatArray

    def intervals_within(self, limit_s: float) -> EdgeIntervals:
        """Return the intervals reached within a limit that is no greater than the greatest."""
        within = self.from_s <= limit_s
        begin_s, end_s = self.from_s[within], self.to_s[within]
        span_s = end_s - begin_s
        share = np.divide(limit_s - begin_s, span_s, out=np.ones_like(span_s), where=span_s > 0)
        begin_m, end_m = self.from_m[within], self.to_m[within]
        upto_m = begin_m + np.clip(share, 0.0, 1.0) * (end_m - begin_m)
        return EdgeIntervals(self.edge[within], begin_m, upto_m)


def as_limits(limits_s: float | Sequence[float] | FloatArray) -> FloatArray:
    """Return checked limits, seconds, shape ``(k,)``.

    Raises
    ------
    InvalidLimitError
        If one is not a number, infinite or not above zero.
    """
    try:
        limits = np.atleast_1d(np.array(limits_s, dtype=np.float64))
    except (TypeError, ValueError) as error:
        message = "limits must be numbers: seconds"
        raise InvalidLimitError(message) from error
    if limits.ndim != 1 or not ((limits > 0.0) & np.isfinite(limits)).all():
        message = "every limit must be above zero seconds and finite"
        raise InvalidLimitError(message)
    return limits


def draw_reach(contours: Contours, reached: ReachedIntervals, limits_s: FloatArray) -> Reach:
    """Return the areas of all limits from the intervals reached within the greatest."""
    reach = Reach(
        limits_s,
        (),
        reached.edge,
        reached.from_m,
        reached.to_m,
        reached.from_ms / 1000.0,
        reached.to_ms / 1000.0,
    )
    areas = [shapely.MultiPolygon()] * len(limits_s)
    cells = np.empty(0, dtype=np.int64)
    # A street is sampled at other points when more of it is reached: a greater area includes all
    # cells of the smaller one, so that each lies within the next.
    for number in np.argsort(limits_s).tolist():
        within = reach.intervals_within(float(limits_s[number]))
        cells = np.union1d(cells, contours.cells(within.edge, within.from_m, within.to_m))
        areas[number] = contours.area(cells)
    return replace(reach, areas=tuple(areas))
