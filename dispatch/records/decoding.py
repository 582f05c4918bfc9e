"""Making pictures of the files that were taken in: run by the job worker, never by a web worker."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from procrastinate import Blueprint
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import locked
from dispatch.jobs.queue import JobQueue
from dispatch.records.decoder import DecoderLimits
from dispatch.records.decoder_process import decode_apart
from dispatch.records.decoding_jobs import TAKE_UP_WAITING
from dispatch.records.decoding_jobs import defer_decoding
from dispatch.records.kept_picture import Picture
from dispatch.records.models import Photo
from dispatch.records.models import PhotoFile
from dispatch.records.states import PhotoRefusal
from dispatch.records.states import PhotoState

LOG = logging.getLogger(__name__)
Decode = Callable[[bytes, ZoneInfo, datetime, DecoderLimits], Picture | PhotoRefusal]
_SHOW = text(
    "SELECT show_photo(:id, :at, :taken_at, :lon, :lat, :width, :height, :sha256, :image, :small)"
)
_DROP_UNUSED = text("SELECT drop_unused_photo_files()")
_REFUSE = text("SELECT refuse_photo(:id, :at, :why)")


class PhotoDecoding:
    """Decodes what was taken in, and tells what became of it."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        zone: ZoneInfo,
        jobs: JobQueue,
        *,
        limits: DecoderLimits | None = None,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = zone
        self._jobs = jobs
        self._limits = limits or DecoderLimits()

    def decode(self, photo_id: int) -> None:
        """Show a photo that waits, or refuse it; one that is settled stays as it is.

        Raises
        ------
        DecoderError
            If the decoder failed, whatever the file: the photo goes on waiting.
        """
        query = (
            select(Photo, PhotoFile.content)
            .join(PhotoFile, PhotoFile.id == Photo.file_id)
            .where(Photo.id == photo_id, Photo.state == PhotoState.RECEIVED)
        )
        with self._work.reading() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            return
        photo: Photo = row.Photo
        # Outside any transaction: it may take seconds.
        picture = decode_apart(row.content, self._zone, photo.received_at, self._limits)
        self._work.run(lambda session: self._settle(session, photo, picture))

    def take_up_waiting(self) -> None:
        """Put a job in for each photo that waits without one, and drop files that have no photo.

        A job that failed does not run again by itself, and one that was lost with a database that
        was restored is nowhere.
        """
        query = select(Photo.id, Photo.actor_id).where(Photo.state == PhotoState.RECEIVED)
        with self._work.writing() as session:
            for photo_id, account_id in session.execute(query.order_by(Photo.id)).all():
                defer_decoding(self._jobs, session, photo_id, account_id)
            session.execute(_DROP_UNUSED)

    def _settle(self, session: Session, photo: Photo, picture: Picture | PhotoRefusal) -> None:
        incident = locked(session, photo.incident_id)
        now = self._clock()
        if isinstance(picture, PhotoRefusal):
            kind, told = EventKind.INCIDENT_PHOTO_REFUSED, {"refusal": picture.value}
            settled = session.scalar(_REFUSE, {"id": photo.id, "at": now, "why": picture.value})
        else:
            kind, told = EventKind.INCIDENT_PHOTO_SHOWN, {}
            settled = session.scalar(_SHOW, _columns(photo, picture, now))
        if not settled:  # this job ran twice, and the other was quicker
            return
        incident.version += 1
        session.flush()
        events.append(
            session,
            kind,
            SYSTEM,
            at=now,
            incident_id=photo.incident_id,
            crew_id=photo.crew_id,
            data={"entry_id": photo.id, **told},
        )


def decoding_tasks(decoding: PhotoDecoding) -> Blueprint:
    """Return the jobs, to be added to one app under `decoding_jobs.RECORDS`."""
    tasks = Blueprint()

    @tasks.task(name="decode_photo")
    def decode_photo(photo_id: int) -> None:
        decoding.decode(photo_id)

    @tasks.periodic(cron="37 * * * *")
    @tasks.task(name="take_up_waiting_photos", queueing_lock=TAKE_UP_WAITING)
    def take_up_waiting_photos(timestamp: int) -> None:  # noqa: ARG001  (when it was due; it does not matter)
        decoding.take_up_waiting()

    return tasks


def _columns(photo: Photo, picture: Picture, now: datetime) -> dict[str, object]:
    """Return what is kept of a picture; where the file is silent, its sender is believed."""
    lon, lat = picture.lonlat or (photo.lon, photo.lat)
    return {
        "id": photo.id,
        "at": now,
        "taken_at": picture.taken_at or photo.taken_at,
        "lon": lon,
        "lat": lat,
        "width": picture.width,
        "height": picture.height,
        "sha256": hashlib.sha256(picture.image).hexdigest(),
        "image": picture.image,
        "small": picture.thumbnail,
    }
