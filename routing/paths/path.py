"""A path as the search finds it: its edges and the time of each."""

from dataclasses import dataclass

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


@dataclass(frozen=True, eq=False)
class RoadPath:
    """Directed edges in driving order, with the milliseconds each adds.

    Attributes
    ----------
    edges, times_ms
        Shape ``(k,)``.
    closed_m
        Closed part of the driven length of each edge, metres, shape ``(k,)``.
    walk_ms
        Milliseconds of the walks before and after the drive.
    via_edge
        The directed edge by which it was sought, for one that is not the fastest.
    """

    edges: IntArray
    times_ms: FloatArray
    closed_m: FloatArray
    walk_ms: float
    via_edge: int | None = None

    @property
    def total_ms(self) -> float:
        """Milliseconds of the drive and both walks."""
        return float(self.times_ms.sum()) + self.walk_ms


def driven_m(
    edges: IntArray, street_length_m: FloatArray, begin_m: float, end_m: float
) -> FloatArray:
    """Return the driven length of each edge of a path, metres, shape ``(k,)``.

    Parameters
    ----------
    edges
        Directed edges in driving order, shape ``(k,)``.
    street_length_m
        Length of every street, metres.
    begin_m, end_m
        Offset on the first edge to set out from, and on the last to stop at.
    """
    driven = street_length_m[edges // 2].copy()
    driven[-1] = end_m
    driven[0] -= begin_m
    # A target less than half a millisecond behind the origin counts as the same position.
    return np.maximum(driven, 0.0)
