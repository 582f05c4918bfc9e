"""Large matrices on real ground: the same numbers by labels as by the engine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from datetime import datetime
from typing import Any

import numpy as np
import pytest
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.labels.matrices import by_engine_s
from routing.labels.matrices import by_labels_s
from routing.network.arrays import FloatArray
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.routing.labels.by_labels import labels_of
from tests.routing.labels.by_labels import matrix_by_labels

_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def router(monaco: RoadNetwork) -> Router:
    """Return a router whose roads may be closed."""
    return Router(monaco)


def _around(router: Router, count: int, seed: int) -> FloatArray:
    """Return positions beside streets, a few far off any road."""
    random = np.random.default_rng(seed)
    lonlat = router.network.roads.node_lonlat
    spots = lonlat[random.integers(0, len(lonlat), count)] + random.normal(0, 5e-4, (count, 2))
    spots[:: max(2, count // 3)] += 1.0
    return spots


def _area(centre: FloatArray, radius_deg: float) -> Closure:
    return Closure("works", ClosedArea(shapely.Point(*centre).buffer(radius_deg)), _NOW)


@pytest.mark.parametrize("profile", ["normal", "emergency"])
def test_labels_give_the_engines_numbers_whatever_is_closed(router: Router, profile: str) -> None:
    """In the open; a street; a quarter with people in it; and opened again."""
    router = router.under(profile=profile)
    origins = router.streets_from(_around(router, 60, 1), 90.0, 3.0)
    targets = router.streets_to(_around(router, 50, 2))
    middle = router.network.roads.node_lonlat.mean(axis=0)
    states: list[list[Closure]] = [
        [],
        [_area(middle, 0.0004)],
        [_area(middle, 0.0004), _area(middle, 0.006)],
        [_area(middle + 0.004, 0.001)],
        [],
    ]
    answers = set()
    for closures in states:
        router.set_closures(closures, _NOW)

        actual_s = matrix_by_labels(router, origins, targets)

        np.testing.assert_array_equal(actual_s, router.matrix(origins, targets))
        for starts, goals in ((origins[:20], targets), (targets, origins)):
            back_s = matrix_by_labels(router, starts, goals)
            np.testing.assert_array_equal(back_s, router.matrix(starts, goals))
        assert np.isfinite(actual_s).mean() > 0.5
        assert np.isinf(actual_s).any()
        answers.add(actual_s.tobytes())
    assert len(answers) >= 3


def test_closures_in_the_middle_of_a_matrix_hold_from_the_next_batch_on(router: Router) -> None:
    """Each row is whole: of the state before or of the one after."""
    places = _around(router, 20, 3)
    targets = router.streets_to(places)
    origins = router.streets_from(np.repeat(places, 210, axis=0))
    middle = router.network.roads.node_lonlat.mean(axis=0)
    calls = []

    def closing_then(function: Callable[..., Any], /, *args: Any) -> Any:  # noqa: ANN401
        calls.append(function)
        if len(calls) == 2:
            router.set_closures([_area(middle, 0.006)], _NOW)
        return function(*args)

    before_s = matrix_by_labels(router, origins, targets)
    found_s = labels_of(router).matrix(router._search, closing_then, origins, targets) / 1000.0
    after_s = matrix_by_labels(router, origins, targets)

    assert len(calls) == 3
    assert not np.array_equal(before_s[:2048], after_s[:2048])
    assert not np.array_equal(before_s[2048:], after_s[2048:])
    np.testing.assert_array_equal(found_s[:2048], before_s[:2048])
    np.testing.assert_array_equal(found_s[2048:], after_s[2048:])


def test_labels_are_made_once_they_would_have_saved_as_much(router: Router) -> None:
    """Not for a few, and never on their own in a server."""
    places = _around(router, 800, 4)
    serving = Router(router.network, labels=False)
    few_s = router.matrix(places[:40], places[:40])
    assert not len(router._matrices._engines)

    by_labels_s = router.matrix(places, places)
    searched_s = serving.matrix(places, places)

    assert len(router._matrices._engines) == 1
    assert not len(serving._matrices._engines)
    serving.prepare_labels()
    assert len(serving._matrices._engines) == 1
    served_s = serving.matrix(places, places)
    np.testing.assert_array_equal(by_labels_s, searched_s)
    np.testing.assert_array_equal(by_labels_s, served_s)
    np.testing.assert_array_equal(by_labels_s[:40, :40], few_s)


def test_many_threads_get_whole_answers_while_roads_close_and_open(router: Router) -> None:
    """Each matrix is of one state or of the other; the loops change nothing that others read."""
    places = router.streets_to(_around(router, 60, 6))
    middle = router.network.roads.node_lonlat.mean(axis=0)
    expected = {}
    for closures in ([_area(middle, 0.006)], []):
        router.set_closures(closures, _NOW)
        expected[router.matrix(places, places).tobytes()] = len(closures)

    def ask(number: int) -> bool:
        if number % 4 == 0:
            router.set_closures([_area(middle, 0.006)] if number % 8 else [], _NOW)
        return matrix_by_labels(router, places, places).tobytes() in expected

    with ThreadPoolExecutor(4) as threads:
        agreed = list(threads.map(ask, range(24)))

    assert len(expected) == 2
    assert all(agreed)


@pytest.mark.parametrize(
    ("few", "many", "labels"),
    [(1, 10_000, False), (16, 400, False), (20, 50_000, False), (50, 50, True), (200, 2000, True)],
)
def test_few_searches_are_quicker_than_a_label_for_each_place(
    few: int, many: int, *, labels: bool
) -> None:
    """A row costs the engine a search; each place costs labels 40 µs, whatever it is for."""
    assert (by_labels_s(few, many) < by_engine_s(few, many)) is labels


def test_no_places_no_times(router: Router) -> None:
    """On either side, or both."""
    places = router.streets_to(_around(router, 3, 5))
    for starts, goals in ((places[:0], places), (places, places[:0]), (places[:0], places[:0])):
        assert matrix_by_labels(router, starts, goals).shape == (len(starts), len(goals))
