"""What comes in wrong is refused in words or answered with infinity; the process lives on."""

from collections.abc import Callable

import numpy as np
import pytest

from routing.engine.hierarchy import ContractionHierarchy
from routing.engine.hierarchy import Seeds
from routing.errors import EngineError
from routing.errors import InvalidPointError
from routing.errors import NetworkError
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street


@pytest.fixture(scope="module")
def town() -> Town:
    """Return one long street."""
    return draw({"A": (0.0, 0.0), "B": (1000.0, 0.0)}, [street("A-B")])


@pytest.fixture(scope="module")
def router(town: Town) -> Router:
    """Return a router over it."""
    return Router(town.network)


@pytest.mark.parametrize(
    "point",
    [
        [np.nan, 43.7],
        [7.4, np.inf],
        [7.4],
        [7.4, 43.7, 10.0],
        [[[7.4, 43.7]]],
        [190.0, 43.7],
        [7.4, 91.0],
        ["a", "b"],
        [None, None],
        [[7.4, 43.7], [7.4]],
    ],
)
def test_an_impossible_position_is_refused_everywhere(
    router: Router, town: Town, point: LonLatLike
) -> None:
    """In every method, on every side."""
    good = town.lonlat(10, 0)
    questions: list[Callable[[], object]] = [
        lambda: router.snap(point),
        lambda: router.travel_times_to(point, good),
        lambda: router.travel_times_to([good], point),
        lambda: router.travel_times_from(good, point),
        lambda: router.matrix(point, [good]),
        lambda: router.route(good, point),
    ]

    for question in questions:
        with pytest.raises(InvalidPointError):
            question()


@pytest.mark.parametrize("heading", [np.inf, [1.0, 2.0], "north"])
def test_an_impossible_heading_is_refused(router: Router, town: Town, heading: float) -> None:
    """Infinite, of another number, no number."""
    with pytest.raises(InvalidPointError):
        router.snap([town.lonlat(0, 0)], heading)


def test_no_origins_get_no_answers(router: Router, town: Town) -> None:
    """Empty in, empty out, of the right shape."""
    good = town.lonlat(10, 0)

    assert router.travel_times_to([], good).shape == (0,)
    assert router.travel_times_from(good, np.empty((0, 2))).shape == (0,)
    assert router.matrix([], [good, good]).shape == (0, 2)
    assert router.matrix([good], []).shape == (1, 0)
    assert len(router.snap([])) == 0


def test_a_route_needs_one_place_at_each_end(router: Router, town: Town) -> None:
    """Neither none nor two."""
    good = town.lonlat(10, 0)

    with pytest.raises(InvalidPointError, match="expected one position, got 2"):
        router.route([good, good], good)
    with pytest.raises(InvalidPointError, match="expected one position, got 0"):
        router.travel_times_to([good], [])


def test_ten_thousand_identical_origins_are_one_question(router: Router, town: Town) -> None:
    """All the same place, all the same answer."""
    times_s = router.travel_times_to([town.lonlat(0, 0)] * 10_000, town.lonlat(300, 0))

    assert times_s.shape == (10_000,)
    np.testing.assert_allclose(times_s, 30.0, atol=0.01)


def test_all_at_sea_is_all_infinite(router: Router, town: Town) -> None:
    """Rows and columns off road, on either side of the matrix."""
    sea = [town.lonlat(0, 50_000), town.lonlat(0, 60_000), [0.0, 0.0]]
    good = town.lonlat(10, 0)

    assert np.isposinf(router.travel_times_to(sea, good)).all()
    assert np.isposinf(router.travel_times_from(good, sea)).all()
    assert np.isposinf(router.matrix(sea, [*sea, good])).all()


@pytest.mark.parametrize(
    ("edges", "offsets_m"),
    [([2], [0.0]), ([-2], [0.0]), ([0], [1000.1]), ([0], [-1.0]), ([0], [np.nan]), ([0, 1], [0.0])],
)
def test_a_place_that_is_not_on_the_network_is_refused(
    router: Router, edges: list[int], offsets_m: list[float]
) -> None:
    """An edge too many, an offset beyond the end."""
    with pytest.raises(InvalidPointError):
        router.on_edges(np.array(edges), np.array(offsets_m))


