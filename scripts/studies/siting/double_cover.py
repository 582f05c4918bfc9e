"""The double standard model: everybody within one limit, most demand twice within a shorter one."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.sparse import csc_array
from scipy.sparse import csr_array
from scipy.sparse import diags_array
from scipy.sparse import eye_array
from scipy.sparse import hstack
from scipy.sparse import vstack

from scripts.studies.siting.answer import Answer
from scripts.studies.siting.answer import are_whole
from scripts.studies.siting.answer import nearest_open
from scripts.studies.siting.answer import settle
from scripts.studies.siting.errors import InfeasibleError
from scripts.studies.siting.errors import InvalidLimitError
from scripts.studies.siting.errors import NotFoundInTimeError
from scripts.studies.siting.expected_cover import crews_each
from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.problem import Sites
from scripts.studies.siting.problem import check_count
from scripts.studies.siting.problem import check_limit
from scripts.studies.siting.problem import check_problem
from scripts.studies.siting.problem import check_share
from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.clock import Watch
from scripts.studies.siting.solving.cover_rows import equal_rows
from scripts.studies.siting.solving.cover_rows import hardest_rows
from scripts.studies.siting.solving.cover_rows import merged_weights
from scripts.studies.siting.solving.cover_search import CoverSearch
from scripts.studies.siting.solving.cover_search import Worth
from scripts.studies.siting.solving.milp import solve
from scripts.studies.siting.solving.program import Outcome
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import scale_to_a_million

_PAIR: Final = 2
_SEARCHING: Final = 0.1
"""Share of the time limit that local search may take before the proof; at most so long:"""
_SEARCHING_S: Final = 3.0
_TRIES: Final = 1_500
_LESS, _MORE, _LEAST_PRICE, _MOST_PRICE = 0.9, 1.15, 0.01, 100.0
_AS_GOOD: Final = 0.999
"""A little worse is taken too: it leads on."""
_BACK: Final = 40


def double_standard(
    cost: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    limit: float,
    second_limit: float,
    alpha: float,
    count: int,
    time_limit_s: float = 30.0,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
    capacities: ArrayLike | None = None,
    progress: Watch | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Return where ``count`` crews have most demand twice within the limit.

    Two conditions hold: all demand is within the second, longer limit of a crew, and a share alpha
    of it within the first.

    Parameters
    ----------
    cost, weights, time_limit_s, forbidden, closable, progress, cancelled
        As in `mclp`.
    limit, second_limit
        Of the share, and of everybody; the second is at least as long.
    alpha
        Share of the weight, 0 to 1.
    count
        Crews in all; several may stand at one site.
    existing
        Sites that hold at least one crew.
    capacities
        The most crews each site can hold, shape ``(m,)``; any number if left out. With 1 for each,
        cover twice means two sites.

    Returns
    -------
    Answer
        ``sites`` names a site as often as it holds crews. ``objective`` is the weight within the
        first limit of two crews or more.

    Raises
    ------
    InvalidInputError
        If an argument is not as described.
    UnreachableDemandError
        If demand is within the second limit of no site allowed.
    InfeasibleError
        If ``count`` crews cannot meet the two conditions.
    NotFoundInTimeError
        If neither sites nor such a proof were found in time.

    References
    ----------
    Gendreau, Laporte, Semet (1997), Solving an ambulance location model by tabu search, Location
    Science 5.
    """
    clock = Clock(time_limit_s, progress, cancelled)
    problem = check_problem(
        cost, weights, existing=existing, forbidden=forbidden, closable=closable
    )
    limit, second_limit = check_limit(limit), check_limit(second_limit, "second_limit")
    if second_limit < limit:
        message = f"second_limit is {second_limit:g}, shorter than limit {limit:g}."
        raise InvalidLimitError(message)
    alpha = check_share(alpha, "alpha")
    most = crews_each(problem, capacities, count)
    count = check_count(count, problem, room=int(most.sum()))
    near, far = problem.within(limit), problem.within(second_limit)
    problem.refuse_unreached(far, f" within {second_limit:g}")
    # A third crew at a site covers nothing that two do not: elsewhere it does no harm.
    pairs = np.minimum(most, _PAIR)
    each = problem.must.astype(np.int64), pairs if pairs.sum() >= count else most
    model = _Model(near, far, problem.weights, alpha, count, each)
    crews = model.search(clock)
    crews, bound = model.prove(crews, clock)
    sites = tuple(np.repeat(np.arange(problem.sites), crews).tolist())
    objective = float(problem.weights[model.times(near, crews) > 1].sum())
    settled = settle(objective, bound, maximised=True, whole=are_whole(problem.weights))
    return Answer(
        "double_standard",
        sites,
        objective,
        settled.bound,
        settled.gap,
        settled.proven,
        clock.seconds(),
        nearest_open(problem.cost, sites, second_limit),
        maximised=True,
    )


