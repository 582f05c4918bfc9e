"""Factors are recovered from drives that were made with known ones, within their own interval."""

import numpy as np
import pytest

from dispatch.driven_tracks.hour_bands import BANDS
from geodata.roads.types import ROAD_CLASSES
from routing.engine.hourly_speeds import SpeedTable
from scripts.studies.learned.drives import Parts
from scripts.studies.learned.factor_fit import ENOUGH_DRIVES
from scripts.studies.learned.factor_fit import fit_factors
from scripts.studies.learned.factors_file import rules_of
from scripts.studies.learned.factors_file import write_factors
from scripts.studies.learned.out_of_sample import predict_other_days

_PRIMARY, _RESIDENTIAL = ROAD_CLASSES.index("primary"), ROAD_CLASSES.index("residential")
_MORNING = next(at for at, band in enumerate(BANDS) if band.days[0] == 1 and band.from_hour == 7)
_NOON = next(at for at, band in enumerate(BANDS) if band.days[0] == 1 and band.from_hour == 9)
_TRUE = {
    (_PRIMARY, _MORNING): 0.5,
    (_PRIMARY, _NOON): 0.8,
    (_RESIDENTIAL, _MORNING): 0.7,
    (_RESIDENTIAL, _NOON): 1.0,
}


def _drives(count: int, seed: int, noise: float = 0.15) -> Parts:
    """Return whole drives over both classes, on weekdays at 8 and at 12, with 30 s of turns."""
    rng = np.random.default_rng(seed)
    free_s = np.zeros((count, len(ROAD_CLASSES)))
    free_s[:, _PRIMARY] = rng.uniform(60, 600, count)
    free_s[:, _RESIDENTIAL] = rng.uniform(30, 300, count)
    morning = rng.random(count) < 0.5
    band = np.where(morning, _MORNING, _NOON)
    hour = np.where(morning, 8, 12) + 24 * rng.integers(0, 5, count)
    slowness = np.ones((count, len(ROAD_CLASSES)))
    for (road_class, column), factor in _TRUE.items():
        slowness[band == column, road_class] = 1.0 / factor
    driving_s = (free_s * slowness).sum(axis=1)
    actual_s = (driving_s + 30.0) * rng.lognormal(0.0, noise, count)
    return Parts(np.arange(count), hour, free_s, np.full(count, 30.0), actual_s)


def test_known_factors_are_recovered_within_their_interval() -> None:
    """Of 40 intervals of 90 %, 36 hold on average, and 31 or more with a chance of 98 %."""
    held = 0
    for seed in range(10):
        fitted = fit_factors(_drives(400, seed))
        for (road_class, band), factor in _TRUE.items():
            assert fitted.factor[road_class, band] == pytest.approx(factor, rel=0.2)
            held += fitted.low[road_class, band] <= factor <= fitted.high[road_class, band]
    assert held >= 31


def test_drives_that_stopped_for_bread_change_little() -> None:
    """One in ten took a quarter of an hour longer."""
    parts = _drives(600, 3)
    parts.actual_s[::10] += 900.0

    fitted = fit_factors(parts)

    for (road_class, band), factor in _TRUE.items():
        assert fitted.factor[road_class, band] == pytest.approx(factor, rel=0.12)


def test_a_band_without_drives_is_as_its_class() -> None:
    """Sunday night was never driven: something between the bands that were, and less certain."""
    fitted = fit_factors(_drives(400, 1))
    night = len(BANDS) - 1

    assert fitted.drives[_PRIMARY, night] == 0
    assert 0.5 < fitted.factor[_PRIMARY, night] < 0.9
    width = fitted.high - fitted.low
    assert width[_PRIMARY, night] > 3 * width[_PRIMARY, _NOON]


def test_too_few_drives_say_nothing() -> None:
    """A class of fewer than five drives is told as 1, with how many there were."""
    parts = _drives(ENOUGH_DRIVES - 1, 1)

    fitted = fit_factors(parts)

    assert not fitted.enough.any()
    assert (fitted.factor == 1.0).all()
    primary = rules_of(fitted)[_PRIMARY]
    assert (primary["classes"], primary["factor"], primary["drives"]) == (["primary"], 1.0, 4)


def test_the_file_is_one_of_speed_factors(tmp_path: object) -> None:
    """What the service will read is what was fitted."""
    fitted = fit_factors(_drives(400, 1))

    table = SpeedTable.load(write_factors(fitted, "Asia/Shanghai", tmp_path / "new" / "s.json"))  # type: ignore[operator]

    assert table.time_zone == "Asia/Shanghai"
    tuesday_at_8 = 24 + 8
    learned = float(fitted.factor[_PRIMARY, _MORNING])
    assert table.factors[_PRIMARY, tuesday_at_8] == pytest.approx(learned, abs=5e-4)
    assert (table.factors[ROAD_CLASSES.index("motorway")] == 1.0).all()


def test_bands_hold_on_days_that_were_not_learned_from() -> None:
    """Nine of ten drives, and the errors are smaller than at free flow; 600 drives of 20 days."""
    parts = _drives(600, 5)
    day = np.repeat(np.arange(20), 30)

    others = predict_other_days(parts, day, np.ones((len(ROAD_CLASSES), 168)))

    assert others is not None
    assert others.days == 20
    # 0.9 within three standard errors of .0122.
    assert others.coverage == pytest.approx(0.9, abs=0.037)
    assert others.median_error(others.learned_s) < 0.12
    assert others.median_error(others.present_s) > 0.2


def test_one_day_is_not_split() -> None:
    """There is no other day to learn from."""
    parts = _drives(50, 5)

    assert predict_other_days(parts, np.zeros(50, dtype=np.int64), np.ones((16, 168))) is None
