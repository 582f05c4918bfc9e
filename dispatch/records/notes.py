"""Notes: what the desk and the crews write down about an incident, added and never changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.commands.idempotency import mismatch
from dispatch.core.fields import FieldReader
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import record_entries
from dispatch.records.models import IncidentNote

_TOLD_LETTERS = 160
"""As much of a note as stands in the log, for timelines; the rest is asked for."""


class NoteService:
    """What can be done with notes."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, incident_id: int) -> dict[str, Any]:
        """Return the notes of an incident that the actor may read, the oldest first."""
        query = (
            select(IncidentNote)
            .where(IncidentNote.incident_id == incident_id)
            .order_by(IncidentNote.written_at, IncidentNote.id)
        )
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            rows = session.scalars(query).all()
        return {"notes": [_view(row) for row in rows if record_entries.may_see(place, row.crew_id)]}

    def add(
        self, actor: Actor, incident_id: int, fields: Mapping[str, Any]
    ) -> tuple[dict[str, Any], bool]:
        """Write a note; sent again under the same ``client_id`` it is kept once.

        Parameters
        ----------
        actor
            The desk, or a crew that is or was sent there.
        incident_id
            To which incident; it may have ended, for some things are known only afterwards.
        fields
            ``words``; ``occurred_at`` when it was written, if not just now; ``client_id``.

        Returns
        -------
        note, replayed
            The note, and whether it was there already.
        """
        reader = FieldReader(fields)
        words = reader.text("words", required=True) or ""
        client_id = reader.text("client_id")
        occurred_at = reader.instant("occurred_at")
        reader.finish()

        def work(session: Session) -> tuple[dict[str, Any], bool]:
            now = self._clock()
            written_at = min(occurred_at or now, now)
            record_entries.seat(session, actor, incident_id)
            row, replayed = record_entries.add(
                session,
                actor,
                IncidentNote,
                incident_id,
                {"words": words, "written_at": written_at},
                EventKind.INCIDENT_NOTED,
                at=now,
                occurred_at=written_at,
                client_id=client_id,
                told={"text": _short(words)},
            )
            if replayed and row.words != words:
                raise mismatch()
            return _view(row), replayed

        return self._work.run(work)


def _short(words: str) -> str:
    return words if len(words) <= _TOLD_LETTERS else words[: _TOLD_LETTERS - 1] + "…"


def _view(note: IncidentNote) -> dict[str, Any]:
    return {
        "id": note.id,
        "incident_id": note.incident_id,
        "crew_id": note.crew_id,
        "author": note.author,
        "words": note.words,
        "written_at": instant(note.written_at),
        "received_at": instant(note.received_at),
    }
