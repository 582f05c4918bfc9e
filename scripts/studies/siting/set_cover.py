"""Set covering: the fewest sites that have all demand within a limit, once or with backup."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csc_array
from scipy.sparse import csr_array
from scipy.sparse import eye_array
from scipy.sparse import hstack
from scipy.sparse import vstack

from scripts.studies.siting.answer import Answer
from scripts.studies.siting.answer import are_whole
from scripts.studies.siting.answer import nearest_open
from scripts.studies.siting.answer import settle
from scripts.studies.siting.capacitated import capacitated_set_cover
from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.problem import Problem
from scripts.studies.siting.problem import Sites
from scripts.studies.siting.problem import check_capacities
from scripts.studies.siting.problem import check_limit
from scripts.studies.siting.problem import check_problem
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.clock import Watch
from scripts.studies.siting.solving.cover_rows import dispensable_sites
from scripts.studies.siting.solving.cover_rows import equal_rows
from scripts.studies.siting.solving.cover_rows import hardest_rows
from scripts.studies.siting.solving.cover_rows import merged_weights
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.cover_search import Worth
from scripts.studies.siting.solving.milp import solve
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import scale_to_a_million

_SEARCHING_S: Final = 0.5
_TRIES: Final = 30


def lscp(
    cost: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    limit: float,
    time_limit_s: float = 30.0,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
    capacities: ArrayLike | None = None,
    progress: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return the fewest sites that have all demand within a limit.

    Rows that are covered whenever another is, and sites that another replaces, are left out first.

    Parameters
    ----------
    cost, time_limit_s, existing, forbidden, closable, progress, cancelled
        As in `p_median`.
    weights
        Only whether a row has demand counts: rows of weight 0 need no cover. All have to be covered
        if left out.
    limit
        A row is covered by sites whose cost is at most this.
    capacities
        The most weight each site can serve, shape ``(m,)``; a row is then served by one site, as a
        whole.

    Returns
    -------
    Answer
        ``objective`` is the number of sites, existing ones that stay included.

    Raises
    ------
    InvalidInputError
        If an argument is not as described.
    UnreachableDemandError
        If demand is within the limit of no site allowed.
    InfeasibleError, NotFoundInTimeError
        Only with capacities.

    References
    ----------
    Toregas, Swain, ReVelle, Bergman (1971), The location of emergency service facilities,
    Operations Research 19.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    limit = check_limit(limit)
    limits = check_capacities(capacities, problem.sites)
    reach = problem.within(limit)
    problem.refuse_unreached(reach, f" within {limit:g}")
    if limits is not None:
        return capacitated_set_cover(problem, limit, limits, clock)
    fewest = fewest_sites(problem, reach, clock)
    settled = settle(float(len(fewest.sites)), fewest.bound, maximised=False, whole=True)
    sites = tuple(fewest.sites.tolist())
    return Answer(
        "lscp",
        sites,
        float(len(sites)),
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        nearest_open(problem.cost, sites, limit),
        maximised=False,
    )


def lscp_b(
    cost: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    limit: float,
    time_limit_s: float = 30.0,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
    progress: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return the fewest sites that cover all demand, and of these those with most backup.

    Parameters
    ----------
    cost, weights, limit, time_limit_s, existing, forbidden, closable, progress, cancelled
        As in `lscp`; the weights count in the backup.

    Returns
    -------
    Answer
        ``objective`` is the weight of demand within the limit of two sites or more. ``bound`` holds
        for the fewest sites; ``proven`` says that the number of sites is proven too, and ``gap`` is
        the larger of both.

    Raises
    ------
    InvalidInputError
        If an argument is not as described.
    UnreachableDemandError
        If demand is within the limit of no site allowed.

    References
    ----------
    Daskin, Stern (1981), A hierarchical objective set covering model for emergency medical service
    vehicle deployment, Transportation Science 15. Church, Murray (2018), Location Covering Models.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    limit = check_limit(limit)
    reach = problem.within(limit)
    problem.refuse_unreached(reach, f" within {limit:g}")
    fewest = fewest_sites(problem, reach, clock)
    few = settle(float(len(fewest.sites)), fewest.bound, maximised=False, whole=True)
    rows = problem.weights > 0
    different, which = equal_rows(reach[rows])
    merged = merged_weights(which, problem.weights[rows], len(different))
    count = len(fewest.sites)
    fixed, most = problem.must.astype(np.int64), problem.may.astype(np.int64)
    total = float(merged.sum())
    # A row that is not covered at all weighs more than all backup.
    worth = Worth.of(
        different, np.full(len(merged), 2.0 * total + 1.0), np.array([0.0, 1.0])
    ).beside(Worth.of(different, merged, np.array([0.0, 0.0, 1.0])))
    search = CoverSearch(worth, count, fixed, most)
    start = np.zeros(problem.sites, dtype=np.int64)
    start[fewest.sites] = 1
    crews = search.restarted(search.improved(start), clock, most_s=_SEARCHING_S, tries=_TRIES)
    scale = scale_to_a_million(merged)
    found = solve(
        _backup_program(different, merged * scale, fixed, most, count),
        clock,
        told=lambda value: min(-value / scale, total),
    )
    bound = min(total, -found.bound / scale)
    if found.x is not None:
        y = np.rint(found.x[: problem.sites]).astype(np.int64)
        crews = max(crews, y, key=search.value)
    sites = tuple(np.flatnonzero(crews).tolist())
    twice = reach[:, crews > 0].sum(axis=1) > 1
    objective = float(problem.weights[twice].sum())
    settled = settle(objective, bound, maximised=True, whole=are_whole(problem.weights))
    return Answer(
        "lscp_b",
        sites,
        objective,
        settled.bound,
        max(settled.gap, few.gap),
        settled.proven and few.proven,
        clock.seconds(),
        nearest_open(problem.cost, sites, limit),
        maximised=True,
    )


@dataclass(frozen=True, eq=False)
class Fewest:
    """Sites that cover everything, and how few could at best."""

    sites: IntArray
    bound: float


def fewest_sites(problem: Problem, reach: BoolArray, clock: Clock) -> Fewest:
    """Return sites that cover all rows of weight above 0, each of which some site reaches."""
    standing = np.flatnonzero(problem.must)
    rows = (problem.weights > 0) & ~reach[:, standing].any(axis=1)
    if not rows.any():
        return Fewest(standing, float(len(standing)))
    needed, sites = reduced(reach[rows], problem.must)
    added, least = _smallest(needed, sites, clock)
    return Fewest(np.sort(np.concatenate((standing, added))), len(standing) + least)


def reduced(reach: BoolArray, must: BoolArray) -> tuple[BoolArray, IntArray]:
    """Return the rows that decide, and the sites (columns of them) that are worth looking at."""
    sites = np.flatnonzero(reach.any(axis=0) & ~must)
    rows = hardest_rows(reach[:, sites])
    while True:
        kept = ~dispensable_sites(rows, np.zeros(len(sites), dtype=np.bool_))
        if kept.all():
            return rows, sites
        sites, fewer = sites[kept], hardest_rows(rows[:, kept])
        if len(fewer) == len(rows):
            return fewer, sites
        rows = fewer


def _smallest(rows: BoolArray, sites: IntArray, clock: Clock) -> tuple[IntArray, float]:
    crews = _few(rows, clock)
    count = int(crews.sum())
    clock.tell(float(count))
    n, m = rows.shape
    found = solve(
        Program(
            objective=np.ones(m),
            matrix=csc_array(rows.astype(np.float64)),
            lower=np.ones(n),
            upper=np.full(n, np.inf),
            least=np.zeros(m),
            most=np.ones(m),
            whole=np.ones(m).astype(np.int8),
        ),
        clock,
    )
    if found.x is not None:
        y = np.rint(found.x).astype(np.int64)
        if y.sum() < count and rows[:, y > 0].any(axis=1).all():
            crews = y
    # No site covers more than so many rows, whatever the solver knows.
    simple = math.ceil(n / int(rows.sum(axis=0).max()))
    return sites[crews > 0], max(found.bound, float(simple))


def _few(rows: BoolArray, clock: Clock) -> IntArray:
    """Return few sites by greedy addition, then by exchange with one site less at a time."""
    n, m = rows.shape
    weights, none, once = np.ones(n), np.zeros(m, dtype=np.int64), np.ones(m, dtype=np.int64)
    worth = Worth.of(rows, weights, np.array([0.0, 1.0]))
    best = _greedy(rows)
    while int(best.sum()) > 1 and not clock.over():
        search = CoverSearch(worth, int(best.sum()) - 1, none, once)
        trial = search.restarted(
            search.best_exchange(), clock, most_s=_SEARCHING_S, tries=_TRIES, enough=n
        )
        if search.value(trial) < n:
            break
        best = trial
    return best


def _greedy(rows: BoolArray) -> IntArray:
    crews = np.zeros(rows.shape[1], dtype=np.int64)
    left = np.ones(len(rows), dtype=np.bool_)
    while left.any():
        site = int(rows[left].sum(axis=0).argmax())
        crews[site] = 1
        left &= ~rows[:, site]
    return crews


def _backup_program(
    reach: BoolArray, weights: FloatArray, fixed: IntArray, most: IntArray, count: int
) -> Program:
    n, m = reach.shape
    twice = hstack((csr_array(reach.astype(np.float64)), -eye_array(n)))
    total = csr_array(np.concatenate((np.ones(m), np.zeros(n)))[None, :])
    return Program(
        objective=np.concatenate((np.zeros(m), -weights)),
        matrix=csc_array(vstack((twice, total))),
        lower=np.concatenate((np.ones(n), [count])),
        upper=np.concatenate((np.full(n, np.inf), [count])),
        least=np.concatenate((fixed, np.zeros(n))).astype(np.float64),
        most=np.concatenate((most, np.ones(n))).astype(np.float64),
        whole=np.concatenate((np.ones(m), np.zeros(n))).astype(np.int8),
    )
