"""The tables of trackers: how each is set up, and how it is."""

from datetime import date
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Date
from sqlalchemy import Double
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

_EMPTY = text("'{}'")


class Tracker(Base):
    """A device of a crew that reports where it is, and how what it sends is to be read."""

    __tablename__ = "tracker"
    __table_args__ = (Index("ix_tracker_crew_id", "crew_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    name: Mapped[str] = mapped_column(Text)
    protocol: Mapped[str] = mapped_column(Text)
    login: Mapped[str] = mapped_column(Text)
    """What it signs in as; '' where the secret alone does."""
    secret_digest: Mapped[str] = mapped_column(Text, unique=True)
    datum: Mapped[str] = mapped_column(Text)
    speed_unit: Mapped[str] = mapped_column(Text)
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=_EMPTY)
    """`types.TrackerFilters`; what is not named is as shipped."""
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(INSTANT)
    """When its present secret was made."""
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    revoked_by: Mapped[str | None] = mapped_column(Text)


class TrackerState(Base):
    """How a tracker is: one row each, changed with everything that it sends."""

    __tablename__ = "tracker_state"

    tracker_id: Mapped[int] = mapped_column(
        ForeignKey("tracker.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    heard_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When it last asked anything, on duty or off."""
    fixed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """Of its last usable fix, by its own clock."""
    received_at: Mapped[datetime | None] = mapped_column(INSTANT)
    moved_at: Mapped[datetime | None] = mapped_column(INSTANT)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    battery_pct: Mapped[float | None] = mapped_column(Double)
    charging: Mapped[bool | None] = mapped_column(Boolean)
    counted_on: Mapped[date | None] = mapped_column(Date)
    """The day, in the installation's time zone, of the two counts below."""
    used_today: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    refused_today: Mapped[dict[str, int]] = mapped_column(JSONB, server_default=_EMPTY)
    """How many fixes were refused, by reason."""
    test_asked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    test_sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    test_answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
