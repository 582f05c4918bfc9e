"""The tables of assignments: the order itself, and the decision it followed from."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import ColumnElement
from sqlalchemy import Double
from sqlalchemy import FetchedValue
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.assignments.states import LIVE_STATES
from dispatch.core.columns import INSTANT
from dispatch.core.sql_expressions import one_of
from dispatch.forms.types import BreachAnswer
from dispatch.forms.types import WorkAnswer
from geodata.db import Base


def live(assignment_state: Any) -> ColumnElement[bool]:  # noqa: ANN401  (any state column)
    """Return the condition that an assignment is alive, as the partial indexes word it.

    The states stand in it as words: with placeholders PostgreSQL could not tell, once it plans a
    statement for all parameters, that the index holds every row asked for.
    """
    return one_of(assignment_state, LIVE_STATES)


LIVE = "state IN ('offered', 'accepted', 'en_route', 'on_scene')"


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
        Index("ix_assignment_crew_id_incident_id", "crew_id", "incident_id"),
        Index(
            "ix_assignment_moved_from",
            "moved_from",
            postgresql_where=text("moved_from IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    moved_from: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    """The incident that it was first sent for, if that was merged into its present one."""
    round: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    rank: Mapped[int] = mapped_column(Integer)
    role: Mapped[str] = mapped_column(Text)
    task: Mapped[str | None] = mapped_column(Text)
    """What of the response plan it was sent for, by the code and the names of then; None: extra."""
    task_name_en: Mapped[str | None] = mapped_column(Text)
    task_name_zh: Mapped[str | None] = mapped_column(Text)
    decisive: Mapped[bool] = mapped_column(Boolean, default=True)
    """Of a completed one: whether its end could end the incident, as the plan was then."""
    sent_by: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When its crew was asked to see to it now: sent, or moved up to the front.

    None while it waits behind others, and for good if it ended there.
    """
    accepted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    departed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    arrived_at: Mapped[datetime | None] = mapped_column(INSTANT)
    completed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    eta_at: Mapped[datetime | None] = mapped_column(INSTANT)
    travel_time_s: Mapped[float | None] = mapped_column(Double)
    """Seconds by road as judged when sent (or departed): from where the crew is free to here."""
    outcome: Mapped[str | None] = mapped_column(Text)
    """How it ended, by the code of then; None while it is alive, and of old ones without."""
    outcome_effect: Mapped[str | None] = mapped_column(Text)
    outcome_name_en: Mapped[str | None] = mapped_column(Text)
    outcome_name_zh: Mapped[str | None] = mapped_column(Text)
    completed_version: Mapped[int | None] = mapped_column(Integer)
    """The incident's version that its completion made: the order in which crews ended."""
    result: Mapped[str | None] = mapped_column(Text)
    """The crew's words: what was done, or what it advises."""
    reason: Mapped[str | None] = mapped_column(Text)
    work: Mapped[WorkAnswer | None] = mapped_column(JSONB(none_as_null=True))
    """Codes, parts and minutes, in the words of then."""
    breach: Mapped[BreachAnswer | None] = mapped_column(JSONB(none_as_null=True))
    """The newest measurement beyond an alarm limit, until a later one is within it again."""
    notice_id: Mapped[int | None] = mapped_column(
        ForeignKey("order_notice.id", ondelete="SET NULL", use_alter=True), type_=BigInteger
    )
    """The newest thing that its crew was told of it."""
    suspended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When something more urgent interrupted it; it stays after it went on."""
    suspended_from: Mapped[str | None] = mapped_column(Text)
    suspended_for: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    """The incident that it was interrupted for."""
    worked_s: Mapped[float | None] = mapped_column(Double)
    """Seconds on scene before it was interrupted, all times together."""


class Decision(Base):
    """Why a crew was sent: every candidate, rejected ones too, as the numbers were then."""

    __tablename__ = "decision"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    decided_at: Mapped[datetime] = mapped_column(INSTANT)
    candidates: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AssignmentMark(Base):
    """How far an order got on one channel: delivered, rang, seen; the first time counts."""

    __tablename__ = "assignment_mark"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    mark: Mapped[str] = mapped_column(Text, primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[datetime] = mapped_column(INSTANT)


class OverrideReason(Base):
    """Why somebody may send another crew than the recommended one."""

    __tablename__ = "override_reason"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean)


class OverrideExplanation(Base):
    """Why another crew was sent, in the words that the reason had then."""

    __tablename__ = "override_explanation"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(ForeignKey("override_reason.code"), type_=Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    said_at: Mapped[datetime] = mapped_column(INSTANT)
    said_by: Mapped[str] = mapped_column(Text)
