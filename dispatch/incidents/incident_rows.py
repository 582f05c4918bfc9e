"""An incident's row inside a transaction: locked, written when changed, refused when ended."""

from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.limits import LARGEST_ID
from dispatch.incidents.models import Incident
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.incidents.states import incident_state
from dispatch.outcomes.states import decided_effect
from dispatch.writes import row_locks

_OF_ROUND = (
    select(Assignment.state, Assignment.outcome_effect, Assignment.decisive)
    .where(
        Assignment.incident_id == bindparam("incident_id"), Assignment.round == bindparam("round")
    )
    .order_by(Assignment.completed_version.asc().nulls_first(), Assignment.ended_at, Assignment.id)
)


def checked_id(incident_id: int) -> int:
    """Return an id that the database can be asked for.

    Raises
    ------
    NotFound
        If no row can have it.
    """
    if not 0 <= incident_id <= LARGEST_ID:
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
        ``incident_ended``, with the state in which it ended, and where a merged one leads to.
    """
    if incident.merged_into is not None:
        message = N_("Incident %(id)s was merged into incident %(into)s: work on that one.")
        merged = {"id": incident.id, "into": incident.merged_into}
        extra = {"state": incident.state, "merged_into": incident.merged_into}
        raise Conflict("incident_ended", message, merged, extra=extra)
    if incident.state in ENDED_INCIDENT_STATES:
        message = N_("Incident %(id)s is already %(state)s.")
        params = {"id": incident.id, "state": incident.state}
        raise Conflict("incident_ended", message, params, extra={"state": incident.state})


def refuse_other_version(
    session: Session, read_model: ReadModel, incident: Incident, expected: int | None
) -> None:
    """Refuse what was decided on an incident as it is no longer.

    Raises
    ------
    Conflict
        ``incident_changed``, with the incident as it is now.
    """
    if expected is None or expected == incident.version:
        return
    view = read_model.incident(session, incident.id)
    message = N_("Incident %(id)s changed since you looked: it is now %(state)s.")
    params = {"id": incident.id, "state": incident.state}
    extra = {"version": incident.version, "incident": view}
    raise Conflict("incident_changed", message, params, extra=extra)


def write_change(session: Session, incident: Incident, at: datetime) -> None:
    """Write a changed incident under its next version."""
    incident.version += 1
    incident.updated_at = at
    session.flush()


def follow_assignments(session: Session, incident: Incident, at: datetime) -> None:
    """Write an incident whose assignments changed: its state follows them, its version rises."""
    session.flush()
    if incident.state not in ENDED_INCIDENT_STATES:
        of_this_round = {"incident_id": incident.id, "round": incident.round}
        orders = session.connection().execute(_OF_ROUND, of_this_round).all()
        ends = [(row.outcome_effect, row.decisive) for row in orders if row.outcome_effect]
        incident.outcome_effect = decided_effect(ends)
        incident.state = incident_state([row.state for row in orders], incident.outcome_effect)
    write_change(session, incident, at)
