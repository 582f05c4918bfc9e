"""Notes: what the desk writes down about an incident for itself, added and never changed.

What a crew has to say is a message to the desk (`messages`). Phones have notes in store that were
written before that was so, and programs send them: a crew's note becomes a message, and what a crew
is answered as its notes are the messages that it wrote.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import record_entries
from dispatch.messages.service import MessageService
from dispatch.messages.states import Side
from dispatch.messages.types import MessageAnswer
from dispatch.messages.types import SendMessage
from dispatch.records.models import IncidentNote
from dispatch.records.types import AddNote
from dispatch.records.types import NoteAnswer
from dispatch.records.types import NotesAnswer
from dispatch.writes.idempotency import Once

_TOLD_LETTERS = 160
"""As much of a note as stands in the log, for timelines; the rest is asked for."""


class NoteService:
    """What can be done with notes."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, messages: MessageService) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._messages = messages

    def list(self, actor: Actor, incident_id: int) -> NotesAnswer:
        """Return the notes of an incident, the oldest first; for a crew, what it wrote itself."""
        if not actor.may(Permission.INCIDENT_READ):
            told = self._messages.list(actor, incident_id)["messages"]
            return {"notes": [_as_note(each) for each in told if each["side"] == Side.CREW]}
        query = select(IncidentNote).order_by(IncidentNote.written_at, IncidentNote.id)
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            asked = query.where(IncidentNote.incident_id.in_(place.incident_ids))
            rows = session.scalars(asked).all()
        return {"notes": [_view(row) for row in rows]}

    def add(self, actor: Actor, incident_id: int, note: AddNote) -> tuple[NoteAnswer, bool]:
        """Write a note; sent again under the same ``client_id`` it is kept once.

        Parameters
        ----------
        actor
            The desk, or a crew that is or was sent there; a crew's note becomes a message.
        incident_id
            To which incident; it may have ended, for some things are known only afterwards.
        note
            What is written.

        Returns
        -------
        note, replayed
            The note, and whether it was there already.
        """
        once = Once.of(actor, note.client_id, note, incident_id=incident_id)

        def work(session: Session) -> tuple[NoteAnswer, bool]:
            now = self._clock()
            if not actor.may(Permission.INCIDENT_READ):
                return once.run(session, now, lambda: tell(session))
            record_entries.seat(session, actor, incident_id)
            return once.run(session, now, lambda: add(session, now))

        def tell(session: Session) -> NoteAnswer:
            # A note may be longer than a message, and is one all the same.
            said = SendMessage.model_construct(
                words=note.words, written_at=note.occurred_at, client_id=note.client_id
            )
            return _as_note(self._messages.add(session, actor, incident_id, said))

        def add(session: Session, now: datetime) -> NoteAnswer:
            written_at = min(note.occurred_at or now, now)
            row = record_entries.add(
                session,
                actor,
                IncidentNote,
                incident_id,
                {"words": note.words, "written_at": written_at},
                EventKind.INCIDENT_NOTED,
                at=now,
                occurred_at=written_at,
                client_id=note.client_id,
                told={"text": _short(note.words)},
            )
            return _view(row)

        return self._work.run(work)


def _short(words: str) -> str:
    return words if len(words) <= _TOLD_LETTERS else words[: _TOLD_LETTERS - 1] + "…"


def _as_note(message: MessageAnswer) -> NoteAnswer:
    return {
        "id": message["id"],
        "incident_id": message["incident_id"],
        "crew_id": message["crew_id"],
        "author": message["author"],
        "words": message["words"],
        "written_at": message["written_at"],
        "received_at": message["sent_at"],
    }


def _view(note: IncidentNote) -> NoteAnswer:
    return {
        "id": note.id,
        "incident_id": note.incident_id,
        "crew_id": note.crew_id,
        "author": note.author,
        "words": note.words,
        "written_at": instant(note.written_at),
        "received_at": instant(note.received_at),
    }
