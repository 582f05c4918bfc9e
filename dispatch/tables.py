"""The job's tables: people, crews, positions, incidents, assignments, closures and the event log.

Every geometry is WGS 84 (SRID 4326), longitude first; all but those of closures are points.
Distances are asked of PostGIS as ``geography``, in metres. Times are ``timestamptz``. The guards
that must hold whatever Python thinks (one live assignment per crew and incident, one per crew and
rank) are indexes here.
"""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base

LIVE = "state IN ('offered', 'accepted', 'en_route', 'on_scene')"
_Instant = DateTime(timezone=True)
_Point = Geometry("POINT", srid=4326, spatial_index=False)
_Any = Geometry("GEOMETRY", srid=4326, spatial_index=False)


class Station(Base):
    """A depot that crews start from."""

    __tablename__ = "station"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    point: Mapped[WKBElement] = mapped_column(_Point)


class Crew(Base):
    """The dispatchable unit."""

    __tablename__ = "crew"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), type_=BigInteger)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    duty: Mapped[str] = mapped_column(Text)
    duty_changed_at: Mapped[datetime] = mapped_column(_Instant)
    created_at: Mapped[datetime] = mapped_column(_Instant)


class CrewPosition(Base):
    """The latest usable fix of each crew; what "near" is computed from."""

    __tablename__ = "crew_position"
    __table_args__ = (
        Index("ix_crew_position_geography", text("(point::geography)"), postgresql_using="gist"),
    )

    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    point: Mapped[WKBElement] = mapped_column(_Point)
    fixed_at: Mapped[datetime] = mapped_column(_Instant)
    received_at: Mapped[datetime] = mapped_column(_Instant)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    speed_mps: Mapped[float | None] = mapped_column(Double)
    heading_deg: Mapped[float | None] = mapped_column(Double)
    battery_pct: Mapped[float | None] = mapped_column(Double)


class PositionReport(Base):
    """Every fix ever received, unusable ones with their reason; one partition a day."""

    __tablename__ = "position_report"
    __table_args__ = ({"postgresql_partition_by": "RANGE (fixed_at)"},)

    crew_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fixed_at: Mapped[datetime] = mapped_column(_Instant, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(_Instant)
    point: Mapped[WKBElement] = mapped_column(_Point)
    accuracy_m: Mapped[float | None] = mapped_column(Double)
    speed_mps: Mapped[float | None] = mapped_column(Double)
    heading_deg: Mapped[float | None] = mapped_column(Double)
    battery_pct: Mapped[float | None] = mapped_column(Double)
    refusal: Mapped[str | None] = mapped_column(Text)


class IncidentKind(Base):
    """What can happen, how urgent it is by default and how long the work takes."""

    __tablename__ = "incident_kind"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    utility: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    default_priority: Mapped[int] = mapped_column(Integer)
    work_s: Mapped[float] = mapped_column(Double)
    skill: Mapped[str | None] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)


