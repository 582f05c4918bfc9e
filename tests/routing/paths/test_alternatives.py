"""Other ways than the fastest: only sensible ones, and none where there is none."""

from math import hypot

import numpy as np
import pytest
from hypothesis import given

from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.locate.nearby_streets import NearbyStreets
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route
from routing.paths.via_paths import ViaPaths
from routing.router import Router
from tests.examples import examples
from tests.routing.drawing import Street
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street
from tests.routing.oracle import Oracle
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import trips


def _ways(town: Town, begin: tuple[str, str, float], end: tuple[str, str, float]) -> list[Route]:
    """Return the fastest way and its alternatives."""
    router = Router(town.network)
    start, goal = town.at(router, *begin), town.at(router, *end)
    return [router.route(start, goal), *router.alternatives(start, goal)]


def _names(route: Route) -> list[str]:
    return [leg.street_name for leg in route.legs if leg.street_name]


def _parallel(*roads: tuple[str, float]) -> Town:
    """Draw a town whose two ends are joined by roads of different bulge."""
    #          ___ High ___          each a bent line from A to B, 1000 m apart
    #   W --- A --- Main --- B --- E
    #          `-- Low ----'
    bulging = [
        Street("A", "B", name=name, through=((500.0, bulge_m),) if bulge_m else ())
        for name, bulge_m in roads
    ]
    places = {"W": (-100.0, 0.0), "A": (0.0, 0.0), "B": (1000.0, 0.0), "E": (1100.0, 0.0)}
    return draw(places, [street("W-A"), street("B-E"), *bulging])


def test_two_parallel_roads_are_alternatives_of_each_other() -> None:
    """The straight one is fastest, the bent one second."""
    town = _parallel(("Main", 0.0), ("High", 200.0))

    ways = _ways(town, ("W", "A", 0), ("B", "E", 100))

    assert [_names(way) for way in ways] == [["Main"], ["High"]]
    # 100 m at either end and 2 x hypot(500, 200) m; off at 22° and back on at 22° cost nothing.
    assert ways[1].length_m == pytest.approx(200 + 2 * hypot(500, 200), abs=1.0)
    assert ways[1].travel_time_s == pytest.approx(20 + 2 * hypot(500, 200) / 10, abs=0.1)


def test_there_are_two_alternatives_at_most_the_better_first() -> None:
    """A third road of the same kind is left out."""
    town = _parallel(("Main", 0.0), ("High", 200.0), ("Low", -150.0), ("Lower", -250.0))

    ways = _ways(town, ("W", "A", 0), ("B", "E", 100))

    assert len(ways) == 3
    times_s = [way.travel_time_s for way in ways]
    assert times_s == sorted(times_s)
    assert _names(ways[0]) == ["Main"]


@pytest.mark.parametrize("count", [0, 1])
def test_no_more_are_given_than_asked_for(count: int) -> None:
    """None is a number, too."""
    town = _parallel(("Main", 0.0), ("High", 200.0), ("Low", -150.0))
    router = Router(town.network)
    start, goal = town.at(router, "W", "A", 0), town.at(router, "B", "E", 100)

    assert len(router.alternatives(start, goal, count)) == count


def test_where_there_is_one_road_there_is_no_alternative() -> None:
    """Side streets without an end are none."""
    town = draw(
        {"W": (-500.0, 0.0), "X": (0.0, 0.0), "E": (500.0, 0.0), "N": (0.0, 300.0)},
        [street("W-X"), street("X-E"), street("X-N")],
    )

    assert len(_ways(town, ("W", "X", 0), ("X", "E", 500))) == 1


def test_on_one_street_there_is_no_alternative() -> None:
    """One just drives on."""
    town = _parallel(("Main", 0.0), ("High", 200.0))

    assert len(_ways(town, ("A", "B", 100), ("A", "B", 400))) == 1


def test_a_way_a_third_longer_is_no_alternative() -> None:
    """The limit is a quarter."""
    #  2 x hypot(500, 500) = 1414 m instead of 1000
    town = _parallel(("Main", 0.0), ("Far round", 500.0))

    assert len(_ways(town, ("W", "A", 0), ("B", "E", 100))) == 1


def test_going_round_one_block_of_many_is_no_alternative() -> None:
    """Eight tenths of the way are the same."""
    #            .--.
    #   A ----- X -- Y ----- B      200 m of 1000 m have a street beside them
    town = draw(
        {"A": (0.0, 0.0), "X": (400.0, 0.0), "Y": (600.0, 0.0), "B": (1000.0, 0.0)},
        [
            street("A-X"),
            street("X-Y"),
            street("X-Y", through=((500.0, 30.0),)),
            street("Y-B"),
        ],
    )

    assert len(_ways(town, ("A", "X", 0), ("Y", "B", 400))) == 1


