"""The tables of stations, crews, and the people in them."""

from datetime import date
from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import false
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.core.columns import POINT
from geodata.db import Base
from geodata.db import OfUnit

_NONE = text("'{}'")


class Station(OfUnit, Base):
    """A depot that crews start from."""

    __tablename__ = "station"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    point: Mapped[WKBElement] = mapped_column(POINT)


class Crew(OfUnit, Base):
    """The dispatchable unit."""

    __tablename__ = "crew"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        Index("ix_crew_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), type_=BigInteger)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """What it can do now: its own skills, and those of its members' valid tickets."""
    emergency_drive: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """Whether it may drive with blue lights now: its vehicles say, its own flag without any."""
    duty: Mapped[str] = mapped_column(Text)
    duty_changed_at: Mapped[datetime] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    own_skills: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    """Recorded of the crew itself, whoever its members are; these do not expire."""
    own_emergency_drive: Mapped[bool] = mapped_column(Boolean, server_default=false())
    lapsed_skills: Mapped[dict[str, dict[str, str]] | None] = mapped_column(
        JSONB(none_as_null=True)
    )
    """Skills that it lacks now because tickets of present members ended: ``how`` and on which
    ``day``, by skill; None without any.
    """
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=_NONE)
    """What its vehicles carry now."""
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)


class Person(OfUnit, Base):
    """Somebody who works in a crew, or did."""

    __tablename__ = "person"
    __table_args__ = (
        Index(
            "uq_person_company_id_personnel_number", "company_id", "personnel_number", unique=True
        ),
        Index("ix_person_unit_id", "unit_id"),
        Index(
            "uq_person_account_id",
            "account_id",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_person_name", "name"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    personnel_number: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text, server_default="")
    """Personal: in no log and in no event."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), type_=BigInteger)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    removed_at: Mapped[datetime | None] = mapped_column(INSTANT)


class CrewMember(Base):
    """A person in a crew, from the first to the last day, both included."""

    __tablename__ = "crew_member"
    __table_args__ = (
        Index("ix_crew_member_crew_id", "crew_id"),
        Index("ix_crew_member_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), type_=BigInteger)
    leads: Mapped[bool] = mapped_column(Boolean)
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
