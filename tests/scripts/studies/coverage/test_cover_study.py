"""Cover by road: by hand, and what must hold whatever the posts are."""

from datetime import UTC
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from geodata.roads.types import ROAD_CLASSES
from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.engine.hourly_speeds import SpeedTable
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.studies.coverage.cover_difference import compare
from scripts.studies.coverage.cover_gaps import find_gaps
from scripts.studies.coverage.cover_rates import cover_rates
from scripts.studies.coverage.cover_study import study_coverage
from scripts.studies.inputs.points import Points
from scripts.studies.roads.chosen_points import road_length
from scripts.studies.roads.study_roads import StudyRoads
from tests.scripts.studies.coverage.conftest import CITY

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
_PLACE = st.tuples(st.floats(0, 12), st.floats(0, 12))
_FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _along_row(*columns: float) -> list[tuple[float, float]]:
    """Return places along row 6, where driving straight on has no turns."""
    return [CITY.at(column, 6) for column in columns]


def test_rates_of_four_points_by_hand() -> None:
    """One of them is never reached, one has no demand."""
    response_s = np.array([60.0, 300.0, np.inf, 120.0])
    weights = np.array([5.0, 3.0, 2.0, 0.0])

    rates = cover_rates(response_s, weights, [60.0, 299.0, 300.0])

    # 5 of 10 up to 60 s, 8 of 10 up to 300 s.
    assert rates.covered == (0.5, 0.5, 0.8)
    assert rates.mean_s == pytest.approx((5 * 60 + 3 * 300) / 8)
    # Half of all weight is there after 60 s; nine tenths never are.
    assert rates.percentiles_s == (60.0, np.inf, np.inf)
    assert rates.unreached == pytest.approx(0.2)


def test_cover_from_two_posts_along_one_row_by_hand(roads: StudyRoads) -> None:
    """20 s a block, 30 s until a crew drives."""
    #   post 0.5        post 7.5
    #      |---|---|---|---|---|
    #         1.5  3.5    5.5   6.5      demand 1, 2, 3, 4
    posts = Points.at_places(_along_row(0.5, 7.5))
    demand = Points.at_places(_along_row(1.5, 3.5, 5.5, 6.5), [1.0, 2.0, 3.0, 4.0])

    found = study_coverage(roads, posts, demand, [70.0, 50.0], turnout_s=30.0)

    # 1 block 50 s, 3 blocks 90 s, 2 blocks 70 s, 1 block 50 s.
    assert found.limits_s == (50.0, 70.0)
    # A block is 200.5 m on the ellipsoid.
    assert found.response_s == pytest.approx([50.0, 90.0, 70.0, 50.0], rel=0.003)
    assert found.post.tolist() == [0, 0, 1, 1]
    near, far = study_coverage(roads, posts, demand, [51.0, 71.0], turnout_s=30.0).rates.covered
    assert (near, far) == pytest.approx((0.5, 0.8))
    first, second = study_coverage(roads, posts, demand, [71.0], turnout_s=30.0).by_post
    assert (first.first, first.in_time, first.alone) == (3.0, 1.0, 1.0)
    assert (second.first, second.in_time, second.alone) == (7.0, 7.0, 7.0)
    assert first.mean_s == pytest.approx((1 * 50 + 2 * 90) / 3, rel=0.003)
    assert found.worst[:2].tolist() == [1, 2]


def test_zones_have_their_own_cover_and_gaps_their_own_squares(roads: StudyRoads) -> None:
    """What is late is told where it is."""
    names = ("a", "b", "c")
    demand = Points(
        names, np.array(_along_row(1.5, 9.5, 9.6)), np.array([1.0, 2.0, 3.0]), ("w", "e", "e")
    )

    found = study_coverage(roads, Points.at_places(_along_row(0.5)), demand, [25.0])

    assert {zone: rates.covered for zone, rates in found.by_zone.items()} == {
        "w": (1.0,),
        "e": (0.0,),
    }
    (gap,) = find_gaps(found)
    assert (gap.name, gap.late, gap.post) == ("c", 5.0, 0)
    # 9 blocks and 9.1 blocks of 20 s.
    assert gap.mean_s == pytest.approx((2 * 180 + 3 * 182) / 5, rel=0.003)


