"""The maximal covering location problem: most demand within a limit, with so many sites."""

from collections.abc import Callable
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
from scripts.studies.siting.capacitated import capacitated_cover
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.problem import Problem
from scripts.studies.siting.problem import Sites
from scripts.studies.siting.problem import check_capacities
from scripts.studies.siting.problem import check_count
from scripts.studies.siting.problem import check_limit
from scripts.studies.siting.problem import check_problem
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.clock import Watch
from scripts.studies.siting.solving.cover_branching import CoverBranching
from scripts.studies.siting.solving.cover_rows import equal_rows
from scripts.studies.siting.solving.cover_rows import merged_weights
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.cover_search import Worth
from scripts.studies.siting.solving.milp import solve
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import scale_to_a_million

SEARCHING: Final = 0.05
"""Share of the time limit that local search may take before the proof."""
_TRIES: Final = 400
"""Some tenths of a second for 2 000 rows and 200 sites."""
_BRANCHED: Final = 50_000
"""Pairs of rows and sites; linear programs of more are too long between two looks at the clock."""
ONCE: Final = np.array([0.0, 1.0])


def mclp(
    cost: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    limit: float,
    count: int,
    time_limit_s: float = 30.0,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
    capacities: ArrayLike | None = None,
    progress: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return ``count`` sites that have most demand within a limit of one of them.

    Rows that the same sites reach are merged; greedy addition and exchange give an answer at once,
    linear programs with cuts, branched on sites, prove it. Demand that no site reaches is never
    covered, and no error.

    Parameters
    ----------
    cost, weights, count, time_limit_s, existing, forbidden, closable, progress, cancelled
        As in `p_median`; ``count`` may be 0.
    limit
        A row is covered by sites whose cost is at most this.
    capacities
        The most weight each site can serve, shape ``(m,)``; a row is then covered by one site, as a
        whole, or not at all.

    Returns
    -------
    Answer
        ``objective`` is the weight covered; ``assigned`` the nearest open site within the limit.

    Raises
    ------
    InvalidInputError
        If an argument is not as described.
    NotFoundInTimeError
        Never without capacities.

    References
    ----------
    Church, ReVelle (1974), The maximal covering location problem, Papers of the Regional Science
    Association 32.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    limit, count = check_limit(limit), check_count(count, problem)
    limits = check_capacities(capacities, problem.sites)
    if limits is not None:
        return capacitated_cover(problem, limit, count, limits, clock)
    reach = problem.within(limit)
    rows = (problem.weights > 0) & reach.any(axis=1)
    different, which = equal_rows(reach[rows])
    merged = merged_weights(which, problem.weights[rows], len(different))
    fixed, most = problem.must.astype(np.int64), problem.may.astype(np.int64)
    search = CoverSearch(Worth.of(different, merged, ONCE), count, fixed, most)
    crews = search.best_exchange()
    total = float(merged.sum())
    clock.tell(search.value(crews), total)
    bound, whole = total, are_whole(merged)
    if not _proved(search, crews, bound, whole=whole):
        crews = search.restarted(
            crews,
            clock,
            most_s=SEARCHING * min(clock.time_limit_s, 30.0),
            tries=_TRIES,
            enough=total,
        )
        clock.tell(search.value(crews))
    if not _proved(search, crews, bound, whole=whole) and different.sum() <= _BRANCHED:
        branching = CoverBranching(
            different, merged, search, crews, (fixed, most), whole=whole, clock=clock
        )
        branching.run()
        crews, bound = branching.crews, branching.bound
    if not _proved(search, crews, bound, whole=whole):
        scale = scale_to_a_million(merged)
        found = solve(
            _program(different, merged * scale, fixed, most, count),
            clock,
            told=lambda value: min(-value / scale, total),
        )
        bound = min(bound, -found.bound / scale)
        if found.x is not None:
            y = np.rint(found.x[: problem.sites]).astype(np.int64)
            crews = max(crews, search.improved(_filled(y, most, count)), key=search.value)
    return _answer(problem, crews, limit, bound, clock)


def _proved(search: CoverSearch, crews: IntArray, bound: float, *, whole: bool) -> bool:
    return settle(search.value(crews), bound, maximised=True, whole=whole).proven


def _filled(y: IntArray, most: IntArray, count: int) -> IntArray:
    free = np.flatnonzero(y < most)[: count - int(y.sum())]
    y[free] += 1
    return y


def _program(
    reach: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    weights: FloatArray,
    fixed: IntArray,
    most: IntArray,
    count: int,
) -> Program:
    n, m = reach.shape
    cover = hstack((csr_array(reach.astype(np.float64)), -eye_array(n)))
    total = csr_array(np.concatenate((np.ones(m), np.zeros(n)))[None, :])
    return Program(
        objective=np.concatenate((np.zeros(m), -weights)),
        matrix=csc_array(vstack((cover, total))),
        lower=np.concatenate((np.zeros(n), [count])),
        upper=np.concatenate((np.full(n, np.inf), [count])),
        least=np.concatenate((fixed, np.zeros(n))).astype(np.float64),
        most=np.concatenate((most, np.ones(n))).astype(np.float64),
        whole=np.concatenate((np.ones(m), np.zeros(n))).astype(np.int8),
    )


def _answer(problem: Problem, crews: IntArray, limit: float, bound: float, clock: Clock) -> Answer:
    sites = tuple(np.flatnonzero(crews).tolist())
    assigned = nearest_open(problem.cost, sites, limit)
    objective = float(problem.weights[assigned >= 0].sum())
    settled = settle(objective, bound, maximised=True, whole=are_whole(problem.weights))
    clock.tell(objective, settled.bound)
    return Answer(
        "mclp",
        sites,
        objective,
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        assigned,
        maximised=True,
    )
