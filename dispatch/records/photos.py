"""Photos of an incident: taken on scene by crews, or added by the desk.

They are taken in as files; `decoding` makes pictures of them, in the job worker.
"""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import N_
from dispatch.core.errors import NotFound
from dispatch.core.errors import TooMany
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.limits import MOST_WAITING_PHOTOS
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import record_entries
from dispatch.jobs.queue import JobQueue
from dispatch.records.decoding_jobs import defer_decoding
from dispatch.records.models import Photo
from dispatch.records.models import PhotoFile
from dispatch.records.picture_headers import check_upload
from dispatch.records.states import PhotoRefusal
from dispatch.records.states import PhotoState
from dispatch.records.types import AddPhoto
from dispatch.records.types import PhotoAnswer
from dispatch.records.types import PhotosAnswer
from dispatch.writes.idempotency import Once

_RETRY_AFTER_S = 15
_WAITING = select(func.count()).where(
    Photo.actor_id == bindparam("account"), Photo.state == PhotoState.RECEIVED
)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """JPEG bytes on their way out, with what they are called and the name of their content."""

    content: bytes
    sha256: str
    file_name: str


@dataclass(frozen=True, slots=True)
class PhotoBacklog:
    """Photos that wait to be decoded."""

    count: int
    oldest_s: float


class PhotoService:
    """What can be done with photos."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, jobs: JobQueue) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._jobs = jobs

    def list(self, actor: Actor, incident_id: int) -> PhotosAnswer:
        """Return what is known of the photos of an incident that the actor may see.

        In the order in which they were taken, as far as that is known; else in which they came.
        """
        query = select(Photo).order_by(Photo.id)
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            rows = session.scalars(query.where(Photo.incident_id.in_(place.incident_ids))).all()
        seen = [row for row in rows if record_entries.may_see(place, row.crew_id)]
        seen.sort(key=lambda row: row.taken_at or row.received_at)
        return {"photos": [photo_view(row) for row in seen]}

    def add(self, actor: Actor, incident_id: int, photo: AddPhoto) -> tuple[PhotoAnswer, bool]:
        """Take a photo in; sent again under the same ``client_id`` it is kept once.

        Only the first bytes of the file are looked at. It is decoded by a job, which goes into the
        queue with the photo; until it is shown or refused, the photo is `received`.

        Parameters
        ----------
        actor
            The desk, or a crew that is or was sent there.
        incident_id
            Of which incident.
        photo
            The file, and what its sender knows of it.

        Returns
        -------
        photo, replayed
            What is known of it, and whether it was there already.

        Raises
        ------
        InvalidInput
            On ``photo`` when its header says that it is no picture that can be taken.
        TooMany
            ``too_many_photos_wait`` when others of the same account have to be decoded first.
        """
        check_upload(photo.photo)
        now = self._clock()
        taken_at = min(photo.taken_at, now) if photo.taken_at else None
        lon, lat = photo.lonlat or (None, None)
        caption, sent = photo.caption or "", photo.sha256()
        values = {
            "state": PhotoState.RECEIVED,
            "caption": caption,
            "taken_at": taken_at,
            "lon": lon,
            "lat": lat,
            "sent_sha256": sent,
        }
        request = {"incident_id": incident_id, "photo": photo.request(sent)}
        once = Once(actor, photo.client_id, request)
        with self._work.reading() as session:  # before anything is stored of a stranger
            record_entries.seat(session, actor, incident_id)
            known = once.known(session)
            if known is not None:
                return cast("PhotoAnswer", known), True
            _refuse_too_many(session, actor)
        # In a transaction of its own: whoever adds to the incident, or to the log, would otherwise
        # wait until megabytes are on the disk.
        with self._work.writing() as session:
            file = insert(PhotoFile).values(content=photo.photo).returning(PhotoFile.id)
            file_id = session.scalar(file)

        def add(session: Session) -> PhotoAnswer:
            row = record_entries.add(
                session,
                actor,
                Photo,
                incident_id,
                {**values, "file_id": file_id},
                EventKind.INCIDENT_PHOTOGRAPHED,
                at=now,
                occurred_at=taken_at,
                client_id=photo.client_id,
                told={"caption": caption} if caption else None,
                beside=lambda photo_id: defer_decoding(
                    self._jobs, session, photo_id, actor.account_id
                ),
            )
            return photo_view(row)

        return self._work.run(lambda session: once.run(session, now, lambda: add(session)))

    def backlog(self) -> PhotoBacklog:
        """Return how many photos wait to be decoded, and since when the oldest of them."""
        query = select(func.count(), func.min(Photo.received_at)).where(
            Photo.state == PhotoState.RECEIVED
        )
        with self._work.reading() as session:
            count, oldest_at = session.execute(query).one()
        age_s = (self._clock() - oldest_at).total_seconds() if count else 0.0
        return PhotoBacklog(count, max(age_s, 0.0))

    def picture(self, actor: Actor, photo_id: int, *, thumbnail: bool = False) -> StoredPicture:
        """Return a photo's bytes.

        Raises
        ------
        NotFound
            If there is none, or it is not for the actor to see.
        """
        content = Photo.thumbnail if thumbnail else Photo.image
        query = select(Photo.incident_id, Photo.crew_id, Photo.sha256, content).where(
            Photo.id == min(photo_id, LARGEST_ID), Photo.state == PhotoState.SHOWN
        )
        with self._work.reading() as session:
            row = session.execute(query).one_or_none()
            if row is None:
                raise NotFound.thing("photo", photo_id)
            try:
                place = record_entries.seat(session, actor, row.incident_id)
            except NotFound:
                raise NotFound.thing("photo", photo_id) from None
        if not record_entries.may_see(place, row.crew_id):
            raise NotFound.thing("photo", photo_id)
        size = "small" if thumbnail else "photo"
        name = f"incident-{row.incident_id}-{size}-{photo_id}.jpg"
        return StoredPicture(cast("bytes", row[3]), f"{row.sha256}-{size}", name)


def _refuse_too_many(session: Session, actor: Actor) -> None:
    """Refuse another photo while many of the same account wait.

    Each is megabytes, and may take seconds to decode. Those that are just coming in are not counted
    yet, and are few.
    """
    waiting = session.scalar(_WAITING, {"account": actor.account_id or 0})
    if (waiting or 0) >= MOST_WAITING_PHOTOS:
        message = N_("%(most)s of your photos are still being checked; send the next ones later.")
        most = {"most": MOST_WAITING_PHOTOS}
        raise TooMany("too_many_photos_wait", message, most, retry_after_s=_RETRY_AFTER_S)


def photo_view(photo: Photo) -> PhotoAnswer:
    """Return what is known of a photo, as the API shows it."""
    shown = photo.state == PhotoState.SHOWN
    return {
        "id": photo.id,
        "incident_id": photo.incident_id,
        "crew_id": photo.crew_id,
        "author": photo.author,
        "state": PhotoState(photo.state),
        "refusal": PhotoRefusal(photo.refusal) if photo.refusal else None,
        "caption": photo.caption,
        "taken_at": instant(photo.taken_at),
        "received_at": instant(photo.received_at),
        "lon": photo.lon,
        "lat": photo.lat,
        "width": photo.width,
        "height": photo.height,
        "size_bytes": photo.size_bytes,
        "sha256": photo.sha256,
        "url": f"/api/v1/photos/{photo.id}" if shown else None,
        "thumbnail_url": f"/api/v1/photos/{photo.id}/thumbnail" if shown else None,
    }
