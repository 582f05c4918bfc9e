"""The p-median problem: sites from which all demand together is nearest."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse import csc_array
from scipy.sparse import csr_array
from scipy.sparse import vstack

from scripts.studies.siting.answer import TOLERANCE
from scripts.studies.siting.answer import Answer
from scripts.studies.siting.answer import are_whole
from scripts.studies.siting.answer import nearest_open
from scripts.studies.siting.answer import settle
from scripts.studies.siting.capacitated import capacitated_median
from scripts.studies.siting.errors import InfeasibleError
from scripts.studies.siting.errors import NotFoundInTimeError
from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.problem import Problem
from scripts.studies.siting.problem import Sites
from scripts.studies.siting.problem import check_capacities
from scripts.studies.siting.problem import check_count
from scripts.studies.siting.problem import check_problem
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.clock import Watch
from scripts.studies.siting.solving.lagrangian import Relaxed
from scripts.studies.siting.solving.lagrangian import prices_between
from scripts.studies.siting.solving.median_branching import Branching
from scripts.studies.siting.solving.median_search import MedianSearch
from scripts.studies.siting.solving.milp_process import MilpProcess
from scripts.studies.siting.solving.program import Outcome
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import Solved
from scripts.studies.siting.solving.program import scale_to_a_million

_TURNS: Final = 8
_ROUNDS: Final = 250
_TRIES: Final = 15
_MORE_TRIES: Final = 150
_MORE_S: Final = 1.0
_FLAT: Final = 1e-5
"""A turn that raises the bound by less of the objective is the last one."""
_MOST_PAIRS: Final = 400_000
"""Beyond, the program would need more memory and time than it is worth."""
_ALONE_S: Final = 0.5
"""Branching alone may be done before another process has started."""
_WAIT_S: Final = 0.2


def p_median(
    cost: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    count: int,
    time_limit_s: float = 30.0,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
    capacities: ArrayLike | None = None,
    progress: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return ``count`` sites that minimise the weighted sum of costs to the nearest of them.

    Greedy addition and best exchange give an answer at once. A Lagrangian bound says how good it
    is and rules most sites and pairs out by their reduced costs; the rest is decided by branching
    here and, at the same time, by a MILP in a second process, whichever ends first.

    Parameters
    ----------
    cost
        Rows demand, columns sites, at least 0; ``inf`` where no way leads; shape ``(n, m)``.
    weights
        Demand of each row, 1 if left out; rows of weight 0 count nowhere; shape ``(n,)``.
    count
        Open sites in all, existing ones included.
    time_limit_s
        Seconds after which the best answer so far is returned, with its bound.
    existing, forbidden, closable
        Sites that stay open; that stay closed; and those of the existing that may be given up.
        Indices of columns, or masks.
    capacities
        The most weight each site can serve, shape ``(m,)``; a row is then served by one site, as a
        whole. With them the problem is much harder.
    progress, cancelled
        See `Clock`.

    Returns
    -------
    Answer
        ``objective`` is the sum of weight times cost.

    Raises
    ------
    InvalidInputError
        If an argument is not as described.
    UnreachableDemandError
        If a row of weight above 0 has no finite cost to any site allowed.
    InfeasibleError
        If no ``count`` sites reach (or have the capacity for) all demand.
    NotFoundInTimeError
        If neither sites nor such a proof were found in time.

    References
    ----------
    Hakimi (1964), Optimum locations of switching centers and the absolute centers and medians of a
    graph, Operations Research 12. ReVelle, Swain (1970), Central facilities location, Geographical
    Analysis 2. Beasley (1985), A note on solving large p-median problems, EJOR 21.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    count = check_count(count, problem, least=1 if (problem.weights > 0).any() else 0)
    limits = check_capacities(capacities, problem.sites)
    problem.refuse_unreached(np.isfinite(problem.cost) & problem.may[None, :])
    if limits is not None:
        return capacitated_median(problem, count, limits, clock)
    if not (problem.weights > 0).any() or not count:
        sites = tuple(np.flatnonzero(problem.must).tolist())
        more = np.flatnonzero(problem.may & ~problem.must)[: count - len(sites)]
        chosen = tuple(sorted((*sites, *more.tolist())))
        return _answer(problem, chosen, 0.0, clock, whole=True)
    return _Median(problem, count, clock).solve()


class _Median:
    def __init__(self, problem: Problem, count: int, clock: Clock) -> None:
        self._problem, self._count, self._clock = problem, count, clock
        rows = problem.weights > 0
        self._sites = np.flatnonzero(problem.may)
        cost = problem.cost[np.ix_(rows, self._sites)] * problem.weights[rows, None]
        far = ~np.isfinite(cost)
        # No solution that reaches everything costs so much as one pair that does not.
        self._most = float(np.where(far, 0.0, cost).max(axis=1).sum())
        self._partial = bool(far.any())
        self._whole = are_whole(cost)
        cost[far] = 2.0 * self._most + 1.0
        self._cost = np.ascontiguousarray(cost)
        self._far = far

    def solve(self) -> Answer:
        fixed = np.where(self._problem.must[self._sites], 1, 0).astype(np.int64)
        search = MedianSearch.begin(self._cost, fixed, self._count, self._clock)
        self._tell(search)
        root = Relaxed.start(prices_between(self._cost, _opened(search)), fixed, self._count)
        self._ascend(root, search)
        bound = root.bound
        if not self._proved(search, bound):
            # Every better solution found now saves nodes or pairs later.
            search.restarted(_MORE_TRIES, most_s=_MORE_S)
            self._tell(search, bound)
        if not self._proved(search, bound) and not self._clock.over():
            root.tighten(self._slack(search, root.bound))
            bound = max(bound, self._decide(root, search))
        return self._finish(search, bound)

    def _least_gain(self, value: float) -> float:
        # Whole costs fall by 1 at least; what `settle` takes off a bound is left for it.
        whole = 1.0 - 2e-6 - 2 * TOLERANCE * value if self._whole else 0.0
        return max(whole, 1e-9 * value)

    def _slack(self, search: MedianSearch, bound: float) -> float:
        return search.value - self._least_gain(search.value) - bound + 1e-9 * search.value

    def _proved(self, search: MedianSearch, bound: float) -> bool:
        return bound >= search.value - self._least_gain(search.value)

    def _ascend(self, root: Relaxed, search: MedianSearch) -> None:
        last = -math.inf
        for turn in range(_TURNS):
            if turn:
                root.restart(0.5)
            root.ascend(
                self._cost,
                search.value,
                self._clock,
                rounds=_ROUNDS,
                enough=search.value - self._least_gain(search.value),
            )
            before = search.value
            search.from_sites(root.pick)
            if not self._proved(search, root.bound):
                search.restarted(_TRIES)
            self._tell(search, root.bound)
            if self._proved(search, root.bound) or self._clock.over():
                return
            if search.value == before and root.bound <= last + _FLAT * before:
                return
            last = root.bound

    def _decide(self, root: Relaxed, search: MedianSearch) -> float:
        """Branch, and after a moment solve the rest in a second process at the same time."""
        kept = np.flatnonzero(root.fixed != -1)
        if len(kept) < self._count:
            return search.value
        part = MedianSearch(
            np.ascontiguousarray(self._cost[:, kept]), root.fixed[kept], self._clock, search.value
        )
        small = Relaxed(
            root.fixed[kept],
            root.bound,
            root.prices,
            root.reduced[kept],
            np.flatnonzero(np.isin(kept, root.pick)),
        )
        if len(small.pick) < self._count:  # the pick itself cannot be in a better solution
            small.pick = np.arange(self._count)
        branching = Branching(part, small, self._least_gain)
        alone_until_s = self._clock.seconds() + _ALONE_S
        while not branching.done and not self._clock.over():
            branching.step()
            self._tell(part, branching.bound)
            if self._clock.seconds() > alone_until_s:
                break
        bound = branching.bound
        if not branching.done and not self._clock.over():
            bound = self._race(branching, part, small)
        elif branching.done:
            bound = part.value
        if part.is_open is not None:
            search.is_open = np.zeros(self._cost.shape[1], dtype=np.int64)
            search.is_open[kept] = part.is_open
            search.value = part.value
        return bound

    def _race(self, branching: Branching, part: MedianSearch, root: Relaxed) -> float:
        pairs = root.pairs(part.cost, self._slack(part, root.bound))
        if self._partial:
            pairs &= part.cost <= self._most
        if pairs.sum() > _MOST_PAIRS:
            return self._branch_on(branching, part, None)
        program = _program(part.cost, pairs, root.fixed, self._count)
        with MilpProcess(program, self._clock.left_s()) as process:
            return self._branch_on(branching, part, process)

    def _branch_on(
        self,
        branching: Branching,
        part: MedianSearch,
        process: MilpProcess | None,
    ) -> float:
        bound = branching.bound
        entered = part.value  # what the program was cut down by
        scale = _scale(part.cost)
        while not branching.done:
            over = self._clock.over()
            if process is not None:
                found = process.result(_WAIT_S if over else 0.0)
                if found is not None:
                    bound = max(bound, self._taken(found, part, scale, entered))
                    if found.outcome is not Outcome.STOPPED:
                        return bound
                    process = None
                else:
                    bound = max(bound, min(process.bound / scale, entered))
            if over:
                return bound
            branching.step()
            bound = max(bound, branching.bound)
            self._tell(part, bound)
            if self._proved(part, bound):
                break
        return max(bound, part.value) if branching.done else bound

    def _taken(self, found: Solved, part: MedianSearch, scale: float, entered: float) -> float:
        if found.x is not None:
            m = part.cost.shape[1]
            y = found.x[:m]
            part.look_at(np.sort(np.argsort(-y, kind="stable")[: self._count]))
        if found.outcome is Outcome.INFEASIBLE:
            return entered
        return min(found.bound / scale, entered)

    def _finish(self, search: MedianSearch, bound: float) -> Answer:
        if self._partial and search.value > self._most:
            self._complain(search, bound)
        chosen = tuple(self._sites[_opened(search) == 1].tolist())
        return _answer(self._problem, chosen, bound, self._clock, whole=self._whole)

    def _complain(self, search: MedianSearch, bound: float) -> None:
        if bound > self._most * (1 + 1e-9) or self._proved(search, bound):
            message = f"No {self._count} sites together reach all demand."
            raise InfeasibleError(message, mend="Raise count; lscp tells how many are needed.")
        message = (
            f"No {self._count} sites that together reach all demand were found within"
            f" {self._clock.time_limit_s:g} s."
        )
        raise NotFoundInTimeError(message, mend="Raise count or the time limit.")

    def _tell(self, search: MedianSearch, bound: float | None = None) -> None:
        known = search.value <= self._most or not self._partial
        self._clock.tell(search.value if known else None, bound)


def _opened(search: MedianSearch) -> IntArray:
    if search.is_open is None:
        message = "a search that began greedily has sites"
        raise AssertionError(message)
    return search.is_open


def _scale(cost: FloatArray) -> float:
    return scale_to_a_million(np.median(cost, axis=1))


def _program(cost: FloatArray, pairs: BoolArray, fixed: IntArray, count: int) -> Program:
    """Return the classic program on the pairs that may be in a better solution."""
    n, m = cost.shape
    row, site = np.nonzero(pairs)
    k = len(row)
    serve = coo_array((np.ones(k), (row, m + np.arange(k))), shape=(n, m + k))
    link = coo_array(
        (
            np.concatenate((np.ones(k), -np.ones(k))),
            (np.tile(np.arange(k), 2), np.concatenate((m + np.arange(k), site))),
        ),
        shape=(k, m + k),
    )
    total = csr_array(np.concatenate((np.ones(m), np.zeros(k)))[None, :])
    matrix = csc_array(vstack((serve, link, total)))
    return Program(
        objective=np.concatenate((np.zeros(m), cost[row, site] * _scale(cost))),
        matrix=matrix,
        lower=np.concatenate((np.ones(n), np.full(k, -np.inf), [count])),
        upper=np.concatenate((np.ones(n), np.zeros(k), [count])),
        least=np.concatenate(((fixed == 1).astype(np.float64), np.zeros(k))),
        most=np.ones(m + k),
        whole=np.concatenate((np.ones(m), np.zeros(k))).astype(np.int8),
    )


def _answer(
    problem: Problem, sites: tuple[int, ...], bound: float, clock: Clock, *, whole: bool
) -> Answer:
    assigned = nearest_open(problem.cost, sites)
    served = (problem.weights > 0) & (assigned >= 0)
    objective = float(
        problem.weights[served] @ problem.cost[np.flatnonzero(served), assigned[served]]
    )
    settled = settle(objective, max(bound, 0.0), maximised=False, whole=whole)
    clock.tell(objective, settled.bound)
    return Answer(
        "p_median",
        sites,
        objective,
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        assigned,
        maximised=False,
    )
