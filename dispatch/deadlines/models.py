"""The table of deadlines."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base

_UNDONE = text("done_at IS NULL")


class Deadline(Base):
    """An instant at which something is done once, unless it is cancelled before."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_undone_next_at", "next_at", postgresql_where=_UNDONE),
        Index("ix_deadline_undone_incident_id", "incident_id", postgresql_where=_UNDONE),
        Index("ix_deadline_undone_assignment_id", "assignment_id", postgresql_where=_UNDONE),
        Index("ix_deadline_undone_crew_id", "crew_id", postgresql_where=_UNDONE),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    set_at: Mapped[datetime] = mapped_column(INSTANT)
    """By the clock that ``due_at`` is told by."""
    next_at: Mapped[datetime] = mapped_column(INSTANT)
    """When it is to be acted on; not when due after a failed attempt or a clock set back."""
    failures: Mapped[int] = mapped_column(Integer)
    done_at: Mapped[datetime | None] = mapped_column(INSTANT)
    how: Mapped[str | None] = mapped_column(Text)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
