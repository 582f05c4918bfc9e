"""Whether a crew can still be sent: looked at once more under the locks, and after a lost race."""

from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.incident_rows import refuse_other_version
from dispatch.incidents.models import Incident
from dispatch.units import lent_crews
from dispatch.writes import row_locks


def both(held: row_locks.Scope, incident_id: int, crew_id: int) -> tuple[Incident, Crew]:
    """Return the two rows that a send needs.

    Raises
    ------
    NotFound
        If either does not exist.
    """
    if incident_id not in held.incidents:
        raise NotFound.thing("incident", incident_id)
    if crew_id not in held.crews:
        raise NotFound.thing("crew", crew_id)
    return held.incidents[incident_id], held.crews[crew_id]


def refuse_late(
    session: Session,
    read_model: ReadModel,
    incident: Incident,
    crew: Crew,
    orders: list[Assignment],
    expected: int | None,
    *,
    queue: bool,
) -> None:
    """Refuse what the locked rows forbid, saying plainly what happened meanwhile.

    Parameters
    ----------
    orders
        What the crew has to do already.
    expected
        Version of the incident that the desk looked at; None to send whatever happened.
    queue
        Whether the crew may be sent behind its present order.

    Raises
    ------
    Conflict
        ``incident_ended``, ``already_assigned``, ``incident_changed``, ``crew_off_duty``,
        ``crew_lent`` or ``crew_taken``.
    """
    refuse_ended(incident)
    if any(order.incident_id == incident.id for order in orders):
        raise _already_assigned(crew, incident.id)
    refuse_other_version(session, read_model, incident, expected)
    if crew.duty != Duty.ON_DUTY:
        message = N_("%(crew)s is not on duty.")
        raise Conflict("crew_off_duty", message, {"crew": crew.name}, extra={"duty": crew.duty})
    lent_crews.refuse_lent(session, incident.id, crew.id, read_model.now())
    if orders and not queue:
        raise _taken(session, crew, orders[0])


def lost_race(session: Session, incident_id: int, crew_id: int, error: str) -> Conflict | None:
    """Return the refusal for the index that stopped a send which all checks had passed.

    None when the error came from somewhere else.
    """
    crew = session.get(Crew, crew_id)
    orders = row_locks.live_assignments(session, [crew_id])
    if crew is None:
        return None
    if "uq_assignment_live_incident_crew" in error:
        return _already_assigned(crew, incident_id)
    if "uq_assignment_live_crew_rank" in error and orders:
        return _taken(session, crew, orders[0])
    return None


def _already_assigned(crew: Crew, incident_id: int) -> Conflict:
    message = N_("%(crew)s is already sent to incident %(id)s.")
    return Conflict("already_assigned", message, {"crew": crew.name, "id": incident_id})


def _taken(session: Session, crew: Crew, order: Assignment) -> Conflict:
    if session.get(Incident, order.incident_id) is None:
        # Of a crew that is lent: where it goes for its own unit is nobody else's.
        message = N_("%(crew)s still has an order of its own unit; it can wait behind that.")
        return Conflict("crew_taken", message, {"crew": crew.name})
    message = N_("%(crew)s was sent to incident %(id)s by %(by)s; it can wait behind that order.")
    params = {"crew": crew.name, "id": order.incident_id, "by": order.sent_by}
    extra = {
        "by": order.sent_by,
        "incident_id": order.incident_id,
        "offered_at": instant(order.offered_at),
    }
    return Conflict("crew_taken", message, params, extra=extra)
