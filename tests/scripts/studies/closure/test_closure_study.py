"""Single closures ranked, in a town by hand and against closing every street as a desk does."""

from datetime import UTC
from datetime import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from routing.closures.types import ClosedSegments
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.errors import UsageError
from scripts.studies.closure.closure_study import study_closures
from scripts.studies.closure.losses import Loss
from scripts.studies.closure.losses import Losses
from scripts.studies.closure.losses import Measure
from scripts.studies.closure.street_pieces import ClosedAtOnce
from scripts.studies.closure.street_pieces import PieceNames
from scripts.studies.closure.street_pieces import number_pieces
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from tests.examples import examples
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import lonlat
from tests.routing.drawing import street
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import trips

_NOW = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)


@pytest.fixture
def two_bridges() -> Town:
    """Return a town beyond a river, with a near bridge and a far one."""
    #   A --100-- B ==100== C --100-- D        all at 10 m/s; the post stands at A;
    #   |                   |                  A-E is 600 m, E-C 608 m
    #   +-------- E --------+                  D is a dead end
    return draw(
        {"A": (0, 0), "B": (100, 0), "C": (200, 0), "D": (300, 0), "E": (100, -600)},
        [
            street("A-B", name="High Street"),
            street("B-C", name="Bridge"),
            street("C-D", name="High Street"),
            street("A-E", name="Ring"),
            street("E-C", name="Ring"),
        ],
    )


def _placed(roads: StudyRoads, *places: tuple[float, float, float]) -> Placed:
    """Return places given as metres east, metres north, weight."""
    lonlats = [lonlat((x_m, y_m)) for x_m, y_m, _ in places]
    return roads.place(Points.at_places(lonlats, [weight for _, _, weight in places]))


def test_the_bridge_costs_all_who_live_beyond(two_bridges: Town) -> None:
    """Reached in 25 s over the bridge, and in 126 s round about."""
    roads = StudyRoads(Router(two_bridges.network))
    posts = _placed(roads, (5, 0, 1))
    demand = _placed(roads, (50, 0, 3), (150, 0, 4), (250, 0, 5), (50, -300, 7))

    study = study_closures(roads, posts, demand, limit_s=70.0, worst_s=200.0)

    # All are covered in 70 s. The bridge closed, those on C-D (5) come round about only; those on
    # the bridge itself are still reached from B, those on the Ring from A.
    assert len(study.ranking.worst) == 1
    worst = study.ranking.worst[0]
    piece = study.names.describe(worst.group)
    assert (piece.name, piece.begin, piece.end) == ("Bridge", "High Street", "High Street")
    assert worst.loss.cover == 5.0
    assert study.losing_cover(worst.group).tolist() == [2]
    assert study.covered == study.total == 19.0


def _every_loss(
    roads: StudyRoads, posts: Placed, demand: Placed, losses: Losses, group: IntArray
) -> list[Loss]:
    """Return the loss of closing each group of streets, found by closing it as the desk does."""
    network = roads.router.network
    found = []
    for one in range(int(group.max()) + 1):
        streets = tuple(np.flatnonzero(group == one).tolist())
        place = ClosedSegments(streets, network.content_hash)
        roads.close([Closure("one", place, _NOW)], _NOW)
        after_s = roads.nearest(posts, demand, np.inf).travel_time_s
        roads.close([], _NOW)
        # A closure never raises cover.
        assert (after_s >= losses.before_s).all()
        found.append(losses.of(np.arange(len(demand)), after_s))
    return found


