"""When incidents are reported."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scripts.studies.simulation.demand.arrivals import WeeklyRates
from scripts.studies.simulation.demand.arrivals import check_arrivals
from scripts.studies.simulation.demand.arrivals import fit_rates

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def _log(rates: WeeklyRates, hours: int, seed: int) -> list[datetime]:
    drawn = rates.draw(np.random.default_rng(seed), MONDAY, hours)
    return [MONDAY + timedelta(seconds=each) for each in drawn.tolist()]


def test_a_rate_is_what_was_counted_by_what_was_covered() -> None:
    """Six incidents on Mondays from 8 to 9 in five weeks, two on Tuesdays from 0 to 1."""
    at = [MONDAY + timedelta(days=7 * week, hours=8, minutes=5) for week in range(5)]
    at += [MONDAY + timedelta(hours=8, minutes=50), MONDAY + timedelta(days=1)]
    at += [MONDAY + timedelta(days=36)]  # the last hour of the log: a sixth Tuesday begins

    rates = fit_rates(at, UTC)

    assert not rates.pooled
    assert rates.per_hour[8] == 6 / 6  # the log reaches from the first Monday 8 to the sixth week
    assert rates.per_hour[24] == 2 / 6
    assert rates.per_hour[100] == 0.0


def test_a_short_log_knows_working_days_and_days_of_rest() -> None:
    """One week: seven incidents at noon, five of them on working days."""
    at = [MONDAY + timedelta(days=day, hours=12) for day in range(7)] + [MONDAY]
    at += [MONDAY + timedelta(days=6, hours=23)]

    rates = fit_rates(at, UTC)

    assert rates.pooled
    assert rates.per_hour[12] == rates.per_hour[4 * 24 + 12] == 1.0
    assert rates.per_hour[0] == pytest.approx(1 / 5)
    assert rates.per_hour[6 * 24 + 23] == pytest.approx(1 / 2)


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    """The night on which clocks are put forward has no hour from 1 to 2 in Lisbon."""
    zone = ZoneInfo("Europe/Lisbon")
    per_hour = np.zeros(168)
    per_hour[6 * 24 + 1] = 50.0  # Sundays from 1 to 2
    rates = WeeklyRates(per_hour, zone, pooled=False, hours=168)

    week_before = rates.draw(np.random.default_rng(1), datetime(2026, 3, 22, tzinfo=UTC), 24)
    that_night = rates.draw(np.random.default_rng(1), datetime(2026, 3, 29, tzinfo=UTC), 24)

    assert len(week_before) > 0
    assert len(that_night) == 0


def test_draws_have_the_rates() -> None:
    """Over 200 weeks, each hour within five standard deviations."""
    per_hour = np.linspace(0.1, 4.0, 168)
    rates = WeeklyRates(per_hour, UTC, pooled=False, hours=168)

    drawn = rates.draw(np.random.default_rng(3), MONDAY, 168 * 200)
    counts = np.bincount((drawn // 3_600).astype(int) % 168, minlength=168)

    assert (np.diff(drawn) >= 0.0).all()
    assert (np.abs(counts - 200 * per_hour) < 5 * np.sqrt(200 * per_hour)).all()


def test_a_log_of_the_process_looks_like_it_and_one_in_clusters_does_not() -> None:
    """Clusters: each incident is reported five times within minutes."""
    rates = WeeklyRates(np.full(168, 2.0), UTC, pooled=False, hours=168)
    at = _log(rates, 168 * 2, 5)
    clusters = [each + timedelta(seconds=40 * more) for each in at[::5] for more in range(5)]

    plain = check_arrivals(at, fit_rates(at, UTC), seed=1)
    clustered = check_arrivals(clusters, fit_rates(clusters, UTC), seed=1)

    assert plain.p_value > 0.05
    assert plain.dispersion == pytest.approx(1.0, abs=0.3)
    assert clustered.p_value < 0.02
    assert clustered.dispersion > 2.0