class Incident(Base):
    """Something at a place that needs a crew."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_point", "point", postgresql_using="gist"),
        Index("ix_incident_state_id", "state", "id"),
        Index("ix_incident_closed_at", "closed_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(ForeignKey("incident_kind.code"), type_=Text)
    priority: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    round: Mapped[int] = mapped_column(Integer)
    """How often it was reopened: assignments of earlier rounds no longer decide its state."""
    version: Mapped[int] = mapped_column(Integer)
    point: Mapped[WKBElement] = mapped_column(_Point)
    address: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    caller_name: Mapped[str] = mapped_column(Text)
    caller_phone: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_Instant)
    updated_at: Mapped[datetime] = mapped_column(_Instant)
    closed_at: Mapped[datetime | None] = mapped_column(_Instant)
    outcome_reason: Mapped[str | None] = mapped_column(Text)


class Assignment(Base):
    """One crew sent to one incident."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_live_incident_crew",
            "incident_id",
            "crew_id",
            unique=True,
            postgresql_where=text(LIVE),
        ),
        Index(
            "uq_assignment_live_crew_rank",
            "crew_id",
            "rank",
            unique=True,
            postgresql_where=text(LIVE),
        ),
        Index("ix_assignment_incident_id", "incident_id"),
        Index("ix_assignment_crew_id_offered_at", "crew_id", "offered_at"),
        Index("ix_assignment_ended_at", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    round: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    sent_by: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime] = mapped_column(_Instant)
    asked_at: Mapped[datetime | None] = mapped_column(_Instant)
    """When its crew was asked to see to it now: sent, or moved up to the front.

    None while it waits behind others, and for good if it ended there.
    """
    accepted_at: Mapped[datetime | None] = mapped_column(_Instant)
    departed_at: Mapped[datetime | None] = mapped_column(_Instant)
    arrived_at: Mapped[datetime | None] = mapped_column(_Instant)
    completed_at: Mapped[datetime | None] = mapped_column(_Instant)
    ended_at: Mapped[datetime | None] = mapped_column(_Instant)
    eta_at: Mapped[datetime | None] = mapped_column(_Instant)
    travel_time_s: Mapped[float | None] = mapped_column(Double)
    """Seconds by road as judged when sent (or departed): from where the crew is free to here."""
    result: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


class Decision(Base):
    """Why a crew was sent: every candidate, rejected ones too, as the numbers were then."""

    __tablename__ = "decision"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    decided_at: Mapped[datetime] = mapped_column(_Instant)
    candidates: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Closure(Base):
    """A place that may not be driven, from–until; only lifting changes it."""

    __tablename__ = "closure"
    __table_args__ = (
        Index("ix_closure_not_lifted", "until_at", postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    marked: Mapped[WKBElement] = mapped_column(_Any)
    """As the dispatcher marked it: the outline, or the points on the road. Routing asks this."""
    shown: Mapped[WKBElement] = mapped_column(_Any)
    """As maps show it: the outline, or the road between the points as it was then."""
    direction: Mapped[str] = mapped_column(Text)
    from_at: Mapped[datetime] = mapped_column(_Instant)
    until_at: Mapped[datetime | None] = mapped_column(_Instant)
    reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(_Instant)
    created_by: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[datetime | None] = mapped_column(_Instant)
    lifted_by: Mapped[str | None] = mapped_column(Text)
    lift_reason: Mapped[str | None] = mapped_column(Text)


class Event(Base):
    """What happened: audit trail, source of the live stream and of all reports. Append-only."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_incident_id_id", "incident_id", "id"),
        Index("ix_event_crew_id_at", "crew_id", "at", postgresql_where=text("crew_id IS NOT NULL")),
        Index("ix_event_at", "at", postgresql_using="brin"),
        Index(
            "ix_event_duty_changed",
            "crew_id",
            text("id DESC"),
            postgresql_where=text("kind = 'crew.duty_changed'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(_Instant)
    occurred_at: Mapped[datetime] = mapped_column(_Instant)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor: Mapped[str] = mapped_column(Text)
    incident_id: Mapped[int | None] = mapped_column(BigInteger)
    assignment_id: Mapped[int | None] = mapped_column(BigInteger)
    crew_id: Mapped[int | None] = mapped_column(BigInteger)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class IdempotencyKey(Base):
    """The answer already given to a request that may be repeated."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("actor_id", "key"),
        Index("ix_idempotency_key_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(Text)
    request_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_Instant)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Account(Base):
    """Somebody, or some program, that may sign in."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    username: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    disabled_at: Mapped[datetime | None] = mapped_column(_Instant)
    created_at: Mapped[datetime] = mapped_column(_Instant)


class AccountRole(Base):
    """Which roles an account has."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    role: Mapped[str] = mapped_column(Text, primary_key=True)


class Credential(Base):
    """A bearer token or a web session; only the SHA-256 of the secret is kept."""

    __tablename__ = "credential"

    secret_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(_Instant)
    expires_at: Mapped[datetime] = mapped_column(_Instant)
    seen_at: Mapped[datetime] = mapped_column(_Instant)
