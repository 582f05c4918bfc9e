"""Distances on the mean earth."""

from math import pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.crs.flat_plane import Plane
from geodata.crs.great_circle import EARTH_RADIUS_M
from geodata.crs.great_circle import LonLat
from geodata.crs.great_circle import distance_m

PLACES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
HALF_WAY_M = pi * EARTH_RADIUS_M


@given(PLACES, PLACES)
def test_a_distance_is_the_same_both_ways_and_at_most_half_way_round(
    one: LonLat, other: LonLat
) -> None:
    """And nothing at home."""
    assert distance_m(one, other) == pytest.approx(distance_m(other, one), abs=1e-6)
    assert distance_m(one, one) == 0
    assert distance_m(one, other) <= HALF_WAY_M


@given(PLACES)
def test_the_opposite_place_is_half_way_round_and_not_nowhere(place: LonLat) -> None:
    """Rounding must not ask for the arc sine of more than 1: NaN is no JSON."""
    lon, lat = place

    assert distance_m(place, (lon + 180, -lat)) == pytest.approx(HALF_WAY_M, abs=1)


def test_in_a_city_the_plane_measures_as_the_great_circle_does() -> None:
    """3 km across at 44° north: half a per mille, 1.5 m."""
    here, there = (7.40, 43.72), (7.43, 43.74)

    away_m = Plane(here[1]).distances_m(np.array([there]), np.array(here))

    assert away_m == pytest.approx([distance_m(here, there)], rel=5e-4)


@pytest.mark.parametrize("lat", [0.0, 43.7, -60.0, 90.0])
def test_a_reach_in_degrees_is_as_many_metres(lat: float) -> None:
    """To the east and to the north; at the pole the reach to the east ends somewhere."""
    plane = Plane(lat)

    reach = np.array(plane.degrees(250.0))

    assert plane.project(reach) == pytest.approx([250.0, 250.0])
    assert reach[0] < 1
