"""Shares of areas, by hand, and what must hold of them whatever is covered."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dispatch.cover.areas import Outline
from dispatch.cover.areas import find_areas
from dispatch.cover.shares import Demand
from dispatch.cover.shares import losing_most
from dispatch.cover.shares import percent
from dispatch.cover.types import AreaKind

COVERED = st.lists(st.booleans(), min_size=12, max_size=12)
TWO = np.array([0] * 8 + [1] * 3 + [-1])


def test_the_area_that_counts_loses_most() -> None:
    """Of 8 points 2 go, 25 %; of 3 points 1 goes, 33 %: but the first had ten times the calls."""
    demand = Demand.of_history(TWO, np.array([9, 0]))
    before = np.ones(12, dtype=np.bool_)
    after = np.array([False] * 2 + [True] * 6 + [False, True, True, False])

    assert demand.weights.tolist() == pytest.approx([10 / 11, 1 / 11])
    assert demand.shares(after).tolist() == pytest.approx([0.75, 2 / 3])
    assert losing_most(demand, before, after) == 0
    assert losing_most(Demand.of_history(TWO, np.array([0, 0])), before, after) == 1
    assert demand.worth(after) == pytest.approx(10 / 11 * 0.75 + 1 / 11 * 2 / 3)


def test_a_percent_that_is_not_shown_is_no_loss() -> None:
    """One of 400 points: 100 % becomes 99 %, never 100 with something uncovered."""
    demand = Demand.of_history(np.zeros(400, dtype=np.int64), np.array([0]))
    before, after = np.ones(400, dtype=np.bool_), np.ones(400, dtype=np.bool_)
    after[:1] = False
    fewer = after.copy()
    fewer[1:3] = False

    assert losing_most(demand, before, after) == 0
    assert losing_most(demand, after, fewer) is None
    assert [percent(share) for share in (0.0, 0.001, 0.5, 0.9999, 1.0)] == [0, 1, 50, 99, 100]


@given(COVERED, COVERED)
def test_cover_grows_with_what_is_covered(one: list[bool], other: list[bool]) -> None:
    """Of two crews together no area has less than of one of them; shares lie between 0 and 1."""
    demand = Demand.of_history(TWO, np.array([3, 5]))
    alone, both = np.array(one), np.array(one) | np.array(other)

    assert (demand.shares(alone) <= demand.shares(both)).all()
    assert 0.0 <= demand.worth(alone) <= demand.worth(both) <= 1.0 + 1e-12
    assert losing_most(demand, alone, both) is None


def test_an_area_without_points_is_covered() -> None:
    """Nothing is there to be reached."""
    demand = Demand.of_history(np.array([0, 0]), np.array([1, 1]))

    assert demand.shares(np.zeros(2, dtype=np.bool_)).tolist() == [0.0, 1.0]


def test_response_areas_go_before_districts_and_smaller_ones_before_larger() -> None:
    """Without any, nine quarters; an area with hardly a street in it counts nowhere."""
    lonlat = np.array([[x + 0.5, y + 0.5] for x in range(12) for y in range(12)])
    city = Outline("response_area", "City", "全市", shapely.box(0, 0, 12, 12))
    harbour = Outline("response_area", "Harbour", "港区", shapely.box(0, 0, 4, 4))
    corner = Outline("response_area", "Corner", "", shapely.box(11, 11, 12, 12))
    district = Outline("district", "Old", "", shapely.box(0, 0, 12, 12))

    drawn = find_areas([district, city, corner, harbour], lonlat)
    quarters = find_areas([], lonlat)

    assert drawn.kind is AreaKind.RESPONSE_AREA
    count = {name: int((drawn.of_point == at).sum()) for at, (name, _) in enumerate(drawn.names)}
    assert count == {"Corner": 0, "Harbour": 16, "City": 127}
    assert (drawn.of_point == -1).sum() == 1
    assert quarters.kind is AreaKind.QUARTER
    assert np.bincount(quarters.of_point).tolist() == [16] * 9
    assert quarters.names[0][0] == "south-west"
    assert find_areas([district], lonlat).kind is AreaKind.DISTRICT
    assert find_areas([], np.empty((0, 2))).of_point.shape == (0,)
