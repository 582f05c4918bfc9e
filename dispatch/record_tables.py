"""The record of an incident: notes, reports and photos; rows are added and never changed."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base

_Instant = DateTime(timezone=True)


class Entry:
    """What every entry of the record has: where it belongs, and who made it."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """The crew that made it; None for the desk."""
    actor_id: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    """The sender's own name for it: sent again under the same one, it is kept once."""
    received_at: Mapped[datetime] = mapped_column(_Instant)


class IncidentNote(Entry, Base):
    """What somebody at the desk or on scene wrote down."""

    __tablename__ = "incident_note"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_incident_note_incident_id", "incident_id"),
    )

    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(_Instant)


class IncidentReport(Entry, Base):
    """One telling of an incident; the first is what was pinned."""

    __tablename__ = "incident_report"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_incident_report_incident_id", "incident_id"),
    )

    channel: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(_Instant)
    caller_name: Mapped[str] = mapped_column(Text)
    caller_phone: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    """The number it goes by where it came from, such as a 12345 ticket's."""


class Photo(Entry, Base):
    """A picture, as kept: JPEG without any metadata; what mattered of that is in columns."""

    __tablename__ = "photo"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_photo_incident_id", "incident_id"),
    )

    caption: Mapped[str] = mapped_column(Text)
    taken_at: Mapped[datetime | None] = mapped_column(_Instant)
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
