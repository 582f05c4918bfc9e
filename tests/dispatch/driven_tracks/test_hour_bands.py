"""Bands of hours and medians over drives."""

import pytest

from dispatch.driven_tracks.hour_bands import BANDS
from dispatch.driven_tracks.hour_bands import Observation
from dispatch.driven_tracks.hour_bands import observed_speeds


def test_every_hour_of_the_week_is_in_one_band() -> None:
    """168 of them, none twice."""
    hours = [hour for band in BANDS for hour in band.hours_of_week]

    assert sorted(hours) == list(range(168))


def test_each_drive_has_one_voice_however_long_it_is() -> None:
    """Shares 0.5, 0.5 and 1 of 400 m, 400 m and 40 km: the middle one is 0.5."""
    seen = [
        Observation(1, "primary", 8, 400.0, 40.0, 0.0, 80.0),
        Observation(2, "primary", 8, 400.0, 40.0, 10.0, 90.0),  # 80 s without the turn
        Observation(3, "primary", 31, 40_000.0, 4000.0, 0.0, 4000.0),  # Tuesday, 7 o'clock
        Observation(4, "primary", 8, 50.0, 5.0, 0.0, 500.0),  # too short to say anything
    ]

    (found,) = observed_speeds(seen, lambda _class, _hour: 1.0)

    assert (found.drives, found.observed, found.enough) == (3, 0.5, False)
    assert (found.band.from_hour, found.band.until_hour) == (7, 9)
    assert found.present_error == pytest.approx(40 / 90)
    assert found.observed_error == pytest.approx(0.0, abs=1e-9)
