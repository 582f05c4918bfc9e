"""The arguments that all location models share, checked once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from numpy.typing import NDArray

from scripts.studies.siting.errors import InvalidCapacitiesError
from scripts.studies.siting.errors import InvalidCostError
from scripts.studies.siting.errors import InvalidCountError
from scripts.studies.siting.errors import InvalidInputError
from scripts.studies.siting.errors import InvalidLimitError
from scripts.studies.siting.errors import InvalidSitesError
from scripts.studies.siting.errors import InvalidWeightsError
from scripts.studies.siting.errors import UnreachableDemandError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Sites = Sequence[int] | IntArray | BoolArray
_MATRIX = 2


@dataclass(frozen=True, eq=False)
class Problem:
    """Demand, sites, and which sites may or must be open.

    Attributes
    ----------
    cost
        Rows are demand, columns sites; at least 0, ``inf`` where no way leads; shape ``(n, m)``.
    weights
        Demand of each row, at least 0, shape ``(n,)``.
    must
        Sites that stay open, shape ``(m,)``.
    may
        Sites that are not forbidden, shape ``(m,)``.
    """

    cost: FloatArray
    weights: FloatArray
    must: BoolArray
    may: BoolArray

    @property
    def demand_rows(self) -> int:
        """How many rows there are."""
        return len(self.cost)

    @property
    def sites(self) -> int:
        """How many columns there are."""
        return len(self.may)

    def within(self, limit: float) -> BoolArray:
        """Return which site reaches which row within a limit; forbidden sites reach nothing."""
        return np.asarray((self.cost <= limit) & self.may[None, :] & np.isfinite(self.cost))

    def refuse_unreached(self, reach: BoolArray, within: str = "") -> None:
        """Raise an error if a row that has demand is reached from no site."""
        rows = np.flatnonzero(~reach.any(axis=1) & (self.weights > 0))
        if len(rows):
            raise UnreachableDemandError(rows.tolist(), within)


def check_problem(
    cost: ArrayLike,
    weights: ArrayLike | None,
    *,
    existing: Sites = (),
    forbidden: Sites = (),
    closable: Sites = (),
) -> Problem:
    """Return the problem in arrays of its own.

    Raises
    ------
    InvalidInputError
        Its kinds say what is wrong, and where.
    """
    matrix = _numbers(cost, InvalidCostError, "cost")
    if matrix.ndim != _MATRIX:
        message = f"cost has {matrix.ndim} dimensions instead of 2 (rows demand, columns sites)."
        raise InvalidCostError(message)
    bad = np.isnan(matrix) | (matrix < 0)
    if bad.any():
        row, column = np.argwhere(bad)[0].tolist()
        message = f"cost[{row}, {column}] is {matrix[row, column]}: it must be at least 0."
        raise InvalidCostError(message, mend="Write inf where no way leads.")
    count, sites = matrix.shape
    given = np.ones(count) if weights is None else _numbers(weights, InvalidWeightsError, "weights")
    if given.shape != (count,):
        message = (
            f"weights has shape {given.shape} instead of ({count},), one for each row of cost."
        )
        raise InvalidWeightsError(message)
    wrong = np.flatnonzero(~np.isfinite(given) | (given < 0))
    if len(wrong):
        message = f"weights[{wrong[0]}] is {given[wrong[0]]}: it must be finite and at least 0."
        raise InvalidWeightsError(message)
    standing = _mask(existing, sites, "existing")
    barred = _mask(forbidden, sites, "forbidden")
    giving = _mask(closable, sites, "closable")
    if (giving & ~standing).any():
        site = int(np.flatnonzero(giving & ~standing)[0])
        message = f"Site {site} is closable but not existing."
        raise InvalidSitesError(message)
    must = standing & ~giving
    if (must & barred).any():
        site = int(np.flatnonzero(must & barred)[0])
        message = f"Site {site} is existing and forbidden at once."
        raise InvalidSitesError(message, mend="Name it closable too if it may be given up.")
    return Problem(matrix, given, must, ~barred)


def check_count(count: int, problem: Problem, *, room: int | None = None, least: int = 0) -> int:
    """Return how many are to be opened; ``room`` is how many fit (default: the sites allowed)."""
    whole = _whole(count)
    if whole is None or whole < least:
        message = f"count is {count}: it must be a whole number of at least {least}."
        raise InvalidCountError(message)
    fits = int(problem.may.sum()) if room is None else room
    if whole > fits:
        message = f"count is {whole}, but only {fits} can be opened."
        raise InvalidCountError(message)
    standing = int(problem.must.sum())
    if standing > whole:
        message = f"count is {whole}, but {standing} existing sites stay open (they count too)."
        raise InvalidCountError(message, mend="Raise count, or name some of them closable.")
    return whole


def check_limit(limit: float, name: str = "limit") -> float:
    """Return a limit that is a number of at least 0."""
    value = float(limit)
    if math.isnan(value) or value < 0:
        message = f"{name} is {limit}: it must be at least 0."
        raise InvalidLimitError(message)
    return value


def check_share(share: float, name: str, *, below_one: bool = False) -> float:
    """Return a share between 0 and 1, or below 1."""
    value = float(share)
    if not 0.0 <= value <= 1.0 or (below_one and value == 1.0):
        top = "below 1" if below_one else "at most 1"
        message = f"{name} is {share}: it must be at least 0 and {top}."
        raise InvalidLimitError(message)
    return value


def check_capacities(capacities: ArrayLike | None, sites: int) -> FloatArray | None:
    """Return the capacities, ``inf`` where a site has none, or None if no site has one."""
    if capacities is None:
        return None
    given = _numbers(capacities, InvalidCapacitiesError, "capacities")
    if given.ndim == 0:
        given = np.full(sites, float(given))
    if given.shape != (sites,):
        message = f"capacities has shape {given.shape} instead of ({sites},), one for each site."
        raise InvalidCapacitiesError(message)
    wrong = np.flatnonzero(np.isnan(given) | (given < 0))
    if len(wrong):
        message = f"capacities[{wrong[0]}] is {given[wrong[0]]}: it must be at least 0."
        raise InvalidCapacitiesError(message, mend="Write inf where a site has no bound.")
    return given


def _numbers(
    given: ArrayLike,
    error: type[InvalidInputError],
    name: str,
) -> FloatArray:
    try:
        return np.array(given, dtype=np.float64, order="C")
    except (TypeError, ValueError) as cause:
        message = f"{name} is not an array of numbers: {cause}."
        raise error(message) from cause


def _whole(count: float) -> int | None:
    try:
        return int(count) if int(count) == count else None
    except (TypeError, ValueError, OverflowError):
        return None


def _mask(chosen: Sites, sites: int, name: str) -> BoolArray:
    given = np.asarray(chosen)
    mask = np.zeros(sites, dtype=np.bool_)
    if given.size == 0:
        return mask
    if given.dtype == np.bool_:
        if given.shape != (sites,):
            message = f"{name} has shape {given.shape} instead of ({sites},)."
            raise InvalidSitesError(message)
        return given.copy()
    if given.ndim != 1 or not np.issubdtype(given.dtype, np.integer):
        message = f"{name} must be indices of sites (columns of cost), or a mask of them."
        raise InvalidSitesError(message)
    wrong = given[(given < 0) | (given >= sites)]
    if len(wrong):
        message = f"{name} names site {wrong[0]}, but the sites are 0 to {sites - 1}."
        raise InvalidSitesError(message)
    mask[given] = True
    return mask
