"""Calendars: opening hours, holidays, and weekends that are worked instead."""

import re
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.pledges.models import WorkCalendar
from dispatch.pledges.pledges_in_force import DEFAULT_CALENDAR
from dispatch.pledges.pledges_in_force import SHIPPED_CALENDAR
from dispatch.pledges.types import CalendarAnswer
from dispatch.pledges.types import CalendarsAnswer
from dispatch.pledges.types import SetCalendar
from dispatch.pledges.types import clock_words
from dispatch.pledges.types import minutes

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
Spans = list[list[int]]


class CalendarService:
    """Reads and sets calendars; clocks that run keep the hours that they were started by."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, time_zone: str) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._time_zone = time_zone

    def list(self, actor: Actor) -> CalendarsAnswer:
        """Return all calendars; the shipped one as long as nobody has set it."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            rows = session.scalars(select(WorkCalendar).order_by(WorkCalendar.code)).all()
        found = [_view(row) for row in rows]
        if all(each["code"] != DEFAULT_CALENDAR for each in found):
            found.insert(0, _shipped())
        return {"time_zone": self._time_zone, "calendars": found}

    def today(self) -> date:
        """Return the day at the desk."""
        return self._clock().astimezone(ZoneInfo(self._time_zone)).date()

    def set(self, actor: Actor, code: str, wanted: SetCalendar) -> CalendarAnswer:
        """Add a calendar or change it; the same once more changes nothing.

        Raises
        ------
        InvalidInput
            Naming the day whose hours cannot be taken.
        """
        actor.require(Permission.RULES_WRITE)
        if not _CODE.fullmatch(code):
            message = N_("must be small letters, digits and _, such as no_access")
            raise InvalidInput.one("code", message)
        weekly = [_spans(hours, f"weekly[{index}]") for index, hours in enumerate(wanted.weekly)]
        if not any(weekly):
            raise InvalidInput.one("weekly", N_("must open at least once a week"))
        exceptions = {
            _day(day): {"name": each.name, "hours": _spans(each.hours, f"exceptions[{day}]")}
            for day, each in sorted(wanted.exceptions.items())
        }
        now = self._clock()
        with self._work.writing() as session:
            row = session.get(WorkCalendar, code, with_for_update=True)
            if row is None:
                row = WorkCalendar(code=code, version=0)
                session.add(row)
            elif (row.name_en, row.name_zh, row.weekly, row.exceptions) == (
                *(wanted.name_en, wanted.name_zh, weekly, exceptions),
            ):
                return _view(row)
            row.name_en, row.name_zh = wanted.name_en, wanted.name_zh
            row.weekly, row.exceptions = weekly, exceptions
            row.version += 1
            row.updated_at, row.updated_by = now, actor.display_name
            session.flush()
            answer = _view(row)
            events.append(
                session, EventKind.CALENDAR_CHANGED, actor, at=now, data={"calendar": answer}
            )
        return answer


def _day(words: str) -> str:
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        name = f"exceptions[{words}]"
        raise InvalidInput.one(name, N_("must be a day such as 2026-01-31")) from None


def _spans(hours: list[list[str]], name: str) -> Spans:
    """Return opening hours in minutes; refuse those that overlap or end before they begin."""
    spans = [[minutes(begin), minutes(end)] for begin, end in hours]
    edges = [minute for span in spans for minute in span]
    if any(later <= earlier for earlier, later in spans) or edges != sorted(edges):
        raise InvalidInput.one(name, N_("must be hours in order, such as 08:00 to 12:00"))
    return spans


def _words(spans: Spans) -> list[list[str]]:
    return [[clock_words(minute) for minute in span] for span in spans]


def _view(row: WorkCalendar) -> CalendarAnswer:
    return {
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "weekly": [_words(hours) for hours in row.weekly],
        "exceptions": {
            day: {"name": each["name"], "hours": _words(each["hours"])}
            for day, each in row.exceptions.items()
        },
        "version": row.version,
        "updated_at": instant(row.updated_at),
        "updated_by": row.updated_by,
    }


def _shipped() -> CalendarAnswer:
    return {
        "code": DEFAULT_CALENDAR,
        "name_en": "Office hours",
        "name_zh": "工作时间",
        "weekly": [_words([list(span) for span in day]) for day in SHIPPED_CALENDAR.weekly],
        "exceptions": {},
        "version": 0,
        "updated_at": None,
        "updated_by": "",
    }
