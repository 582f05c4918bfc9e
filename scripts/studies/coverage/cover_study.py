"""The study of cover: who is reached in time from some posts, where, when, and who is not."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

import numpy as np

from scripts.studies.coverage.cover_rates import CoverRates
from scripts.studies.coverage.cover_rates import cover_rates
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads

_MOST_POSTS = 200
"""Of more posts it is not found out what each alone covers."""


@dataclass(frozen=True, slots=True)
class PostShare:
    """What one post does.

    Attributes
    ----------
    first
        Demand at which it is first, reached in time or not.
    in_time
        Demand at which it is first, within the longest limit.
    alone
        Demand that only it reaches within the longest limit: lost without it. None if there are too
        many posts to find out.
    mean_s
        Of the response to where it is first; NaN if that is nowhere.
    """

    first: float
    in_time: float
    alone: float | None
    mean_s: float


@dataclass(frozen=True, eq=False)
class Coverage:
    """Cover of demand from posts.

    Attributes
    ----------
    posts, demand
        Those on the network; what is not stands in their ``left_out``.
    limits_s
        Ascending, the turnout time included.
    turnout_s
        From the alarm until the crew drives.
    response_s
        Turnout and travel time of the first crew at each demand point; ``inf`` where no road leads.
    post
        Which post that is, -1 for none.
    rates
        Of all demand.
    by_zone
        Of each zone, if demand names zones.
    by_post
        In the order of the posts.
    by_hour
        Of each hour that was asked for.
    """

    posts: Points
    demand: Points
    limits_s: tuple[float, ...]
    turnout_s: float
    response_s: FloatArray
    post: IntArray
    rates: CoverRates
    by_zone: Mapping[str, CoverRates]
    by_post: Sequence[PostShare]
    by_hour: Mapping[datetime, CoverRates] = field(default_factory=dict)

    @property
    def worst(self) -> IntArray:
        """Demand points that come latest: by response time, then by weight; all of them."""
        counted = np.flatnonzero(self.demand.weights > 0.0)
        order = np.lexsort((-self.demand.weights[counted], -self.response_s[counted]))
        return np.asarray(counted[order])


def study_coverage(
    roads: StudyRoads,
    posts: Points,
    demand: Points | Placed,
    limits_s: Sequence[float],
    *,
    turnout_s: float = 0.0,
    hours: Sequence[datetime] = (),
    step: Callable[[], None] = lambda: None,
) -> Coverage:
    """Return which share of demand is reached in time by road, in all, by zone, post and hour.

    Each demand point is reached by the post that is first there; crews are taken to be there and
    free. See `cover_rates` for the formulas.

    Parameters
    ----------
    roads
        The roads under one profile, hour and set of closures.
    posts
        Where crews set out from.
    demand
        Weighted points; placed before, they cost no second search for streets.
    limits_s
        Response times that count as in time, seconds from the alarm.
    turnout_s
        Seconds from the alarm until a crew drives, added to every travel time.
    hours
        Instants for which cover is found in addition, by the speeds of their hours.
    step
        Called after each hour.

    References
    ----------
    Church, ReVelle (1974), The maximal covering location problem: the measure of cover.
    """
    placed_posts = roads.place(posts)
    placed = demand if isinstance(demand, Placed) else roads.place(demand)
    points, limits = placed.points, tuple(sorted(limits_s))
    nearest = roads.nearest(placed_posts, placed)
    response_s = nearest.travel_time_s + turnout_s
    by_hour = {}
    for at in hours:
        then_s = roads.under(at=at).nearest(placed_posts, placed).travel_time_s + turnout_s
        by_hour[at] = cover_rates(then_s, points.weights, limits)
        step()
    return Coverage(
        posts=placed_posts.points,
        demand=points,
        limits_s=limits,
        turnout_s=turnout_s,
        response_s=response_s,
        post=nearest.post,
        rates=cover_rates(response_s, points.weights, limits),
        by_zone=_by_zone(points, response_s, limits),
        by_post=_by_post(
            roads,
            placed_posts,
            placed,
            (response_s, nearest.post, limits[-1]),
            limits[-1] - turnout_s,
        ),
        by_hour=by_hour,
    )


def _by_zone(
    points: Points, response_s: FloatArray, limits_s: Sequence[float]
) -> dict[str, CoverRates]:
    if points.zones is None:
        return {}
    names, zone = np.unique(np.array(points.zones, dtype=np.str_), return_inverse=True)
    return {
        name: cover_rates(response_s[zone == at], points.weights[zone == at], limits_s)
        for at, name in enumerate(names.tolist())
    }


def _by_post(
    roads: StudyRoads,
    posts: Placed,
    demand: Placed,
    first: tuple[FloatArray, IntArray, float],
    within_s: float,
) -> list[PostShare]:
    """Return what each post does.

    Parameters
    ----------
    first
        Response time and post of each demand point, and the longest limit.
    within_s
        The longest travel time that is in time.
    """
    response_s, post, limit_s = first
    weights, count = demand.points.weights, len(posts)
    met, in_time = post >= 0, response_s <= limit_s
    firsts = np.bincount(post[met], weights[met], minlength=count)
    served = np.bincount(post[in_time], weights[in_time], minlength=count)
    takes_s = np.bincount(post[met], weights[met] * response_s[met], minlength=count)
    alone = _alone(roads, posts, demand, within_s) if 0 < count <= _MOST_POSTS else None
    return [
        PostShare(
            first=float(firsts[at]),
            in_time=float(served[at]),
            alone=None if alone is None else float(alone[at]),
            mean_s=float(takes_s[at] / firsts[at]) if firsts[at] > 0.0 else float("nan"),
        )
        for at in range(count)
    ]


def _alone(roads: StudyRoads, posts: Placed, demand: Placed, within_s: float) -> FloatArray:
    """Return the demand that each post reaches in time and no other one does."""
    times, last = np.zeros(len(demand), dtype=np.int64), np.full(len(demand), -1)
    if within_s >= 0.0:
        for at, reached in enumerate(roads.within(posts, demand, within_s)):
            times[reached] += 1
            last[reached] = at
    single = times == 1
    alone: FloatArray = np.bincount(
        last[single], weights=demand.points.weights[single], minlength=len(posts)
    ).astype(np.float64)
    return alone
