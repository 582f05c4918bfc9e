"""The maximum expected covering location problem: cover by crews that may be busy."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse import csc_array
from scipy.sparse import csr_array
from scipy.sparse import hstack
from scipy.sparse import vstack

from scripts.studies.siting.answer import Answer
from scripts.studies.siting.answer import nearest_open
from scripts.studies.siting.answer import settle
from scripts.studies.siting.errors import InvalidCapacitiesError
from scripts.studies.siting.errors import InvalidLimitError
from scripts.studies.siting.maximal_cover import SEARCHING
from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.problem import Problem
from scripts.studies.siting.problem import Sites
from scripts.studies.siting.problem import check_capacities
from scripts.studies.siting.problem import check_count
from scripts.studies.siting.problem import check_limit
from scripts.studies.siting.problem import check_problem
from scripts.studies.siting.problem import check_share
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.clock import Watch
from scripts.studies.siting.solving.cover_rows import equal_rows
from scripts.studies.siting.solving.cover_rows import merged_weights
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.cover_search import Worth
from scripts.studies.siting.solving.milp import solve
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import scale_to_a_million


def mexclp(
    cost: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    limit: float,
    count: int,
    busy_fraction: float | None = None,
    workload: float | None = None,
    time_limit_s: float = 30.0,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
    capacities: ArrayLike | None = None,
    progress: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return where ``count`` crews cover most, each being busy for a fraction of its time.

    A row within the limit of k crews is covered with probability ``1 - q**k``: crews are busy
    independently of each other, all alike. Several crews may stand at one site.

    Parameters
    ----------
    cost, weights, limit, time_limit_s, forbidden, closable, progress, cancelled
        As in `mclp`.
    count
        Crews in all.
    busy_fraction
        q, at least 0 and below 1.
    workload
        Instead: how many crews are busy on average (hours of work that arise in an hour, in
        erlang; `busy_crews` counts it from a log). ``q = workload / count``.
    existing
        Sites that hold at least one crew.
    capacities
        The most crews each site can hold, shape ``(m,)``; any number if left out.

    Returns
    -------
    Answer
        ``sites`` names a site as often as it holds crews. ``objective`` is the weight that finds a
        free crew within the limit, on average.

    Raises
    ------
    InvalidInputError
        If an argument is not as described; if the workload keeps all crews busy all the time.

    References
    ----------
    Daskin (1983), A maximum expected covering location model, Transportation Science 17.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    limit = check_limit(limit)
    most = crews_each(problem, capacities, count)
    count = check_count(count, problem, room=int(most.sum()))
    q = _busy(busy_fraction, workload, count)
    reach = problem.within(limit)
    rows = (problem.weights > 0) & reach.any(axis=1)
    different, which = equal_rows(reach[rows])
    merged = merged_weights(which, problem.weights[rows], len(different))
    fixed = problem.must.astype(np.int64)
    table = np.asarray(1.0 - q ** np.arange(count + 3), dtype=np.float64)
    search = CoverSearch(Worth.of(different, merged, table), count, fixed, most)
    crews = search.best_exchange()
    total = float(merged.sum())
    bound = total * float(table[count])
    clock.tell(search.value(crews), bound)
    crews = search.restarted(
        crews, clock, most_s=SEARCHING * min(clock.time_limit_s, 30.0), enough=bound
    )
    clock.tell(search.value(crews))
    if not settle(search.value(crews), bound, maximised=True, whole=False).proven:
        scale = scale_to_a_million(merged)
        found = solve(
            _program(different, merged * scale, fixed, most, count, q),
            clock,
            told=lambda value: min(-value / scale, total),
        )
        bound = min(bound, -found.bound / scale)
        if found.x is not None:
            y = np.rint(found.x[: problem.sites]).astype(np.int64)
            if y.sum() == count:
                crews = max(crews, search.improved(y), key=search.value)
    return _answer(problem, crews, reach, table, bound, clock)


def busy_crews(begun_s: ArrayLike, ended_s: ArrayLike) -> float:
    """Return how many crews were at work on average, from a log of jobs: the workload in erlang.

    Parameters
    ----------
    begun_s, ended_s
        When a crew was sent and when it was free again, seconds from any instant, one of each for
        every job of a crew.

    Raises
    ------
    InvalidInputError
        If the log is empty, or a job ends before it begins.
    """
    begun, ended = np.asarray(begun_s, dtype=np.float64), np.asarray(ended_s, dtype=np.float64)
    if begun.ndim != 1 or begun.shape != ended.shape or not len(begun):
        message = "A log of jobs needs as many ends as begins, and at least one."
        raise InvalidLimitError(message)
    if not (np.isfinite(begun) & np.isfinite(ended) & (ended >= begun)).all():
        row = int(np.flatnonzero(~(ended >= begun) | ~np.isfinite(begun + ended))[0])
        message = f"Job {row} of the log ends before it begins, or lacks a time."
        raise InvalidLimitError(message)
    span_s = float(ended.max() - begun.min())
    return float((ended - begun).sum()) / span_s if span_s > 0 else 0.0


def crews_each(problem: Problem, capacities: ArrayLike | None, count: int) -> IntArray:
    """Return how many crews each site can hold, 0 where it is forbidden.

    Raises
    ------
    InvalidCapacitiesError
        If they are not as described, or a site that stays open can hold none.
    """
    limits = check_capacities(capacities, problem.sites)
    room = np.full(problem.sites, np.inf) if limits is None else np.floor(limits)
    full = np.flatnonzero(problem.must & (room < 1))
    if len(full):
        message = f"Site {full[0]} stays open, but its capacity is no whole crew."
        raise InvalidCapacitiesError(message)
    held = np.minimum(room, max(float(count), 0.0))
    return np.where(problem.may, held, 0.0).astype(np.int64)


def _busy(busy_fraction: float | None, workload: float | None, count: int) -> float:
    if (busy_fraction is None) == (workload is None):
        message = "Give either busy_fraction or workload."
        raise InvalidLimitError(message)
    if busy_fraction is not None:
        return check_share(busy_fraction, "busy_fraction", below_one=True)
    if workload is None or not 0.0 <= workload < max(count, 1e-9):
        message = f"A workload of {workload} crews on average keeps {count} crews busy always."
        raise InvalidLimitError(message, mend="Raise count.")
    return float(workload) / count if count else 0.0


def _program(
    reach: BoolArray, weights: FloatArray, fixed: IntArray, most: IntArray, count: int, q: float
) -> Program:
    """Return the program: the k-th crew that covers a row adds (1 - q) q**(k-1) of its weight."""
    n, m = reach.shape
    levels = count if q > 0 else min(count, 1)
    k = n * levels
    steps = coo_array((-np.ones(k), (np.repeat(np.arange(n), levels), np.arange(k))), shape=(n, k))
    cover = hstack((csr_array(reach.astype(np.float64)), steps))
    total = csr_array(np.concatenate((np.ones(m), np.zeros(k)))[None, :])
    worth = (1.0 - q) * q ** np.arange(levels)
    return Program(
        objective=np.concatenate((np.zeros(m), -np.outer(weights, worth).ravel())),
        matrix=csc_array(vstack((cover, total))),
        lower=np.concatenate((np.zeros(n), [count])),
        upper=np.concatenate((np.full(n, np.inf), [count])),
        least=np.concatenate((fixed, np.zeros(k))).astype(np.float64),
        most=np.concatenate((most, np.ones(k))).astype(np.float64),
        whole=np.concatenate((np.ones(m), np.zeros(k))).astype(np.int8),
    )


def _answer(
    problem: Problem,
    crews: IntArray,
    reach: BoolArray,
    table: FloatArray,
    bound: float,
    clock: Clock,
) -> Answer:
    sites = tuple(np.repeat(np.arange(problem.sites), crews).tolist())
    covers = reach[:, crews > 0] @ crews[crews > 0]
    objective = float(problem.weights @ table[covers])
    settled = settle(objective, bound, maximised=True, whole=False)
    clock.tell(objective, settled.bound)
    return Answer(
        "mexclp",
        sites,
        objective,
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        nearest_open(np.where(reach, problem.cost, np.inf), sites),
        maximised=True,
    )
