"""One small map for each rule of the road; times are worked out beside it, at 10 m/s."""

import numpy as np
import pytest

from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROUNDABOUT
from routing.errors import UnreachableError
from routing.locate.snapping import Snaps
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

#   D --- C
#   |     |      100 m a side
#   A --- B
_SQUARE = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (100.0, 100.0), "D": (0.0, 100.0)}

#         N
#         |
#   W --- X --- E      100 m each arm
#         |
#         S
_CROSS = {
    "X": (0.0, 0.0),
    "N": (0.0, 100.0),
    "E": (100.0, 0.0),
    "S": (0.0, -100.0),
    "W": (-100.0, 0.0),
}
_ARMS = [street("X-N"), street("X-E"), street("X-S"), street("X-W")]


def _drive_s(town: Town, origin: tuple[str, str, float], target: tuple[str, str, float]) -> float:
    """Return the time of a drive, after checking that the route agrees with it."""
    router = Router(town.network)
    start, goal = town.at(router, *origin), town.at(router, *target)
    time_s = float(router.travel_times_to(start, goal)[0])
    if np.isfinite(time_s):
        assert router.route(start, goal).travel_time_s == pytest.approx(time_s)
    return time_s


def test_a_crew_past_the_turn_has_to_drive_round_the_block() -> None:
    """A position on a one-way street counts forwards only."""
    #   D <-- C      crew at 60 m on A>B, incident at 40 m on A>B: not 20 m back
    #   v     ^      but 40 on + 3 x 100 round + 40 = 380 m; bends cost nothing
    #   A --> B
    town = draw(_SQUARE, [street("A>B"), street("B>C"), street("C>D"), street("D>A")])

    assert _drive_s(town, ("A", "B", 60), ("A", "B", 40)) == pytest.approx(38.0)


def test_ahead_on_the_same_street_one_just_drives_on() -> None:
    """Two places on one edge are as far apart as they look, when the goal is ahead."""
    town = draw(_SQUARE, [street("A>B"), street("B>C"), street("C>D"), street("D>A")])

    assert _drive_s(town, ("A", "B", 40), ("A", "B", 60)) == pytest.approx(2.0)


@pytest.mark.parametrize(("here_m", "there_m"), [(60, 40), (40, 60)])
def test_on_a_two_way_street_either_direction_is_direct(here_m: float, there_m: float) -> None:
    """Both directions of a two-way street count, whichever one was snapped to."""
    town = draw(_SQUARE, [street("A-B"), street("B-C"), street("C-D"), street("D-A")])

    assert _drive_s(town, ("A", "B", here_m), ("A", "B", there_m)) == pytest.approx(2.0)
    assert _drive_s(town, ("B", "A", here_m), ("B", "A", there_m)) == pytest.approx(2.0)


def test_a_one_way_street_is_not_entered_from_its_end() -> None:
    """Against the arrow one goes round: B-C-D-A and then along A>B."""
    town = draw(_SQUARE, [street("A>B"), street("B-C"), street("C-D"), street("D-A")])

    # 10 m before B stands the crew, 140 m from the incident; the way is 90 + 100 + 100 + 50 m.
    assert _drive_s(town, ("C", "B", 90), ("A", "B", 50)) == pytest.approx(34.0)


def test_turns_cost_what_the_table_says() -> None:
    """At a crossing: straight on 0, right 3 s, left 5 s, to the 2 x 5 s of driving."""
    town = draw(_CROSS, _ARMS)
    from_south = ("S", "X", 50)

    assert _drive_s(town, from_south, ("X", "N", 50)) == pytest.approx(10.0)
    assert _drive_s(town, from_south, ("X", "E", 50)) == pytest.approx(13.0)
    assert _drive_s(town, from_south, ("X", "W", 50)) == pytest.approx(15.0)


def test_traffic_lights_cost_five_seconds() -> None:
    """Lights at the crossing delay those who go straight on as well."""
    town = draw(_CROSS, _ARMS, signals=["X"])

    assert _drive_s(town, ("S", "X", 50), ("X", "N", 50)) == pytest.approx(15.0)


def test_no_left_turn_sends_one_to_the_end_of_the_road_and_back() -> None:
    """A forbidden turn is respected; one turns round at the dead end of another arm."""
    #   From S left into W is forbidden. Cheapest: right into E (3 s), round at its dead end (15 s),
    #   straight on over X: 5 + 3 + 10 + 15 + 10 + 0 + 5 s = 48 s
    #   (straight to N and back, then right: 5 + 10 + 15 + 10 + 3 + 5 s = 48 s as well).
    town = draw(_CROSS, _ARMS, rules=["no S X W"])

    assert _drive_s(town, ("S", "X", 50), ("X", "W", 50)) == pytest.approx(48.0)
    assert _drive_s(town, ("S", "X", 50), ("X", "E", 50)) == pytest.approx(13.0)


