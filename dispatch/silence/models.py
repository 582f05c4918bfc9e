"""The tables of silence: how long crews may be unheard, and those that are for too long."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class SilenceLimit(Base):
    """How long crews of a unit, or one crew, may be unheard; the nearest one counts."""

    __tablename__ = "silence_limit"
    __table_args__ = (
        Index(
            "uq_silence_limit_unit_id",
            "unit_id",
            unique=True,
            postgresql_where=text("crew_id IS NULL"),
        ),
        Index("uq_silence_limit_crew_id", "crew_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(
        ForeignKey("organisation_unit.id", ondelete="CASCADE"), type_=BigInteger
    )
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """None for all crews of the unit and of those below it."""
    driving_s: Mapped[float] = mapped_column(Double)
    parked_s: Mapped[float] = mapped_column(Double)
    break_s: Mapped[float] = mapped_column(Double)
    supervisor_s: Mapped[float] = mapped_column(Double)
    changed_at: Mapped[datetime] = mapped_column(INSTANT)
    changed_by: Mapped[str] = mapped_column(Text)


class CrewSilence(Base):
    """A crew that is silent now, beyond its limit; the row goes when it is heard again."""

    __tablename__ = "crew_silence"

    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    heard_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """Last; None where it never was since it went on duty."""
    limit_s: Mapped[float] = mapped_column(Double)
    alarmed_at: Mapped[datetime] = mapped_column(INSTANT)
    escalate_at: Mapped[datetime] = mapped_column(INSTANT)
    escalated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    seen_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When somebody at a desk said that they see to it: then no supervisor is called."""
    seen_by: Mapped[str | None] = mapped_column(Text)
