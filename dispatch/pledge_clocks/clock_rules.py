"""A clock: what follows from its frozen rule, its start, pauses and stop. Pure rules.

Nothing here asks what time it is or what a rule says today. Both the stored verdict and the one
that is computed again from the log (`dispatch.pledge_clocks.log_replay`) come from these functions.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from typing import Any
from typing import Self
from zoneinfo import ZoneInfo

from dispatch.pledge_clocks.states import ClockVerdict
from dispatch.pledges.calendar_rules import after_open_s
from dispatch.pledges.calendar_rules import open_s
from dispatch.pledges.frozen_rule import FrozenRule


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that does not count; still lasting if it has no end."""

    begin: datetime
    end: datetime | None
    reason: str
    by: str

    def to_json(self) -> dict[str, Any]:
        """Return what is stored with a clock."""
        return {
            "begin": self.begin.astimezone(UTC).isoformat(),
            "end": None if self.end is None else self.end.astimezone(UTC).isoformat(),
            "reason": self.reason,
            "by": self.by,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return what `to_json` stored."""
        end = stored["end"]
        return cls(
            datetime.fromisoformat(stored["begin"]),
            None if end is None else datetime.fromisoformat(end),
            stored["reason"],
            stored["by"],
        )


@dataclass(frozen=True, slots=True)
class Course:
    """What a clock has gone through: its rule, when it started and when it stood still.

    Pauses are in order and apart; only the last may still last.
    """

    rule: FrozenRule
    started_at: datetime
    pauses: Sequence[Pause] = ()

    @property
    def is_paused(self) -> bool:
        """Whether it stands still now."""
        return bool(self.pauses) and self.pauses[-1].end is None

    def used_s(self, until: datetime) -> float:
        """Return how many seconds have counted until an instant."""
        return sum(
            self._open_s(begin, until if end is None else min(end, until))
            for begin, end in self._running()
        )

    def reached_at(self, seconds: float) -> datetime | None:
        """Return when so many seconds have counted; None if it stands still before."""
        left_s = seconds
        for begin, end in self._running():
            if end is None:
                return after_open_s(self.rule.opening, self._zone, begin, left_s)
            here_s = self._open_s(begin, end)
            if here_s >= left_s:
                return after_open_s(self.rule.opening, self._zone, begin, left_s)
            left_s -= here_s
        return None

    @property
    def due_at(self) -> datetime | None:
        """When the limit is reached; None while it stands still."""
        return self.reached_at(self.rule.limit_s)

    @property
    def warn_at(self) -> datetime | None:
        """When somebody is to be warned; None while it stands still."""
        return self.reached_at(self.rule.warn_after_s)

    def remaining_s(self, at: datetime) -> float:
        """Return what is left at an instant; negative when it is too late."""
        return self.rule.limit_s - self.used_s(at)

    def verdict(self, stopped_at: datetime) -> ClockVerdict:
        """Return whether a clock that stopped at an instant was in time; on the second it was."""
        late = self.used_s(stopped_at) > self.rule.limit_s
        return ClockVerdict.BREACHED if late else ClockVerdict.KEPT

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.rule.time_zone)

    def _open_s(self, begin: datetime, end: datetime) -> float:
        return open_s(self.rule.opening, self._zone, begin, end)

    def _running(self) -> Iterator[tuple[datetime, datetime | None]]:
        """Yield the stretches in which it ran; the last without an end, unless it is paused."""
        begin = self.started_at
        for pause in self.pauses:
            if pause.begin > begin:
                yield begin, pause.begin
            if pause.end is None:
                return
            begin = max(begin, pause.end)
        yield begin, None
