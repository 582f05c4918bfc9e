"""Who may take part in the conversation about an incident, and which messages each sees.

The desk sees all. A crew takes part while it has an order there and for a day after; it sees what
it wrote and, while its order is alive, what the desk wrote to all from its first order on. What the
desk wrote to it alone it sees as long as it takes part. Words can name the caller, hence no more.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import and_
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import true
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.incidents import merged_rows
from dispatch.messages.models import Message
from dispatch.messages.states import AFTERWARDS
from dispatch.messages.states import Side


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a conversation: the desk, or one crew.

    ``since`` is when the crew's first order there was offered while it has a live one, else None.
    ``incident_ids`` are the incident's own and those of the incidents merged into it: their
    conversations are read as one.
    """

    crew_id: int | None
    incident_ids: list[int]
    since: datetime | None = None

    @property
    def side(self) -> Side:
        """The side on which it stands."""
        return Side.DESK if self.crew_id is None else Side.CREW

    def may_see(self) -> ColumnElement[bool]:
        """Return the condition that a message is shown to it."""
        if self.crew_id is None:
            return true()
        own = Message.crew_id == self.crew_id
        if self.since is None:
            return own
        return or_(own, and_(Message.crew_id.is_(None), Message.sent_at >= self.since))

    def is_from_others(self) -> ColumnElement[bool]:
        """Return the condition that a message was written by the other side."""
        return Message.side != self.side.value


def party(session: Session, actor: Actor, incident_id: int, at: datetime) -> Party:
    """Return as whom an actor takes part.

    Parameters
    ----------
    at
        When it reads, or wrote what comes only now: a phone may have been without signal.

    Raises
    ------
    NotFound
        If there is no such incident, or the actor has no part in it.
    """
    there = merged_rows.leads_actor_to(session, actor, incident_id)
    if actor.may(Permission.INCIDENT_READ):
        return Party(None, merged_rows.with_merged(session, incident_id))
    orders = session.execute(
        select(Assignment.offered_at, Assignment.ended_at).where(
            Assignment.incident_id == there, Assignment.crew_id == actor.crew_id
        )
    ).all()
    if not any(order.ended_at is None or order.ended_at > at - AFTERWARDS for order in orders):
        raise NotFound.thing("incident", incident_id)
    live = any(order.ended_at is None for order in orders)
    since = min(order.offered_at for order in orders) if live else None
    return Party(actor.crew_id, merged_rows.with_merged(session, there), since)


def addressed(session: Session, who: Party, incident_id: int, crew_id: int | None) -> int | None:
    """Return the crew that a message is of or for; None: for all crews of the incident.

    Raises
    ------
    InvalidInput
        If a crew names another one, or the desk one that was never sent there.
    """
    if who.crew_id is not None:
        if crew_id not in {None, who.crew_id}:
            raise InvalidInput.one("crew_id", N_("must be your own crew, or be left out"))
        return who.crew_id
    if crew_id is None:
        return None
    there = merged_rows.leads_to(session, incident_id)
    sent = select(Assignment.id).where(
        Assignment.incident_id.in_([there, *who.incident_ids]), Assignment.crew_id == crew_id
    )
    if session.scalars(sent.limit(1)).first() is None:
        raise InvalidInput.one("crew_id", N_("must be a crew that was sent there"))
    return crew_id
