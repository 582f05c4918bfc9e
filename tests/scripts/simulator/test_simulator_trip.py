"""Where a crew is on its way: always on the line, always forward, there when the roads say."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString
from shapely.geometry import Point

from scripts.simulator.trip import Trip
from scripts.simulator.trip import distance_m
from scripts.simulator.trip import place_from

_METRE_DEG = 1 / 111_195
_EQUATOR = 0.0

steps = st.tuples(st.floats(-0.002, 0.002), st.floats(-0.002, 0.002))
lines = st.lists(steps, min_size=1, max_size=12).map(
    lambda each: [
        (7.4 + sum(x for x, _ in each[:n]), 43.7 + sum(y for _, y in each[:n]))
        for n in range(len(each) + 1)
    ]
)
times_s = st.floats(0, 3_600)
shares = st.lists(st.floats(-0.1, 1.1), min_size=2, max_size=20).map(sorted)


@given(line=lines, travel_time_s=times_s, share=st.floats(-0.5, 1.5))
def test_a_crew_never_leaves_the_line(
    line: list[tuple[float, float]], travel_time_s: float, share: float
) -> None:
    """Wherever it is, it is on the road."""
    here = Trip(line, travel_time_s).at(share * travel_time_s)

    assert LineString(line).distance(Point(here.lonlat)) < 0.001 * _METRE_DEG


@given(line=lines, travel_time_s=times_s, moments=shares)
def test_a_crew_never_drives_backwards(
    line: list[tuple[float, float]], travel_time_s: float, moments: list[float]
) -> None:
    """Progress only grows, from nothing to the whole length."""
    trip = Trip(line, travel_time_s)

    driven_m = [trip.driven_m(moment * travel_time_s) for moment in moments]

    assert all(one <= other for one, other in pairwise(driven_m))
    assert all(0 <= each <= trip.length_m for each in driven_m)


@given(line=lines, travel_time_s=times_s)
def test_a_trip_takes_exactly_the_time_that_the_roads_say(
    line: list[tuple[float, float]], travel_time_s: float
) -> None:
    """It begins at the first point, and is over at the last one and not before."""
    trip = Trip(line, travel_time_s)

    assert trip.is_over(travel_time_s)
    assert not trip.is_over(travel_time_s - 0.0011)
    assert distance_m(trip.at(travel_time_s).lonlat, line[-1]) < 0.001
    if travel_time_s >= 0.001:
        assert distance_m(trip.at(0).lonlat, line[0]) < 0.001
    assert trip.at(0).speed_mps == trip.at(travel_time_s).speed_mps == 0


@given(line=lines, travel_time_s=st.floats(10, 3_600), share=st.floats(0.01, 0.99))
def test_the_speed_shown_is_the_speed_driven(
    line: list[tuple[float, float]], travel_time_s: float, share: float
) -> None:
    """Metres gone by in a moment, divided by the moment; below 0.3 m/s it counts as standing."""
    trip = Trip(line, travel_time_s)
    moment_s, blink_s = share * travel_time_s, 1e-3

    gone_m = trip.driven_m(moment_s + blink_s) - trip.driven_m(moment_s - blink_s)

    shown_mps = trip.at(moment_s).speed_mps
    assert shown_mps == pytest.approx(gone_m / (2 * blink_s), abs=0.31, rel=1e-3)


@given(line=lines, travel_time_s=times_s, share=st.floats(0, 1))
def test_a_heading_is_a_direction_or_nothing(
    line: list[tuple[float, float]], travel_time_s: float, share: float
) -> None:
    """0 is north; 360 is not a heading."""
    heading_deg = Trip(line, travel_time_s).at(share * travel_time_s).heading_deg

    assert heading_deg is None or 0 <= heading_deg < 360


def test_the_pace_rises_holds_and_falls() -> None:
    """1 000 m in 106 s with 6 s each of getting going and of braking: 1 000 / 100 = 10 m/s."""
    east = Geod(ellps="WGS84").fwd(0, _EQUATOR, 90, 1_000)[:2]
    trip = Trip([(0, _EQUATOR), east], 106)

    # After 6 s: 10 x 6 / 2 = 30 m. After 56 s: 30 + 50 x 10 = 530. 6 s before the end: 1 000 - 30.
    assert trip.driven_m(6) == pytest.approx(30)
    assert trip.driven_m(56) == pytest.approx(530)
    assert trip.driven_m(100) == pytest.approx(970)
    assert trip.at(3).speed_mps == pytest.approx(5)
    assert trip.at(56).speed_mps == pytest.approx(10)
    assert trip.at(56).heading_deg == 90


def test_a_corner_is_turned_not_jumped() -> None:
    """East, then north: 3 m before the corner it looks from 9 m west to 3 m north of it."""
    corner = place_from((7.4, 43.7), 90, 100)
    trip = Trip([(7.4, 43.7), corner, place_from(corner, 0, 100)], 200)
    at_97_m = next(t / 10 for t in range(2_000) if trip.driven_m(t / 10) >= 97)

    headings = [
        trip.at(seconds).heading_deg for seconds in (at_97_m - 20, at_97_m, at_97_m + 6, 180)
    ]

    # 97 + 6 m is 3 m up, 97 - 6 m is 9 m left: atan(9 / 3) = 71.6° from north.
    assert headings[1] == pytest.approx(71.6, abs=1)
    assert headings[0] == pytest.approx(90, abs=0.1)
    assert headings[2] is not None
    assert 10 < headings[2] < 71.6
    assert headings[3] == pytest.approx(0, abs=0.1)


def test_a_trip_to_where_one_is_says_no_direction() -> None:
    """The route's line is then a single point, twice."""
    trip = Trip([(7.4, 43.7), (7.4, 43.7)], 0)

    here = trip.at(0)

    assert (here.lonlat, here.speed_mps, here.heading_deg) == ((7.4, 43.7), 0, None)


@pytest.mark.parametrize("travel_time_s", [-1, float("nan"), float("inf")])
def test_a_trip_without_a_time_is_refused(travel_time_s: float) -> None:
    """`inf` is the router's way of saying that there is none."""
    with pytest.raises(ValueError, match="a line and a time"):
        Trip([(7.4, 43.7)], travel_time_s)
