"""The conversation between the desk and the crews of an incident: send, list, mark as read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import merged_rows
from dispatch.messages import message_rows
from dispatch.messages.models import Message
from dispatch.messages.models import MessageRead
from dispatch.messages.parties import Party
from dispatch.messages.parties import addressed
from dispatch.messages.parties import party
from dispatch.messages.types import MessageAnswer
from dispatch.messages.types import MessagesAnswer
from dispatch.messages.types import MessagesReadAnswer
from dispatch.messages.types import ReadMessages
from dispatch.messages.types import SendMessage
from dispatch.writes.idempotency import Once

_TOLD_LETTERS = 160
"""As much of a message as stands in the log, for timelines; the rest is asked for."""


class MessageService:
    """What can be done with messages."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, incident_id: int) -> MessagesAnswer:
        """Return the conversation about an incident as the actor may see it, oldest first."""
        with self._work.reading() as session:
            who = party(session, actor, incident_id, self._clock())
            return {"messages": message_rows.seen_by(session, who, actor)}

    def send(
        self, actor: Actor, incident_id: int, message: SendMessage
    ) -> tuple[MessageAnswer, bool]:
        """Say something to the other side; sent again under its ``client_id`` it is said once.

        Returns
        -------
        message, replayed
            The message, and whether it was there already.
        """
        once = Once.of(actor, message.client_id, message, incident_id=incident_id)

        def work(session: Session) -> tuple[MessageAnswer, bool]:
            now = self._clock()
            return once.run(session, now, lambda: self.add(session, actor, incident_id, message))

        return self._work.run(work)

    def add(
        self, session: Session, actor: Actor, incident_id: int, message: SendMessage
    ) -> MessageAnswer:
        """Add a message in a transaction at hand, with the event that tells of it.

        The incident's version stays: what was said of it changes nothing of it, and must not
        refuse a crew's sending that somebody is just about to confirm.

        Raises
        ------
        NotFound
            If the actor has no part in the conversation.
        InvalidInput
            If it is addressed to a crew that has none.
        NotAllowed
            If the actor only looks on.
        """
        now = self._clock()
        written_at = min(message.written_at or now, now)
        who = party(session, actor, incident_id, written_at)
        if who.crew_id is None:
            actor.require(Permission.INCIDENT_WRITE)
        crew_id = addressed(session, who, incident_id, message.crew_id)
        # Locked so that numbers rise as messages become visible.
        there = merged_rows.locked_for(session, actor, incident_id).id
        values = {
            "side": who.side.value,
            "crew_id": crew_id,
            "words": message.words,
            "written_at": written_at,
            "sent_at": now,
        }
        row, is_new = message_rows.add(session, actor, there, message.client_id, values)
        if is_new:
            _tell(session, actor, row, now)
        return message_rows.view(row, _name(session, row.crew_id), actor)

    def mark_read(self, actor: Actor, incident_id: int, read: ReadMessages) -> MessagesReadAnswer:
        """Mark everything up to a message as read by the actor's side; once more is no harm.

        Raises
        ------
        NotFound
            If the actor has no part in the conversation.
        InvalidInput
            If the incident has no such message.
        """

        def work(session: Session) -> MessagesReadAnswer:
            now = self._clock()
            who = party(session, actor, incident_id, now)
            there = session.get(Message, read.up_to)
            if there is None or there.incident_id not in who.incident_ids:
                raise InvalidInput.one("up_to", N_("must be a message of this incident"))
            # Two readers at once are one mark behind the other.
            place = merged_rows.locked_for(session, actor, incident_id)
            marks = [
                _mark(session, who, actor, each, read.up_to, now)
                for each in message_rows.with_messages(session, who)
            ]
            newest = max((each.newest for each in marks if each.newest is not None), default=None)
            if newest is not None:
                events.append(
                    session,
                    EventKind.MESSAGE_READ,
                    actor,
                    at=now,
                    incident_id=place.id,
                    crew_id=who.crew_id,
                    data={"up_to": newest},
                )
            after = max((each.after for each in marks), default=0)
            return {"up_to": after or None, "unread": sum(each.left for each in marks)}

        return self._work.run(work)


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far one side has read what was said of one incident."""

    newest: int | None
    """The newest message that is read only now."""
    after: int
    left: int


def _mark(
    session: Session, who: Party, actor: Actor, incident_id: int, up_to: int, now: datetime
) -> _Mark:
    """Mark the messages of one incident as read, up to a number."""
    before = message_rows.read_so_far(session, incident_id, who.crew_id)
    _, newest = message_rows.newest_unread(session, who, incident_id, after=before, up_to=up_to)
    if newest is not None:
        values = {"incident_id": incident_id, "crew_id": who.crew_id, "up_to": newest}
        mark = {"actor_id": actor.account_id or 0, "reader": actor.display_name}
        session.add(MessageRead(**values, **mark, read_at=now))
        session.flush()
    after = max(before, newest or 0)
    left, _ = message_rows.newest_unread(session, who, incident_id, after=after)
    return _Mark(newest, after, left)


def _tell(session: Session, actor: Actor, row: Message, now: datetime) -> None:
    events.append(
        session,
        EventKind.MESSAGE_SENT,
        actor,
        at=now,
        occurred_at=row.written_at,
        incident_id=row.incident_id,
        crew_id=row.crew_id,
        data={"entry_id": row.id, "side": row.side, "text": _short(row.words)},
    )


def _short(words: str) -> str:
    return words if len(words) <= _TOLD_LETTERS else words[: _TOLD_LETTERS - 1] + "…"


def _name(session: Session, crew_id: int | None) -> str | None:
    return None if crew_id is None else session.get_one(Crew, crew_id).name
