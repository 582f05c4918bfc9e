"""Which fixes can be used: the rules, without a database.

A refused fix is kept with its reason. An *older* fix is fine for the track, and the database
never lets it replace a newer one; it says so with ``outdated``.

A fix is judged by itself first: its time, its accuracy, whether it lies on or around the ground in
use. Then by the crew's latest usable one: a crew does not fly. But the latest may itself be what
was wrong, and would make everything right look impossible. So a doubted fix is remembered, and the
next one that agrees with it takes the latest one's place: two against one.
"""

import math
from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta
from typing import NamedTuple

from dispatch.positions.device_rules import FASTEST_MPS
from dispatch.positions.device_rules import Device
from dispatch.positions.device_rules import hands_over
from dispatch.positions.device_rules import too_near
from geodata.crs.great_circle import EARTH_RADIUS_M
from geodata.crs.great_circle import distance_m

MOST_AHEAD = timedelta(seconds=60)
"""How far a device's clock may be ahead of ours; its fix then counts from now."""
LEAST_ACCURATE_M = 500.0
LONGEST_SUSPICION_S = 120.0
AROUND_GROUND_M = 100_000.0
"""How far outside the ground's bounds a crew may be: at a supplier's, or lent to the next city.

Swapped coordinates are thousands of kilometres off nearly everywhere.
"""
OUTDATED = "outdated"
IMPOSSIBLE = "impossible_speed"
OTHER_DEVICE = "other_device"
TOO_NEAR = "too_near"
_JITTER_M = 200.0
# 0.001 degrees each way are 157 m at most, less than what jitter alone explains.
_SURELY_NEAR_DEG = 0.001
_DEGREE_M = math.radians(EARTH_RADIUS_M)
_POLE_DEG = 89.0

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, WGS 84."""


class Fix(NamedTuple):
    """One position report of a crew's device, its time in UTC; WGS 84, longitude first.

    A tuple, because ten thousand are made each second: a frozen dataclass takes four times as long.
    """

    crew_id: int
    fixed_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    battery_pct: float | None = None
    device: Device | None = None
    """Which tracker it is of; None for the crew's own page, or a program."""

    @property
    def tracker_id(self) -> int | None:
        """Which tracker it is of."""
        return None if self.device is None else self.device.tracker_id

    @property
    def order(self) -> tuple[int, datetime]:
        """Crews one after the other, each crew's fixes in time."""
        return self.crew_id, self.fixed_at


class Known(NamedTuple):
    """A crew that exists, its latest usable fix, and the newest one doubted since."""

    latest: Fix | None
    doubted: Fix | None = None


def refusals(
    fixes: Iterable[Fix], known: Known, now: datetime, around: Bounds | None = None
) -> list[str | None]:
    """Return why each fix of one crew cannot become its position; None where it can.

    Parameters
    ----------
    fixes
        The crew's new reports, in time.
    known
        What is known of the crew so far.
    now
        Our clock, which devices' clocks are judged by.
    around
        Where crews can be, see `surroundings`; None where there is no ground yet.
    """
    found: list[str | None] = []
    latest, doubted = known
    for fix in fixes:
        why = refusal(fix, latest, now, around)
        if why == IMPOSSIBLE and (doubted is None or fix.fixed_at > doubted.fixed_at):
            if doubted is not None and _in_reach(fix, doubted):
                why = None
            doubted = fix
        if why is None:
            latest, doubted = fix, None
        found.append(why)
    return found


def refusal(
    fix: Fix, latest: Fix | None, now: datetime, around: Bounds | None = None
) -> str | None:
    """Return why a fix cannot follow the crew's latest usable one; None if it can."""
    alone = _refusal_alone(fix, now, around)
    if alone is not None or latest is None:
        return alone
    elapsed_s = (fix.fixed_at - latest.fixed_at).total_seconds()
    same = fix.tracker_id == latest.tracker_id
    if not same and not hands_over(elapsed_s, latest.accuracy_m, fix.accuracy_m):
        return OTHER_DEVICE
    if elapsed_s <= 0:
        return OUTDATED
    if not _in_reach(fix, latest):
        return IMPOSSIBLE
    if same and fix.device is not None and too_near(fix.device, elapsed_s, _apart_m(fix, latest)):
        return TOO_NEAR
    return None


def surroundings(ground: Bounds) -> Bounds:
    """Return the bounds of a ground, widened by `AROUND_GROUND_M`."""
    west, south, east, north = ground
    up = AROUND_GROUND_M / _DEGREE_M
    furthest_deg = min(max(abs(south - up), abs(north + up)), _POLE_DEG)
    across = up / math.cos(math.radians(furthest_deg))
    return west - across, south - up, east + across, north + up


def _refusal_alone(fix: Fix, now: datetime, around: Bounds | None) -> str | None:
    """Return what is wrong with a fix whatever came before it."""
    if fix.device is not None and fix.device.refusal is not None:
        return fix.device.refusal
    if fix.fixed_at > now + MOST_AHEAD:
        return "future"
    if fix.lon == 0 and fix.lat == 0:
        return "zero"
    if fix.accuracy_m is not None and fix.accuracy_m > LEAST_ACCURATE_M:
        return "inaccurate"
    if around is not None and not _inside(around, fix.lon, fix.lat):
        return "outside_ground"
    return None


def _inside(bounds: Bounds, lon: float, lat: float) -> bool:
    """Tell whether a place is inside bounds, which may reach across the date line."""
    west, south, east, north = bounds
    if not south <= lat <= north:
        return False
    return west <= lon <= east or west <= lon - 360 <= east or west <= lon + 360 <= east


def _in_reach(fix: Fix, former: Fix) -> bool:
    """Tell whether a crew can have come from a former fix to a newer one."""
    if (
        abs(fix.lat - former.lat) <= _SURELY_NEAR_DEG
        and abs(fix.lon - former.lon) <= _SURELY_NEAR_DEG
    ):
        return True
    elapsed_s = (fix.fixed_at - former.fixed_at).total_seconds()
    # After a longer silence anything goes: nobody knows where it was meanwhile.
    if elapsed_s > LONGEST_SUSPICION_S:
        return True
    fastest_mps = FASTEST_MPS if fix.device is None else fix.device.fastest_mps
    return _apart_m(fix, former) <= fastest_mps * elapsed_s + _JITTER_M


def _apart_m(fix: Fix, former: Fix) -> float:
    return distance_m((former.lon, former.lat), (fix.lon, fix.lat))
