"""Rules compared on the same days."""

from dataclasses import replace

import numpy as np
import pytest

from scripts.studies.simulation.comparing import compare
from scripts.studies.simulation.comparing import interval
from scripts.studies.simulation.comparing import percentile
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import Choice
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

_RNG = np.random.default_rng(3)
_LONLAT = _RNG.uniform(0.0, 0.1, (24, 2))
TABLE = TravelTable.of_times(_LONLAT, 4, _RNG.uniform(60.0, 900.0, (24, 24)))
CREWS = [SimulatedCrew(str(number), number) for number in range(4)]
BY_LINE, BY_ROAD = DispatchRule("line", Choice.NEAREST_LINE), DispatchRule("road")


def _day(seeds: np.random.SeedSequence) -> Calls:
    rng = np.random.default_rng(seeds)
    reported_s = np.cumsum(rng.exponential(450.0, 120))
    return Calls.of_one_kind(reported_s, rng.integers(4, 24, 120), rng.gamma(2.0, 500.0, 120))


def test_the_interval_is_students() -> None:
    """Of 1, 2, 3: mean 2, standard error 1/√3, t(2) = 4.303, so ± 2.484."""
    found = interval(np.array([1.0, 2.0, 3.0]))

    assert found.mean == 2.0
    assert found.half_width == pytest.approx(2.484, abs=1e-3)


def test_the_percentile_is_a_value_that_occurred() -> None:
    """Nine of ten are at or below it."""
    assert percentile(np.arange(1.0, 11.0), 0.9) == 9.0


def test_common_random_numbers_narrow_the_difference() -> None:
    """The same days for both rules tell more than as many different ones."""
    same = compare(TABLE, CREWS, _day, [BY_LINE, BY_ROAD], replications=10, seed=1)
    other = compare(TABLE, CREWS, _day, [BY_ROAD], replications=10, seed=2)

    paired = same.difference("road", "line", "mean_response_s")
    unpaired = interval(
        other.values["road"]["mean_response_s"] - same.values["line"]["mean_response_s"]
    )

    # ± 40 s against ± 525 s: ten days tell the rules apart, twenty different ones do not.
    assert paired.half_width < 0.2 * unpaired.half_width
    assert paired.high < 0.0 < unpaired.high


def test_a_seed_tells_everything() -> None:
    """The same seed gives the same numbers, another one others."""
    first, again, other = (
        compare(TABLE, CREWS, _day, [BY_ROAD], replications=2, seed=seed) for seed in (1, 1, 2)
    )

    assert first.values["road"]["p90_response_s"].tolist() == (
        again.values["road"]["p90_response_s"].tolist()
    )
    assert first.values["road"]["mean_wait_s"].tolist() != (
        other.values["road"]["mean_wait_s"].tolist()
    )


def test_lost_pledges_are_those_later_than_the_limit() -> None:
    """What nobody could serve is lost, too; what carries no pledge does not count."""

    def day(_: np.random.SeedSequence) -> Calls:
        calls = Calls.of_one_kind([0.0, 5_000.0, 9_000.0], [4, 4, 4], 1.0)
        drive_s = float(TABLE.periods[0][1][0, 4])
        limits_s = np.array([drive_s + 1.0, drive_s - 1.0, np.inf])
        return replace(calls, limit_s=limits_s)

    found = compare(TABLE, CREWS[:1], day, [BY_ROAD], replications=1, seed=1)

    assert found.values["road"]["late_share"].tolist() == [0.5]


def test_a_day_on_which_nothing_happened_says_nothing_of_the_response() -> None:
    """Of 100, none and 300 s the mean is 200; of no day at all it is not known."""
    found = interval(np.array([100.0, np.nan, 300.0]))

    assert found == interval(np.array([100.0, 300.0]))
    assert found.mean == 200.0
    assert np.isnan(interval(np.array([np.nan])).mean)
