"""Photos of an incident: taken on scene by crews, or added by the desk."""

import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.incidents import record_entries
from dispatch.records.models import Photo
from dispatch.records.picture_files import Picture
from dispatch.records.picture_files import read_picture
from dispatch.records.types import AddPhoto
from dispatch.records.types import PhotoAnswer
from dispatch.records.types import PhotosAnswer
from dispatch.writes.idempotency import Once


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """JPEG bytes on their way out, with what they are called and the name of their content."""

    content: bytes
    sha256: str
    file_name: str


class PhotoService:
    """What can be done with photos."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, zone: ZoneInfo, blocking: Runner
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = zone
        self._blocking = blocking

    def list(self, actor: Actor, incident_id: int) -> PhotosAnswer:
        """Return what is known of the photos of an incident that the actor may see.

        In the order in which they were taken, as far as that is known; else in which they came.
        """
        query = select(Photo).where(Photo.incident_id == incident_id).order_by(Photo.id)
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            rows = session.scalars(query).all()
        seen = [row for row in rows if record_entries.may_see(place, row.crew_id)]
        seen.sort(key=lambda row: row.taken_at or row.received_at)
        return {"photos": [photo_view(row) for row in seen]}

    def add(self, actor: Actor, incident_id: int, photo: AddPhoto) -> tuple[PhotoAnswer, bool]:
        """Keep a photo; sent again under the same ``client_id`` it is kept once.

        It is decoded and drawn anew before the transaction begins.

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
            On ``photo`` when it is no picture that can be taken.
        """
        with self._work.reading() as session:  # before anything is decoded for a stranger
            record_entries.seat(session, actor, incident_id)
        now = self._clock()
        picture: Picture = self._blocking(read_picture, photo.photo, self._zone, now)
        taken_at = picture.taken_at or (min(photo.taken_at, now) if photo.taken_at else None)
        lon, lat = picture.lonlat or photo.lonlat or (None, None)
        caption = photo.caption or ""
        values = {
            "caption": caption,
            "taken_at": taken_at,
            "lon": lon,
            "lat": lat,
            "width": picture.width,
            "height": picture.height,
            "size_bytes": len(picture.image),
            "sha256": hashlib.sha256(picture.image).hexdigest(),
            "sent_sha256": photo.sha256(),
            "image": picture.image,
            "thumbnail": picture.thumbnail,
        }
        request = {"incident_id": incident_id, "photo": photo.request()}
        once = Once(actor, photo.client_id, request)

        def add(session: Session) -> PhotoAnswer:
            row = record_entries.add(
                session,
                actor,
                Photo,
                incident_id,
                values,
                EventKind.INCIDENT_PHOTOGRAPHED,
                at=now,
                occurred_at=taken_at,
                client_id=photo.client_id,
                told={"caption": caption} if caption else None,
            )
            return photo_view(row)

        return self._work.run(lambda session: once.run(session, now, lambda: add(session)))

    def picture(self, actor: Actor, photo_id: int, *, thumbnail: bool = False) -> StoredPicture:
        """Return a photo's bytes.

        Raises
        ------
        NotFound
            If there is none, or it is not for the actor to see.
        """
        content = Photo.thumbnail if thumbnail else Photo.image
        query = select(Photo.incident_id, Photo.crew_id, Photo.sha256, content).where(
            Photo.id == min(photo_id, LARGEST_ID)
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
        return StoredPicture(row[3], f"{row.sha256}-{size}", name)


def photo_view(photo: Photo) -> PhotoAnswer:
    """Return what is known of a photo, as the API shows it."""
    return {
        "id": photo.id,
        "incident_id": photo.incident_id,
        "crew_id": photo.crew_id,
        "author": photo.author,
        "caption": photo.caption,
        "taken_at": instant(photo.taken_at),
        "received_at": instant(photo.received_at),
        "lon": photo.lon,
        "lat": photo.lat,
        "width": photo.width,
        "height": photo.height,
        "size_bytes": photo.size_bytes,
        "sha256": photo.sha256,
        "url": f"/api/v1/photos/{photo.id}",
        "thumbnail_url": f"/api/v1/photos/{photo.id}/thumbnail",
    }
