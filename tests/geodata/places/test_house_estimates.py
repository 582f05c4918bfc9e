"""Numbers that are not on the map are put between those of their side that are."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.crs.great_circle import distance_m
from geodata.places.house_estimates import KnownHouse
from geodata.places.house_estimates import estimate
from tests.geodata.street_map import METRES_PER_DEGREE_EAST
from tests.geodata.street_map import METRES_PER_DEGREE_NORTH

Place = tuple[float, float]


def at(east_m: float, north_m: float) -> Place:
    """Return a place by its metres from the origin."""
    return east_m / METRES_PER_DEGREE_EAST, north_m / METRES_PER_DEGREE_NORTH


def metres(place: Place) -> Place:
    """Return a place in metres from the origin."""
    return place[0] * METRES_PER_DEGREE_EAST, place[1] * METRES_PER_DEGREE_NORTH


def house(number: int, east_m: float, north_m: float) -> KnownHouse:
    """Return a known house."""
    return KnownHouse(number, str(number), at(east_m, north_m))


def street(*places: Place) -> shapely.LineString:
    """Return a line through places in metres."""
    return shapely.LineString([at(*place) for place in places])


def test_the_side_of_the_street_is_kept() -> None:
    """Even numbers stand 8 m north of a street to the east, odd ones 8 m south of it."""
    houses = [house(10, 0, 8), house(14, 40, 8), house(11, 5, -8), house(13, 200, -8)]

    found = estimate(12, houses, [street((-50, 0), (300, 0))])

    assert found is not None
    assert [each.number for each in found.between] == [10, 14]
    assert metres(found.lonlat) == pytest.approx((20, 8), abs=0.2)


def test_a_number_round_the_corner_is_counted_along_the_street() -> None:
    """10 is 40 m before the bend and 20 is 60 m after it: 15 is 10 m after it, not across."""
    #   10 ----40 m---- bend
    #                    | 10 m: the middle of 100 m, minus 40
    #                    15
    #                    | 50 m
    #                    20
    houses = [house(10, 0, 0), house(20, 40, -60), house(11, 0, 2), house(19, 42, -60)]
    lines = [street((0, 0), (40, 0)), street((40, 0), (40, -60))]

    found = estimate(15, houses, lines)

    assert found is not None
    assert [each.number for each in found.between] == [11, 19]
    east_m, north_m = metres(found.lonlat)
    assert (east_m, north_m) == pytest.approx((42, -10), abs=1.5)


def test_a_number_with_a_letter_is_where_the_number_is() -> None:
    """12 is known, 12 bis is asked for."""
    found = estimate(12, [house(12, 30, 5)], [])

    assert found is not None
    assert metres(found.lonlat) == pytest.approx((30, 5))
    assert len(found.between) == 1


@pytest.mark.parametrize(
    ("wanted", "why"), [(16, "past the last"), (8, "before the first"), (13, "the other side")]
)
def test_nothing_is_estimated_beyond_the_known_houses(wanted: int, why: str) -> None:
    """Nor on the side of which nothing is known."""
    houses = [house(10, 0, 8), house(14, 40, 8), house(11, 5, -8)]

    assert estimate(wanted, houses, [street((-50, 0), (300, 0))]) is None, why


def test_between_houses_a_kilometre_apart_nothing_is_estimated() -> None:
    """A number may lie anywhere there."""
    assert estimate(12, [house(10, 0, 0), house(90, 1_000, 0)], []) is None


_METRES = st.floats(-250, 250)


@given(
    numbers=st.lists(st.integers(1, 60), min_size=2, max_size=9, unique=True),
    wanted=st.integers(1, 60),
    step_m=st.floats(1, 20),
    off_m=st.floats(-30, 30),
    bend=st.floats(-1, 1),
)
def test_an_estimate_lies_between_its_neighbours(
    numbers: list[int], wanted: int, step_m: float, off_m: float, bend: float
) -> None:
    """On a street numbered in order, it is nearer to each neighbour than they are to each other."""
    houses = [house(number, number * step_m / 2, off_m) for number in numbers]
    lines = [street((-50, 0), (0, 0)), street((0, 0), (700, bend))]
    known = {each.number: each for each in houses}

    found = estimate(wanted, houses, lines)

    same_side = [number for number in numbers if (number - wanted) % 2 == 0]
    if wanted in known:
        assert found is not None
        assert found.between == (known[wanted],)
        assert found.lonlat == known[wanted].lonlat
        return
    below = [number for number in same_side if number < wanted]
    above = [number for number in same_side if number > wanted]
    if not below or not above:
        assert found is None
        return
    assert found is not None
    assert [each.number for each in found.between] == [max(below), min(above)]
    first, last = found.between
    apart_m = distance_m(first.lonlat, last.lonlat)
    share = (wanted - first.number) / (last.number - first.number)
    assert distance_m(first.lonlat, found.lonlat) == pytest.approx(share * apart_m, abs=0.5)
    assert distance_m(found.lonlat, last.lonlat) == pytest.approx((1 - share) * apart_m, abs=0.5)


@given(
    first=st.tuples(_METRES, _METRES),
    last=st.tuples(_METRES, _METRES),
    course=st.lists(st.tuples(_METRES, _METRES), min_size=2, max_size=6, unique=True),
)
def test_an_estimate_is_never_further_off_its_street_than_its_neighbours(
    first: Place, last: Place, course: list[Place]
) -> None:
    """Whatever the street's course; where none runs beside both, it is on the line between them."""
    houses = [house(10, *first), house(20, *last)]
    line = shapely.LineString(course)

    found = estimate(16, houses, [street(*course)])

    if found is None:
        assert distance_m(houses[0].lonlat, houses[1].lonlat) > 590
        return
    here = shapely.Point(metres(found.lonlat))
    farthest_m = max(line.distance(shapely.Point(each)) for each in (first, last))
    straight_m = shapely.LineString([first, last]).distance(here)
    assert min(line.distance(here) - farthest_m, straight_m) < 1
