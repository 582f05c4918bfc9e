"""Measure cover: who is first at fifty thousand places, from twenty posts."""

import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from routing.router import Router
from scripts.studies.coverage.cover_study import study_coverage
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import read_points
from scripts.studies.roads.study_roads import StudyRoads
from tests.benchmarks.results import Result

SEED = 15
MINUTES = (5.0, 10.0, 15.0)
TARGET_S = 2.0
_BESIDE_DEG = 0.0004
"""Places lie some 40 m beside the streets, as houses do."""


def measure(
    router: Router,
    *,
    demand_points: int = 50_000,
    post_count: int = 20,
    target_s: float | None = TARGET_S,
) -> list[Result]:
    """Return how long cover takes with all that belongs to it but loading the network.

    The places are longitudes and latitudes: finding their streets is part of the time. The peer
    asks the same of the router's matrix and takes the least of each column; both answers are held
    equal.
    """
    roads = StudyRoads(router)
    posts, demand = make_places(router, demand_points, post_count)
    roads.place(demand)  # compiles
    limits_s = [60.0 * minutes for minutes in MINUTES]
    began = perf_counter()
    found = study_coverage(roads, posts, demand, limits_s)
    study_s = perf_counter() - began

    began = perf_counter()
    placed_posts, placed = roads.place(posts), roads.place(demand)
    place_s = perf_counter() - began
    began = perf_counter()
    nearest = roads.nearest(placed_posts, placed)
    nearest_s = perf_counter() - began
    began = perf_counter()
    roads.within(placed_posts, placed, limits_s[-1])
    within_s = perf_counter() - began
    began = perf_counter()
    least_s = roads.times(placed_posts, placed).min(axis=0)
    matrix_s = perf_counter() - began
    if not np.array_equal(least_s, nearest.travel_time_s):
        message = "the search outwards and the matrix disagree"
        raise AssertionError(message)
    if not np.array_equal(found.response_s, nearest.travel_time_s):
        message = "the study and the search disagree"
        raise AssertionError(message)

    what = f"cover from {post_count} posts, {demand_points:,} places"
    return [
        Result(what, study_s, "s", target=target_s),
        Result(f"{what}: finding their streets", place_s, "s"),
        Result(f"{what}: who is first", nearest_s, "s", peers={"least of the matrix": matrix_s}),
        Result(f"{what}: what each post reaches", within_s, "s"),
        Result(f"{what}: reading them from CSV", _reading_s(demand), "s"),
        Result(
            f"{what}: share within {MINUTES[1]:g} min",
            100.0 * found.rates.covered[1],
            "%",
            better="higher",
        ),
    ]


def make_places(router: Router, demand_points: int, post_count: int) -> tuple[Points, Points]:
    """Return posts on streets, and places beside them, seeded."""
    draw = np.random.default_rng(SEED)
    lonlat = router.spread_points(demand_points).lonlat
    posts = lonlat[draw.choice(len(lonlat), post_count, replace=False)]
    beside = lonlat + draw.normal(0.0, _BESIDE_DEG, lonlat.shape)
    return Points.at_places(posts), Points.at_places(
        beside, draw.integers(1, 9, len(lonlat)).tolist()
    )


def _reading_s(demand: Points) -> float:
    rows = zip(demand.names, demand.lonlat.tolist(), demand.weights.tolist(), strict=True)
    lines = [f"{name},{lon:.6f},{lat:.6f},{weight:g}" for name, (lon, lat), weight in rows]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "demand.csv"
        file.write_text("\n".join(("name,lon,lat,weight", *lines)), encoding="utf-8")
        began = perf_counter()
        read_points(file)
        return perf_counter() - began
