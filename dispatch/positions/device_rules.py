"""Rules of crews' devices: which of several counts, what is too near, when a crew stands. Pure.

Two phones of one crew are never in quite the same place, and one of them may have been left at the
depot. So one device at a time says where the crew is, and keeps saying it: another takes over once
that one has been silent for `HAND_OVER_S`, or if it is clearly more accurate.
"""

from collections.abc import Sequence
from datetime import datetime
from datetime import timedelta
from typing import NamedTuple

FASTEST_MPS = 70.0
MOVING_MPS = 2.0
"""From this speed on a crew drives; standing still, receivers show up to half of it."""
REST_RADIUS_M = 50.0
"""So far from where it stopped a crew has moved, whatever speed its device tells, or none."""
HAND_OVER_S = 45.0
_POOR_M = 30.0
_CLEARLY = 0.5
NEAR_AT_MOST_S = 300.0
"""After so long a fix counts, however near it is to the one before."""
_DUTY_SLACK = timedelta(seconds=60)
"""By how much a device's clock may differ where it is asked whether a crew was on duty."""
OFF_DUTY = "off_duty"


class Device(NamedTuple):
    """A tracker that a fix comes from, and what is known of the fix by the tracker's own rules.

    ``refusal`` is why it cannot be used whatever else holds; ``fastest_mps``, ``near_m`` and
    ``near_s`` are the tracker's own limits, the last two 0 where everything counts.
    """

    tracker_id: int
    refusal: str | None = None
    charging: bool | None = None
    fastest_mps: float = FASTEST_MPS
    near_m: float = 0.0
    near_s: float = 0.0


class Heartbeat(NamedTuple):
    """A tracker was heard, without any place: it lives, and nothing says that its crew moved."""

    crew_id: int
    device: Device
    battery_pct: float | None = None

    @property
    def tracker_id(self) -> int:
        """Which tracker was heard."""
        return self.device.tracker_id


class OnDuty(NamedTuple):
    """Whether a crew is on duty now, and since when; None: longer than is known."""

    now: bool
    since: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Tell whether the present spell on duty covers an instant by a device's clock."""
        return self.now and (self.since is None or at >= self.since - _DUTY_SLACK)


def was_on_duty(spells: Sequence[tuple[datetime, datetime]], at: datetime) -> bool:
    """Tell whether any spell, from and until when, covers an instant by a device's clock."""
    return any(began - _DUTY_SLACK <= at <= ended + _DUTY_SLACK for began, ended in spells)


def hands_over(elapsed_s: float, holder_m: float | None, other_m: float | None) -> bool:
    """Tell whether a fix of another device counts beside the one that says where the crew is.

    Parameters
    ----------
    elapsed_s
        By how much it is newer than that one's latest; negative if older.
    holder_m, other_m
        How accurate the two say that they are; None where they do not.

    Returns
    -------
    counts
        True also of fixes from long before: they fill a track where the other was silent.
    """
    if abs(elapsed_s) > HAND_OVER_S:
        return True
    if holder_m is None or other_m is None or elapsed_s <= 0:
        return False
    return holder_m > _POOR_M and other_m <= holder_m * _CLEARLY


def too_near(device: Device, elapsed_s: float, apart_m: float) -> bool:
    """Tell whether a fix is nearer to the one before, in time or in place, than its device wants.

    A crew that stands is heard all the same: that it stands is what it says.
    """
    if elapsed_s >= NEAR_AT_MOST_S:
        return False
    return elapsed_s < device.near_s or apart_m < device.near_m
