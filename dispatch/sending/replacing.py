"""Sending a crew instead of another: which order goes, and whether it still may."""

from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.sending.types import SendCrew

REPLACED = "replaced"
"""Why an order was withdrawn, where nobody said more."""


def named_order(session: Session, incident_id: int, wanted: SendCrew) -> Assignment | None:
    """Return the order that is to be replaced, as it is without locks; None if none is named.

    Its crew and its incident never change; its state may by the time it is withdrawn.

    Raises
    ------
    InvalidInput
        On ``replaces``, if it is no order of this incident; on ``reason``, if a crew on scene is
        to be replaced and nobody says why.
    """
    if wanted.replaces is None:
        if wanted.replaces_on_scene:
            raise InvalidInput.one("replaces", N_("is required with replaces_on_scene"))
        return None
    if wanted.replaces_on_scene and not wanted.reason:
        raise InvalidInput.one("reason", N_("is required to replace a crew that is on scene"))
    order = session.get(Assignment, wanted.replaces)
    if order is None or order.incident_id != incident_id:
        raise InvalidInput.one("replaces", N_("is no order of this incident"))
    return order


def refuse_changed(order: Assignment, crew: Crew, *, on_scene: bool) -> None:
    """Refuse to withdraw a locked order that is not what the desk took it for.

    Parameters
    ----------
    order
        What is to be replaced.
    crew
        Whose it is.
    on_scene
        Whether the desk replaces it even if its crew has arrived.

    Raises
    ------
    Conflict
        ``replaced_changed``, with the order's state: it ended meanwhile, or its crew arrived.
    """
    state = AssignmentState(order.state)
    if state not in LIVE_STATES:
        message = N_("The order of %(crew)s has ended meanwhile: nothing was sent in its place.")
    elif state is AssignmentState.ON_SCENE and not on_scene:
        message = N_("%(crew)s is on scene already: nothing was sent in its place.")
    else:
        return
    extra = {
        "state": state.value,
        "assignment_id": order.id,
        "crew": crew.name,
        "arrived_at": instant(order.arrived_at),
        "ended_at": instant(order.ended_at),
    }
    raise Conflict("replaced_changed", message, {"crew": crew.name}, extra=extra)
