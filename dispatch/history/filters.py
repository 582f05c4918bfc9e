"""The filters of the history as conditions of SQL."""

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlalchemy import Select
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.core.limits import LARGEST_ID
from dispatch.core.sql_expressions import one_of
from dispatch.history.types import ENDED
from dispatch.history.types import HistoryFilters
from dispatch.incidents.models import Incident
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.states import ClockVerdict

LOOKED_THROUGH = 50_000
"""Incidents that one request looks through: what is rare takes more requests, none takes long."""
_SAME_MOMENT = 1_000
"""By how much ids and times may disagree."""


def _day_begins(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant at which a local day begins."""
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which incidents one request looks through: ``first_id <= id < before_id``."""

    first_id: int
    before_id: int
    is_last: bool
    """Whether nothing older can pass the filters."""


def stretch(
    session: Session, filters: HistoryFilters, before_id: int, zone: ZoneInfo
) -> Stretch | None:
    """Return the next stretch below a number; None if nothing is there.

    Ids rise as incidents are made, but for those made in the same moment: a period is entered at
    its end and left at its beginning by the index on times, never by walking there.
    """
    floor = 0
    begin, end = _period(filters, zone)
    if end is not None:
        query = select(Incident.id).where(Incident.created_at < end)
        last = session.scalar(query.order_by(Incident.created_at.desc()).limit(1))
        before_id = min(before_id, 0 if last is None else last + _SAME_MOMENT)
    if begin is not None:
        query = select(Incident.id).where(Incident.created_at >= begin)
        first = session.scalar(query.order_by(Incident.created_at).limit(1))
        floor = LARGEST_ID if first is None else max(0, first - _SAME_MOMENT)
    if filters.number is not None:
        before_id, floor = min(before_id, filters.number + 1), max(floor, filters.number)
    inside = (
        select(Incident.id)
        .where(Incident.id < before_id, Incident.id >= floor)
        .order_by(Incident.id.desc())
        .limit(LOOKED_THROUGH)
        .subquery()
    )
    lowest, count = session.execute(select(func.min(inside.c.id), func.count(inside.c.id))).one()
    return None if lowest is None else Stretch(lowest, before_id, count < LOOKED_THROUGH)


def passing(filters: HistoryFilters, part: Stretch, zone: ZoneInfo, limit: int) -> Select[Any]:
    """Return the query of the numbers of a stretch that pass the filters, the newest first."""
    return (
        select(Incident.id)
        .where(Incident.id >= part.first_id, Incident.id < part.before_id)
        .where(*_conditions(filters, zone))
        .order_by(Incident.id.desc())
        .limit(limit)
    )


def _period(filters: HistoryFilters, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    begin = None if filters.from_ is None else _day_begins(filters.from_, zone)
    end = None if filters.to is None else _day_begins(filters.to + timedelta(days=1), zone)
    return begin, end


def _orders(filters: HistoryFilters) -> list[ColumnElement[bool]]:
    """Return what one of its orders has to be like: this crew's, and with that end."""
    asked: list[ColumnElement[bool]] = []
    if filters.crew_id is not None:
        asked.append(Assignment.crew_id == filters.crew_id)
    if filters.outcome is not None:
        asked.append(Assignment.outcome_effect == filters.outcome)
    return [exists().where(Assignment.incident_id == Incident.id, *asked)] if asked else []


def _pledged(filters: HistoryFilters) -> list[ColumnElement[bool]]:
    """Return whether something pledged was missed, or something was kept and nothing missed."""
    if filters.pledge is None:
        return []

    def one(verdict: ClockVerdict) -> ColumnElement[bool]:
        mine = PledgeClock.incident_id == Incident.id
        return exists().where(mine, PledgeClock.verdict == verdict.value)

    missed = one(ClockVerdict.BREACHED)
    return (
        [missed] if filters.pledge is ClockVerdict.BREACHED else [one(ClockVerdict.KEPT), ~missed]
    )


def _conditions(filters: HistoryFilters, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """Return what an incident has to be like."""
    found: list[ColumnElement[bool]] = [one_of(Incident.state, filters.state or ENDED)]
    if filters.kind is not None:
        found.append(Incident.kind == filters.kind)
    if filters.priority is not None:
        found.append(Incident.priority == filters.priority)
    if filters.words:
        found += [
            or_(
                Incident.address.icontains(word, autoescape=True),
                Incident.description.icontains(word, autoescape=True),
            )
            for word in filters.words.split()
        ]
    found += _orders(filters) + _pledged(filters)
    begin, end = _period(filters, zone)
    if begin is not None:
        found.append(Incident.created_at >= begin)
    if end is not None:
        found.append(Incident.created_at < end)
    return found
