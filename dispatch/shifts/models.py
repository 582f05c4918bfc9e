"""The tables of shifts."""

from datetime import date
from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import func
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit

NO_OVERLAP = "ex_shift_overlap"
"""The constraint that no crew has two shifts at once."""
_LIVE = text("cancelled_at IS NULL")


class ShiftTemplate(OfUnit, Base):
    """One kind of shift: its name, its hours by the clock on the wall, its days."""

    __tablename__ = "shift_template"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    from_minute: Mapped[int] = mapped_column(Integer)
    to_minute: Mapped[int] = mapped_column(Integer)
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """Monday is 0."""
    days: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class Rotation(OfUnit, Base):
    """A cycle of days that several crews go through."""

    __tablename__ = "rotation"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    cycle_days: Mapped[int] = mapped_column(Integer)
    made_until: Mapped[date] = mapped_column(Date)
    """Shifts are there until this day, not included."""
    retired: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class RotationDay(Base):
    """A shift of one day of a cycle."""

    __tablename__ = "rotation_day"

    rotation_id: Mapped[int] = mapped_column(
        ForeignKey("rotation.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    day: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    template_id: Mapped[int] = mapped_column(
        ForeignKey("shift_template.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )


class RotationCrew(Base):
    """A crew that goes through a cycle, from one of its days on."""

    __tablename__ = "rotation_crew"

    rotation_id: Mapped[int] = mapped_column(
        ForeignKey("rotation.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    offset_days: Mapped[int] = mapped_column(Integer)


class Shift(Base):
    """When one crew is to be on duty; of a rotation, or made by hand."""

    __tablename__ = "shift"
    __table_args__ = (
        ExcludeConstraint(
            (func.int8range(text("crew_id"), text("crew_id"), text("'[]'")), "="),
            (func.tstzrange(text("begins_at"), text("ends_at")), "&&"),
            where=_LIVE,
            using="gist",
            name=NO_OVERLAP,
            deferrable=True,
            initially="IMMEDIATE",
        ),
        Index(
            "uq_shift_planned",
            *("rotation_id", "planned_crew_id", "day", "template_id"),
            unique=True,
            postgresql_where=text("rotation_id IS NOT NULL"),
        ),
        Index("ix_shift_crew_id_ends_at", "crew_id", "ends_at", postgresql_where=_LIVE),
        Index("ix_shift_ends_at", "ends_at", postgresql_where=_LIVE),
        Index("ix_shift_begins_at", "begins_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    begins_at: Mapped[datetime] = mapped_column(INSTANT)
    ends_at: Mapped[datetime] = mapped_column(INSTANT)
    day: Mapped[date] = mapped_column(Date)
    """On which it begins, by the clock on the wall."""
    name: Mapped[str] = mapped_column(Text)
    template_id: Mapped[int | None] = mapped_column(
        ForeignKey("shift_template.id"), type_=BigInteger
    )
    rotation_id: Mapped[int | None] = mapped_column(ForeignKey("rotation.id"), type_=BigInteger)
    planned_crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """The crew that the rotation has for it; another one may have taken it over."""
    by_hand: Mapped[bool] = mapped_column(Boolean)
    """Made, changed, cancelled or swapped by somebody: its rotation leaves it as it is."""
    reason: Mapped[str] = mapped_column(Text, server_default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    reminded_at: Mapped[datetime | None] = mapped_column(INSTANT)
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class ShiftSwap(Base):
    """One crew's wish to give a shift to another one, for one of that one's or for nothing."""

    __tablename__ = "shift_swap"
    __table_args__ = (
        Index(
            "uq_shift_swap_open",
            "shift_id",
            unique=True,
            postgresql_where=text("state IN ('asked', 'agreed')"),
        ),
        Index("ix_shift_swap_asked_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), type_=BigInteger)
    shift_version: Mapped[int] = mapped_column(Integer)
    """Of the shift that was looked at: a shift that changes meanwhile is another one."""
    for_shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), type_=BigInteger)
    for_shift_version: Mapped[int | None] = mapped_column(Integer)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    with_crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), type_=BigInteger)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    answered_by: Mapped[str | None] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), type_=BigInteger)
    decided_at: Mapped[datetime | None] = mapped_column(INSTANT)
    decided_by: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), type_=BigInteger)
    decision_reason: Mapped[str] = mapped_column(Text, server_default="")


class DutySpell(Base):
    """From when until when a crew was on duty, breaks included."""

    __tablename__ = "duty_spell"
    __table_args__ = (
        Index(
            "uq_duty_spell_open", "crew_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("ix_duty_spell_crew_id_ended_at", "crew_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    began_at: Mapped[datetime] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)


class StaffingRule(OfUnit, Base):
    """How many crews there should be at least: at a station or in a zone, with a skill, when."""

    __tablename__ = "staffing_rule"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), type_=BigInteger)
    zone_id: Mapped[int | None] = mapped_column(BigInteger)
    """No foreign key: with its zone removed no crew is in it, and the zone may go."""
    skill: Mapped[str | None] = mapped_column(Text)
    from_minute: Mapped[int] = mapped_column(Integer)
    to_minute: Mapped[int] = mapped_column(Integer)
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    days: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text)
    least: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class ShiftFeed(Base):
    """The secret address at which a crew's shifts can be read; only its digest is stored."""

    __tablename__ = "shift_feed"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index(
            "uq_shift_feed_live",
            "crew_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    token_digest: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
