"""The tables of escalation: the chains, and what became of one in an order."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base

_UNDONE = text("done_at IS NULL")


class EscalationChain(Base):
    """What happens while an order of a kind and priority is not answered, or not set out to."""

    __tablename__ = "escalation_chain"
    __table_args__ = (
        Index(
            "uq_escalation_chain_kind_priority",
            text("coalesce(kind, '')"),
            text("coalesce(priority, 0)"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str | None] = mapped_column(ForeignKey("incident_kind.code"), type_=Text)
    """Code of the kind that it is for; None: every kind."""
    priority: Mapped[int | None] = mapped_column(Integer)
    """Priority that it is for; None: each."""
    answer_steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """``{action, wait_s}`` each, seconds after the step before."""
    setting_out_steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rounds: Mapped[int] = mapped_column(Integer)
    """How often the steps are gone through at most, and how many crews are tried by itself."""
    auto_reoffer: Mapped[bool] = mapped_column(Boolean)
    """Whether the next best crew is sent by the system instead of proposed at the desk."""
    changed_at: Mapped[datetime] = mapped_column(INSTANT)
    changed_by: Mapped[str] = mapped_column(Text)


class OrderChain(Base):
    """The chain of one order, frozen when it was sent, and where it stands."""

    __tablename__ = "order_chain"
    __table_args__ = (Index("ix_order_chain_incident_id", "incident_id"),)

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    chain: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The chain as it was when the order was sent: later edits do not change it."""
    round: Mapped[int] = mapped_column(Integer)
    """The round that it is in; one that the system sent begins where the order before it was."""
    waiting: Mapped[str | None] = mapped_column(Text)
    """What it waits for; None: nothing (any more, or not yet: it waits behind another order)."""
    alarm_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the desk is alarmed; past, it is."""
    next_action: Mapped[str | None] = mapped_column(Text)
    next_at: Mapped[datetime | None] = mapped_column(INSTANT)
    supervisor_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """Since when it is the supervisor's."""
    sought_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the next best crew was last sought."""
    next_crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """Who was found; None with `sought_at`: nobody."""
    next_travel_time_s: Mapped[float | None] = mapped_column(Double)
    """By road, from where it is free; None where no road time was known."""
    next_distance_m: Mapped[float | None] = mapped_column(Double)


class ChainStep(Base):
    """One step of an order's chain: due, and done once."""

    __tablename__ = "chain_step"
    __table_args__ = (
        Index("ix_chain_step_undone", "assignment_id", "due_at", "id", postgresql_where=_UNDONE),
        Index("ix_chain_step_assignment_id", "assignment_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    waiting: Mapped[str] = mapped_column(Text)
    round: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(Text)
    wait_s: Mapped[float] = mapped_column(Double)
    due_at: Mapped[datetime] = mapped_column(INSTANT)
    done_at: Mapped[datetime | None] = mapped_column(INSTANT)
    how: Mapped[str | None] = mapped_column(Text)
