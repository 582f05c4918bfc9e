"""Follow-ups: the incidents in which what was only made safe is repaired."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.instants import instant
from dispatch.core.limits import LONGEST_TEXT
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import reports
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import Incident
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.incidents.states import IncidentState
from dispatch.incidents.types import CreateIncident
from dispatch.outcomes.ending import Ending
from dispatch.outcomes.states import due_after
from dispatch.outcomes.states import follow_up_priority

Tell = Callable[[], object]
"""Writes an event; events come last in a transaction."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as it stands after an order left one, and what tells of it."""

    incident_id: int
    due_at: datetime
    tell: Tell


def live_follow_up(session: Session, incident_id: int) -> int | None:
    """Return the follow-up of an incident that has not ended yet; there is at most one."""
    query = select(Incident.id).where(
        Incident.follow_up_of == incident_id, Incident.state.not_in(ENDED_INCIDENT_STATES)
    )
    return session.scalar(query)


def keep_follow_up(
    session: Session,
    original: Incident,
    known: Incident | None,
    ending: Ending,
    actor: Actor,
    now: datetime,
) -> FollowUp:
    """Make the follow-up of an incident that was made safe; a second crew's word makes no second.

    Parameters
    ----------
    original
        What was made safe; locked.
    known
        Its follow-up that is there already, locked; it becomes due earlier if so said.
    """
    if known is None:
        return _make(session, original, ending, actor, now)
    due_at = known.due_at or now + due_after(known.priority)
    if ending.due_at is None or ending.due_at >= due_at:
        return FollowUp(known.id, due_at, _nothing)
    known.due_at = ending.due_at
    write_change(session, known, now)
    told = {"due_at": instant(ending.due_at)}
    tell = _event(session, EventKind.INCIDENT_UPDATED, actor, known.id, now, told)
    return FollowUp(known.id, ending.due_at, tell)


def _make(
    session: Session, original: Incident, ending: Ending, actor: Actor, now: datetime
) -> FollowUp:
    place = select(longitude(Incident.point), latitude(Incident.point))
    lon, lat = session.execute(place.where(Incident.id == original.id)).one()
    priority = follow_up_priority(original.priority)
    due_at = ending.due_at or now + due_after(original.priority)
    said = "\n".join(filter(None, (ending.words, original.description)))
    pinned = CreateIncident(
        kind=original.kind,
        lon=lon,
        lat=lat,
        priority=priority,
        address=original.address,
        description=said[:LONGEST_TEXT],
        caller_name=original.caller_name,
        caller_phone=original.caller_phone,
        channel="crew",
    )
    incident_id = session.execute(
        insert(Incident)
        .values(
            kind=pinned.kind,
            priority=priority,
            state=IncidentState.OPEN,
            round=0,
            version=1,
            point=original.point,
            address=pinned.address,
            description=pinned.description,
            caller_name=pinned.caller_name,
            caller_phone=pinned.caller_phone,
            created_at=now,
            updated_at=now,
            follow_up_of=original.id,
            due_at=due_at,
        )
        .returning(Incident.id)
    ).scalar_one()
    reports.keep_first(session, actor, incident_id, pinned, now)
    told = {
        "kind": pinned.kind,
        "priority": priority,
        "address": pinned.address,
        "lon": lon,
        "lat": lat,
        "follow_up_of": original.id,
        "due_at": instant(due_at),
    }
    tell = _event(session, EventKind.INCIDENT_CREATED, actor, incident_id, now, told)
    return FollowUp(incident_id, due_at, tell)


def _event(
    session: Session,
    kind: EventKind,
    actor: Actor,
    incident_id: int,
    now: datetime,
    data: dict[str, Any],
) -> Tell:
    return partial(events.append, session, kind, actor, at=now, incident_id=incident_id, data=data)


def _nothing() -> None:
    """Tell nothing: the follow-up is as it was."""