def test_only_straight_on_forbids_both_turns() -> None:
    """A command binds those who come from its street, and nobody else."""
    town = draw(_CROSS, _ARMS, rules=["only S X N"])

    assert _drive_s(town, ("S", "X", 50), ("X", "N", 50)) == pytest.approx(10.0)
    # To N, round at the dead end (15 s), back and left into E (5 s).
    assert _drive_s(town, ("S", "X", 50), ("X", "E", 50)) == pytest.approx(5 + 20 + 15 + 5 + 5)
    assert _drive_s(town, ("E", "X", 50), ("X", "S", 50)) == pytest.approx(15.0)


def test_a_command_into_a_closed_street_is_left_aside() -> None:
    """Mapped "only straight on" where straight on may not be driven: no trap is made of it."""
    arms = [street("N>X"), *_ARMS[1:]]
    town = draw(_CROSS, arms, rules=["only S X N"])

    assert _drive_s(town, ("S", "X", 50), ("X", "E", 50)) == pytest.approx(13.0)


#   C           D
#   |           |
#   P --------- Q      C-P, P-Q, Q-D: 100 m each; A and F go on outwards, 100 m
#   |           |
#   A           F
_BRIDGE = {
    "P": (0.0, 0.0),
    "Q": (100.0, 0.0),
    "A": (0.0, -100.0),
    "C": (0.0, 100.0),
    "D": (100.0, 100.0),
    "F": (100.0, -100.0),
}
_BRIDGE_STREETS = [street(way) for way in ("P-Q", "A-P", "C-P", "Q-D", "Q-F")]


def test_a_restriction_through_a_way_binds_only_those_who_came_that_way() -> None:
    """From A over P-Q not into D; from C over the same street one may."""
    town = draw(_BRIDGE, _BRIDGE_STREETS, rules=["no A P Q D"])

    # C: 5 s, left into P-Q (5 s), 10 s, left into Q-D (5 s), 5 s
    assert _drive_s(town, ("C", "P", 50), ("Q", "D", 50)) == pytest.approx(30.0)
    # A: 5 s, right (3 s), 10 s; not left, but right into F (3 s), 10 s, round (15 s), 10 s,
    # straight on into D (0 s), 5 s = 61 s
    assert _drive_s(town, ("A", "P", 50), ("Q", "D", 50)) == pytest.approx(61.0)
    # Starting on P-Q itself nothing is remembered: 5 s, left (5 s), 5 s.
    assert _drive_s(town, ("P", "Q", 50), ("Q", "D", 50)) == pytest.approx(15.0)


def test_a_command_through_a_way_binds_only_those_who_came_that_way() -> None:
    """From A over P-Q only into F."""
    town = draw(_BRIDGE, _BRIDGE_STREETS, rules=["only A P Q F"])

    assert _drive_s(town, ("A", "P", 50), ("Q", "D", 50)) == pytest.approx(61.0)
    assert _drive_s(town, ("C", "P", 50), ("Q", "D", 50)) == pytest.approx(30.0)


def test_one_turns_round_only_at_the_end_of_a_dead_end() -> None:
    """At a crossing nobody turns back; at a dead end it takes 15 s."""
    #   V --- W ----> X --- E      W>X is one-way, N and S are dead ends
    town = draw({**_CROSS, "V": (-200.0, 0.0)}, [street("W>X"), street("V-W"), *_ARMS[:3]])

    assert _drive_s(town, ("W", "X", 50), ("X", "S", 50)) == pytest.approx(13.0)
    assert _drive_s(town, ("E", "X", 50), ("X", "E", 50)) == pytest.approx(0.0)
    assert _drive_s(town, ("X", "N", 50), ("X", "S", 50)) == pytest.approx(10.0)
    # Back to where one came from there is no way at all: X>W may not be driven.
    assert np.isinf(_drive_s(town, ("W", "X", 50), ("V", "W", 50)))


def test_a_roundabout_costs_its_entry_and_nothing_inside() -> None:
    """Three seconds to give way, then free round and out."""
    #        C
    #      /   \        a square roundabout A>B>C>D>A of 100 m sides, driven anticlockwise;
    #  W- D     B -E    arms W and E of 100 m
    #      \   /
    #        A
    nodes = {
        "A": (0.0, 0.0),
        "B": (60.0, 80.0),
        "C": (0.0, 160.0),
        "D": (-60.0, 80.0),
        "E": (160.0, 80.0),
        "W": (-160.0, 80.0),
    }
    ring = [street(way, flags=ROUNDABOUT) for way in ("A>B", "B>C", "C>D", "D>A")]
    town = draw(nodes, [*ring, street("E-B"), street("W-D")])

    # E: 5 s, enter 3 s, B>C>D 20 s, leave 0 s, 5 s
    assert _drive_s(town, ("E", "B", 50), ("D", "W", 50)) == pytest.approx(33.0)


