"""Shares, means and percentiles of weighted travel times. Pure.

With weight ``w_i`` and response time ``r_i = turnout + min_j t_ij`` of demand point ``i``::

    cover(T) = sum of w_i with r_i <= T  /  sum of all w_i
    percentile(p) = least T with cover(T) >= p

Points that nobody reaches count in the sum of all weights, and have an infinite response time. The
mean is over those that are reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray

PERCENTILES = (0.5, 0.9, 0.95)
_ROUNDING = 1e-9  # weights are added in another order


@dataclass(frozen=True, slots=True)
class CoverRates:
    """Cover of some demand.

    Attributes
    ----------
    demand
        The sum of weights.
    covered
        Share of it within each limit, in the order of the limits; NaN without demand.
    mean_s
        Over the demand that is reached; NaN if none is.
    percentiles_s
        In the order of `PERCENTILES`; ``inf`` if so much is not reached at all.
    unreached
        Share of demand to which no road leads.
    """

    demand: float
    covered: tuple[float, ...]
    mean_s: float
    percentiles_s: tuple[float, ...]
    unreached: float


def cover_rates(
    response_s: FloatArray, weights: FloatArray, limits_s: Sequence[float]
) -> CoverRates:
    """Return how well demand is reached.

    Parameters
    ----------
    response_s
        Seconds until somebody is there, ``inf`` where nobody comes, shape ``(n,)``.
    weights
        Demand, shape ``(n,)``.
    limits_s
        Seconds.
    """
    demand = float(weights.sum())
    reached = np.isfinite(response_s)
    held = weights * reached
    return CoverRates(
        demand=demand,
        covered=tuple(_share(weights, response_s <= limit_s) for limit_s in limits_s),
        mean_s=(
            float(np.average(response_s[reached], weights=weights[reached]))
            if held.sum() > 0.0
            else float("nan")
        ),
        percentiles_s=tuple(percentile(response_s, weights, share) for share in PERCENTILES),
        unreached=_share(weights, ~reached),
    )


def percentile(values: FloatArray, weights: FloatArray, share: float) -> float:
    """Return the least value up to which so great a share of all weights lies; NaN of none."""
    counted = weights > 0.0
    values, weights = values[counted], weights[counted]
    if not len(values):
        return float("nan")
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weights[order])
    at = int(np.searchsorted(upto, share * upto[-1] * (1.0 - _ROUNDING)))
    return float(values[order][min(at, len(values) - 1)])


def _share(weights: FloatArray, which: BoolArray) -> float:
    whole = float(weights.sum())
    return float(weights[which].sum()) / whole if whole > 0.0 else float("nan")
