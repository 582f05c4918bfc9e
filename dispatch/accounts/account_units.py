"""The unit that an account belongs to: its crew's, or one of those of whoever sets it."""

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.limits import LARGEST_ID
from dispatch.crews.models import Crew
from dispatch.units.models import OrganisationUnit


def unit_for(session: Session, actor: Actor, wanted: int | None, crew_id: int | None) -> int:
    """Return the unit of an account.

    Raises
    ------
    InvalidInput
        On ``unit_id``, if it is none of the actor's, or another than the crew's.
    Conflict
        ``unknown_crew``, also if the crew is only lent to the actor's units.
    """
    if crew_id is not None:
        unit_id = unit_of_crew(session, actor, crew_id)
        if wanted not in {None, unit_id}:
            message = N_("is not the unit of its crew: the account goes where the crew goes")
            raise InvalidInput.one("unit_id", message)
        return unit_id
    if wanted is None:
        home: int = session.scalars(select(func.home_unit())).one()
        return home
    require_own(session, actor, wanted)
    return wanted


def unit_of_crew(session: Session, actor: Actor, crew_id: int) -> int:
    """Return the unit of a crew that the actor may give an account to."""
    query = select(Crew.unit_id).where(Crew.id == min(crew_id, LARGEST_ID))
    unit_id = session.scalar(query)
    if unit_id is None or not is_own(actor, unit_id):
        message = N_("There is no crew %(id)s.")
        raise Conflict("unknown_crew", message, {"id": crew_id})
    return unit_id


def require_own(session: Session, actor: Actor, unit_id: int) -> None:
    """Raise an error unless a unit is the actor's own or below it."""
    query = select(OrganisationUnit.id).where(OrganisationUnit.id == min(unit_id, LARGEST_ID))
    if session.scalar(query) is None or not is_own(actor, unit_id):
        raise InvalidInput.one("unit_id", N_("There is no unit %(id)s."), id=unit_id)


def is_own(actor: Actor, unit_id: int) -> bool:
    """Return whether a unit is the actor's own or below it."""
    return actor.scope.everything or unit_id in actor.scope.units