class _Model:
    def __init__(
        self,
        near: BoolArray,
        far: BoolArray,
        weights: FloatArray,
        alpha: float,
        count: int,
        each: tuple[IntArray, IntArray],
    ) -> None:
        (self._fixed, self._most), self._count = each, count
        rows = weights > 0
        self._everybody = hardest_rows(far[rows]) if rows.any() else far[:0]
        # What needs no more than the rounding of a sum is met.
        self._share = alpha * float(weights.sum()) * (1 - 1e-12)
        reached = rows & near.any(axis=1)
        self._near, which = equal_rows(near[reached])
        self._weights = merged_weights(which, weights[reached], len(self._near))

    @staticmethod
    def times(reach: BoolArray, crews: IntArray) -> IntArray:
        """Return how many crews cover each row."""
        return np.asarray(reach[:, crews > 0] @ crews[crews > 0])

    def meets(self, crews: IntArray) -> bool:
        """Return whether both conditions hold."""
        if not (self.times(self._everybody, crews) > 0).all():
            return False
        once = float(self._weights[self.times(self._near, crews) > 0].sum())
        return once >= self._share

    def worth(self, crews: IntArray) -> float:
        """Return the weight covered twice."""
        return float(self._weights[self.times(self._near, crews) > 1].sum())

    def search(self, clock: Clock) -> IntArray | None:
        """Return crews that meet the conditions, or None.

        Cover once has a price, which rises while the share is missed and falls while it is met:
        the search keeps crossing the border on which the best answers lie.
        """
        total = float(self._weights.sum())
        once, best, failed, turn = 0.5, None, 0, 0
        search = self._priced(once)
        crews = search.best_exchange()
        ends_s = clock.seconds() + min(_SEARCHING * clock.time_limit_s, _SEARCHING_S)
        while True:
            turn, failed = turn + 1, failed + 1
            met = self.meets(crews)
            if met and (best is None or self.worth(crews) > self.worth(best)):
                best, failed = crews, 0
                clock.tell(self.worth(best), total)
            if failed > _TRIES or clock.seconds() > ends_s or clock.over():
                return best
            once = min(max(once * (_LESS if met else _MORE), _LEAST_PRICE), _MOST_PRICE)
            search.reprice(self._prices(once))
            trial = search.shaken(crews, turn)
            crews = trial if search.value(trial) >= search.value(crews) * _AS_GOOD else crews
            if best is not None and turn % _BACK == 0:
                crews = best

    def _prices(self, once: float) -> FloatArray:
        heavy = 2.0 * (once + 1.0) * (float(self._weights.sum()) + 1.0)
        return np.array([[0.0, once, once + 1.0], [0.0, heavy, heavy]])

    def _priced(self, once: float) -> CoverSearch:
        worth = Worth.of(self._near, self._weights, self._prices(once)[0]).beside(
            Worth.of(self._everybody, np.ones(len(self._everybody)), self._prices(once)[1])
        )
        return CoverSearch(worth, self._count, self._fixed, self._most)

    def prove(self, crews: IntArray | None, clock: Clock) -> tuple[IntArray, float]:
        """Return the best crews and a bound.

        Raises
        ------
        InfeasibleError, NotFoundInTimeError
            If there are none, or none were found.
        """
        total = float(self._weights.sum())
        if crews is not None and self.worth(crews) >= total:
            return crews, total
        scale = scale_to_a_million(self._weights)
        found = solve(self._program(scale), clock, told=lambda value: min(-value / scale, total))
        if found.x is not None:
            m = len(self._fixed)
            y = np.rint(found.x[:m] + found.x[m : 2 * m]).astype(np.int64)
            better = crews is None or self.worth(y) > self.worth(crews)
            if better and y.sum() == self._count and self.meets(y):
                crews = y
        if crews is None:
            if found.outcome is Outcome.INFEASIBLE:
                message = f"{self._count} crews cannot meet both conditions."
                raise InfeasibleError(
                    message, mend="Raise count or the limits, or lower alpha; lscp tells how many."
                )
            message = f"No places that meet both conditions were found in {clock.time_limit_s:g} s."
            raise NotFoundInTimeError(message, mend="Raise count or the time limit.")
        return crews, min(total, -found.bound / scale)

    def _program(self, scale: float) -> Program:
        """Return the program: first crews a, further crews b, covered once x1, and twice x2.

        Besides the conditions of the model, a first crew at any near site makes its rows covered
        once (``x1 >= a``). Without that a single crew could cover a row half once and half twice,
        and bounds would be far off; with it x1 and x2 need not be whole.
        """
        n, m = self._near.shape
        e, k = len(self._everybody), int(self._near.sum())
        row, site = np.nonzero(self._near)
        near, far = (csr_array(reach.astype(np.float64)) for reach in (self._near, self._everybody))
        eye, none = eye_array(n), csr_array((n, n))
        further = np.maximum(self._most - 1, 0).astype(np.float64)
        first = coo_array(
            (np.repeat((1.0, -1.0), k), (np.tile(np.arange(k), 2), np.append(2 * m + row, site))),
            shape=(k, 2 * (m + n)),
        )
        share = np.concatenate((np.zeros(2 * m), self._weights * scale, np.zeros(n)))
        total = np.concatenate((np.ones(2 * m), np.zeros(2 * n)))
        blocks = (
            hstack((near, near, -eye, -eye)),
            hstack((near, csr_array((n, m)), -eye, none)),
            hstack((csr_array((n, 2 * m)), eye, -eye)),
            first,
            hstack((diags_array(further), -eye_array(m), csr_array((m, 2 * n)))),
            hstack((far, csr_array((e, m + 2 * n)))),
            csr_array(np.vstack((share, total))),
        )
        return Program(
            objective=np.concatenate((np.zeros(2 * m + n), -self._weights * scale)),
            matrix=csc_array(vstack(blocks)),
            lower=np.concatenate(
                (np.zeros(3 * n + k + m), np.ones(e), [self._share * scale, self._count])
            ),
            upper=np.concatenate((np.full(3 * n + k + m + e + 1, np.inf), [self._count])),
            least=np.concatenate((self._fixed, np.zeros(m + 2 * n))).astype(np.float64),
            most=np.concatenate((np.minimum(self._most, 1), further, np.ones(2 * n))),
            whole=np.concatenate((np.ones(2 * m), np.zeros(2 * n))).astype(np.int8),
        )
