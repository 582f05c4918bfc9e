"""What notes, reports and photos have in common: who may add one, and that it is added once."""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.core.errors import NotFound
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import merged_rows
from dispatch.incidents.models import Entry
from dispatch.writes.idempotency import mismatch

Row = TypeVar("Row", bound=Entry)


@dataclass(frozen=True, slots=True)
class Seat:
    """From where an actor looks at an incident.

    ``crew_id`` is None for the desk, who sees everything. A crew has ``on_it`` while its own
    order is alive. ``incident_ids`` are those whose entries are read: its own, and those of the
    incidents that were merged into it.
    """

    crew_id: int | None
    on_it: bool
    incident_ids: list[int]


def seat(session: Session, actor: Actor, incident_id: int) -> Seat:
    """Return from where an actor looks at an incident.

    Raises
    ------
    NotFound
        If there is none, or it is none of the actor's.
    """
    there = merged_rows.leads_actor_to(session, actor, incident_id)
    if actor.may(Permission.INCIDENT_READ):
        return Seat(None, on_it=True, incident_ids=merged_rows.with_merged(session, incident_id))
    query = select(Assignment.crew_id, Assignment.ended_at).where(Assignment.incident_id == there)
    own = [row for row in session.execute(query) if row.crew_id == actor.crew_id]
    if actor.crew_id is None or not own:
        raise NotFound.thing("incident", incident_id)
    on_it = any(row.ended_at is None for row in own)
    return Seat(actor.crew_id, on_it=on_it, incident_ids=merged_rows.with_merged(session, there))


def may_see(place: Seat, made_by: int | None) -> bool:
    """Tell whether an entry is shown: to the desk always, to a crew by `access.privacy`."""
    if place.crew_id is None or place.crew_id == made_by:
        return True
    return made_by is None and place.on_it


def add(
    session: Session,
    actor: Actor,
    table: type[Row],
    incident_id: int,
    values: Mapping[str, Any],
    kind: EventKind,
    *,
    at: datetime,
    occurred_at: datetime | None = None,
    client_id: str | None = None,
    told: Mapping[str, Any] | None = None,
    beside: Callable[[int], object] | None = None,
    changes_incident: bool = True,
) -> Row:
    """Add an entry to an incident's record, with the event that tells of it.

    The incident's row is locked first, so that its versions rise one by one. Requests that are
    sent again are answered by `dispatch.writes.idempotency`; when that has forgotten them, the
    unique index on (actor, ``client_id``) still keeps an entry from being added twice. What is
    said of a merged incident is stored with the one that it leads to.

    Parameters
    ----------
    session
        Of the unit of work.
    actor
        Who adds it; that the actor may is settled before.
    table, incident_id, values
        What is added, and to which incident.
    kind
        Of the event.
    at
        Our clock.
    occurred_at
        The actor's clock.
    client_id
        The actor's name for it, if it may be sent again.
    told
        What the event carries besides the entry's number.
    beside
        What else is stored for a new entry, called with its number; not for one that is there.
    changes_incident
        Whether it raises the incident's version, so that who is about to send looks again.

    Returns
    -------
    row
        The entry.

    Raises
    ------
    Conflict
        ``idempotency_mismatch`` if the name belongs to an entry of another incident.
    """
    incident = merged_rows.locked_for(session, actor, incident_id)
    row_id = session.execute(
        insert(table)
        .values(
            incident_id=incident.id,
            crew_id=_crew_of(actor),
            actor_id=actor.account_id or 0,
            author=actor.display_name,
            client_id=client_id,
            received_at=at,
            **values,
        )
        .on_conflict_do_nothing(index_elements=["actor_id", "client_id"])
        .returning(table.id)
    ).scalar()
    if row_id is None:
        return _added_before(session, actor, table, incident_id, client_id)
    # Not `updated_at`: what is known of the incident itself stays as old as it is.
    incident.version += changes_incident
    session.flush()
    if beside is not None:
        beside(row_id)
    row = session.get_one(table, row_id)  # before the event: from there on everybody waits
    events.append(
        session,
        kind,
        actor,
        at=at,
        occurred_at=occurred_at,
        incident_id=incident.id,
        crew_id=_crew_of(actor),
        data={"entry_id": row_id, **(told or {})},
    )
    return row


def _added_before(
    session: Session, actor: Actor, table: type[Row], incident_id: int, client_id: str | None
) -> Row:
    of_name = (table.actor_id == (actor.account_id or 0)) & (table.client_id == client_id)
    row = session.scalars(select(table).where(of_name)).one()
    if not merged_rows.same_place(session, row.incident_id, incident_id):
        raise mismatch()
    return row


def _crew_of(actor: Actor) -> int | None:
    """Return the crew on whose side an actor stands; whoever is of the desk stands there."""
    return None if actor.may(Permission.INCIDENT_READ) else actor.crew_id
