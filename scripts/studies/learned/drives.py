"""Drives of the past: what was predicted, what it took, and on roads of which classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from geodata.roads.types import ROAD_CLASSES
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray

HOURS_OF_DAY = 24


@dataclass(frozen=True, eq=False)
class Parts:
    """Parts of drives on which the time was taken: whole drives, or what was driven on one class.

    Attributes
    ----------
    drive
        Which drive each is part of, rising, shape ``(k,)``.
    hour_of_week
        0 is Monday 00:00 local time, shape ``(k,)``.
    free_s
        Time of driving at free flow by road class, shape ``(k, 16)``.
    fixed_s
        Time that no factor of speed changes: turns and walks, shape ``(k,)``.
    actual_s
        Time that it took, shape ``(k,)``.
    """

    drive: IntArray
    hour_of_week: IntArray
    free_s: FloatArray
    fixed_s: FloatArray
    actual_s: FloatArray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.drive)


@dataclass(frozen=True, eq=False)
class Drives:
    """Drives, each with what was predicted when it began.

    Attributes
    ----------
    names
        Of each.
    departed_at
        Aware.
    predicted_s, actual_s
        From departing to arriving, shape ``(n,)``.
    parts
        What factors can be learned from; a drive may have none.
    time_zone
        IANA name of the zone that hours and days are counted in.
    left_out
        Rows of the input that are not among the drives.
    """

    names: Sequence[str]
    departed_at: Sequence[datetime]
    predicted_s: FloatArray
    actual_s: FloatArray
    parts: Parts
    time_zone: str
    left_out: Sequence[LeftOut] = ()
    whole: bool = False
    """Whether each drive is one part, from departing to arriving."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.names)

    def hours_of_week(self) -> IntArray:
        """Return the hour of the week in which each began, shape ``(n,)``."""
        return np.array([hour_of_week(at, ZoneInfo(self.time_zone)) for at in self.departed_at])

    def days(self) -> IntArray:
        """Return the local day on which each began, days from any day on, shape ``(n,)``."""
        zone = ZoneInfo(self.time_zone)
        return np.array([at.astimezone(zone).toordinal() for at in self.departed_at])

    def main_class(self) -> IntArray:
        """Return the class that most of the time was spent on; -1 where none is known."""
        free_s = np.zeros((len(self), len(ROAD_CLASSES)))
        np.add.at(free_s, self.parts.drive, self.parts.free_s)
        return np.where(free_s.sum(axis=1) > 0.0, free_s.argmax(axis=1), -1)


def hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    """Return which of the 168 hours an instant lies in; 0 is Monday 00:00 local time."""
    local = at.astimezone(zone)
    return local.weekday() * HOURS_OF_DAY + local.hour
