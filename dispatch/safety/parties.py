"""Who may speak for a crew, and the locks under which that is written down."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.crews.models import Crew
from dispatch.safety import watch_rows
from dispatch.safety.models import CheckInWatch
from dispatch.writes import row_locks


def require_may_speak_for(actor: Actor, crew_id: int) -> None:
    """Refuse whoever is neither the crew itself nor a desk that reached it by radio.

    Raises
    ------
    NotAllowed
        If it is neither.
    """
    own = actor.crew_id == crew_id and actor.may(Permission.ASSIGNMENT_ACT_OWN)
    if not own and not actor.may(Permission.ASSIGNMENT_ACT_ANY):
        message = N_("Your account may not speak for that crew.")
        raise NotAllowed(message)


def existing_crew(session: Session, crew_id: int) -> Crew:
    """Return a crew.

    Raises
    ------
    NotFound
        If there is none.
    """
    crew = session.get(Crew, min(crew_id, LARGEST_ID))
    if crew is None:
        raise NotFound.thing("crew", crew_id)
    return crew


def locked_watches(
    session: Session, crew_id: int, also: Iterable[int] = ()
) -> tuple[row_locks.Scope, list[CheckInWatch]]:
    """Lock a crew with the incidents at which it has to report; return them and its check-ins.

    Raises
    ------
    NotFound
        If there is no such crew.
    ScopeChangedError
        If it arrived somewhere else before the locks were held; the unit of work starts again.
    """
    existing_crew(session, crew_id)
    before = {watch.incident_id for watch in watch_rows.live_of_crew(session, crew_id)}
    held = row_locks.lock(session, before | set(also), [crew_id])
    watches = watch_rows.live_of_crew(session, crew_id)
    if not {watch.incident_id for watch in watches} <= held.incidents.keys():
        raise ScopeChangedError
    return held, watches
