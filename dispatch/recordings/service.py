"""Recordings of an incident: taken in, listed, and read piece by piece as players ask for them."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import record_entries
from dispatch.recordings.media_headers import container_of
from dispatch.recordings.models import Recording
from dispatch.recordings.models import RecordingFile
from dispatch.recordings.states import LONGEST_S
from dispatch.recordings.states import RecordingKind
from dispatch.recordings.states import content_type
from dispatch.recordings.types import AddRecording
from dispatch.recordings.types import RecordingAnswer
from dispatch.recordings.types import RecordingsAnswer
from dispatch.writes.idempotency import Once

_SLACK_S = 5.0
"""A browser stops a little after it is told to."""


@dataclass(frozen=True, slots=True)
class LargestRecordings:
    """How many bytes each kind of recording may have."""

    video_bytes: int
    audio_bytes: int

    def of(self, kind: RecordingKind) -> int:
        """Return the limit of a kind."""
        return self.video_bytes if kind is RecordingKind.VIDEO else self.audio_bytes


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A recording that may be read by whoever asked for it."""

    id: int
    file_id: int
    content_type: str
    sha256: str
    size_bytes: int
    file_name: str


class RecordingService:
    """What can be done with recordings."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, largest: LargestRecordings) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._largest = largest

    def list(self, actor: Actor, incident_id: int) -> RecordingsAnswer:
        """Return what is known of the recordings of an incident that the actor may see."""
        query = select(Recording).order_by(Recording.id)
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            asked = query.where(Recording.incident_id.in_(place.incident_ids))
            rows = session.scalars(asked).all()
        seen = [row for row in rows if record_entries.may_see(place, row.crew_id)]
        seen.sort(key=lambda row: row.recorded_at or row.received_at)
        return {"recordings": [_view(row) for row in seen]}

    def add(
        self, actor: Actor, incident_id: int, recording: AddRecording
    ) -> tuple[RecordingAnswer, bool]:
        """Take a recording in; sent again under the same ``client_id`` it is kept once.

        Parameters
        ----------
        actor
            The desk, or a crew that is or was sent there.
        incident_id
            Of which incident; it may have ended.
        recording
            The file, and what its sender knows of it.

        Returns
        -------
        recording, replayed
            What is known of it, and whether it was there already.

        Raises
        ------
        InvalidInput
            On ``recording`` when it is too large or no file that browsers record, on
            ``duration_s`` when it is too long.
        """
        values = self._judged(recording)
        now = self._clock()
        recorded_at = min(recording.recorded_at, now) if recording.recorded_at else None
        request = {"incident_id": incident_id, "recording": recording.request(recording.sha256())}
        once = Once(actor, recording.client_id, request)
        with self._work.reading() as session:  # before anything is stored of a stranger
            record_entries.seat(session, actor, incident_id)
            known = once.known(session)
            if known is not None:
                return cast("RecordingAnswer", known), True
        # In a transaction of its own: whoever adds to the incident, or to the log, would otherwise
        # wait until megabytes are on the disk.
        with self._work.writing() as session:
            file = insert(RecordingFile).values(content=recording.recording)
            file_id = session.scalar(file.returning(RecordingFile.id))

        def add(session: Session) -> RecordingAnswer:
            row = record_entries.add(
                session,
                actor,
                Recording,
                incident_id,
                {**values, "recorded_at": recorded_at, "file_id": file_id},
                EventKind.INCIDENT_RECORDED,
                at=now,
                occurred_at=recorded_at,
                client_id=recording.client_id,
                told={"media": recording.kind.value},
            )
            return _view(row)

        return self._work.run(lambda session: once.run(session, now, lambda: add(session)))

    def find(self, actor: Actor, recording_id: int) -> StoredRecording:
        """Return a recording that may be read.

        Raises
        ------
        NotFound
            If there is none, or it is not for the actor to see.
        """
        query = select(Recording).where(
            Recording.id == min(recording_id, LARGEST_ID), Recording.file_id.is_not(None)
        )
        with self._work.reading() as session:
            row = session.scalars(query).one_or_none()
            if row is None:
                raise NotFound.thing("recording", recording_id)
            try:
                place = record_entries.seat(session, actor, row.incident_id)
            except NotFound:
                raise NotFound.thing("recording", recording_id) from None
        if not record_entries.may_see(place, row.crew_id):
            raise NotFound.thing("recording", recording_id)
        ending = row.content_type.partition("/")[2]
        name = f"incident-{row.incident_id}-{row.kind}-{row.id}.{ending}"
        return StoredRecording(
            row.id, row.file_id or 0, row.content_type, row.sha256, row.size_bytes, name
        )

    def read(self, found: StoredRecording, first: int, length: int) -> bytes:
        """Return some bytes of a recording that was found, counted from 0."""
        piece = func.substring(RecordingFile.content, first + 1, length)
        query = (
            select(piece)
            .join(Recording, Recording.file_id == RecordingFile.id)
            .where(Recording.id == found.id)
        )
        with self._work.reading() as session:
            content = session.scalar(query)
        if content is None:  # erased meanwhile
            raise NotFound.thing("recording", found.id)
        return cast("bytes", content)

    def _judged(self, recording: AddRecording) -> dict[str, object]:
        """Return the columns that follow from a file and from what is said of it."""
        kind, content = recording.kind, recording.recording
        most = self._largest.of(kind)
        if len(content) > most:
            sentence = N_("may have at most %(limit)s MB")
            raise InvalidInput.one("recording", sentence, limit=f"{most / 1_000_000:g}")
        container = container_of(content)
        if container is None:
            raise InvalidInput.one("recording", N_("must be a WebM, MP4 or Ogg recording"))
        longest = LONGEST_S[kind]
        if recording.duration_s is not None and recording.duration_s > longest + _SLACK_S:
            raise InvalidInput.one(
                "duration_s", N_("may be at most %(seconds)s seconds"), seconds=f"{longest:g}"
            )
        lon, lat = recording.lonlat or (None, None)
        return {
            "kind": kind.value,
            "content_type": content_type(kind, container),
            "duration_s": recording.duration_s,
            "lon": lon,
            "lat": lat,
            "size_bytes": len(content),
            "sha256": recording.sha256(),
        }


def _view(recording: Recording) -> RecordingAnswer:
    return {
        "id": recording.id,
        "incident_id": recording.incident_id,
        "crew_id": recording.crew_id,
        "author": recording.author,
        "kind": RecordingKind(recording.kind),
        "content_type": recording.content_type,
        "recorded_at": instant(recording.recorded_at),
        "received_at": instant(recording.received_at),
        "duration_s": recording.duration_s,
        "lon": recording.lon,
        "lat": recording.lat,
        "size_bytes": recording.size_bytes,
        "sha256": recording.sha256,
        "url": None if recording.file_id is None else f"/api/v1/recordings/{recording.id}",
    }
