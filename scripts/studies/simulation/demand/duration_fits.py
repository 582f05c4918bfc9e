"""Distributions of durations, fitted by maximum likelihood, with an honest goodness of fit.

The Kolmogorov–Smirnov distance of a sample from a distribution that was fitted to the same sample
is smaller than tables have it, so its p-value comes from a parametric bootstrap: samples are drawn
from the fit, fitted again, and their distances compared.

References
----------
Lilliefors (1967), Journal of the American Statistical Association 62. Stute, González Manteiga,
Presedo Quindimil (1993), Bootstrap based goodness-of-fit tests, Metrika 40. Minka (2002),
Estimating a Gamma distribution.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum
from typing import Final

import numpy as np
from scipy import special
from scipy import stats

from scripts.studies.inputs.points import FloatArray

FEWEST: Final = 30
"""Fewer durations are drawn from as they are: no family can be told from another."""
_RESAMPLES: Final = 199
_ENOUGH: Final = 2_000
"""So many of a sample are tested; with more, every family fails for differences nobody minds."""
_SIGNIFICANT: Final = 0.05
_STEPS: Final = 30


class Family(StrEnum):
    """Kinds of distributions."""

    LOGNORMAL = "lognormal"
    GAMMA = "gamma"
    EXPONENTIAL = "exponential"
    EMPIRICAL = "empirical"


_PARAMETERS: Final = {Family.LOGNORMAL: 2, Family.GAMMA: 2, Family.EXPONENTIAL: 1}


@dataclass(frozen=True, eq=False)
class Duration:
    """A distribution of durations, seconds.

    Attributes
    ----------
    parameters
        Of the lognormal: mean and standard deviation of the logarithm; of the gamma: shape and
        scale; of the exponential: mean. Of the empirical one none.
    values
        The sorted durations that it was fitted to.
    """

    family: Family
    parameters: tuple[float, ...]
    values: FloatArray = field(default_factory=lambda: np.empty(0))

    def draw(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Return durations; one random number each, so that draws of two families can be paired."""
        return self.quantile(rng.random(count))

    def quantile(self, shares: FloatArray) -> FloatArray:
        """Return the durations that these shares of all do not exceed."""
        first, *rest = (*self.parameters, 0.0)
        found: FloatArray
        if self.family is Family.LOGNORMAL:
            found = np.asarray(np.exp(first + rest[0] * special.ndtri(shares)), dtype=np.float64)
        elif self.family is Family.GAMMA:
            found = rest[0] * np.asarray(special.gammaincinv(first, shares), dtype=np.float64)
        elif self.family is Family.EXPONENTIAL:
            found = -first * np.log1p(-shares)
        else:
            found = np.quantile(self.values, shares)
        return found

    def share_below(self, durations_s: FloatArray) -> FloatArray:
        """Return which share of all is below each of some durations."""
        first, *rest = (*self.parameters, 0.0)
        found: FloatArray
        if self.family is Family.LOGNORMAL:
            scores = (np.log(durations_s) - first) / rest[0]
            found = np.asarray(special.ndtr(scores), dtype=np.float64)
        elif self.family is Family.GAMMA:
            found = np.asarray(special.gammainc(first, durations_s / rest[0]), dtype=np.float64)
        elif self.family is Family.EXPONENTIAL:
            found = -np.expm1(-durations_s / first)
        else:
            found = np.searchsorted(self.values, durations_s, side="right") / len(self.values)
        return np.asarray(found, dtype=np.float64)

    @property
    def mean_s(self) -> float:
        """Its mean."""
        if self.family is Family.LOGNORMAL:
            return float(np.exp(self.parameters[0] + self.parameters[1] ** 2 / 2.0))
        if self.family is Family.EMPIRICAL:
            return float(self.values.mean())
        return float(np.prod(self.parameters))


@dataclass(frozen=True, eq=False)
class Tried:
    """A family that was fitted.

    Attributes
    ----------
    aic
        Akaike's criterion: less is better.
    distance
        Kolmogorov–Smirnov.
    p_value
        How often a sample of the fit is as far from its own fit or further.
    """

    duration: Duration
    aic: float
    distance: float
    p_value: float