@examples(25)
@given(data=st.data(), trip=trips(), measure=st.sampled_from(Measure), count=st.integers(1, 3))
def test_the_ranking_equals_closing_every_street(
    data: st.DataObject, trip: RandomTrip, measure: Measure, count: int
) -> None:
    """No street that was not searched loses more than the last of those listed."""
    network = RoadNetwork.from_roads(trip.roads)
    driven = network.roads.segment_forward | network.roads.segment_backward
    at_once = data.draw(st.sampled_from(ClosedAtOnce))
    group = number_pieces(network, at_once)
    assume(len(np.unique(group[driven])) > 1)
    roads = StudyRoads(Router(network))
    spots = st.tuples(st.integers(-400, 400), st.integers(-400, 400), st.integers(0, 9))
    posts = _placed(roads, *data.draw(st.lists(spots, min_size=1, max_size=2)))
    demand = _placed(roads, *data.draw(st.lists(spots, min_size=1, max_size=8)))
    assume(len(posts) and len(demand))

    study = study_closures(
        roads,
        posts,
        demand,
        limit_s=60.0,
        worst_s=150.0,
        measure=measure,
        at_once=at_once,
        count=count,
    )

    ranking = study.ranking
    told = _every_loss(roads, posts, demand, study.losses, group)
    every = [loss.by(measure) for loss in told]
    expected = sorted((loss for loss in every if loss > 0.0), reverse=True)[:count]
    assert [one.loss.by(measure) for one in ranking.worst] == pytest.approx(expected)
    assert [every[one.group] for one in ranking.worst] == pytest.approx(expected)
    unsearched = [every[one] for one in np.flatnonzero(np.isnan(ranking.found)).tolist()]
    assert max(unsearched, default=0.0) <= ranking.next_bound + 1e-9
    if ranking.searched < ranking.groups and len(ranking.worst) == count:
        assert ranking.next_bound <= ranking.worst[-1].loss.by(measure)


def test_every_street_is_searched_for_a_whole_map(two_bridges: Town) -> None:
    """What is not known then costs nothing."""
    roads = StudyRoads(Router(two_bridges.network))
    posts, demand = _placed(roads, (5, 0, 1)), _placed(roads, (250, 0, 5), (150, -300, 2))

    study = study_closures(
        roads, posts, demand, limit_s=70.0, measure=Measure.TIME, count=1, every=True
    )

    ranking = study.ranking
    assert ranking.searched + ranking.harmless == ranking.groups
    assert ranking.next_bound == 0.0
    assert np.nanmax(ranking.found) == ranking.worst[0].loss.added_s


def test_a_whole_street_is_what_hangs_together_by_name(two_bridges: Town) -> None:
    """High Street is interrupted by the bridge; the Ring is one street of two parts."""
    group = number_pieces(two_bridges.network, ClosedAtOnce.STREET)

    assert group[3] == group[4]
    assert len({group[0], group[1], group[2], group[3]}) == 4
    ring = PieceNames(two_bridges.network, group).describe(int(group[3]))
    assert ring.name == "Ring"
    assert ring.length_m == pytest.approx(2 * np.hypot(100, 600))


def test_a_stretch_goes_on_where_nothing_else_meets_it() -> None:
    """Parts are drawn for reasons that nobody drives by; a name that changes is another street."""
    #   A --West-- B --West-- C --East-- D --East-- E      D-F: a side street
    places = {name: (100.0 * at, 0.0) for at, name in enumerate("ABCDE")}
    names = ("West", "West", "East", "East")
    ways = zip(pairwise("ABCDE"), names, strict=True)
    parts = [street(f"{a}-{b}", name=name) for (a, b), name in ways]
    town = draw({**places, "F": (300, 100)}, [*parts, street("D-F", name="Side")])

    group = number_pieces(town.network, ClosedAtOnce.STRETCH)

    assert group.tolist() == [0, 0, 1, 2, 3]
    west = PieceNames(town.network, group).describe(0)
    assert (west.name, {west.begin, west.end}, round(west.length_m)) == ("West", {"", "East"}, 200)


def test_streets_without_a_name_are_closed_each_for_itself() -> None:
    """Nothing holds them together."""
    town = draw({"A": (0, 0), "B": (100, 0), "C": (200, 0)}, [street("A-B"), street("B-C")])

    assert number_pieces(town.network, ClosedAtOnce.STREET).tolist() == [0, 1]


def test_impossible_studies_are_refused(two_bridges: Town) -> None:
    """Posts far from all roads; a limit beyond the worst time."""
    roads = StudyRoads(Router(two_bridges.network))
    demand = _placed(roads, (250, 0, 5))
    nowhere = roads.place(Points.at_places([(8.5, 44.0)]))

    with pytest.raises(UsageError, match="None of the posts"):
        study_closures(roads, nowhere, demand, limit_s=70.0)
    with pytest.raises(UsageError, match="limit"):
        study_closures(roads, demand, demand, limit_s=70.0, worst_s=60.0)
