"""What a crew can do on a day, and when that changes. Pure rules.

A day is a local one, and every period has its first and its last day, both included.
"""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.skills.states import Ended

_A_DAY = timedelta(days=1)


class Lapse(NamedTuple):
    """Why a crew lacks a skill that it had: the last valid day, or the day of the withdrawal."""

    how: Ended
    day: date


class Holding(NamedTuple):
    """A ticket of somebody who is, was or will be in the crew.

    ``valid_until`` and ``member_until`` are None where no end is known. A withdrawn ticket does not
    count on any day: whatever it gave ended at once.
    """

    ticket_id: int
    person_id: int
    skill: str
    member_from: date
    member_until: date | None
    valid_from: date
    valid_until: date | None
    withdrawn_on: date | None = None
    warned: bool = False

    def is_member(self, day: date) -> bool:
        """Return whether its holder is in the crew on a day."""
        return _covers(self.member_from, self.member_until, day)

    def counts(self, day: date) -> bool:
        """Return whether it gives the crew its skill on a day."""
        valid = self.withdrawn_on is None and _covers(self.valid_from, self.valid_until, day)
        return valid and self.is_member(day)

    def lapse(self, day: date) -> Lapse | None:
        """Return how it ceased to count before a day; None if it did not."""
        if self.withdrawn_on is not None:
            return Lapse(Ended.WITHDRAWN, self.withdrawn_on)
        if self.valid_until is not None and self.valid_until < day:
            return Lapse(Ended.EXPIRED, self.valid_until)
        return None


def effective_skills(own: Iterable[str], holdings: Iterable[Holding], day: date) -> list[str]:
    """Return what a crew can do on a day: its own skills, then those of valid tickets by code."""
    return list(dict.fromkeys([*own, *sorted(each.skill for each in holdings if each.counts(day))]))


def lapsed_skills(own: Collection[str], holdings: Sequence[Holding], day: date) -> dict[str, Lapse]:
    """Return skills that a crew lacks because tickets ended, with the last one's end.

    Only tickets of present members: who has left did not let the crew's ticket expire.
    """
    has = set(effective_skills(own, holdings, day))
    lapsed: dict[str, Lapse] = {}
    for each in holdings:
        lapse = each.lapse(day)
        if lapse is None or each.skill in has or not each.is_member(day):
            continue
        lapsed[each.skill] = max(lapse, lapsed.get(each.skill, lapse), key=lambda one: one.day)
    return lapsed


def expiring(holdings: Sequence[Holding], day: date, warning: timedelta) -> list[Holding]:
    """Return the tickets of present members to be warned of on a day, the first to expire first.

    Not one that the same person has a later ticket for: it is renewed already.
    """
    found = [
        each
        for each in holdings
        if each.counts(day)
        and each.valid_until is not None
        and each.valid_until - warning <= day
        and not _is_renewed(each, holdings)
    ]
    return sorted(found, key=lambda each: (each.valid_until or date.max, each.ticket_id))


def next_change(holdings: Sequence[Holding], day: date, warning: timedelta) -> date | None:
    """Return the next day at which anything of the above may be another; None if never."""
    later = (each for holding in holdings for each in _boundaries(holding, warning))
    return min((each for each in later if each > day), default=None)


def local_day(now: datetime, zone: ZoneInfo) -> date:
    """Return the local day of an instant."""
    return now.astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a local day begins, also where the clock skips midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _boundaries(holding: Holding, warning: timedelta) -> Iterator[date]:
    yield holding.member_from
    yield holding.valid_from
    if holding.member_until is not None:
        yield holding.member_until + _A_DAY
    if holding.valid_until is not None:
        yield holding.valid_until + _A_DAY
        yield holding.valid_until - warning


def _is_renewed(ticket: Holding, holdings: Iterable[Holding]) -> bool:
    """Return whether the same person has a later ticket that joins on to this one."""
    end = ticket.valid_until
    return end is not None and any(
        each.person_id == ticket.person_id
        and each.skill == ticket.skill
        and each.withdrawn_on is None
        and each.ticket_id != ticket.ticket_id
        and each.valid_from <= end + _A_DAY
        and (each.valid_until is None or each.valid_until > end)
        for each in holdings
    )


def _covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)
