"""Queries of replay: states from the log, stored decisions and photos of a period."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import Row
from sqlalchemy import and_
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.privacy import CALLER
from dispatch.assignments.models import Assignment
from dispatch.assignments.models import Decision
from dispatch.board import override_rows
from dispatch.board.event_reading import event_view
from dispatch.board.read_model import select_incidents
from dispatch.board.types import EventAnswer
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import one_of
from dispatch.crews.models import Crew
from dispatch.crews.models import Station
from dispatch.events.entries import COLUMNS
from dispatch.events.kinds import Audience
from dispatch.events.kinds import EventKind
from dispatch.events.kinds import kinds_for
from dispatch.events.models import Event
from dispatch.events.unreadable import UnreadableEntries
from dispatch.events.unseen_crews import without_unseen_names
from dispatch.incidents.models import Incident
from dispatch.records.models import Photo
from dispatch.records.photos import photo_view
from dispatch.records.states import PhotoState
from dispatch.records.types import PhotoAnswer
from dispatch.replay.frames import Frame
from dispatch.replay.frames import LogEntry
from dispatch.replay.frames import crew_frames
from dispatch.replay.frames import incident_frames
from dispatch.replay.types import CrewMoment
from dispatch.replay.types import IncidentMoment
from dispatch.replay.types import KeptDecision
from dispatch.replay.types import PastCrew
from dispatch.replay.types import PastIncident

MOST_INCIDENTS = 500
MOST_EVENTS = 20_000


@dataclass(frozen=True, slots=True)
class IncidentStory:
    """What is known of an incident today, and what it was from instant to instant."""

    value: PastIncident
    frames: list[Frame[IncidentMoment]]


@dataclass(frozen=True, slots=True)
class CrewStory:
    """What is known of a crew today, and what it was from instant to instant."""

    value: PastCrew
    frames: list[Frame[CrewMoment]]


def span_of_incident(session: Session, incident_id: int) -> tuple[datetime, datetime | None] | None:
    """Return when an incident began and ended; None when there is no such incident."""
    query = select(Incident.created_at, Incident.closed_at).where(Incident.id == incident_id)
    row = session.execute(query).one_or_none()
    return None if row is None else (row.created_at, row.closed_at)


def crews_of_incidents(
    session: Session, incident_ids: Collection[int], until: datetime
) -> list[int]:
    """Return the ids of the crews sent to incidents, ascending."""
    here = or_(Assignment.incident_id.in_(incident_ids), Assignment.moved_from.in_(incident_ids))
    query = select(Assignment.crew_id).where(here, Assignment.offered_at <= until)
    return sorted(set(session.scalars(query)))


def incidents_of_crew(
    session: Session, crew_id: int, since: datetime, until: datetime
) -> list[int]:
    """Return the ids of the incidents that a crew was assigned to in a period."""
    query = select(Assignment.incident_id).where(
        Assignment.crew_id == crew_id, *_alive(since, until)
    )
    return sorted(set(session.scalars(query)))


def incidents_alive(session: Session, since: datetime, until: datetime) -> list[int]:
    """Return the ids of incidents open during a period, the newest if there are too many."""
    query = (
        select(Incident.id)
        .where(
            Incident.created_at <= until,
            or_(Incident.closed_at.is_(None), Incident.closed_at >= since),
        )
        .order_by(Incident.id.desc())
        .limit(MOST_INCIDENTS)
    )
    return sorted(session.scalars(query))


def events_of_incidents(
    session: Session,
    incident_ids: Collection[int],
    since: datetime,
    until: datetime,
    unreadable: UnreadableEntries,
) -> list[EventAnswer]:
    """Return the events of incidents in a period, in the order of the log."""
    return _events(session, Event.incident_id.in_(incident_ids), since, until, unreadable)


def events_of_crews(
    session: Session,
    crew_ids: Collection[int],
    since: datetime,
    until: datetime,
    unreadable: UnreadableEntries,
) -> list[EventAnswer]:
    """Return the events that concern crews in a period, in the order of the log."""
    return _events(session, Event.crew_id.in_(crew_ids), since, until, unreadable)


def events_between(
    session: Session, since: datetime, until: datetime, unreadable: UnreadableEntries
) -> list[EventAnswer]:
    """Return the events of all incidents and crews in a period, in the order of the log."""
    concerned = Event.incident_id.is_not(None) | Event.crew_id.is_not(None)
    return _events(session, concerned, since, until, unreadable)


def incident_stories(
    session: Session,
    incident_ids: Collection[int],
    until: datetime,
    unreadable: UnreadableEntries,
) -> list[IncidentStory]:
    """Return how incidents went until an instant; nothing of their callers is in it."""
    query = select_incidents().where(Incident.id.in_(incident_ids)).order_by(Incident.id)
    log = select(*COLUMNS).where(Event.incident_id.in_(incident_ids), Event.at <= until)
    entries: dict[int, list[LogEntry]] = {}
    for row in session.execute(log.order_by(Event.id)):
        if unreadable.can_read(row):
            entries.setdefault(row.incident_id, []).append(_entry(row))
    return [
        IncidentStory(value, incident_frames(entries.get(value["id"], []), value))
        for value in (_incident(row) for row in session.execute(query))
    ]


def crew_stories(
    session: Session,
    crew_ids: Collection[int],
    since: datetime,
    until: datetime,
    unreadable: UnreadableEntries,
) -> list[CrewStory]:
    """Return what crews were in a period."""
    query = (
        select(Crew.id, Crew.name, Crew.duty, Crew.skills, Station.name.label("station_name"))
        .outerjoin(Station, Station.id == Crew.station_id)
        .where(Crew.id.in_(crew_ids))
        .order_by(Crew.id)
    )
    # Of what went before, only what made the orders that are alive in the period: one forgotten
    # order must not have a month of everybody's log read.
    alive = (
        select(*COLUMNS)
        .join(
            Assignment,
            and_(Assignment.incident_id == Event.incident_id, Assignment.id == Event.assignment_id),
        )
        .where(Assignment.crew_id.in_(crew_ids), *_alive(since, until), Event.at < since)
    )
    # An order that moved with its incident has its first events elsewhere.
    moved = (
        select(*COLUMNS)
        .join(
            Assignment,
            and_(Assignment.crew_id == Event.crew_id, Assignment.id == Event.assignment_id),
        )
        .where(
            Assignment.moved_from.is_not(None),
            Assignment.incident_id != Event.incident_id,
            Assignment.crew_id.in_(crew_ids),
            *_alive(since, until),
            Event.at.between(Assignment.offered_at, since),
            Event.at < since,
        )
    )
    log = select(*COLUMNS).where(Event.crew_id.in_(crew_ids), Event.at.between(since, until))
    found = [*session.execute(alive), *session.execute(moved), *session.execute(log)]
    entries: dict[int, list[LogEntry]] = {}
    for row in sorted(found, key=lambda each: each.id):
        if unreadable.can_read(row):
            entries.setdefault(row.crew_id, []).append(_entry(row))
    duties = _duties(session, crew_ids, "to", Event.at < since, Event.id.desc())
    unchanged = set(crew_ids) - duties.keys()
    duties |= _duties(session, unchanged, "from", Event.at >= since, Event.id.asc())
    stories = []
    for row in session.execute(query):
        own = entries.get(row.id, [])
        duty = duties.get(row.id, row.duty)
        value = PastCrew(id=row.id, name=row.name, station_name=row.station_name, skills=row.skills)
        stories.append(CrewStory(value, crew_frames(own, duty, since)))
    return stories


def decisions(
    session: Session, incident_ids: Collection[int], since: datetime, until: datetime
) -> list[KeptDecision]:
    """Return why crews were sent: every candidate with the numbers of that moment."""
    query = (
        select(Decision, Assignment.incident_id, Assignment.crew_id, Assignment.sent_by, Crew.name)
        .join(Assignment, Assignment.id == Decision.assignment_id)
        .join(Crew, Crew.id == Assignment.crew_id)
        .where(Assignment.incident_id.in_(incident_ids), Decision.decided_at.between(since, until))
        .order_by(Decision.decided_at, Decision.assignment_id)
    )
    rows = session.execute(query).all()
    overrides = override_rows.of_assignments(session, [row.Decision.assignment_id for row in rows])
    kept: list[KeptDecision] = [
        {
            "assignment_id": row.Decision.assignment_id,
            "incident_id": row.incident_id,
            "crew_id": row.crew_id,
            "crew_name": row.name,
            "sent_by": row.sent_by,
            "decided_at": instant(row.Decision.decided_at),
            "radius_m": row.Decision.candidates.get("radius_m"),
            "reason": row.Decision.candidates.get("reason"),
            "candidates": row.Decision.candidates.get("candidates", []),
            "not_listed": row.Decision.candidates.get("not_listed"),
            "unlocated": [
                each["crew_name"] for each in row.Decision.candidates.get("unlocated", [])
            ],
            "network": (row.Decision.candidates.get("roads") or {}).get("network"),
            "metric": (row.Decision.candidates.get("roads") or {}).get("metric"),
            "override": overrides.get(row.Decision.assignment_id),
        }
        for row in rows
    ]
    return without_unseen_names(session, kept)


def photos(
    session: Session, incident_ids: Collection[int], since: datetime, until: datetime
) -> list[PhotoAnswer]:
    """Return what is known of the photos that were taken, or came, in a period and are shown."""
    taken_at = func.coalesce(Photo.taken_at, Photo.received_at)
    query = (
        select(Photo)
        .where(
            Photo.incident_id.in_(incident_ids),
            Photo.state == PhotoState.SHOWN,
            taken_at.between(since, until),
        )
        .order_by(taken_at, Photo.id)
    )
    return [photo_view(photo) for photo in session.scalars(query)]


def _alive(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that an order was alive at some time of a period."""
    ended_later = or_(Assignment.ended_at.is_(None), Assignment.ended_at >= since)
    return Assignment.offered_at <= until, ended_later


