"""The tables of driven tracks."""

from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import GEOMETRY
from dispatch.core.columns import INSTANT
from geodata.db import Base


class DrivenTrack(Base):
    """What was driven for one order; one without a line was matched to no street."""

    __tablename__ = "driven_track"
    __table_args__ = (
        Index("ix_driven_track_crew_id", "crew_id"),
        Index("ix_driven_track_until_at", "until_at"),
    )

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    from_at: Mapped[datetime] = mapped_column(INSTANT)
    until_at: Mapped[datetime] = mapped_column(INSTANT)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    network_hash: Mapped[str] = mapped_column(Text)
    fixes: Mapped[int] = mapped_column(Integer)
    matched_share: Mapped[float] = mapped_column(Double)
    driven_m: Mapped[float] = mapped_column(Double)
    line: Mapped[WKBElement | None] = mapped_column(GEOMETRY)
    stops: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    gaps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    predicted_s: Mapped[float | None] = mapped_column(Double)
    """The travel time as judged when the crew was sent, or departed."""
    actual_s: Mapped[float | None] = mapped_column(Double)
    """From departing to arriving."""


class DrivenSpeed(Base):
    """How long an order's drive took on the roads of one class, in one hour of the week."""

    __tablename__ = "driven_speed"
    __table_args__ = (
        CheckConstraint("hour_of_week BETWEEN 0 AND 167", name="ck_driven_speed_hour"),
    )

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("driven_track.assignment_id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    road_class: Mapped[str] = mapped_column(Text, primary_key=True)
    hour_of_week: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    length_m: Mapped[float] = mapped_column(Double)
    free_flow_s: Mapped[float] = mapped_column(Double)
    turn_s: Mapped[float] = mapped_column(Double)
    driven_s: Mapped[float] = mapped_column(Double)