def test_entering_a_private_street_costs_half_a_minute_once() -> None:
    """Gates and barriers: through traffic stays out unless it saves more."""
    private = RESTRICTED_ACCESS
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (300.0, 0.0)}
    town = draw(nodes, [street("A-B"), street("B-C", flags=private), street("C-D", flags=private)])

    assert _drive_s(town, ("A", "B", 50), ("C", "D", 50)) == pytest.approx(20.0 + 30.0)
    assert _drive_s(town, ("C", "D", 50), ("A", "B", 50)) == pytest.approx(20.0)


def test_an_island_is_unreachable_not_far() -> None:
    """No road leads there: infinity in times, an error in a route."""
    nodes = {"A": (0.0, 0.0), "B": (500.0, 0.0), "I": (0.0, 900.0), "J": (100.0, 900.0)}
    town = draw(nodes, [street("A-B"), street("I-J")])
    router = Router(town.network)
    here, there = town.at(router, "A", "B", 50), town.at(router, "I", "J", 50)

    assert np.isposinf(router.travel_times_to(here, there)).all()
    assert np.isposinf(router.travel_times_from(here, there)).all()
    with pytest.raises(UnreachableError):
        router.route(here, there)


def test_the_emergency_profile_drives_against_one_way_signs_at_a_price() -> None:
    """Contraflow takes 2.5 times as long; the normal profile has no way at all."""
    town = draw(_SQUARE, [street("A>B"), street("B-C")])
    normal, emergency = Router(town.network), Router(town.network, profile="emergency")

    def there_s(router: Router) -> float:
        origin, target = town.at(router, "B", "C", 50), town.at(router, "A", "B", 60)
        return float(router.travel_times_to(origin, target)[0])

    assert np.isposinf(there_s(normal))
    assert there_s(emergency) == pytest.approx(5 + 40 / 10 * 2.5)


def test_the_emergency_profile_turns_where_it_is_forbidden_at_a_price() -> None:
    """Ten seconds on top of the left turn: 5 + 5 + 10 + 5 s."""
    town = draw(_CROSS, _ARMS, rules=["no S X W"])
    router = Router(town.network, profile="emergency")
    origin, target = town.at(router, "S", "X", 50), town.at(router, "X", "W", 50)

    assert router.travel_times_to(origin, target) == pytest.approx([25.0])


def test_a_route_names_its_streets_and_follows_them() -> None:
    """Legs are cut where the name changes; the line bends where the street bends."""
    nodes = {"A": (0.0, 0.0), "B": (100.0, 0.0), "C": (200.0, 0.0), "D": (200.0, 150.0)}
    streets = [
        street("A-B", name="Rue Haute"),
        street("B-C", name="Rue Haute"),
        street("C-D", name="Quai", through=((230.0, 50.0),)),
    ]
    town = draw(nodes, streets)
    router = Router(town.network)

    route = router.route(town.at(router, "A", "B", 20), town.at(router, "D", "C", 0))

    bend_m = float(np.hypot(30, 50) + np.hypot(30, 100))
    assert [leg.street_name for leg in route.legs] == ["Rue Haute", "Quai"]
    assert [leg.length_m for leg in route.legs] == pytest.approx([180.0, bend_m])
    expected = [
        town.lonlat(*point) for point in [(20, 0), (100, 0), (200, 0), (230, 50), (200, 150)]
    ]
    np.testing.assert_allclose(route.line, expected, atol=1e-9)
    assert (route.legs[0].last_point, route.legs[1].first_point) == (2, 2)


def test_identical_ends_are_no_drive_at_all() -> None:
    """Nothing to drive takes no time and still has a line of two points."""
    town = draw(_CROSS, _ARMS)
    router = Router(town.network)
    place = town.at(router, "X", "N", 30)

    route = router.route(place, place)

    assert (route.travel_time_s, route.length_m) == (0.0, 0.0)
    assert route.line.shape == (2, 2)


def test_rows_of_a_matrix_are_origins() -> None:
    """One way is quick, the other goes round: the matrix is not its own mirror."""
    town = draw(_SQUARE, [street("A>B"), street("B>C"), street("C>D"), street("D>A")])
    router = Router(town.network)
    places = router.on_edges(
        np.array([town.edge("A", "B"), town.edge("B", "C")]), np.array([50.0, 50.0])
    )
    assert isinstance(places, Snaps)

    matrix_s = router.matrix(places, places)

    np.testing.assert_allclose(matrix_s, [[0.0, 10.0], [30.0, 0.0]])
