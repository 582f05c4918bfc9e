"""A pledge as it was when a clock was started by it, and how that is stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from typing import Self

from dispatch.pledges.calendar_rules import Calendar
from dispatch.pledges.states import PauseReason
from dispatch.pledges.states import StartEvent
from dispatch.pledges.states import StopEvent


@dataclass(frozen=True, slots=True)
class FrozenRule:
    """A pledge as it was when a clock was started by it; no later edit reaches it.

    Attributes
    ----------
    series
        Of the pledges of one series with the same stop, one runs for an incident.
    limit_s
        How long it may take.
    warn_after_s
        After how much of it somebody is to be warned.
    opening
        The hours that count; None: all of them.
    time_zone
        IANA name of the zone whose hours they are.
    """

    pledge_id: int
    version: int
    code: str
    name_en: str
    name_zh: str
    series: str
    start: StartEvent
    stop: StopEvent
    limit_s: float
    warn_after_s: float
    target_share: float | None
    pauses: tuple[PauseReason, ...]
    opening: Calendar | None
    time_zone: str
    source: str
    example: bool

    @property
    def goal(self) -> tuple[str, str]:
        """What it competes for: one clock runs for each."""
        return self.stop.value, self.series

    def to_json(self) -> dict[str, Any]:
        """Return what is stored with a clock and in the log."""
        plain = {
            name: getattr(self, name)
            for name in ("pledge_id", "version", "code", "name_en", "name_zh", "series")
        }
        return {
            **plain,
            "start": self.start.value,
            "stop": self.stop.value,
            "limit_s": self.limit_s,
            "warn_after_s": self.warn_after_s,
            "target_share": self.target_share,
            "pauses": [each.value for each in self.pauses],
            "opening": None if self.opening is None else calendar_to_json(self.opening),
            "time_zone": self.time_zone,
            "source": self.source,
            "example": self.example,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what `to_json` stored."""
        opening = stored["opening"]
        return cls(
            **{
                **stored,
                "start": StartEvent(stored["start"]),
                "stop": StopEvent(stored["stop"]),
                "pauses": tuple(PauseReason(each) for each in stored["pauses"]),
                "opening": None if opening is None else calendar_from_json(opening),
            }
        )


def calendar_to_json(calendar: Calendar) -> dict[str, Any]:
    """Return a calendar as it is stored."""
    return {
        "weekly": [[list(each) for each in hours] for hours in calendar.weekly],
        "exceptions": {
            day.isoformat(): [list(each) for each in hours]
            for day, hours in sorted(calendar.exceptions.items())
        },
    }


def calendar_from_json(stored: Mapping[str, Any]) -> Calendar:
    """Return what `calendar_to_json` stored."""
    return Calendar(
        tuple(tuple((a, b) for a, b in hours) for hours in stored["weekly"]),
        {
            date.fromisoformat(day): tuple((a, b) for a, b in hours)
            for day, hours in stored["exceptions"].items()
        },
    )
