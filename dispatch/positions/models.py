"""The tables of positions: the latest of each crew, and every fix received."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import Computed
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.core.columns import POINT
from geodata.db import Base


class CrewPosition(Base):
    """The latest usable fix of each crew; what "near" is computed from."""

    __tablename__ = "crew_position"
    __table_args__ = (
        Index("ix_crew_position_geography", text("(point::geography)"), postgresql_using="gist"),
        Index("ix_crew_position_lat_lon", "lat", "lon"),
    )

    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    point: Mapped[WKBElement] = mapped_column(POINT)
    fixed_at: Mapped[datetime] = mapped_column(INSTANT)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    speed_mps: Mapped[float | None] = mapped_column(Double)
    heading_deg: Mapped[float | None] = mapped_column(Double)
    battery_pct: Mapped[float | None] = mapped_column(Double)
    tracker_id: Mapped[int | None] = mapped_column(BigInteger)
    """Which device it is of; None for the crew's own page, or a program."""
    heard_at: Mapped[datetime] = mapped_column(INSTANT)
    """When that device was last heard, with a fix or without."""
    known_at: Mapped[datetime] = mapped_column(INSTANT)
    """Up to when the crew is known to have been there: the fix's time, or, where it stands, when
    its device was last heard; what a stale position is told by.
    """
    moved_at: Mapped[datetime] = mapped_column(INSTANT)
    """Up to when the crew is known to have moved; it has stood at ``rest_point`` since."""
    rest_point: Mapped[WKBElement] = mapped_column(POINT)
    lon: Mapped[float] = mapped_column(Double, Computed("ST_X(point)"))
    lat: Mapped[float] = mapped_column(Double, Computed("ST_Y(point)"))
    """Of the point, for plain comparisons: under row-level security no spatial index is used."""


class PositionReport(Base):
    """Every fix ever received, unusable ones with their reason; one partition a day."""

    __tablename__ = "position_report"
    __table_args__ = (
        CheckConstraint("point IS NOT NULL OR refusal IS NOT NULL", name="point"),
        {"postgresql_partition_by": "RANGE (fixed_at)"},
    )

    crew_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fixed_at: Mapped[datetime] = mapped_column(INSTANT, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    point: Mapped[WKBElement | None] = mapped_column(POINT)
    """None where a refused one has none."""
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    speed_mps: Mapped[float | None] = mapped_column(Double)
    heading_deg: Mapped[float | None] = mapped_column(Double)
    battery_pct: Mapped[float | None] = mapped_column(Double)
    refusal: Mapped[str | None] = mapped_column(Text)
    tracker_id: Mapped[int | None] = mapped_column(BigInteger)
