"""What a search finds: the edges of a way and what each takes."""

from dataclasses import dataclass

from routing.arrays import FloatArray
from routing.arrays import IntArray


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
