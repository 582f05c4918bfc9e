"""The tables of an incident's record: notes and photos. Rows are added and never changed."""

from datetime import datetime

from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.incidents.models import Entry
from geodata.db import Base


class IncidentNote(Entry, Base):
    """What somebody at the desk or on scene wrote down."""

    __tablename__ = "incident_note"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_incident_note_incident_id", "incident_id"),
    )

    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(INSTANT)


class Photo(Entry, Base):
    """A picture, as kept: JPEG without any metadata; what mattered of that is in columns."""

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_photo_incident_id", "incident_id"),
    )

    caption: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(INSTANT)
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    size_bytes: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Text)
    sent_sha256: Mapped[str] = mapped_column(Text)
    """Of the file as it came, to tell a repeated request from another under the same name."""
    image: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