def test_hours_have_the_speeds_of_their_hour(grid_file: Path) -> None:
    """At half the speed the second point, 2 blocks away, is late."""
    factors = np.ones((len(ROAD_CLASSES), 168))
    factors[:, 2 * 24 + 8] = 0.5  # Wednesdays from 8 to 9
    network = RoadNetwork.from_osm(str(grid_file))
    slow = StudyRoads(Router(network, speeds=SpeedTable(factors)))
    demand = Points.at_places(_along_row(1.5, 2.5))
    hours = [NOW, NOW.replace(hour=9)]
    steps: list[int] = []

    found = study_coverage(
        slow,
        Points.at_places(_along_row(0.5)),
        demand,
        [45.0],
        hours=hours,
        step=lambda: steps.append(1),
    )

    assert [rates.covered for rates in found.by_hour.values()] == [(0.5,), (1.0,)]
    assert len(steps) == 2


def test_a_closed_street_loses_cover_and_says_how_much(roads: StudyRoads) -> None:
    """Round the block instead of straight on."""
    demand = roads.place(Points.at_places(_along_row(1.5, 3.5), [1.0, 3.0]))
    posts = Points.at_places(_along_row(0.5))
    before = study_coverage(roads, posts, demand, [61.0])
    roads.close(
        [
            Closure(
                "works",
                ClosedStretch(tuple(_along_row(2.1, 2.9))),
                NOW,
            )
        ],
        NOW,
    )

    difference = compare(before, study_coverage(roads, posts, demand, [61.0]))

    assert before.rates.covered == (1.0,)
    assert difference.lost == (0.75,)
    assert difference.gained == (0.0,)
    # Two blocks more, 40 s, and four turns.
    assert difference.change_s[0] == 0.0
    assert 40.0 < difference.change_s[1] < 80.0
    assert difference.most_changed(demand.points.weights).tolist() == [1]


def test_studies_of_other_demand_are_not_compared(roads: StudyRoads) -> None:
    """Their points are not the same."""
    posts, demand = Points.at_places(_along_row(1)), Points.at_places(_along_row(2))
    one = study_coverage(roads, posts, demand, [60.0])
    other = study_coverage(roads, posts, roads.place(demand), [90.0])

    with pytest.raises(ValueError, match="same demand and limits"):
        compare(one, other)


def test_road_length_adds_up_to_the_streets(roads: StudyRoads) -> None:
    """26 streets of 2.4 km, in points at least 25 m apart."""
    demand = road_length(roads, 1_000)

    assert len(demand) == 1_000
    assert demand.weights.sum() == pytest.approx(26 * 2.4, rel=1e-3)
    assert len(road_length(roads, 1_000_000)) == pytest.approx(26 * 2_400 / 25, rel=0.01)


@_FEW
@given(places=st.lists(_PLACE, min_size=2, max_size=6), seed=st.integers(0, 99))
def test_cover_grows_with_posts_and_minutes_and_never_by_closing(
    roads: StudyRoads, places: list[tuple[float, float]], seed: int
) -> None:
    """Whatever the posts."""
    posts = Points.at_places([CITY.at(*place) for place in places])
    fewer = posts.only(np.arange(len(posts)) > 0)
    draw = np.random.default_rng(seed)
    spots = [CITY.at(*place) for place in draw.uniform(0, 12, (40, 2)).tolist()]
    roads.close([], NOW)
    demand = roads.place(Points.at_places(spots, draw.uniform(0, 5, 40)))
    limits_s = [30.0, 60.0, 120.0, 240.0]

    whole = study_coverage(roads, posts, demand, limits_s)
    part = study_coverage(roads, fewer, demand, limits_s)
    works = ClosedStretch((CITY.at(2.2, 6), CITY.at(8.8, 6)))
    roads.close([Closure("works", works, NOW)], NOW)
    closed = study_coverage(roads, posts, demand, limits_s)

    assert list(whole.rates.covered) == sorted(whole.rates.covered)
    assert (whole.response_s <= part.response_s).all()
    assert all(a >= b for a, b in zip(whole.rates.covered, part.rates.covered, strict=True))
    assert (closed.response_s >= whole.response_s).all()
    assert all(a <= b for a, b in zip(closed.rates.covered, whole.rates.covered, strict=True))
