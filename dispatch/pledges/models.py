"""The tables of pledges: what is promised, calendars and the declared weather."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Double
from sqlalchemy import Identity
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit

EVERYWHERE = 0
"""In place of a zone's id: the whole area."""


class Pledge(OfUnit, Base):
    """One promise: for what, from when until when, how soon. Retired, never deleted."""

    __tablename__ = "pledge"
    __table_args__ = (UniqueConstraint("company_id", "code"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[str | None] = mapped_column(Text)
    """Of the preset that it was made from."""
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    utility: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    priorities: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    zone_id: Mapped[int | None] = mapped_column(BigInteger)
    """No foreign key: with its zone removed a pledge holds nowhere, and the zone may go."""
    from_minute: Mapped[int | None] = mapped_column(Integer)
    to_minute: Mapped[int | None] = mapped_column(Integer)
    days: Mapped[str] = mapped_column(Text)
    season_from: Mapped[str | None] = mapped_column(Text)
    """MM-DD."""
    season_to: Mapped[str | None] = mapped_column(Text)
    weather: Mapped[list[str]] = mapped_column(ARRAY(Text))
    asset_from_mm: Mapped[float | None] = mapped_column(Double)
    asset_below_mm: Mapped[float | None] = mapped_column(Double)
    calendar: Mapped[str] = mapped_column(Text)
    opening_only: Mapped[bool] = mapped_column(Boolean)
    """Whether only the calendar's opening hours count."""
    start: Mapped[str] = mapped_column(Text)
    stop: Mapped[str] = mapped_column(Text)
    series: Mapped[str] = mapped_column(Text)
    limit_s: Mapped[float] = mapped_column(Double)
    warn_after_s: Mapped[float] = mapped_column(Double)
    target_share: Mapped[float | None] = mapped_column(Double)
    pauses: Mapped[list[str]] = mapped_column(ARRAY(Text))
    source: Mapped[str] = mapped_column(Text)
    source_date: Mapped[str | None] = mapped_column(Text)
    """YYYY, YYYY-MM or YYYY-MM-DD: as exactly as the source says."""
    example: Mapped[bool] = mapped_column(Boolean)
    """Shipped as an example; nobody of this utility has said that it holds."""
    enabled: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class WorkCalendar(Base):
    """When somebody works, with holidays and days that are worked instead."""

    __tablename__ = "work_calendar"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    weekly: Mapped[list[Any]] = mapped_column(JSONB)
    """Seven lists of [from, to] in minutes after midnight, Monday first."""
    exceptions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """By day: its name and its hours."""
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class WeatherDeclared(Base):
    """The weather class that the desk declared for a utility, in a zone or everywhere."""

    __tablename__ = "weather_declared"

    utility: Mapped[str] = mapped_column(Text, primary_key=True)
    zone_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """`EVERYWHERE`, or a zone's."""
    weather: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(INSTANT)
    declared_by: Mapped[str] = mapped_column(Text)
