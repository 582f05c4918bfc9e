"""What is made of a reading by a tracker's settings: its place in WGS 84, and whether it counts.

Pure. The house's own rules (`positions.fix_rules`) hold beside these: a tracker's filters can be
stricter, never laxer.
"""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import NamedTuple

from dispatch.positions.device_rules import Device
from dispatch.positions.device_rules import Heartbeat
from dispatch.positions.fix_rules import Fix
from dispatch.trackers.readings import Reading
from dispatch.trackers.states import MPS_PER
from dispatch.trackers.states import SpeedUnit
from dispatch.trackers.types import TrackerFilters
from geodata.crs.datum import Datum
from geodata.crs.datum import to_wgs84

NOWHERE = float("nan")
"""The longitude and latitude of a fix that has no place."""
FURTHEST_AHEAD = timedelta(days=2)


class Setup(NamedTuple):
    """How what a tracker sends is read."""

    tracker_id: int
    crew_id: int
    datum: Datum
    speed_unit: SpeedUnit
    filters: TrackerFilters


def report_of(reading: Reading, setup: Setup, now: datetime, history: timedelta) -> Fix | Heartbeat:
    """Return a reading as it is judged and stored.

    Parameters
    ----------
    reading
        As the device says it.
    setup
        The tracker's settings.
    now
        Our clock.
    history
        How long fixes are kept; one that is older is kept as of now, with the reason.
    """
    if reading.is_heartbeat:
        device = Device(setup.tracker_id, None, reading.charging)
        return Heartbeat(setup.crew_id, device, reading.battery_pct)
    refusal = reading.refusal or _refusal(reading, setup.filters, now)
    fixed_at = reading.fixed_at
    if not now - history <= fixed_at <= now + FURTHEST_AHEAD:
        refusal = refusal or ("future" if fixed_at > now else "past")
        fixed_at = now
    elif reading.place is None:
        fixed_at = now
    lon, lat = _in_wgs84(reading.place, setup.datum)
    filters = setup.filters
    return Fix(
        setup.crew_id,
        fixed_at.astimezone(UTC),
        lon,
        lat,
        reading.accuracy_m,
        _speed_mps(reading, setup.speed_unit),
        reading.heading_deg,
        reading.battery_pct,
        Device(
            setup.tracker_id,
            refusal,
            reading.charging,
            filters.fastest_mps,
            filters.near_m,
            filters.near_s,
        ),
    )


def _refusal(reading: Reading, filters: TrackerFilters, now: datetime) -> str | None:
    """Return why a tracker's filters refuse a reading; None if they do not."""
    age_s = (now - reading.fixed_at).total_seconds()
    if filters.past_s is not None and age_s > filters.past_s:
        return "past"
    if -age_s > filters.future_s:
        return "future"
    if filters.refuse_mock and reading.mock:
        return "mock"
    if filters.refuse_approximate and reading.approximate:
        return "approximate"
    if reading.accuracy_m is not None and reading.accuracy_m > filters.inaccurate_m:
        return "inaccurate"
    return None


def _in_wgs84(place: tuple[float, float] | None, datum: Datum) -> tuple[float, float]:
    if place is None:
        return NOWHERE, NOWHERE
    if datum is Datum.WGS84 or place == (0, 0):  # no fix, in any datum
        return place
    lon, lat = to_wgs84(*place, datum)
    return float(lon), float(lat)


def _speed_mps(reading: Reading, unit: SpeedUnit) -> float | None:
    if reading.speed_mps is not None:
        return reading.speed_mps
    return None if reading.speed is None else reading.speed * MPS_PER[unit]
