"""An incident's row inside a transaction: locked, written when changed, refused when ended."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.commands import row_locks
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.fields import MAX_ID
from dispatch.incidents.models import Incident
from dispatch.incidents.states import ENDED_INCIDENT_STATES


def checked_id(incident_id: int) -> int:
    """Return an id that the database can be asked for.

    Raises
    ------
    NotFound
        If no row can have it.
    """
    if not 0 <= incident_id <= MAX_ID:
        raise NotFound.thing("incident", incident_id)
    return incident_id


def locked(session: Session, incident_id: int) -> Incident:
    """Return an incident's row, locked until the transaction ends.

    Raises
    ------
    NotFound
        If there is none.
    """
    incident = row_locks.lock(session, [checked_id(incident_id)], []).incidents.get(incident_id)
    if incident is None:
        raise NotFound.thing("incident", incident_id)
    return incident


def refuse_ended(incident: Incident) -> None:
    """Refuse to change what has ended.

    Raises
    ------
    Conflict
        ``incident_ended``, with the state in which it ended.
    """
    if incident.state in ENDED_INCIDENT_STATES:
        message = N_("Incident %(id)s is already %(state)s.")
        params = {"id": incident.id, "state": incident.state}
        raise Conflict("incident_ended", message, params, extra={"state": incident.state})


def write_change(session: Session, incident: Incident, at: datetime) -> None:
    """Write a changed incident under its next version."""
    incident.version += 1
    incident.updated_at = at
    session.flush()
