"""Large questions, put to the engine a slice at a time: others are answered in between."""

from collections.abc import Callable
from collections.abc import Sequence

import numpy as np

from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadMatrix

TARGETS_AT_ONCE = 16
"""Of a matrix from 400 origins, 20 ms in a city of Porto's size: less than a list of candidates."""


def in_slices(
    origins: int, targets: Sequence[LonLat], ask: Callable[[Sequence[LonLat]], RoadMatrix]
) -> RoadMatrix:
    """Return the whole of a matrix that is asked for some targets at a time.

    Parameters
    ----------
    origins
        How many there are.
    targets
        All of them.
    ask
        Answers for some of them, all origins included.
    """
    if not origins or not targets:
        off_road = np.zeros(origins, dtype=np.bool_)
        off_targets = np.zeros(len(targets), dtype=np.bool_)
        return RoadMatrix(np.full((origins, len(targets)), np.inf), off_road, off_targets)
    parts = [
        ask(targets[first : first + TARGETS_AT_ONCE])
        for first in range(0, len(targets), TARGETS_AT_ONCE)
    ]
    return RoadMatrix(
        np.concatenate([part.travel_time_s for part in parts], axis=1),
        parts[-1].off_road,
        np.concatenate([part.target_off_road for part in parts]),
    )
