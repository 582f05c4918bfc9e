"""How many messages incidents have and how many nobody has read yet: one query for all of them."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BigInteger
from sqlalchemy import and_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.core.sql_expressions import any_of
from dispatch.incidents.models import Incident
from dispatch.messages.models import Message
from dispatch.messages.models import MessageRead
from dispatch.messages.states import Side


@dataclass(frozen=True, slots=True)
class MessageCount:
    """Messages of one incident, and those of crews that the desk has not read."""

    messages: int = 0
    unread_from_crews: int = 0


NO_MESSAGES = MessageCount()
_ASKED = func.unnest(bindparam("ids", type_=ARRAY(BigInteger))).column_valued("shown_id")
# What was said of merged incidents is counted with the one that they lead to.
_SHOWN = union_all(
    select(_ASKED.label("shown_id"), _ASKED.label("stored_id")),
    select(Incident.merged_into, Incident.id).where(any_of(Incident.merged_into, "ids")),
).subquery()
_READ_BY_DESK = (
    select(MessageRead.incident_id, func.max(MessageRead.up_to).label("up_to"))
    .join(_SHOWN, _SHOWN.c.stored_id == MessageRead.incident_id)
    .where(MessageRead.crew_id.is_(None))
    .group_by(MessageRead.incident_id)
    .subquery()
)
_OF_INCIDENTS = (
    select(
        _SHOWN.c.shown_id,
        func.count(),
        func.count().filter(
            Message.side == Side.CREW.value, Message.id > func.coalesce(_READ_BY_DESK.c.up_to, 0)
        ),
    )
    .select_from(Message)
    .join(_SHOWN, _SHOWN.c.stored_id == Message.incident_id)
    .outerjoin(_READ_BY_DESK, _READ_BY_DESK.c.incident_id == Message.incident_id)
    .group_by(_SHOWN.c.shown_id)
)
_READ_BY_CREW = (
    select(MessageRead.incident_id, func.max(MessageRead.up_to).label("up_to"))
    .join(_SHOWN, _SHOWN.c.stored_id == MessageRead.incident_id)
    .where(MessageRead.crew_id == bindparam("crew_id"))
    .group_by(MessageRead.incident_id)
    .subquery()
)
_FIRST_ORDER = (
    select(Assignment.incident_id, func.min(Assignment.offered_at).label("since"))
    .where(any_of(Assignment.incident_id, "ids"), Assignment.crew_id == bindparam("crew_id"))
    .group_by(Assignment.incident_id)
    .subquery()
)
# What a crew sees of the desk's messages: see `messages.parties`.
_FOR_CREW = (
    select(_SHOWN.c.shown_id, func.count())
    .select_from(Message)
    .join(_SHOWN, _SHOWN.c.stored_id == Message.incident_id)
    .join(_FIRST_ORDER, _FIRST_ORDER.c.incident_id == _SHOWN.c.shown_id)
    .outerjoin(_READ_BY_CREW, _READ_BY_CREW.c.incident_id == Message.incident_id)
    .where(
        Message.side == Side.DESK.value,
        Message.id > func.coalesce(_READ_BY_CREW.c.up_to, 0),
        or_(
            Message.crew_id == bindparam("crew_id"),
            and_(Message.crew_id.is_(None), Message.sent_at >= _FIRST_ORDER.c.since),
        ),
    )
    .group_by(_SHOWN.c.shown_id)
)


def of_incidents(session: Session, ids: Collection[int]) -> dict[int, MessageCount]:
    """Return the counts of those incidents that have messages."""
    rows = session.connection().execute(_OF_INCIDENTS, {"ids": list(ids)})
    return {incident_id: MessageCount(count, unread) for incident_id, count, unread in rows}


def unread_from_desk(session: Session, crew_id: int, ids: Collection[int]) -> dict[int, int]:
    """Return how many of the desk's messages a crew has not read, by incident."""
    if not ids:
        return {}
    rows = session.connection().execute(_FOR_CREW, {"ids": list(ids), "crew_id": crew_id})
    return {incident_id: count for incident_id, count in rows}  # noqa: C416  (rows are no pairs to mypy)