@dataclass(frozen=True, eq=False)
class DurationFit:
    """A fit, and what else was tried.

    Attributes
    ----------
    chosen
        The family of least AIC if the test does not refuse it, else the durations as they are.
    tried
        All families, the best first; none for a small sample.
    left_out
        Durations that were missing, zero or negative.
    """

    chosen: Duration
    tried: Sequence[Tried]
    count: int
    left_out: int


def constant(seconds: float) -> DurationFit:
    """Return what always lasts so long."""
    return DurationFit(Duration(Family.EMPIRICAL, (), np.array([seconds])), (), 0, 0)


def fit(durations_s: FloatArray, seed: int) -> DurationFit:
    """Return the distribution of some durations.

    Parameters
    ----------
    durations_s
        Seconds, NaN where unknown; those not above zero do not count.
    seed
        Of the bootstrap.

    Raises
    ------
    ValueError
        If none counts.
    """
    counted = np.sort(durations_s[np.nan_to_num(durations_s) > 0.0])
    left_out = len(durations_s) - len(counted)
    if not len(counted):
        message = "no duration above zero"
        raise ValueError(message)
    as_they_are = Duration(Family.EMPIRICAL, (), counted)
    if len(counted) < FEWEST or counted[0] == counted[-1]:
        return DurationFit(as_they_are, (), len(counted), left_out)
    tried = sorted((_tried(counted, family, seed) for family in _PARAMETERS), key=lambda x: x.aic)
    best = tried[0]
    chosen = best.duration if best.p_value >= _SIGNIFICANT else as_they_are
    return DurationFit(chosen, tried, len(counted), left_out)


def fitted(counted: FloatArray, family: Family) -> Duration:
    """Return the distribution of a family that makes a sample likeliest."""
    logs = np.log(counted)
    if family is Family.LOGNORMAL:
        return Duration(family, (float(logs.mean()), float(logs.std())), counted)
    mean = float(counted.mean())
    if family is Family.EXPONENTIAL:
        return Duration(family, (mean,), counted)
    # Minka's generalised Newton steps for the shape; they converge in a handful.
    spread = np.log(mean) - logs.mean()
    shape = 0.5 / spread
    for _ in range(_STEPS):
        slope = logs.mean() - np.log(mean) + np.log(shape) - special.digamma(shape)
        step = slope / (shape**2 * (1.0 / shape - special.polygamma(1, shape)))
        before, shape = shape, 1.0 / (1.0 / shape + step)
        if abs(shape - before) < 1e-10 * shape:
            break
    return Duration(family, (float(shape), float(mean / shape)), counted)


def _tried(counted: FloatArray, family: Family, seed: int) -> Tried:
    rng = np.random.default_rng([seed, list(_PARAMETERS).index(family)])
    whole = fitted(counted, family)
    aic = 2.0 * _PARAMETERS[family] - 2.0 * _log_likelihood(whole, counted)
    sample = counted
    if len(sample) > _ENOUGH:
        sample = np.sort(rng.choice(counted, _ENOUGH, replace=False))
    own = fitted(sample, family)
    distance = _distance(own, sample)
    further = 0
    for _ in range(_RESAMPLES):
        drawn = np.sort(own.draw(rng, len(sample)))
        further += _distance(fitted(drawn, family), drawn) >= distance
    return Tried(whole, aic, distance, (1 + further) / (1 + _RESAMPLES))


def _log_likelihood(duration: Duration, counted: FloatArray) -> float:
    first, *rest = duration.parameters
    if duration.family is Family.LOGNORMAL:
        return float(stats.lognorm.logpdf(counted, rest[0], scale=np.exp(first)).sum())
    if duration.family is Family.GAMMA:
        return float(stats.gamma.logpdf(counted, first, scale=rest[0]).sum())
    return float(stats.expon.logpdf(counted, scale=first).sum())


def _distance(duration: Duration, ordered: FloatArray) -> float:
    """Return the Kolmogorov–Smirnov distance of a sorted sample."""
    below = duration.share_below(ordered)
    steps = np.arange(len(ordered) + 1) / len(ordered)
    return float(max((below - steps[:-1]).max(), (steps[1:] - below).max()))
