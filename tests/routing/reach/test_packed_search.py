"""Bounded searches as plain arrays: the same times as the matrix, whatever is closed."""

from datetime import UTC
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.closures.types import ClosedIntervals
from routing.closures.types import Closure
from routing.errors import InvalidLimitError
from routing.network.arrays import FloatArray
from routing.network.road_network import RoadNetwork
from routing.reach.packed_search import PackedSearch
from routing.router import Router
from tests.examples import examples
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import snapped
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)


def _table_s(packed: PackedSearch) -> FloatArray:
    times_s = np.full((packed.origin_count, packed.target_count), np.inf)
    for origin in range(packed.origin_count):
        reached = packed.search(origin)
        times_s[origin, reached.target] = reached.time_ms / 1000.0
    return times_s


@examples(40)
@given(data=st.data(), trip=trips(), limit_s=st.sampled_from([5.0, 60.0, 1e5]))
def test_packed_searches_give_the_times_of_the_matrix_up_to_the_limit(
    data: st.DataObject, trip: RandomTrip, limit_s: float
) -> None:
    """Out of closures, into them, on one street, round the block; what is later is left out."""
    network = RoadNetwork.from_roads(trip.roads)
    router = Router(network)
    streets = data.draw(st.sets(st.integers(0, network.edge_count // 2 - 1), max_size=4))
    pieces = tuple(
        (2 * street + way, 0.0, 0.6 * float(trip.roads.segment_length_m[street]))
        for street in sorted(streets)
        for way in (0, 1)
    )
    closures = [Closure("works", ClosedIntervals(pieces, network.content_hash), _NOW)]
    router.set_closures(closures if pieces else [], _NOW)
    origins, targets = snapped(router, trip.origins), snapped(router, trip.targets)
    expected_s = router.matrix(origins, targets)

    packed = router.pack(origins, targets, limit_s)

    in_time_s = np.where(expected_s <= limit_s, expected_s, np.inf)
    np.testing.assert_array_equal(_table_s(packed), in_time_s)
    first = packed.first(0, packed.origin_count)
    np.testing.assert_array_equal(first.target, np.flatnonzero(np.isfinite(in_time_s.min(axis=0))))
    np.testing.assert_array_equal(first.time_ms / 1000.0, in_time_s.min(axis=0)[first.target])
    np.testing.assert_array_equal(first.origin, in_time_s.argmin(axis=0)[first.target])


def test_searches_read_from_files_are_the_same(monaco_router: Router, tmp_path: Path) -> None:
    """On a real city, from places beside the road, in any order and again."""
    rng = np.random.default_rng(7)
    west, south, east, north = monaco_router.network.bounds
    lonlat = rng.uniform((west, south), (east, north), (60, 2))
    lonlat = lonlat[monaco_router.snap(lonlat).on_road]
    expected_s = monaco_router.matrix(lonlat[:20], lonlat)

    monaco_router.pack(lonlat[:20], lonlat, 420.0).save(tmp_path)

    packed = PackedSearch.load(tmp_path)
    expected_s = np.where(expected_s <= 420.0, expected_s, np.inf)
    np.testing.assert_array_equal(_table_s(packed), expected_s)
    np.testing.assert_array_equal(_table_s(packed), expected_s)
    assert 0 < np.isfinite(expected_s).sum() < expected_s.size


def test_a_limit_that_is_none_is_refused(monaco_router: Router) -> None:
    """As everywhere."""
    with pytest.raises(InvalidLimitError):
        monaco_router.pack([[7.42, 43.73]], [[7.42, 43.73]], 0.0)
