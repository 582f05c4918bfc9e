"""The tables of recordings: what is known of each, and its file."""

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


class Recording(Entry, Base):
    """A short video or sound, as its sender described it."""

    __tablename__ = "recording"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_recording_incident_id", "incident_id"),
        Index(
            "ix_recording_file_id",
            "file_id",
            unique=True,
            postgresql_where=text("file_id IS NOT NULL"),
        ),
        Index(
            "ix_recording_not_erased", "received_at", postgresql_where=text("file_id IS NOT NULL")
        ),
    )

    kind: Mapped[str] = mapped_column(Text)
    content_type: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    duration_s: Mapped[float | None] = mapped_column(Double)
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    size_bytes: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("recording_file.id"), type_=BigInteger)
    """None once it was kept long enough and is erased."""


class RecordingFile(Base):
    """The bytes of a recording. It is there before its recording."""

    __tablename__ = "recording_file"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(INSTANT, server_default=func.now())
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    content: Mapped[bytes] = mapped_column(LargeBinary)
