"""Times of one day at one place: seconds from its beginning, and the texts for them."""

import re
from dataclasses import dataclass
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from zoneinfo import ZoneInfo

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_MOST_HOURS = 48  # a night shift ends at 30:00


@dataclass(frozen=True, slots=True)
class DayClock:
    """A day in a time zone; on the two days a year that are longer or shorter, hours still fit."""

    day: date
    zone: ZoneInfo

    @property
    def midnight_at(self) -> datetime:
        """The day's beginning, UTC."""
        return datetime.combine(self.day, time(), self.zone).astimezone(UTC)

    def seconds(self, text: str) -> int:
        """Return the second of the day of ``HH:MM``, or of an ISO 8601 time.

        Hours up to 48 are of the next day, for night shifts; an ISO time without an offset is by
        the local clock.

        Raises
        ------
        ValueError
            If it is neither.
        """
        clock = _CLOCK.fullmatch(text.strip())
        if clock is None:
            moment = datetime.fromisoformat(text.strip())
        else:
            hours, minutes, seconds = (int(part or 0) for part in clock.groups())
            if hours > _MOST_HOURS or max(minutes, seconds) >= 60:  # noqa: PLR2004 - minutes
                message = f"{text} is no time"
                raise ValueError(message)
            wall = timedelta(hours=hours, minutes=minutes, seconds=seconds)
            moment = datetime.combine(self.day, time()) + wall
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self.zone)
        return round((moment.astimezone(UTC) - self.midnight_at).total_seconds())

    def text(self, second: float) -> str:
        """Return ``HH:MM`` by the local clock, whole minutes, with ``+1`` on the next day."""
        moment = (self.midnight_at + timedelta(seconds=second)).astimezone(self.zone)
        later = (moment.date() - self.day).days
        return f"{moment:%H:%M}" + (f" +{later}" if later else "")
