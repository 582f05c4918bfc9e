"""Where fewer crews are planned than there should be. Pure rules."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from datetime import date
from datetime import datetime
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dispatch.pledges.calendar_rules import wall_instant

Span = tuple[datetime, datetime]
CrewShift = tuple[int, datetime, datetime]
"""Crew, beginning and end."""


class Gap(NamedTuple):
    """A time in which too few crews are planned; ``have`` of them all the time."""

    begins_at: datetime
    ends_at: datetime
    have: int


def gaps(required: Iterable[Span], shifts: Iterable[CrewShift], least: int) -> list[Gap]:
    """Return when fewer than ``least`` crews are planned, of the times at which so many should be.

    Parameters
    ----------
    required
        When; in any order, overlaps count once.
    shifts
        Those of the crews that count.
    least
        How many there should be.

    Returns
    -------
    gaps
        In order; two that meet have different numbers of crews.
    """
    planned = list(shifts)
    found: list[Gap] = []
    for begins_at, ends_at in merged(required):
        near = [each for each in planned if each[1] < ends_at and each[2] > begins_at]
        edges = {begins_at, ends_at}
        edges.update(edge for _, *both in near for edge in both if begins_at < edge < ends_at)
        ordered = sorted(edges)
        for low, high in pairwise(ordered):
            have = len({crew_id for crew_id, b, e in near if b <= low and e >= high})
            if have < least:
                _add(found, Gap(low, high, have))
    return found


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return times in order, those that overlap or meet as one."""
    joined: list[Span] = []
    for begins_at, ends_at in sorted(spans):
        if joined and begins_at <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends_at)
        else:
            joined.append((begins_at, ends_at))
    return joined


def _add(found: list[Gap], gap: Gap) -> None:
    last = found[-1] if found else None
    if last and last.ends_at == gap.begins_at and last.have == gap.have:
        found[-1] = last._replace(ends_at=gap.ends_at)
    else:
        found.append(gap)


class Staff(NamedTuple):
    """A crew as far as it counts for a rule."""

    crew_id: int
    station_id: int | None
    zone_ids: Collection[int]
    unit_id: int = 0


def counts(crew: Staff, *, station_id: int | None, zone_id: int | None) -> bool:
    """Return whether a crew counts for a rule's area."""
    if station_id is not None and crew.station_id != station_id:
        return False
    return zone_id is None or zone_id in crew.zone_ids


def able_parts(
    shifts: Iterable[CrewShift], zone: ZoneInfo, is_able: Callable[[int, date], bool]
) -> Iterator[CrewShift]:
    """Yield those parts of shifts that lie on days on which their crew can do something.

    Tickets begin and end at midnight: of a night shift the half after it may be without.
    """
    for crew_id, begins_at, ends_at in shifts:
        low = begins_at
        while low < ends_at:
            day = low.astimezone(zone).date()
            high = min(ends_at, wall_instant(day + timedelta(days=1), 0, zone, last=False))
            if is_able(crew_id, day):
                yield crew_id, low, high
            low = high
