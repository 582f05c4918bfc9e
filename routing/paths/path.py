"""What a search finds: the edges of a way and what each takes."""

from dataclasses import dataclass

import numpy as np

from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Way:
    """Directed edges in driving order, and what each adds, milliseconds.

    Attributes
    ----------
    edges, times_ms
        Shape ``(k,)``.
    closed_m
        How much of what is driven of each edge is closed, metres, shape ``(k,)``.
    """

    edges: IntArray
    times_ms: FloatArray
    closed_m: FloatArray


def driven_m(
    edges: IntArray, street_length_m: FloatArray, begin_m: float, end_m: float
) -> FloatArray:
    """Return how much of each edge of a way is driven, metres, shape ``(k,)``.

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
    # Less than half a millisecond behind counts as here.
    return np.maximum(driven, 0.0)
