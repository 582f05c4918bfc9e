"""The table of the event log."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import FetchedValue
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class Event(Base):
    """What happened: audit trail, source of the live stream and of all reports. Append-only."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_incident_id_id", "incident_id", "id"),
        Index("ix_event_crew_id_at", "crew_id", "at", postgresql_where=text("crew_id IS NOT NULL")),
        Index("ix_event_at_id", "at", "id"),
        Index(
            "ix_event_duty_changed",
            "crew_id",
            text("id DESC"),
            postgresql_where=text("kind = 'crew.duty_changed'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(INSTANT)
    occurred_at: Mapped[datetime] = mapped_column(INSTANT)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(Text)
    incident_id: Mapped[int | None] = mapped_column(BigInteger)
    assignment_id: Mapped[int | None] = mapped_column(BigInteger)
    crew_id: Mapped[int | None] = mapped_column(BigInteger)
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    also_unit_id: Mapped[int | None] = mapped_column(BigInteger)
    """The other side of a move or a loan, which sees the event too."""
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    words_digest: Mapped[bytes | None] = mapped_column(LargeBinary)


CHAINED = frozenset({"salt", "words_digest"})
"""Columns of the hash chain, which a trigger fills in."""