def test_a_bulge_one_would_never_drive_is_noticed() -> None:
    """Around its place by way of, a way must be a fastest one."""
    #             V            H to I: 200 m straight, 2 x hypot(100, 50) = 224 m by V;
    #           /   \          searched 25 s to either side of the turn at H
    #   A - G - H --- I - B
    places = {
        "A": (0.0, 0.0),
        "G": (300.0, 0.0),
        "H": (400.0, 0.0),
        "V": (500.0, 50.0),
        "I": (600.0, 0.0),
        "B": (1000.0, 0.0),
    }
    town = draw(
        places,
        [street(text) for text in ("A-G", "G-H", "H-I", "H-V", "V-I", "I-B")],
    )
    router = Router(town.network)
    begin, end = town.at(router, "A", "G", 0), town.at(router, "I", "B", 400)
    ends = NearbyStreets.of_snaps(begin), NearbyStreets.of_snaps(end)

    def fastest_around(begin: str, end: str) -> bool:
        def work(via_paths: ViaPaths) -> bool:
            via_path = via_paths.path_via(town.edge(begin, end))
            assert via_path is not None
            assert via_path.path.edges[via_path.via] == town.edge(begin, end)
            return via_paths.is_fastest_around(via_path, 25_000.0)

        return router._search.search_via(*ends, work)

    assert fastest_around("H", "I")
    assert not fastest_around("H", "V")


def test_alternatives_keep_turn_restrictions() -> None:
    """The bent road may not be turned into: there is no alternative."""
    places = {
        "W": (-100.0, 0.0),
        "A": (0.0, 0.0),
        "H": (500.0, 200.0),
        "B": (1000.0, 0.0),
        "E": (1100.0, 0.0),
    }
    streets = [street("W-A"), street("A-B"), street("B-E"), street("A-H"), street("H-B")]

    free = draw(places, streets)
    ruled = draw(places, streets, rules=["no W A H"])

    assert len(_ways(free, ("W", "A", 0), ("B", "E", 100))) == 2
    assert len(_ways(ruled, ("W", "A", 0), ("B", "E", 100))) == 1


def test_what_has_no_way_has_no_alternative_either() -> None:
    """The same errors as for a route."""
    town = draw(
        {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (300.0, 0.0), "D": (400.0, 0.0)},
        [street("A-B"), street("C-D")],
    )
    router = Router(town.network)

    with pytest.raises(UnreachableError):
        router.alternatives(town.at(router, "A", "B", 50), town.at(router, "C", "D", 50))
    with pytest.raises(OutsideNetworkError):
        router.alternatives(town.lonlat(50, 900), town.lonlat(350, 0))


def _check(oracle: Oracle, best: Route, others: list[Route]) -> None:
    """Hold alternatives to their promises."""
    assert len(others) <= 2
    taken = [best]
    for other in others:
        edges = other.edges.tolist()
        assert best.travel_time_s <= other.travel_time_s <= 1.25 * best.travel_time_s + 1e-9
        assert other.edge_travel_time_s.sum() == pytest.approx(other.travel_time_s)
        assert other.edge_length_m.sum() == pytest.approx(other.length_m)
        np.testing.assert_allclose(other.line[[0, -1]], best.line[[0, -1]], atol=1e-9)
        assert all(
            oracle.permitted(tuple(edges[max(0, at - oracle.memory) : at]), edges[at])
            for at in range(1, len(edges))
        )
        assert len({edge // 2 for edge in edges}) == len(edges)
        for former in taken:
            known_m = dict(zip(former.edges.tolist(), former.edge_length_m.tolist(), strict=True))
            common_m = sum(
                min(driven_m, known_m.get(edge, 0.0))
                for edge, driven_m in zip(edges, other.edge_length_m.tolist(), strict=True)
            )
            assert common_m <= 0.65 * min(other.length_m, former.length_m) + 1e-6
        taken.append(other)


@examples(50)
@given(trips())
def test_every_alternative_is_permitted_different_and_within_its_limits(trip: RandomTrip) -> None:
    """On random towns full of traps."""
    router = Router(RoadNetwork.from_roads(trip.roads))
    (begin, begin_m), (end, end_m) = trip.origins[0], trip.targets[0]
    start = router.on_edges(np.array([begin]), np.array([begin_m]))
    goal = router.on_edges(np.array([end]), np.array([end_m]))
    try:
        best = router.route(start, goal)
    except UnreachableError:
        return

    _check(Oracle(router.network), best, router.alternatives(start, goal))


def test_monaco_has_alternatives_that_keep_their_promises(
    monaco: RoadNetwork, monaco_router: Router
) -> None:
    """A town between the sea and the mountain has few ways, but more than one."""
    router, oracle = monaco_router, Oracle(monaco)
    random = np.random.default_rng(21)
    edges = random.choice(np.flatnonzero(np.repeat(router.main_streets, 2)), 40)
    places = router.on_edges(edges, 0.5 * monaco.roads.segment_length_m[edges // 2])
    found = 0

    for number in range(0, 40, 2):
        start, goal = places[number : number + 1], places[number + 1 : number + 2]
        others = router.alternatives(start, goal)
        _check(oracle, router.route(start, goal), others)
        found += len(others)

    assert found >= 8