def _duties(
    session: Session,
    crew_ids: Collection[int],
    side: str,
    when: ColumnElement[bool],
    order: ColumnElement[int],
) -> dict[int, str]:
    """Return what each crew's first change of duty, in an order, was ``from`` or ``to``.

    One look into the index per crew: a DISTINCT ON would read every change there ever was. Crews
    without a change are missing.
    """
    changed = (
        select(Event.data[side].astext)
        .where(Event.crew_id == Crew.id, one_of(Event.kind, {EventKind.CREW_DUTY_CHANGED}), when)
        .order_by(order)
        .limit(1)
        .correlate(Crew)
        .scalar_subquery()
    )
    rows = session.execute(select(Crew.id, changed).where(Crew.id.in_(crew_ids)))
    return {crew_id: duty for crew_id, duty in rows if duty is not None}


def _events(
    session: Session,
    condition: ColumnElement[bool],
    since: datetime,
    until: datetime,
    unreadable: UnreadableEntries,
) -> list[EventAnswer]:
    # Who has which account, and what somebody read, is no part of what happened.
    unconcerned = kinds_for(Audience.ADMINISTRATORS) | kinds_for(Audience.SUPERVISORS)
    concerned = condition & Event.kind.not_in([kind.value for kind in unconcerned])
    query = select(*COLUMNS).where(concerned, Event.at.between(since, until))
    found = session.execute(query.order_by(Event.id).limit(MOST_EVENTS))
    told = [_without_caller(event_view(row, unreadable)) for row in found]
    return without_unseen_names(session, told)


def _without_caller(event: EventAnswer) -> EventAnswer:
    """Leave out what a correction tells of the caller: replays are shown to many."""
    data = {name: value for name, value in event["data"].items() if name not in CALLER}
    return {**event, "data": data}


def _entry(row: Row[Any]) -> LogEntry:
    return LogEntry(
        row.id, row.kind, row.at, row.assignment_id, row.crew_id, row.incident_id, row.data
    )


def _incident(row: Any) -> PastIncident:  # noqa: ANN401  (a result row)
    incident: Incident = row.Incident
    return {
        "id": incident.id,
        "kind": incident.kind,
        "utility": row.utility,
        "priority": incident.priority,
        "address": incident.address,
        "lon": row.lon,
        "lat": row.lat,
        "reported_at": instant(incident.created_at),
        "closed_at": instant(incident.closed_at),
    }
