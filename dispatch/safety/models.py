"""The tables of the crews' safety."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.core.columns import POINT
from geodata.db import Base


class CheckInRule(Base):
    """How often a crew reports where one kind of incident is worked on."""

    __tablename__ = "check_in_rule"

    kind: Mapped[str] = mapped_column(
        ForeignKey("incident_kind.code"), type_=Text, primary_key=True
    )
    place: Mapped[str] = mapped_column(Text, primary_key=True)
    every_s: Mapped[float] = mapped_column(Double)
    grace_s: Mapped[float] = mapped_column(Double)
    supervisor_s: Mapped[float] = mapped_column(Double)
    retired: Mapped[bool] = mapped_column(Boolean)


class CheckInWatch(Base):
    """A crew on scene that has to report; how often was frozen when it began, or was told where."""

    __tablename__ = "check_in_watch"
    __table_args__ = (
        Index(
            "uq_check_in_watch_live",
            "assignment_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_check_in_watch_crew_id", "crew_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    place: Mapped[str | None] = mapped_column(Text)
    every_s: Mapped[float] = mapped_column(Double)
    grace_s: Mapped[float] = mapped_column(Double)
    supervisor_s: Mapped[float] = mapped_column(Double)
    started_at: Mapped[datetime] = mapped_column(INSTANT)
    state: Mapped[str] = mapped_column(Text)
    well_at: Mapped[datetime] = mapped_column(INSTANT)
    """Until when the crew is known to have been well, by its own clock."""
    heard_at: Mapped[datetime] = mapped_column(INSTANT)
    """When that came in."""
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    missed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the desk was alarmed; None while nothing is missed."""
    escalated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)


class CheckIn(Base):
    """One sign of life. Rows are added and never changed."""

    __tablename__ = "check_in"
    __table_args__ = (Index("ix_check_in_crew_id_said_at", "crew_id", "said_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    said_at: Mapped[datetime] = mapped_column(INSTANT)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    said_by: Mapped[str] = mapped_column(Text)
    by_desk: Mapped[bool] = mapped_column(Boolean)
    point: Mapped[WKBElement | None] = mapped_column(POINT)


class RollCall(Base):
    """All crews were asked to report: those of one incident, or all on duty."""

    __tablename__ = "roll_call"
    __table_args__ = (Index("ix_roll_call_live", "id", postgresql_where=text("ended_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_by: Mapped[str] = mapped_column(Text)
    answer_by: Mapped[datetime] = mapped_column(INSTANT)
    overdue_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[str | None] = mapped_column(Text)


class RollCallAnswer(Base):
    """A crew that was asked, and when it answered."""

    __tablename__ = "roll_call_answer"
    __table_args__ = (
        Index("ix_roll_call_answer_open", "crew_id", postgresql_where=text("answered_at IS NULL")),
    )

    roll_call_id: Mapped[int] = mapped_column(
        ForeignKey("roll_call.id"), type_=BigInteger, primary_key=True
    )
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger, primary_key=True)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    answered_by: Mapped[str | None] = mapped_column(Text)


class SosCall(Base):
    """A crew in distress; one at a time for each crew."""

    __tablename__ = "sos_call"
    __table_args__ = (
        Index(
            "uq_sos_call_live", "crew_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    raised_at: Mapped[datetime] = mapped_column(INSTANT)
    """By the crew's clock."""
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    raised_by: Mapped[str] = mapped_column(Text)
    point: Mapped[WKBElement | None] = mapped_column(POINT)
    fixed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    taken_at: Mapped[datetime | None] = mapped_column(INSTANT)
    taken_by: Mapped[str | None] = mapped_column(Text)
    escalated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[str | None] = mapped_column(Text)
    end_reason: Mapped[str | None] = mapped_column(Text)


class HelpRequest(Base):
    """A crew that asked for help with an order; one at a time for each order."""

    __tablename__ = "help_request"
    __table_args__ = (
        Index(
            "uq_help_request_live",
            "assignment_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "ix_help_request_incident_id", "incident_id", postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    what: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[str | None] = mapped_column(Text)
    """Who sent another crew, or said that help comes otherwise."""
