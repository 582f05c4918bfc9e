"""One small map for each rule of closures; times are worked out beside it, at 10 m/s."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import numpy as np
import pytest
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import ClosedDirections
from routing.closures.types import ClosedSegments
from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.errors import ClosureError
from routing.errors import UnreachableError
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

#   D --- C --- F
#   |     |     |      100 m a side
#   A --- B --- E
_LADDER = {
    "A": (0.0, 0.0),
    "B": (100.0, 0.0),
    "C": (100.0, 100.0),
    "D": (0.0, 100.0),
    "E": (200.0, 0.0),
    "F": (200.0, 100.0),
}
_STREETS = [street(way) for way in ("A-B", "B-E", "B-C", "A-D", "D-C", "C-F", "E-F")]


@pytest.fixture
def ladder() -> Town:
    """Return two squares side by side."""
    return draw(_LADDER, _STREETS)


def _box(town: Town, west: float, south: float, east: float, north: float) -> ClosedArea:
    corners = [(west, south), (east, south), (east, north), (west, north)]
    return ClosedArea(shapely.Polygon([town.lonlat(*corner) for corner in corners]))


def _close(router: Router, *places: ClosedArea | ClosedStretch | ClosedSegments) -> None:
    closures = [Closure(str(number), place, NOW) for number, place in enumerate(places)]
    router.set_closures(closures, NOW)


def _drive_s(
    town: Town, router: Router, origin: tuple[str, str, float], target: tuple[str, str, float]
) -> float:
    """Return the time of a drive, after checking that all forms of the question agree."""
    start, goal = town.at(router, *origin), town.at(router, *target)
    time_s = float(router.travel_times_to(start, goal)[0])
    assert router.travel_times_from(start, goal) == pytest.approx([time_s])
    if np.isfinite(time_s):
        assert router.route(start, goal).travel_time_s == pytest.approx(time_s)
    return time_s


def test_a_polygon_across_a_street_sends_one_round(ladder: Town) -> None:
    """The outline cuts A-B in the middle: round by D and C."""
    # 10 m back to A, up 100, along 100, down to B 100, on 50 = 360 m;
    # at C right (3 s), at B left (5 s)
    router = Router(ladder.network)
    before_s = _drive_s(ladder, router, ("A", "B", 10), ("B", "E", 50))

    _close(router, _box(ladder, 40, -20, 60, 20))

    assert before_s == pytest.approx(14.0)
    assert _drive_s(ladder, router, ("A", "B", 10), ("B", "E", 50)) == pytest.approx(36.0 + 3 + 5)


def test_a_street_cut_in_part_is_driven_up_to_the_cut(ladder: Town) -> None:
    """Both open ends of it are reached, each from its own side."""
    router = Router(ladder.network)

    _close(router, _box(ladder, 40, -20, 60, 20))

    assert _drive_s(ladder, router, ("A", "B", 10), ("A", "B", 39)) == pytest.approx(2.9)
    # Beyond the cut: back 10, 300 m round to B with right turns at C and B, 30 back
    assert _drive_s(ladder, router, ("A", "B", 10), ("A", "B", 70)) == pytest.approx(34 + 3 + 3)


def test_a_crew_inside_a_closed_polygon_can_still_leave_it(ladder: Town) -> None:
    """It drives out over closed roads, and the route says how far."""
    router = Router(ladder.network)
    _close(router, _box(ladder, -20, -20, 120, 20))  # all of A-B, and 20 m of each street beside it

    assert _drive_s(ladder, router, ("A", "B", 30), ("B", "E", 60)) == pytest.approx(13.0)
    route = router.route(ladder.at(router, "A", "B", 30), ladder.at(router, "B", "E", 60))
    assert route.closed_length_m == pytest.approx(70.0 + 20.0, abs=0.1)


def test_a_crew_gets_to_an_incident_inside_a_closed_polygon(ladder: Town) -> None:
    """The last stretch, inside the closure the incident is in, may be driven; it is told apart."""
    router = Router(ladder.network)
    _close(router, _box(ladder, -20, -20, 120, 20))

    route = router.route(ladder.at(router, "F", "E", 50), ladder.at(router, "A", "B", 60))

    # 50 m to E, 100 to B, 40 on: the bend at E is free, straight on at B
    assert route.travel_time_s == pytest.approx(19.0)
    assert route.closed_length_m == pytest.approx(20.0 + 40.0, abs=0.1)


def test_nobody_drives_through_a_closure_they_are_not_in(ladder: Town) -> None:
    """From F to D over the top although the way along the bottom is closed: and if that is, too?"""
    router = Router(ladder.network)
    _close(router, _box(ladder, 40, -20, 60, 20), _box(ladder, 40, 80, 60, 120))

    assert np.isinf(_drive_s(ladder, router, ("F", "E", 50), ("A", "D", 50)))
    with pytest.raises(UnreachableError):
        router.route(ladder.at(router, "F", "E", 50), ladder.at(router, "A", "D", 50))


def test_standing_in_one_closure_opens_no_other(ladder: Town) -> None:
    """The crew in the first closure cannot cross the second, which begins where the first ends."""
    #   closed 1: x 0 to 100 (all of A-B); closed 2: x 120 to 180, on B-E
    router = Router(ladder.network)
    _close(router, _box(ladder, -5, -5, 105, 5), _box(ladder, 120, -5, 180, 5))

    # To 10 m before E on B-E: back 30 to A, round by D, C (straight on), F: 400, and 10 back
    assert _drive_s(ladder, router, ("A", "B", 30), ("B", "E", 90)) == pytest.approx(44.0)


def test_a_stretch_between_two_points_is_closed_along_the_road(ladder: Town) -> None:
    """From 50 m before B to 50 m after it: two streets, each in half."""
    router = Router(ladder.network)
    stretch = ClosedStretch((ladder.lonlat(50, 1), ladder.lonlat(150, -1)))

    state = router.set_closures([Closure("works", stretch, NOW)], NOW)

    assert state.closed is not None
    pieces = sorted(
        zip(
            state.closed.edge.tolist(),
            state.closed.from_m.round(3).tolist(),
            state.closed.to_m.round(3).tolist(),
            strict=True,
        )
    )
    assert pieces == [
        (ladder.edge("A", "B"), 50.0, 100.0),
        (ladder.edge("B", "A"), 0.0, 50.0),
        (ladder.edge("B", "E"), 0.0, 50.0),
        (ladder.edge("E", "B"), 50.0, 100.0),
    ]
    assert _drive_s(ladder, router, ("A", "B", 10), ("B", "E", 90)) == pytest.approx(
        1 + 10 + 20 + 10 + 1
    )


@pytest.mark.parametrize(
    ("directions", "eastwards_s", "westwards_s"),
    [
        (ClosedDirections.ALONG, 40.0, 6.0),
        (ClosedDirections.AGAINST, 6.0, 44.0),
        (ClosedDirections.BOTH, 40.0, 44.0),
    ],
)
def test_one_direction_can_be_closed(
    ladder: Town, directions: ClosedDirections, eastwards_s: float, westwards_s: float
) -> None:
    """A-B seen from A: the open direction stays as quick as it was."""
    # Eastwards round: 20 m back to A, 300 m by D and C to B, 20 m: 34 s, right at C and B, 3 s
    # each; westwards the same the other way: left at B and C, 5 s each.
    router = Router(ladder.network)
    _close(router, ClosedStretch((ladder.lonlat(45, 0), ladder.lonlat(55, 0)), directions))

    east_s = _drive_s(ladder, router, ("A", "B", 20), ("A", "B", 80))
    west_s = _drive_s(ladder, router, ("B", "A", 20), ("B", "A", 80))

    assert (east_s, west_s) == pytest.approx((eastwards_s, westwards_s))


def test_a_crew_in_a_street_closed_one_way_leaves_it_the_other_way(ladder: Town) -> None:
    """Its own closure does not let it drive where the other direction is free to use."""
    router = Router(ladder.network)
    _close(
        router, ClosedStretch((ladder.lonlat(1, 0), ladder.lonlat(99, 0)), ClosedDirections.ALONG)
    )

    # From 50 m not straight on to B (5 + 5 s), but back to A and round: 50 + 300, right at C,
    # left into B-E, 50 on
    assert _drive_s(ladder, router, ("A", "B", 50), ("B", "E", 50)) == pytest.approx(40.0 + 3 + 5)


def test_segments_are_closed_by_number(ladder: Town) -> None:
    """Numbers hold in the network they are of, and in no other."""
    router = Router(ladder.network)
    whole = ClosedSegments((0,), ladder.network.content_hash)
    start, goal = ladder.at(router, "D", "A", 50), ladder.at(router, "B", "E", 50)

    _close(router, whole)

    # 50 back to D, 100, 100 down, 50: right at C, left at B
    assert router.travel_times_to(start, goal) == pytest.approx([30.0 + 3 + 5])
    with pytest.raises(ClosureError, match="another network"):
        _close(router, ClosedSegments((0,), "other"))
    with pytest.raises(ClosureError, match="not in the network"):
        _close(router, ClosedSegments((7,), ladder.network.content_hash))


def test_a_closure_holds_from_its_first_instant_until_its_last(ladder: Town) -> None:
    """The first included, the last not; the caller learns when to ask again."""
    router = Router(ladder.network)
    begin, end = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    closures = [Closure("later", _box(ladder, 40, -20, 60, 20), begin, end)]

    def asked(now: datetime) -> tuple[float, datetime | None]:
        state = router.set_closures(closures, now)
        time_s = _drive_s(ladder, router, ("A", "B", 10), ("A", "B", 70))
        return round(time_s, 3), state.next_change_at

    assert asked(NOW) == (6.0, begin)
    assert asked(begin) == (40.0, end)
    assert asked(end - timedelta(microseconds=1)) == (40.0, end)
    assert asked(end) == (6.0, None)


def test_a_closure_of_everything_makes_everything_unreachable(ladder: Town) -> None:
    """No road is left to drive on, so nobody drives; opening it again brings all back."""
    router = Router(ladder.network)
    places = router.on_edges(np.arange(14), np.full(14, 50.0))
    before_s = router.matrix(places, places)

    _close(router, _box(ladder, -500, -500, 500, 500))

    assert np.isinf(router.matrix(places, places)).all()
    assert router.reach(places, [60.0]).areas[0].is_empty
    with pytest.raises(UnreachableError):
        router.route(places[:1], places[3:4])
    _close(router)
    np.testing.assert_array_equal(router.matrix(places, places), before_s)


def test_thousands_of_crews_inside_a_closure_are_one_search(ladder: Town) -> None:
    """Ten thousand in the closed street, spread over it: all leave by the end that is nearer."""
    router = Router(ladder.network)
    _close(router, _box(ladder, -20, -20, 120, 20))
    at_m = np.linspace(0.0, 100.0, 10_000)
    crews = router.on_edges(np.full(10_000, ladder.edge("A", "B")), at_m)

    times_s = router.travel_times_to(crews, ladder.at(router, "B", "E", 50))

    np.testing.assert_allclose(times_s, (150.0 - at_m) / 10.0, atol=2e-3)


def test_a_street_beside_an_outline_stays_open(ladder: Town) -> None:
    """Half a metre away from the closed block nothing is closed."""
    router = Router(ladder.network)

    state = router.set_closures([Closure("block", _box(ladder, 20, 0.5, 80, 50), NOW)], NOW)

    assert state.closed is None
    assert _drive_s(ladder, router, ("A", "B", 10), ("A", "B", 90)) == pytest.approx(8.0)


def test_a_hole_in_a_polygon_stays_open(ladder: Town) -> None:
    """Closed all round the town, open in the town."""
    router = Router(ladder.network)
    inner = [(-50.0, -50.0), (250.0, -50.0), (250.0, 150.0), (-50.0, 150.0)]
    outer = [(-90.0, -90.0), (290.0, -90.0), (290.0, 190.0), (-90.0, 190.0)]
    rings = [[ladder.lonlat(*corner) for corner in ring] for ring in (outer, inner)]
    around = ClosedArea(shapely.Polygon(rings[0], rings[1:]))

    state = router.set_closures([Closure("ring", around, NOW)], NOW)

    assert state.closed is None


def test_the_same_closures_again_change_nothing(ladder: Town) -> None:
    """The same snapshot, to the very object: a search has nothing to catch up with."""
    router = Router(ladder.network)
    closures = [Closure("a", _box(ladder, 40, -20, 60, 20), NOW)]

    first = router.set_closures(closures, NOW)
    again = router.set_closures(list(closures), NOW + timedelta(hours=1))

    assert first.closed is again.closed
    assert again.keys == ("a",)


def test_closures_hold_for_every_profile_and_hour(ladder: Town) -> None:
    """Also for a router that was made before, and for the emergency profile."""
    router = Router(ladder.network)
    emergency = router.under(profile="emergency")

    _close(router, _box(ladder, 40, -20, 60, 20), _box(ladder, 40, 80, 60, 120))

    for one in (router, emergency, router.under(at=NOW)):
        assert np.isinf(_drive_s(ladder, one, ("F", "E", 50), ("A", "D", 50)))


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "must not cross or touch itself"),
        ([(0, 0), (100, 95), (1, 0)], "longitude, latitude"),
        ([], "needs an outline"),
    ],
)
def test_an_outline_that_cannot_be_is_refused(
    points: list[tuple[float, float]], message: str
) -> None:
    """In words; nothing is repaired by guessing."""
    with pytest.raises(ClosureError, match=message):
        ClosedArea(shapely.Polygon(points))


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [7.4, 43.7]},
        {"type": "Polygon"},
        {
            "type": "Polygon",
            "coordinates": [[[7.4, 43.7], [np.nan, 43.7], [7.4, 43.8], [7.4, 43.7]]],
        },
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": "everywhere"},
        {},
    ],
)
def test_geojson_that_is_no_polygon_is_refused(geometry: dict[str, object]) -> None:
    """A point, half a polygon, no number, nonsense."""
    with pytest.raises(ClosureError):
        ClosedArea.from_geojson(geometry)


def test_a_stretch_off_road_or_of_no_length_is_refused(ladder: Town) -> None:
    """And what was closed before stays as it was."""
    router = Router(ladder.network)
    _close(router, _box(ladder, 40, -20, 60, 20))

    with pytest.raises(ClosureError, match="point 2 of a closed stretch is on no road"):
        _close(router, ClosedStretch((ladder.lonlat(0, 0), ladder.lonlat(0, 5000))))
    with pytest.raises(ClosureError, match="at one place"):
        _close(router, ClosedStretch((ladder.lonlat(50, 0), ladder.lonlat(50, 0))))
    with pytest.raises(ClosureError, match="two points or more"):
        ClosedStretch((ladder.lonlat(50, 0),))

    assert _drive_s(ladder, router, ("A", "B", 10), ("A", "B", 70)) == pytest.approx(40.0)


def test_times_without_a_zone_or_in_the_wrong_order_are_refused(ladder: Town) -> None:
    """An instant is aware; an end comes after its beginning."""
    area = _box(ladder, 40, -20, 60, 20)

    with pytest.raises(ClosureError, match="time zone"):
        Closure("a", area, NOW.replace(tzinfo=None))
    with pytest.raises(ClosureError, match="end after it begins"):
        Closure("a", area, NOW, NOW)
    with pytest.raises(ClosureError, match="time zone"):
        Router(ladder.network).set_closures([], NOW.replace(tzinfo=None))
