"""How far one gets: the stretches of road reached within a time, and the areas they make."""

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
from routing.reach.outward_search import Reached


@dataclass(frozen=True, eq=False)
class Reach:
    """What can be reached from the nearest of some origins.

    Attributes
    ----------
    limits_s
        The limits asked for, in that order, seconds, shape ``(k,)``.
    areas
        One per limit, WGS 84, valid, empty where nothing is reached. Holes are places no reached
        road is near to. Exact to the width of the grid, some 60 m: every reached place lies inside.
    edge, from_m, to_m
        Pieces of directed edges reached within the greatest limit, shape ``(r,)``; a street driven
        both ways stands twice.
    from_s, to_s
        When the beginning and the end of each are reached, seconds.
    """

    limits_s: FloatArray
    areas: tuple[shapely.MultiPolygon, ...]
    edge: IntArray
    from_m: FloatArray
    to_m: FloatArray
    from_s: FloatArray
    to_s: FloatArray

    def stretches(self, limit_s: float) -> EdgeIntervals:
        """Return the pieces reached within a limit that is no greater than the greatest."""
        some = self.from_s <= limit_s
        begin_s, end_s = self.from_s[some], self.to_s[some]
        span_s = end_s - begin_s
        share = np.divide(limit_s - begin_s, span_s, out=np.ones_like(span_s), where=span_s > 0)
        begin_m, end_m = self.from_m[some], self.to_m[some]
        upto_m = begin_m + np.clip(share, 0.0, 1.0) * (end_m - begin_m)
        return EdgeIntervals(self.edge[some], begin_m, upto_m)


def as_limits(limits_s: float | Sequence[float] | FloatArray) -> FloatArray:
    """Return checked limits, seconds, shape ``(k,)``.

    Raises
    ------
    InvalidLimitError
        If one is no number, infinite or not above zero.
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


def draw_reach(contours: Contours, pieces: Reached, limits_s: FloatArray) -> Reach:
    """Return the reach of each limit from the pieces reached within the greatest."""
    reach = Reach(
        limits_s,
        (),
        pieces.edge,
        pieces.from_m,
        pieces.to_m,
        pieces.from_ms / 1000.0,
        pieces.to_ms / 1000.0,
    )
    areas = [shapely.MultiPolygon()] * len(limits_s)
    cells = np.empty(0, dtype=np.int64)
    # A street is looked at in other places when more of it is reached: a greater area takes over
    # all of the smaller one, so that each lies within the next.
    for number in np.argsort(limits_s).tolist():
        some = reach.stretches(float(limits_s[number]))
        cells = np.union1d(cells, contours.cells(some.edge, some.from_m, some.to_m))
        areas[number] = contours.area(cells)
    return replace(reach, areas=tuple(areas))
