"""A large matrix is asked for in slices, and is the same as in one piece."""

from collections.abc import Sequence

import numpy as np
import pytest

from dispatch.roads.slices import TARGETS_AT_ONCE
from dispatch.roads.slices import in_slices
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadMatrix


@pytest.mark.parametrize("count", [0, 1, TARGETS_AT_ONCE, TARGETS_AT_ONCE + 1, 50])
def test_slices_are_put_together_in_order(count: int) -> None:
    """Three origins; the time to a target is its longitude times the origin's number."""
    asked: list[int] = []

    def ask(some: Sequence[LonLat]) -> RoadMatrix:
        asked.append(len(some))
        lons = np.array([lon for lon, _ in some])
        return RoadMatrix(np.outer([1, 2, 3], lons), np.array([False, True, False]), lons > 40)

    targets = [(float(at), 0.0) for at in range(count)]
    whole = in_slices(3, targets, ask)

    assert whole.travel_time_s.tolist() == np.outer([1, 2, 3], np.arange(count)).tolist()
    assert whole.target_off_road.tolist() == [at > 40 for at in range(count)]
    assert sum(asked) == count
    assert all(0 < each <= TARGETS_AT_ONCE for each in asked)
    assert whole.off_road.tolist() == ([False, count > 0, False])
