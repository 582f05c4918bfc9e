"""What becomes of readings by a tracker's settings: datum, units, filters."""

from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from dispatch.positions.device_rules import Device
from dispatch.positions.device_rules import Heartbeat
from dispatch.positions.device_rules import hands_over
from dispatch.positions.device_rules import too_near
from dispatch.positions.fix_rules import OTHER_DEVICE
from dispatch.positions.fix_rules import Fix
from dispatch.positions.fix_rules import refusal
from dispatch.trackers.filters import Setup
from dispatch.trackers.filters import report_of
from dispatch.trackers.readings import Reading
from dispatch.trackers.states import SpeedUnit
from dispatch.trackers.types import TrackerFilters
from geodata.crs.datum import Datum
from geodata.crs.datum import from_wgs84

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HISTORY = timedelta(days=30)
PLACE = (7.42, 43.74)
HERE = Reading(NOW, place=PLACE)


def made(
    reading: Reading,
    *,
    datum: Datum = Datum.WGS84,
    unit: SpeedUnit = SpeedUnit.KNOTS,
    **filters: Any,  # noqa: ANN401  (of the filters)
) -> Fix:
    """Return what becomes of a reading that has a place, or a wrong one."""
    setup = Setup(5, 1, datum, unit, TrackerFilters(**filters))
    report = report_of(reading, setup, NOW, HISTORY)
    assert isinstance(report, Fix)
    return report


def why(reading: Reading, **filters: Any) -> str | None:  # noqa: ANN401  (of the filters)
    """Return why a reading is refused by its tracker's filters."""
    device = made(reading, **filters).device
    assert device is not None
    return device.refusal


@pytest.mark.parametrize("datum", list(Datum))
def test_a_place_in_a_shifted_datum_is_stored_in_wgs_84(datum: Datum) -> None:
    """Tian'anmen: the maps' datums lie 500 m and 1 km beside it."""
    lon, lat = 116.3975, 39.9087
    shifted = from_wgs84(lon, lat, datum)
    there = (float(shifted[0]), float(shifted[1]))

    fix = made(Reading(NOW, place=there), datum=datum)

    assert (fix.lon, fix.lat) == pytest.approx((lon, lat), abs=1e-8)
    assert (there == (lon, lat)) is (datum is Datum.WGS84)


@pytest.mark.parametrize(
    ("unit", "speed", "expected_mps"),
    [
        (SpeedUnit.KNOTS, 10, 5.14444),  # 1 852 m x 10 / 3 600 s
        (SpeedUnit.MPS, 10, 10),
        (SpeedUnit.KMH, 36, 10),
    ],
)
def test_speeds_are_metres_a_second_whatever_a_device_says_them_in(
    unit: SpeedUnit, speed: float, expected_mps: float
) -> None:
    """Where a protocol names the unit itself, a device's setting does not count."""
    plain = made(replace(HERE, speed=speed), unit=unit)
    named = made(replace(HERE, speed_mps=7.0), unit=unit)

    assert plain.speed_mps == pytest.approx(expected_mps, abs=1e-4)
    assert named.speed_mps == 7


def test_each_filter_refuses_what_it_is_for_and_nothing_else() -> None:
    """A minute old, 80 m accurate, made up by a program, from masts only."""
    old = replace(HERE, fixed_at=NOW - timedelta(seconds=60))
    poor = replace(HERE, accuracy_m=80)
    made_up, rough = replace(HERE, mock=True), replace(HERE, approximate=True)

    assert why(old) is why(poor) is None
    assert why(old, past_s=59) == "past"
    assert why(poor, inaccurate_m=79) == "inaccurate"
    assert why(made_up) == "mock"
    assert why(made_up, refuse_mock=False) is None
    assert why(rough) == "approximate"
    assert why(rough, refuse_approximate=False) is None
    assert why(replace(HERE, fixed_at=NOW + timedelta(seconds=20)), future_s=10) == "future"
    assert why(Reading(NOW, refusal="invalid")) == "invalid"


@pytest.mark.parametrize(("days", "reason"), [(-400, "past"), (400, "future")])
def test_a_fix_of_another_year_is_kept_as_of_now(days: int, reason: str) -> None:
    """Its own day has no partition, and needs none."""
    fix = made(replace(HERE, fixed_at=NOW + timedelta(days=days)))

    assert fix.fixed_at == NOW
    assert fix.device is not None
    assert fix.device.refusal == reason


def test_a_reading_without_any_place_is_a_heartbeat() -> None:
    """Its battery counts."""
    setup = Setup(5, 1, Datum.WGS84, SpeedUnit.KNOTS, TrackerFilters())

    report = report_of(Reading(NOW, battery_pct=40, charging=True), setup, NOW, HISTORY)

    assert isinstance(report, Heartbeat)
    assert (report.battery_pct, report.device.charging) == (40, True)


@pytest.mark.parametrize(
    ("elapsed_s", "holder_m", "other_m", "expected"),
    [
        (10, 5, 5, False),
        (10, None, 5, False),
        (10, 100, 40, True),  # clearly better
        (10, 100, 60, False),
        (10, 25, 5, False),  # good enough as it is
        (-10, 100, 5, False),
        (46, 5, 50, True),  # silent
        (-46, 5, 50, True),  # from before
    ],
)
def test_a_device_says_where_its_crew_is_until_it_is_silent_or_clearly_worse(
    elapsed_s: float, holder_m: float | None, other_m: float | None, *, expected: bool
) -> None:
    """So two phones never have a crew jump between them."""
    assert hands_over(elapsed_s, holder_m, other_m) is expected


def test_a_second_phone_left_at_the_depot_does_not_move_the_crew() -> None:
    """Its fix is kept, with the reason."""
    driving = Fix(1, NOW, *PLACE, accuracy_m=10, device=Device(1))
    at_depot = Fix(1, NOW + timedelta(seconds=5), 7.40, 43.73, accuracy_m=10, device=Device(2))
    next_one = driving._replace(fixed_at=NOW + timedelta(seconds=10))

    assert refusal(at_depot, driving, NOW) == OTHER_DEVICE
    assert refusal(next_one, driving, NOW) is None


def test_what_is_nearer_than_wanted_counts_after_five_minutes_anyway() -> None:
    """In time or in place; a crew that stands is heard all the same."""
    device = Device(1, near_m=20, near_s=5)

    assert too_near(device, 4, 100)
    assert too_near(device, 60, 19)
    assert not too_near(device, 60, 21)
    assert not too_near(device, 300, 0)
