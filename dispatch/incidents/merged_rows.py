"""Incidents that were merged: where one leads to, and which rows are read and written together.

What belongs to a merged incident stays stored with it, so that taking it out again gives back
exactly that; it is *read* from the incident that it leads to. What is added from then on is stored
there.
"""

from sqlalchemy import bindparam
from sqlalchemy import literal
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.core.errors import NotFound
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.incidents.incident_rows import checked_id
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.models import Incident

_LEADS_TO = select(Incident.merged_into).where(Incident.id == bindparam("id"))
_MERGED_IN = (
    select(Incident.id).where(Incident.merged_into == bindparam("id")).order_by(Incident.id)
)
_PLACED = select(literal(1)).where(
    Assignment.incident_id == bindparam("id"), Assignment.crew_id == bindparam("crew_id")
)


def leads_to(session: Session, incident_id: int) -> int:
    """Return the incident that one was merged into in the end; itself if it was not.

    Raises
    ------
    NotFound
        If there is none.
    """
    row = session.connection().execute(_LEADS_TO, {"id": checked_id(incident_id)}).one_or_none()
    if row is None:
        raise NotFound.thing("incident", incident_id)
    return int(row.merged_into or incident_id)


def leads_actor_to(session: Session, actor: Actor, incident_id: int) -> int:
    """Return the incident at which an actor works who names a possibly merged one.

    A crew whose order went over works there; one whose order ended before stays where it was.
    """
    there = leads_to(session, incident_id)
    if there == incident_id or actor.may(Permission.INCIDENT_READ):
        return there
    placed = session.connection().execute(_PLACED, {"id": there, "crew_id": actor.crew_id})
    return incident_id if placed.first() is None else there


def with_merged(session: Session, incident_id: int) -> list[int]:
    """Return an incident and those merged into it, whose entries are read with its own."""
    merged = session.connection().execute(_MERGED_IN, {"id": incident_id}).scalars()
    return [incident_id, *merged]


def locked_for(session: Session, actor: Actor, incident_id: int) -> Incident:
    """Return the locked row of the incident at which an actor works, to add something to it.

    Raises
    ------
    NotFound
        If there is no such incident.
    ScopeChangedError
        If it was merged or taken out while this waited for the lock.
    """
    there = leads_actor_to(session, actor, incident_id)
    incident = locked(session, there)
    if there == incident_id and incident.merged_into is None:
        return incident
    if leads_actor_to(session, actor, incident_id) != there:
        raise ScopeChangedError
    return incident


def same_place(session: Session, one: int, other: int) -> bool:
    """Tell whether two ids name one incident, or two that lead to the same one."""
    return one == other or leads_to(session, one) == leads_to(session, other)
