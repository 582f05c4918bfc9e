"""Separation of duties: whoever enters a matter may not approve it, where that is demanded."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.roles.models import Separation
from dispatch.roles.states import Matter


def demanded(session: Session, matter: Matter) -> bool:
    """Return whether a matter needs two people."""
    query = select(Separation.demanded).where(Separation.matter == matter.value)
    return bool(session.scalar(query))


def require_other(session: Session, matter: Matter, actor: Actor, entered_by: int | None) -> None:
    """Raise an error if an actor approves what the same person entered, and two are demanded.

    Parameters
    ----------
    entered_by
        The account of who entered it; None if that was the system or the command line.

    Raises
    ------
    Conflict
        ``same_person``.
    """
    if entered_by is None or actor.account_id != entered_by or not demanded(session, matter):
        return
    message = N_("You entered this yourself; somebody else has to approve it.")
    raise Conflict("same_person", message)
