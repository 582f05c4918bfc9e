"""Which fixes can be used: the rules, without a database.

A refused fix is kept with its reason. An *older* fix is fine for the track, and the database
never lets it replace a newer one; it says so with ``outdated``.
"""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta

from geodata.crs.great_circle import distance_m

MOST_AHEAD = timedelta(seconds=60)
LEAST_ACCURATE_M = 500.0
FASTEST_MPS = 70.0
LONGEST_SUSPICION_S = 120.0
OUTDATED = "outdated"
_JITTER_M = 200.0


@dataclass(frozen=True, slots=True)
class Fix:
    """One position report of a crew's device, WGS 84, longitude first."""

    crew_id: int
    fixed_at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    battery_pct: float | None = None

    @property
    def order(self) -> tuple[int, datetime]:
        """Crews one after the other, each crew's fixes in time."""
        return self.crew_id, self.fixed_at


@dataclass(frozen=True, slots=True)
class Known:
    """A crew that exists, and its latest usable fix if it has one."""

    latest: Fix | None


def refusal(fix: Fix, latest: Fix | None, now: datetime) -> str | None:
    """Return why a fix cannot become the crew's position; None if it can.

    Parameters
    ----------
    fix
        The new report.
    latest
        The crew's latest usable fix.
    now
        Our clock, which devices' clocks are judged by.
    """
    alone = _refusal_alone(fix, now)
    if alone is not None or latest is None:
        return alone
    if fix.fixed_at <= latest.fixed_at:
        return OUTDATED
    elapsed_s = (fix.fixed_at - latest.fixed_at).total_seconds()
    # After a longer silence anything goes: else one wrong fix would refuse all right ones after.
    jump_m = FASTEST_MPS * elapsed_s + _JITTER_M
    moved_m = distance_m((latest.lon, latest.lat), (fix.lon, fix.lat))
    if elapsed_s <= LONGEST_SUSPICION_S and moved_m > jump_m:
        return "impossible_speed"
    return None


def _refusal_alone(fix: Fix, now: datetime) -> str | None:
    """Return what is wrong with a fix whatever came before it."""
    if fix.fixed_at > now + MOST_AHEAD:
        return "future"
    if fix.lon == 0 and fix.lat == 0:
        return "zero"
    if fix.accuracy_m is not None and fix.accuracy_m > LEAST_ACCURATE_M:
        return "inaccurate"
    return None
