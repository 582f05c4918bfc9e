"""The p-center problem: nobody farther than need be."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csc_array

from scripts.studies.siting.answer import Answer
from scripts.studies.siting.answer import nearest_open
from scripts.studies.siting.capacitated import serves_all
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
from scripts.studies.siting.set_cover import reduced
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.clock import Watch
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.cover_search import Worth
from scripts.studies.siting.solving.milp import solve
from scripts.studies.siting.solving.milp import solve_here
from scripts.studies.siting.solving.program import Outcome
from scripts.studies.siting.solving.program import Program

_SEARCHING_S: Final = 0.3
_TRIES: Final = 20


def p_center(
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
    """Return ``count`` sites that minimise the largest cost of any demand to its nearest site.

    The answer is one of the costs in the matrix. Whether everybody can be within a given cost of
    ``count`` sites is a covering question, answered by exchange (yes), by linear programming (no)
    or by a MILP (yes or no); the answer is enclosed by bisection.

    Parameters
    ----------
    cost, count, time_limit_s, existing, forbidden, closable, progress, cancelled
        As in `p_median`.
    weights
        Only whether a row has demand counts: rows of weight 0 are left out. Costs are not weighted.
    capacities
        The most weight each site can serve, shape ``(m,)``; a row is then served by one site, as a
        whole.

    Returns
    -------
    Answer
        ``objective`` is the largest cost.

    Raises
    ------
    InvalidInputError
        If an argument is not as described.
    UnreachableDemandError
        If a row of demand has no finite cost to any site allowed.
    InfeasibleError
        If no ``count`` sites reach (or have the capacity for) all demand.
    NotFoundInTimeError
        If neither sites nor such a proof were found in time.

    References
    ----------
    Hakimi (1964), Operations Research 12. Minieka (1970), The m-center problem, SIAM Review 12.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    demand = problem.weights > 0
    count = check_count(count, problem, least=1 if demand.any() else 0)
    limits = check_capacities(capacities, problem.sites)
    problem.refuse_unreached(np.isfinite(problem.cost) & problem.may[None, :])
    question = (
        _Covering(problem, count, clock)
        if limits is None
        else _Serving(problem, count, limits, clock)
    )
    return _Bisection(problem, count, clock, question).solve()


class _Covering:
    """Whether all demand can be within a radius of ``count`` sites, without capacities."""

    def __init__(self, problem: Problem, count: int, clock: Clock) -> None:
        self.problem, self.count, self.clock = problem, count, clock

    def guess(self, radius: float) -> IntArray | None:
        """Return sites by exchange, or None if that finds none."""
        rows, sites, room = self._smaller(radius)
        if not len(rows):
            return self._filled(sites[:0])
        if room < 1:
            return None
        fits = min(room, len(sites))
        once = np.ones(len(sites), dtype=np.int64)
        worth = Worth.of(rows, np.ones(len(rows)), np.array([0.0, 1.0]))
        search = CoverSearch(worth, fits, np.zeros_like(once), once)
        crews = search.best_exchange()
        if search.value(crews) < len(rows):
            crews = search.restarted(
                crews, self.clock, most_s=_SEARCHING_S, tries=_TRIES, enough=len(rows)
            )
        if search.value(crews) < len(rows):
            return None
        return self._filled(sites[crews > 0])

    def anywhere(self) -> IntArray:
        """Return sites for nobody."""
        return self._filled(np.zeros(0, dtype=np.int64))

    def refuted(self, radius: float) -> bool:
        """Return whether even fractions of sites would not do."""
        rows, _, room = self._smaller(radius)
        if not len(rows):
            return False
        if room < 1 or not rows.any(axis=1).all():
            return True
        found = solve_here(_cover_program(rows, math.inf, whole=False), self.clock.left_s())
        if found.outcome is not Outcome.OPTIMAL or found.x is None:
            return False
        return bool(found.x.sum() > room + 1e-6)

    def decide(self, radius: float) -> tuple[Outcome, IntArray | None]:
        """Return whether it can be, for certain, and by which sites."""
        rows, sites, room = self._smaller(radius)
        if not len(rows):
            return Outcome.OPTIMAL, self._filled(sites[:0])
        found = solve(_cover_program(rows, room, whole=True), self.clock)
        if found.x is None:
            return found.outcome, None
        chosen = np.rint(found.x) > 0
        if not rows[:, chosen].any(axis=1).all() or chosen.sum() > room:
            return Outcome.STOPPED, None
        return Outcome.OPTIMAL, self._filled(sites[chosen])

    def _smaller(self, radius: float) -> tuple[BoolArray, IntArray, int]:
        reach = self.problem.within(radius)
        must = self.problem.must
        left = (self.problem.weights > 0) & ~reach[:, must].any(axis=1)
        room = self.count - int(must.sum())
        if not left.any():
            return reach[:0], np.zeros(0, dtype=np.int64), room
        rows = reach[left]
        if not rows.any(axis=1).all():
            return rows[~rows.any(axis=1)][:1], np.arange(self.problem.sites), 0
        return *reduced(rows, must), room

    def _filled(self, sites: IntArray) -> IntArray:
        chosen = self.problem.must.copy()
        chosen[sites] = True
        free = np.flatnonzero(self.problem.may & ~chosen)[: self.count - int(chosen.sum())]
        chosen[free] = True
        return np.flatnonzero(chosen)


