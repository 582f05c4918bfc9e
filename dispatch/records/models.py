"""The tables of an incident's record: notes and photos, added and never changed."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import FetchedValue
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import func
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.incidents.models import Entry
from geodata.db import Base


class IncidentNote(Entry, Base):
    """What somebody at the desk wrote down for the desk."""

    __tablename__ = "incident_note"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_incident_note_incident_id", "incident_id"),
    )

    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(INSTANT)


class Photo(Entry, Base):
    """A photo: what its sender said of it and, once it was decoded, the picture as it is kept.

    The picture is JPEG without any metadata; what mattered of that is in columns. The serving role
    adds rows and settles what became of them once, by the database's function `settle_photo`; it
    cannot change them.
    """

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_photo_incident_id", "incident_id"),
        Index("ix_photo_not_erased", "received_at", postgresql_where=text("state <> 'erased'")),
        Index("ix_photo_file_id", "file_id", postgresql_where=text("file_id IS NOT NULL")),
        Index("ix_photo_received", "actor_id", "id", postgresql_where=text("state = 'received'")),
    )

    state: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("photo_file.id"), type_=BigInteger)
    """The file as it came, until the photo is settled."""
    refusal: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When it was shown or refused."""
    caption: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(INSTANT)
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    size_bytes: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(Text)
    sent_sha256: Mapped[str] = mapped_column(Text)
    """Of the file as it came, to tell a repeated request from another under the same name."""
    image: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class PhotoFile(Base):
    """A file as it came. It is there before its photo, and goes when that is settled."""

    __tablename__ = "photo_file"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    content: Mapped[bytes] = mapped_column(LargeBinary)
