"""The table of clocks."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base

GOING = "state IN ('paused', 'running')"


class PledgeClock(Base):
    """A clock of one incident, with the pledge as it was when it was started."""

    __tablename__ = "pledge_clock"
    __table_args__ = (
        Index("ix_pledge_clock_incident_id", "incident_id"),
        Index("ix_pledge_clock_stopped_at", "stopped_at"),
        Index(
            "uq_pledge_clock_going",
            "incident_id",
            "stop",
            "series",
            unique=True,
            postgresql_where=text(GOING),
        ),
        Index(
            "ix_pledge_clock_breached",
            "incident_id",
            postgresql_where=text("verdict = 'breached'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    pledge_id: Mapped[int] = mapped_column(BigInteger)
    stop: Mapped[str] = mapped_column(Text)
    series: Mapped[str] = mapped_column(Text)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`frozen_rule.FrozenRule`."""
    weather: Mapped[str] = mapped_column(Text)
    """When it was started; a later change of the incident does not change it."""
    started_at: Mapped[datetime] = mapped_column(INSTANT)
    pauses: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    trace: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """What it was before each change: when, why, rule, start."""
    state: Mapped[str] = mapped_column(Text)
    warn_at: Mapped[datetime | None] = mapped_column(INSTANT)
    due_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """None while it is paused."""
    left_s: Mapped[float | None] = mapped_column(Double)
    """What is left while it is paused."""
    warned_at: Mapped[datetime | None] = mapped_column(INSTANT)
    breached_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When it was noticed that the limit had been reached."""
    stopped_at: Mapped[datetime | None] = mapped_column(INSTANT)
    used_s: Mapped[float | None] = mapped_column(Double)
    verdict: Mapped[str | None] = mapped_column(Text)
    end_reason: Mapped[str | None] = mapped_column(Text)
    cause: Mapped[str | None] = mapped_column(Text)
    cause_note: Mapped[str] = mapped_column(Text)
    cause_by: Mapped[str | None] = mapped_column(Text)
    """Who of the desk said so; None: it was computed."""
