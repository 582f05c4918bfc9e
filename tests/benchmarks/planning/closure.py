"""Measure the ranking of single closures: the worst ten of all streets of a city, with proof."""

from datetime import UTC
from datetime import datetime
from time import perf_counter

import numpy as np

from routing.closures.types import ClosedSegments
from routing.closures.types import Closure
from routing.router import Router
from scripts.studies.closure.closure_study import ClosureStudy
from scripts.studies.closure.closure_study import study_closures
from scripts.studies.closure.losses import Measure
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from tests.benchmarks.results import Result

SEED = 15
LIMIT_S = 480.0
WORST = 10
_NOW = datetime(2026, 11, 18, tzinfo=UTC)
_BY_ENGINE = 3


def measure(router: Router, *, demand_points: int = 50_000, post_count: int = 20) -> list[Result]:
    """Return how long the worst ten closures take, by each measure, and how many searches.

    The peer is closing every street with the router's own closures and asking for all times again:
    told for all streets from a few of them, since it takes hours.
    """
    roads = StudyRoads(router)
    posts, demand = make_places(roads, demand_points, post_count)
    closing_s = _closing_s(roads, posts, demand) * router.network.segment_count
    study_closures(roads, posts, demand, limit_s=LIMIT_S, count=1)  # compiles
    found = []
    for by in Measure:
        study, seconds = _timed(roads, posts, demand, by)
        what = f"closures: worst {WORST} by {by.value}"
        found += [
            Result(what, seconds, "s", peers={"closing each street in turn (told)": closing_s}),
            Result(f"{what}, searches", study.ranking.searched, "searches"),
        ]
    study, seconds = _timed(roads, posts, demand, Measure.COVER, every=True)
    found.append(Result("closures: cover lost by every street", seconds, "s"))
    found.append(Result("closures: streets", study.ranking.groups, "streets", better="higher"))
    return found


def make_places(roads: StudyRoads, demand_points: int, post_count: int) -> tuple[Placed, Placed]:
    """Return posts and demand: points spread along all streets, the posts drawn from them."""
    lonlat = roads.router.spread_points(demand_points).lonlat
    rng = np.random.default_rng(SEED)
    posts = lonlat[rng.choice(len(lonlat), min(post_count, len(lonlat)), replace=False)]
    return roads.place(Points.at_places(posts)), roads.place(Points.at_places(lonlat))


def _timed(
    roads: StudyRoads, posts: Placed, demand: Placed, by: Measure, *, every: bool = False
) -> tuple[ClosureStudy, float]:
    began = perf_counter()
    study = study_closures(
        roads, posts, demand, limit_s=LIMIT_S, measure=by, count=WORST, every=every
    )
    return study, perf_counter() - began


def _closing_s(roads: StudyRoads, posts: Placed, demand: Placed) -> float:
    network = roads.router.network
    rng = np.random.default_rng(SEED)
    streets = rng.choice(network.segment_count, _BY_ENGINE, replace=False).tolist()
    began = perf_counter()
    for one in streets:
        place = ClosedSegments((one,), network.content_hash)
        roads.close([Closure("one", place, _NOW)], _NOW)
        roads.nearest(posts, demand, LIMIT_S)
    seconds = (perf_counter() - began) / len(streets)
    roads.close([], _NOW)
    return seconds
