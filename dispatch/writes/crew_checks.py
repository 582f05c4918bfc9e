"""What keeps a crew from going home, from being retired, or from being put on duty."""

from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.scope import current
from dispatch.crews.models import Crew
from dispatch.writes import row_locks


def refuse_unfinished(session: Session, crew: Crew) -> None:
    """Refuse to let a crew go that has something to do.

    Raises
    ------
    Conflict
        ``crew_has_orders``, naming the incidents.
    """
    orders = row_locks.live_assignments(session, [crew.id])
    if orders:
        message = N_("%(crew)s still has an order, for incident %(id)s. End or withdraw it first.")
        params = {"crew": crew.name, "id": orders[0].incident_id}
        extra = {"incident_ids": [order.incident_id for order in orders]}
        raise Conflict("crew_has_orders", message, params, extra=extra)


def refuse_lent(crew: Crew) -> None:
    """Refuse to let a unit change a crew that was lent to it: its own unit keeps it.

    Raises
    ------
    NotAllowed
        If the crew is of a unit that is not seen.
    """
    scope = current()
    if scope is not None and not scope.everything and crew.unit_id not in scope.units:
        message = N_("%(crew)s is lent to you: only its own unit may change it.")
        raise NotAllowed(message, {"crew": crew.name})


def refuse_retired(crew: Crew) -> None:
    """Refuse to do something with a crew that is no longer in service.

    Raises
    ------
    Conflict
        ``crew_retired``.
    """
    if crew.retired_at is not None:
        message = N_("%(crew)s is retired.")
        raise Conflict("crew_retired", message, {"crew": crew.name})
