"""Measure what a planner waits for while one of many standby points is dragged."""

from datetime import UTC
from datetime import datetime
from time import perf_counter
from typing import Final

import numpy as np

from dispatch.planning.standby_cover import drawn
from dispatch.roads.post_reach import PostReach
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import ReachWish
from routing.router import Router
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles

SEED: Final = 15
TARGET_MS: Final = 300.0
_STEP_DEG: Final = 0.0005
_STREET_POINTS: Final = 3_000


def measure(
    router: Router, *, post_count: int = 20, minutes: float = 10.0, moves: int = 40
) -> list[Result]:
    """Return how long one move of one point takes, from its place to shares and the drawn area.

    What the server computes for one answer; the way through HTTP and the browser's drawing are
    seen in the page itself (`tests/e2e/test_planning.py` waits for them).
    """
    random = np.random.default_rng(SEED)
    points = router.spread_points(_STREET_POINTS)
    chosen = random.integers(0, len(points.lonlat), post_count)
    posts: list[LonLat] = [(float(lon), float(lat)) for lon, lat in points.lonlat[chosen]]
    nowhere = np.empty((0, 2))
    now = datetime.now(UTC)
    wish = ReachWish(60.0 * minutes, DrivingProfile.NORMAL, now, nowhere, "")
    reach = PostReach(router)

    def answer() -> float:
        found = reach.find(router, points, posts, wish, len(posts))
        covered = np.any([found[post].points for post in posts], axis=0)
        drawn(reach.area([found[post].cells for post in posts]))
        return float(covered.mean())

    began = perf_counter()
    answer()
    first_s = perf_counter() - began
    waits_s = []
    for _ in range(moves):
        lon, lat = posts[0]
        posts[0] = (lon + _STEP_DEG * random.normal(), lat + _STEP_DEG * random.normal())
        began = perf_counter()
        answer()
        waits_s.append(perf_counter() - began)
    what = f"cover while one of {post_count} points is dragged, {minutes:g} min"
    return [
        *percentiles(what, waits_s, p95_ms=TARGET_MS),
        Result(f"{what}: the first look", 1000.0 * first_s, "ms"),
    ]