def test_places_of_another_network_are_refused(router: Router) -> None:
    """Edge numbers mean nothing elsewhere."""
    other = draw({"A": (0.0, 0.0), "B": (500.0, 0.0)}, [street("A-B")])
    elsewhere = other.at(Router(other.network), "A", "B", 10)

    with pytest.raises(InvalidPointError, match="another network"):
        router.travel_times_to(elsewhere, elsewhere)


def test_an_unknown_profile_is_refused(town: Town) -> None:
    """With those there are."""
    with pytest.raises(NetworkError, match="emergency, normal"):
        Router(town.network, profile="walking")


def _ids(*numbers: int) -> IntArray:
    return np.array(numbers, dtype=np.int64)


@pytest.fixture
def engine() -> ContractionHierarchy:
    """Return the engine over 0 → 1 → 2, ten milliseconds each."""
    return ContractionHierarchy(3, _ids(0, 1), _ids(1, 2), _ids(0, 2, 1), _ids(10, 10))


@pytest.mark.parametrize(
    "misuse",
    [
        pytest.param(lambda engine: engine.many_to_one(_ids(3), []), id="source"),
        pytest.param(
            lambda engine: engine.many_to_one(_ids(0), [Seeds(_ids(-1), _ids(0))]), id="target"
        ),
        pytest.param(
            lambda engine: engine.one_to_many([Seeds(_ids(0), _ids(-5))], _ids(1)),
            id="below",
        ),
        pytest.param(
            lambda engine: engine.one_to_many([Seeds(_ids(0), _ids(2**31))], _ids(1)), id="cost"
        ),
        pytest.param(
            lambda engine: engine.path(Seeds(_ids(0, 1), _ids(0)), Seeds(_ids(2), _ids(0))),
            id="few-costs",
        ),
        pytest.param(lambda engine: engine.set_weights(_ids(1)), id="weights-missing"),
        pytest.param(lambda engine: engine.set_weights(_ids(1, -1)), id="weight-negative"),
        pytest.param(lambda engine: engine.set_weights(_ids(1, 2**32)), id="weight-great"),
        pytest.param(lambda engine: engine.update_weights(_ids(2), _ids(5)), id="arc"),
    ],
)
def test_nothing_unchecked_reaches_the_engine(
    engine: ContractionHierarchy, misuse: Callable[[ContractionHierarchy], object]
) -> None:
    """Each of these would panic or crash inside; afterwards the engine still answers."""
    with pytest.raises(EngineError):
        misuse(engine)

    time_ms, nodes, arcs = engine.path(Seeds(_ids(0), _ids(0)), Seeds(_ids(2), _ids(0)))
    assert (time_ms, nodes.tolist(), arcs.tolist()) == (20.0, [0, 1, 2], [0, 1])


@pytest.mark.parametrize("order", [_ids(0, 1), _ids(0, 1, 1), _ids(0, 1, 3)])
def test_an_order_that_does_not_fit_is_refused(
    order: IntArray,
) -> None:
    """Too short, doubled, out of range."""
    with pytest.raises(EngineError):
        ContractionHierarchy(3, _ids(0, 1), _ids(1, 2), order, _ids(10, 10))


def test_weights_can_be_replaced_in_part_or_whole(engine: ContractionHierarchy) -> None:
    """After each change the answer is the new one."""
    ends = Seeds(_ids(0), _ids(0)), Seeds(_ids(2), _ids(0))

    engine.update_weights(_ids(1), _ids(40))
    partly_ms = engine.path(*ends)[0]
    engine.set_weights(_ids(3, 4))
    wholly_ms = engine.path(*ends)[0]

    assert (partly_ms, wholly_ms) == (50.0, 7.0)
