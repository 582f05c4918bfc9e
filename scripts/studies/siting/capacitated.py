"""Location models whose sites can serve so much demand and no more.

Each row of demand is served by one site, as a whole (single source): a post answers for a place.
The programs are the textbook ones, with ``x <= y`` for each pair, which makes their bounds strong.

References
----------
Mulvey, Beck (1984), Solving capacitated clustering problems, EJOR 18. Current, Storbeck (1988),
Capacitated covering models, Environment and Planning B 15.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse import csc_array
from scipy.sparse import vstack

from scripts.studies.siting.answer import Answer
from scripts.studies.siting.answer import are_whole
from scripts.studies.siting.answer import settle
from scripts.studies.siting.errors import InfeasibleError
from scripts.studies.siting.errors import NotFoundInTimeError
from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.problem import Problem
from scripts.studies.siting.solving.assigning import assign
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.milp import solve
from scripts.studies.siting.solving.program import Outcome
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import scale_to_a_million

_TRIES = 300
_SEED = 12
_TRYING = 0.1
"""Of the time limit."""
_LEAST_LOAD = 1e-6
"""Of a capacity. Below, which is the solver's own tolerance, HiGHS 1.12 presolves wrongly: it calls
answers optimal that are not. Smaller loads are 0 in the program, whose bound holds all the more;
answers are held to the capacities as they are."""
_ROUNDING = 1e-9


@dataclass(eq=False)
class _Best:
    objective: float = math.inf
    sites: IntArray | None = None
    assigned: IntArray | None = None


class _Capacitated:
    """One program: which sites are open, which pair serves.

    ``penalty`` is what a row costs that is not served; infinite if all have to be.
    """

    def __init__(
        self,
        problem: Problem,
        reach: BoolArray,
        pair_cost: FloatArray,
        capacities: FloatArray,
        clock: Clock,
        *,
        site_cost: float = 0.0,
        penalty: FloatArray | None = None,
        count: tuple[int, int],
    ) -> None:
        self.problem, self.clock, self.count = problem, clock, count
        self.rows = np.flatnonzero(problem.weights > 0)
        self.weights = problem.weights[self.rows]
        fits = self.weights[:, None] <= capacities[None, :]
        self.reach = reach[self.rows] & fits & problem.may[None, :]
        self.pair_cost = np.where(self.reach, pair_cost[self.rows], np.inf)
        self.capacities, self.site_cost = capacities, site_cost
        self.penalty = None if penalty is None else penalty[self.rows]
        self.best = _Best()
        self.bound = -math.inf

    def look_at(self, sites: IntArray) -> None:
        """Assign demand to these sites, and keep that if it is the best."""
        assigned, total = assign(
            np.ascontiguousarray(self.pair_cost[:, sites]),
            self.weights,
            self.capacities[sites],
            np.full(len(self.rows), np.inf) if self.penalty is None else self.penalty,
        )
        objective = total + self.site_cost * len(sites)
        if objective < self.best.objective:
            # Index -1, nobody, is the appended -1.
            self.best = _Best(objective, sites, np.append(sites, -1)[assigned])

    def search(self, start: IntArray) -> None:
        """Try random exchanges off the best sites."""
        random = np.random.default_rng(_SEED)
        self.look_at(start)
        ends_s = self.clock.seconds() + _TRYING * min(self.clock.time_limit_s, 30.0)
        free = np.flatnonzero(self.problem.may & ~self.problem.must)
        for _ in range(_TRIES):
            if self.clock.over() or self.clock.seconds() > ends_s or not len(free):
                return
            sites = (start if self.best.sites is None else self.best.sites).copy()
            movable = np.flatnonzero(~self.problem.must[sites])
            if not len(movable):
                return
            into = random.choice(free)
            if into not in sites:
                sites[random.choice(movable)] = into
                self.look_at(np.sort(sites))

    def prove(self) -> Outcome:
        """Solve the program and keep its answer and bound."""
        row, site = np.nonzero(self.reach)
        n, m, k = len(self.rows), self.problem.sites, len(row)
        pairs = m + np.arange(k)
        costs = self.pair_cost[row, site].copy()
        if self.penalty is not None:
            costs -= self.penalty[row]
        constant = 0.0 if self.penalty is None else float(self.penalty.sum())
        serve = coo_array((np.ones(k), (row, pairs)), shape=(n, m + k))
        link = coo_array(
            (np.repeat((1.0, -1.0), k), (np.tile(np.arange(k), 2), np.append(pairs, site))),
            shape=(k, m + k),
        )
        bounded = np.flatnonzero(np.isfinite(self.capacities) & (self.capacities > 0))
        at = np.full(m, -1)
        at[bounded] = np.arange(len(bounded))
        full = at[site] >= 0
        loads = self.weights[row[full]] / self.capacities[site[full]]
        loads[loads < _LEAST_LOAD] = 0.0
        load = coo_array(
            (
                np.concatenate((loads, -np.ones(len(bounded)))),
                (
                    np.append(at[site[full]], np.arange(len(bounded))),
                    np.append(pairs[full], bounded),
                ),
            ),
            shape=(len(bounded), m + k),
        )
        total = coo_array((np.ones(m), (np.zeros(m, dtype=np.int64), np.arange(m))), (1, m + k))
        scale = scale_to_a_million(np.append(costs, self.site_cost))
        program = Program(
            objective=np.concatenate((np.full(m, self.site_cost), costs)) * scale,
            matrix=csc_array(vstack((serve, link, load, total))),
            lower=np.concatenate(
                (
                    np.full(n, 1.0 if self.penalty is None else 0.0),
                    np.full(k + len(bounded), -np.inf),
                    [self.count[0]],
                )
            ),
            upper=np.concatenate((np.ones(n), np.zeros(k + len(bounded)), [self.count[1]])),
            least=np.concatenate((self.problem.must.astype(np.float64), np.zeros(k))),
            most=np.concatenate((self.problem.may.astype(np.float64), np.ones(k))),
            whole=np.ones(m + k).astype(np.int8),
        )
        found = solve(program, self.clock, told=lambda bound: bound / scale + constant)
        self.bound = max(self.bound, found.bound / scale + constant)
        if found.x is not None:
            self._take(found.x, row, site)
        return found.outcome

    def _take(self, x: FloatArray, row: IntArray, site: IntArray) -> None:
        m = self.problem.sites
        sites = np.flatnonzero(x[:m] > 0.5)  # noqa: PLR2004 - a whole number up to rounding
        chosen = x[m:] > 0.5  # noqa: PLR2004
        assigned = np.full(len(self.rows), -1, dtype=np.int64)
        assigned[row[chosen]] = site[chosen]
        served = assigned >= 0
        objective = float(self.pair_cost[served, assigned[served]].sum())
        objective += self.site_cost * len(sites)
        if self.penalty is not None:
            objective += float(self.penalty[~served].sum())
        elif not served.all():
            return
        held = np.bincount(assigned[served], self.weights[served], minlength=m)
        if (held > self.capacities * (1 + _ROUNDING)).any():
            self.look_at(sites)
            return
        if objective < self.best.objective:
            self.best = _Best(objective, sites, assigned)

    def sites_and_service(self, outcome: Outcome) -> tuple[tuple[int, ...], IntArray]:
        """Return the best sites and who serves each row of the problem, or raise."""
        if self.best.sites is None or self.best.assigned is None:
            if outcome is Outcome.INFEASIBLE:
                message = "The sites allowed cannot serve all demand: capacity or reach is missing."
                raise InfeasibleError(message, mend="Raise count or the capacities.")
            message = "No sites that can serve all demand were found in time."
            raise NotFoundInTimeError(message, mend="Raise count, capacities or the time limit.")
        everybody = np.full(self.problem.demand_rows, -1, dtype=np.int64)
        everybody[self.rows] = self.best.assigned
        return tuple(self.best.sites.tolist()), everybody


def capacitated_median(
    problem: Problem, count: int, capacities: FloatArray, clock: Clock
) -> Answer:
    """Return sites and service of least cost; see `median.p_median`."""
    cost = problem.cost * np.where(problem.weights > 0, problem.weights, 1.0)[:, None]
    model = _Capacitated(problem, np.isfinite(cost), cost, capacities, clock, count=(count, count))
    model.search(_largest(problem, capacities, count))
    outcome = model.prove()
    sites, assigned = model.sites_and_service(outcome)
    whole = are_whole(cost[model.rows])
    return _answer("p_median", model, outcome, sites, assigned, clock, whole=whole)


def capacitated_cover(
    problem: Problem, limit: float, count: int, capacities: FloatArray, clock: Clock
) -> Answer:
    """Return sites and service that cover most; see `maximal_cover.mclp`."""
    reach = problem.within(limit)
    model = _Capacitated(
        problem,
        reach,
        np.zeros(reach.shape),
        capacities,
        clock,
        penalty=problem.weights,
        count=(count, count),
    )
    model.search(_largest(problem, capacities, count))
    outcome = model.prove()
    sites, assigned = model.sites_and_service(outcome)
    covered = float(problem.weights[assigned >= 0].sum())
    total = float(problem.weights.sum())
    bound = total - max(model.bound, 0.0)
    settled = settle(covered, bound, maximised=True, whole=are_whole(problem.weights))
    return Answer(
        "mclp",
        sites,
        covered,
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        assigned,
        maximised=True,
    )


def capacitated_set_cover(
    problem: Problem, limit: float, capacities: FloatArray, clock: Clock
) -> Answer:
    """Return the fewest sites that can serve all demand; see `set_cover.lscp`."""
    reach = problem.within(limit)
    most = int(problem.may.sum())
    model = _Capacitated(
        problem,
        reach,
        np.zeros(reach.shape),
        capacities,
        clock,
        site_cost=1.0,
        count=(0, most),
    )
    model.look_at(np.flatnonzero(problem.may))
    outcome = model.prove()
    sites, assigned = model.sites_and_service(outcome)
    return _answer("lscp", model, outcome, sites, assigned, clock, whole=True)


def serves_all(
    problem: Problem, limit: float, count: int, capacities: FloatArray, clock: Clock
) -> tuple[Outcome, tuple[tuple[int, ...], IntArray] | None]:
    """Return whether ``count`` sites can serve all demand within a limit, and by which."""
    reach = problem.within(limit)
    model = _Capacitated(
        problem, reach, np.zeros(reach.shape), capacities, clock, count=(count, count)
    )
    outcome = model.prove()
    if model.best.sites is None:
        return outcome, None
    return outcome, model.sites_and_service(outcome)


def _answer(
    name: str,
    model: _Capacitated,
    outcome: Outcome,
    sites: tuple[int, ...],
    assigned: IntArray,
    clock: Clock,
    *,
    whole: bool,
) -> Answer:
    objective = model.best.objective
    bound = max(model.bound, 0.0)
    if outcome is Outcome.INFEASIBLE:
        bound = objective
    settled = settle(objective, bound, maximised=False, whole=whole)
    return Answer(
        name,
        sites,
        objective,
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        assigned,
        maximised=False,
    )


def _largest(problem: Problem, capacities: FloatArray, count: int) -> IntArray:
    """Return the sites that stay open and the largest of the others."""
    order = np.lexsort((-capacities, ~problem.must, ~problem.may))
    return np.sort(order[:count])
