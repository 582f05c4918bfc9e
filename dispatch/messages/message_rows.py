"""Messages and read marks as rows: added once, and read with who has read them."""

from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.instants import instant
from dispatch.core.limits import MOST_PER_PAGE
from dispatch.crews.models import Crew
from dispatch.incidents import merged_rows
from dispatch.messages.models import Message
from dispatch.messages.models import MessageRead
from dispatch.messages.parties import Party
from dispatch.messages.states import Side
from dispatch.messages.types import MessageAnswer
from dispatch.messages.types import MessageReadAnswer
from dispatch.writes.idempotency import mismatch


def add(
    session: Session,
    actor: Actor,
    incident_id: int,
    client_id: str | None,
    values: Mapping[str, Any],
) -> tuple[Message, bool]:
    """Add a message, and tell whether it is new; the caller holds the incident's row.

    Requests that are sent again are answered by `dispatch.writes.idempotency`; when that has
    forgotten them, the unique index on (actor, ``client_id``) still keeps a message single.

    Raises
    ------
    Conflict
        ``idempotency_mismatch`` if the name belongs to a message of another incident.
    """
    actor_id = actor.account_id or 0
    statement = (
        insert(Message)
        .values(
            incident_id=incident_id,
            actor_id=actor_id,
            author=actor.display_name,
            client_id=client_id,
            **values,
        )
        .on_conflict_do_nothing(index_elements=["actor_id", "client_id"])
        .returning(Message.id)
    )
    message_id = session.execute(statement).scalar()
    if message_id is not None:
        return session.get_one(Message, message_id), True
    of_name = (Message.actor_id == actor_id) & (Message.client_id == client_id)
    there = session.scalars(select(Message).where(of_name)).one()
    if not merged_rows.same_place(session, there.incident_id, incident_id):
        raise mismatch()
    return there, False


def read_so_far(session: Session, incident_id: int, crew_id: int | None) -> int:
    """Return up to which message one side has read; 0 if none."""
    query = select(func.max(MessageRead.up_to)).where(
        MessageRead.incident_id == incident_id, MessageRead.crew_id.is_not_distinct_from(crew_id)
    )
    return session.scalar(query) or 0


def newest_unread(
    session: Session, who: Party, incident_id: int, *, after: int, up_to: int | None = None
) -> tuple[int, int | None]:
    """Return how many messages of the other side lie behind a number, and the newest of them."""
    query = select(func.count(), func.max(Message.id)).where(
        Message.incident_id == incident_id,
        Message.id > after,
        who.may_see(),
        who.is_from_others(),
    )
    if up_to is not None:
        query = query.where(Message.id <= up_to)
    count, newest = session.execute(query).one()
    return count, newest


def with_messages(session: Session, who: Party) -> list[int]:
    """Return those of a party's incidents that have any messages."""
    if len(who.incident_ids) == 1:
        return who.incident_ids
    query = select(Message.incident_id).where(Message.incident_id.in_(who.incident_ids)).distinct()
    return sorted(session.scalars(query))


def seen_by(session: Session, who: Party, actor: Actor) -> list[MessageAnswer]:
    """Return the newest messages that a party may see, the oldest of them first."""
    newest = (
        select(Message, Crew.name.label("crew_name"))
        .outerjoin(Crew, Crew.id == Message.crew_id)
        .where(Message.incident_id.in_(who.incident_ids), who.may_see())
        .order_by(Message.id.desc())
        .limit(MOST_PER_PAGE)
    )
    marks = select(MessageRead, Crew.name.label("crew_name")).outerjoin(
        Crew, Crew.id == MessageRead.crew_id
    )
    marks = marks.where(MessageRead.incident_id.in_(who.incident_ids), MessageRead.reader != "")
    if who.crew_id is not None:  # what other crews have read is their own affair
        marks = marks.where((MessageRead.crew_id == who.crew_id) | MessageRead.crew_id.is_(None))
    read = session.execute(marks.order_by(MessageRead.up_to)).all()
    return [
        view(row.Message, row.crew_name, actor, read)
        for row in reversed(session.execute(newest).all())
    ]


def view(
    message: Message, crew_name: str | None, actor: Actor, read: Iterable[Any] = ()
) -> MessageAnswer:
    """Return a message as the API shows it, with its read marks in rising order."""
    own = message.actor_id == actor.account_id
    return {
        "id": message.id,
        "incident_id": message.incident_id,
        "side": Side(message.side),
        "crew_id": message.crew_id,
        "crew_name": crew_name,
        "author": message.author,
        "words": message.words,
        "written_at": instant(message.written_at),
        "sent_at": instant(message.sent_at),
        "client_id": message.client_id if own else None,
        "read_by": list(_first_marks(message, read)),
    }


def _first_marks(message: Message, read: Iterable[Any]) -> Iterable[MessageReadAnswer]:
    """Yield when each reader of the other side first reached a message."""
    told: set[int | None] = set()
    for row in read:
        mark: MessageRead = row.MessageRead
        if mark.incident_id != message.incident_id:
            continue
        if mark.up_to < message.id or mark.crew_id in told:
            continue
        if not _is_for(message, mark.crew_id):
            continue
        told.add(mark.crew_id)
        yield {
            "side": Side.DESK if mark.crew_id is None else Side.CREW,
            "crew_id": mark.crew_id,
            "crew_name": row.crew_name,
            "name": mark.reader,
            "at": instant(mark.read_at),
        }


def _is_for(message: Message, reader: int | None) -> bool:
    """Tell whether a message was written to a side: a crew's to the desk, the desk's to a crew."""
    if message.side == Side.CREW:
        return reader is None
    return reader is not None and message.crew_id in {None, reader}