def _cover_program(rows: BoolArray, room: float, *, whole: bool) -> Program:
    """Return the program: cover all rows with so many sites; the fewest where room is infinite."""
    n, m = rows.shape
    matrix = np.vstack((rows, np.ones((1, m), dtype=np.bool_)))
    return Program(
        objective=np.full(m, 1.0 if math.isinf(room) else 0.0),
        matrix=csc_array(matrix.astype(np.float64)),
        lower=np.append(np.ones(n), 0.0),
        upper=np.append(np.full(n, np.inf), room),
        least=np.zeros(m),
        most=np.ones(m),
        whole=np.full(m, whole, dtype=np.int8),
    )


class _Serving:
    """The same with capacities: every row is served by one site as a whole."""

    def __init__(self, problem: Problem, count: int, capacities: FloatArray, clock: Clock) -> None:
        self.problem, self.count, self.capacities, self.clock = problem, count, capacities, clock
        self.service: dict[tuple[int, ...], IntArray] = {}
        self._covering = _Covering(problem, count, clock)

    def guess(self, radius: float) -> IntArray | None:
        """Return None: whether capacities suffice is left to the program."""
        del radius
        return None

    def anywhere(self) -> IntArray:
        """Return sites for nobody."""
        sites = self._covering.anywhere()
        self.service[tuple(sites.tolist())] = np.full(self.problem.demand_rows, -1, dtype=np.int64)
        return sites

    def refuted(self, radius: float) -> bool:
        """Return whether even without capacities it would not do."""
        return self._covering.refuted(radius)

    def decide(self, radius: float) -> tuple[Outcome, IntArray | None]:
        """Return whether it can be, for certain, and by which sites."""
        outcome, found = serves_all(self.problem, radius, self.count, self.capacities, self.clock)
        if found is None:
            return outcome, None
        self.service[found[0]] = found[1]
        return Outcome.OPTIMAL, np.asarray(found[0], dtype=np.int64)


class _Bisection:
    """Encloses the answer between a radius that does not do and one that does."""

    def __init__(
        self, problem: Problem, count: int, clock: Clock, question: _Covering | _Serving
    ) -> None:
        self._problem, self._count, self._clock = problem, count, clock
        self._question = question
        demand = problem.cost[np.ix_(problem.weights > 0, problem.may)]
        self._radii = np.unique(demand[np.isfinite(demand)])
        # Nobody is nearer than to its nearest site, all sites open.
        least = float(demand.min(axis=1).max()) if demand.size else 0.0
        self._low = int(np.searchsorted(self._radii, least))
        self._high = len(self._radii)
        self._sites: IntArray | None = None

    def solve(self) -> Answer:
        """Return the answer."""
        if not len(self._radii):
            return self._answer(self._question.anywhere())
        self._by_exchange()
        self._by_relaxation()
        self._by_program()
        return self._answer(self._sites)

    def _tell(self) -> None:
        known = self._high < len(self._radii)
        self._clock.tell(
            float(self._radii[self._high]) if known else None,
            float(self._radii[min(self._low, len(self._radii) - 1)]),
        )

    def _by_exchange(self) -> None:
        # The largest radius first, whatever the time: if that does, there is an answer at all.
        sites = self._question.guess(float(self._radii[-1]))
        if sites is None:
            return
        self._take(sites)
        low = self._low - 1
        while self._high - low > 1 and not self._clock.over():
            middle = (low + self._high) // 2
            sites = self._question.guess(float(self._radii[middle]))
            if sites is None:
                low = middle
            else:
                self._take(sites)
        self._tell()

    def _by_relaxation(self) -> None:
        high = self._high
        while self._low < high and not self._clock.over():
            middle = (self._low + high) // 2
            if self._question.refuted(float(self._radii[middle])):
                self._low = middle + 1
                self._tell()
            else:
                high = middle

    def _by_program(self) -> None:
        """Go upwards: a radius that does not do by little is the hardest to refuse."""
        step = 1
        while self._low < self._high and not self._clock.over():
            none = self._sites is None
            at = self._high - 1 if none else min(self._low + step - 1, self._high - 1)
            outcome, sites = self._question.decide(float(self._radii[at]))
            if sites is not None:
                self._take(sites)
                step = 1
            elif outcome is Outcome.INFEASIBLE:
                self._low = at + 1
                step *= 2
            else:
                return
            self._tell()

    def _take(self, sites: IntArray) -> None:
        self._sites = sites
        radius = self._objective(sites)
        self._high = min(self._high, int(np.searchsorted(self._radii, radius)))

    def _objective(self, sites: IntArray) -> float:
        demand = self._problem.weights > 0
        if isinstance(self._question, _Serving):
            service = self._question.service[tuple(sites.tolist())]
            return float(self._problem.cost[np.flatnonzero(demand), service[demand]].max())
        return float(self._problem.cost[np.ix_(demand, sites)].min(axis=1).max())

    def _answer(self, sites: IntArray | None) -> Answer:
        if sites is None:
            if self._low >= len(self._radii):
                message = f"No {self._count} sites together can serve all demand."
                raise InfeasibleError(message, mend="Raise count or the capacities.")
            message = (
                f"No {self._count} sites that can serve all demand were found within"
                f" {self._clock.time_limit_s:g} s."
            )
            raise NotFoundInTimeError(message, mend="Raise count or the time limit.")
        chosen = tuple(sites.tolist())
        objective = self._objective(sites) if len(self._radii) else 0.0
        bound = min(float(self._radii[self._low]), objective) if len(self._radii) else 0.0
        gap = (objective - bound) / objective if objective > bound else 0.0
        assigned = nearest_open(self._problem.cost, chosen)
        if isinstance(self._question, _Serving):
            assigned = self._question.service[chosen]
        return Answer(
            "p_center",
            chosen,
            objective,
            bound,
            gap,
            bound >= objective,
            self._clock.seconds(),
            assigned,
            maximised=False,
        )
