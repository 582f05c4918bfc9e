"""Durations, fitted."""

import numpy as np
import pytest
from scipy import stats

from scripts.studies.simulation.demand.duration_fits import Family
from scripts.studies.simulation.demand.duration_fits import constant
from scripts.studies.simulation.demand.duration_fits import fit
from scripts.studies.simulation.demand.duration_fits import fitted

RNG = np.random.default_rng(11)
GAMMA = RNG.gamma(2.5, 600.0, 800)


def test_the_gamma_fit_is_the_likeliest() -> None:
    """Scipy's own maximum likelihood agrees."""
    shape, _, scale = stats.gamma.fit(GAMMA, floc=0)

    assert fitted(GAMMA, Family.GAMMA).parameters == pytest.approx((shape, scale), rel=1e-3)


def test_the_family_that_it_came_from_is_found_and_not_refused() -> None:
    """Of gamma, the gamma; of lognormal, the lognormal."""
    gamma = fit(GAMMA, seed=1)
    lognormal = fit(RNG.lognormal(7.0, 0.6, 800), seed=1)

    assert gamma.chosen.family is Family.GAMMA
    assert lognormal.chosen.family is Family.LOGNORMAL
    assert gamma.tried[0].p_value > 0.05


def test_durations_of_no_family_are_drawn_as_they_are() -> None:
    """Short visits and long repairs: two humps that no family has."""
    humps = np.concatenate([RNG.normal(600.0, 30.0, 400), RNG.normal(7_200.0, 300.0, 400)])

    found = fit(humps, seed=1)

    assert found.chosen.family is Family.EMPIRICAL
    assert all(each.p_value < 0.05 for each in found.tried)
    assert found.chosen.draw(np.random.default_rng(1), 4_000).mean() == pytest.approx(
        humps.mean(), rel=0.05
    )


def test_the_p_value_knows_that_the_mean_was_fitted() -> None:
    """As Stephens tabulated it for the exponential with its mean taken from the sample."""
    # (D - 0.2/n)(sqrt n + 0.26 + 0.5/sqrt n) exceeds these in so many of all samples.
    points, shares = [0.926, 0.990, 1.094, 1.190, 1.308], [0.15, 0.10, 0.05, 0.025, 0.01]
    size = 60
    root = np.sqrt(size)
    compared = 0
    for row in np.random.default_rng(2).gamma(0.8, 900.0, (14, size)):
        tried = fit(row, seed=1).tried
        found = next(each for each in tried if each.duration.family is Family.EXPONENTIAL)
        modified = (found.distance - 0.2 / size) * (root + 0.26 + 0.5 / root)
        if points[0] <= modified <= points[-1]:
            compared += 1
            expected = float(np.interp(modified, points, shares))
            assert found.p_value == pytest.approx(expected, abs=0.05)
        elif modified < points[0]:
            assert found.p_value > 0.10

    assert compared >= 2


@pytest.mark.parametrize("family", [each for each in Family if each is not Family.EMPIRICAL])
def test_quantiles_undo_shares(family: Family) -> None:
    """Of every family."""
    duration = fitted(GAMMA, family)
    shares = np.linspace(0.05, 0.95, 19)

    assert duration.share_below(duration.quantile(shares)) == pytest.approx(shares)


def test_what_is_missing_or_zero_is_counted_and_left_out() -> None:
    """Of few, the values themselves."""
    found = fit(np.array([100.0, np.nan, 0.0, 300.0]), seed=1)

    assert (found.count, found.left_out) == (2, 2)
    assert found.chosen.values.tolist() == [100.0, 300.0]
    assert constant(60.0).chosen.draw(np.random.default_rng(1), 3).tolist() == [60.0] * 3
