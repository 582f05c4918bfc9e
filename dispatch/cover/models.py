"""The table of move-ups: crews asked to stand at a place so that an area stays covered."""

from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.core.columns import POINT
from geodata.db import Base


class MoveUp(Base):
    """A crew asked to stand somewhere; it has no incident, and ends when the crew is sent."""

    __tablename__ = "move_up"
    __table_args__ = (
        Index(
            "uq_move_up_live_crew",
            "crew_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_move_up_crew_id", "crew_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    point: Mapped[WKBElement] = mapped_column(POINT)
    place: Mapped[str] = mapped_column(Text)
    """Station or address; empty if it has none."""
    reason: Mapped[str] = mapped_column(Text)
    why: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The cover that it was to restore, as it was shown; empty if somebody asked just so."""
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_by: Mapped[str] = mapped_column(Text)
    accepted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_how: Mapped[str | None] = mapped_column(Text)
    ended_by: Mapped[str | None] = mapped_column(Text)
