"""Tables of scenarios, and of the studies made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Float
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit


class PlanningScenario(OfUnit, Base):
    """Standby points with a name, and under which conditions they were looked at."""

    __tablename__ = "planning_scenario"
    __table_args__ = (Index("ix_planning_scenario_unit_id", "unit_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    posts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Of each ``name``, ``lon``, ``lat``."""
    conditions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """``minutes``, ``profile``, ``hour_of_week``, ``demand``."""
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)


class PlanningStudy(OfUnit, Base):
    """A study that somebody asked for; its files lie in a folder of its number."""

    __tablename__ = "planning_study"
    __table_args__ = (
        Index("ix_planning_study_unit_id", "unit_id"),
        Index("ix_planning_study_asked_by_id", "asked_by_id"),
        Index("ix_planning_study_scenario_id", "scenario_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    """The scenario's name when it was asked for."""
    scenario_id: Mapped[int | None] = mapped_column(
        ForeignKey("planning_scenario.id", ondelete="SET NULL"), type_=BigInteger
    )
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Everything it is made of, as it was then: posts, conditions, places of incidents."""
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer)
    progress: Mapped[float | None] = mapped_column(Float)
    """Share done, if the command tells it."""
    progress_words: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime | None] = mapped_column(INSTANT)
    alive_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the worker that runs it last said so."""
    cancel_asked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failure: Mapped[str | None] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    """What the command said: its result in plain sentences, or why it was refused."""
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Of each ``name`` and ``size_bytes``; the report first."""
