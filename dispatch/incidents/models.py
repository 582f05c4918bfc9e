"""The tables of incidents: kinds, the incident itself, and its reports."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.core.columns import POINT
from geodata.db import Base
from geodata.db import OfUnit

UNFINISHED = "state IN ('assigned', 'on_scene', 'open', 'resolved')"
"""As `states.UNFINISHED_INCIDENT_STATES` has them, worded as a query's condition is."""


class IncidentKind(Base):
    """What can happen, how urgent it is by default and how long the work takes."""

    __tablename__ = "incident_kind"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    utility: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    default_priority: Mapped[int] = mapped_column(Integer)
    work_s: Mapped[float] = mapped_column(Double)
    skill: Mapped[str | None] = mapped_column(ForeignKey("skill.code"), type_=Text)
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """What one of the crews there has to bring."""
    sort: Mapped[int] = mapped_column(Integer)
    danger_radius_m: Mapped[float | None] = mapped_column(Double)
    """How far around it people are in danger, in metres; None where there is no such circle."""


class Incident(OfUnit, Base):
    """Something at a place that needs a crew."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_point", "point", postgresql_using="gist"),
        Index("ix_incident_state_id", "state", "id"),
        Index("ix_incident_unit_id", "unit_id", "id"),
        Index(
            "ix_incident_unfinished_geography",
            text("(point::geography)"),
            postgresql_using="gist",
            postgresql_where=text(UNFINISHED),
        ),
        Index("ix_incident_closed_at", "closed_at"),
        Index("ix_incident_created_at", "created_at"),
        Index(
            "ix_incident_without_address",
            "id",
            postgresql_where=text("address = '' AND erased_at IS NULL"),
        ),
        Index("ix_incident_not_erased", "closed_at", postgresql_where=text("erased_at IS NULL")),
        Index(
            "ix_incident_follow_up_of",
            "follow_up_of",
            postgresql_where=text("follow_up_of IS NOT NULL"),
        ),
        Index(
            "ix_incident_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        Index(
            "uq_incident_live_follow_up",
            "follow_up_of",
            unique=True,
            postgresql_where=text(
                "follow_up_of IS NOT NULL AND state NOT IN ('closed', 'cancelled', 'merged')"
            ),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(ForeignKey("incident_kind.code"), type_=Text)
    priority: Mapped[int] = mapped_column(Integer)
    level: Mapped[int] = mapped_column(Integer, default=1)
    """Alarm level: which tasks of its kind's response plan are needed."""
    state: Mapped[str] = mapped_column(Text)
    round: Mapped[int] = mapped_column(Integer)
    """How often it was reopened: assignments of earlier rounds no longer decide its state."""
    version: Mapped[int] = mapped_column(Integer)
    point: Mapped[WKBElement] = mapped_column(POINT)
    address: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    caller_name: Mapped[str] = mapped_column(Text)
    caller_phone: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    closed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    outcome_reason: Mapped[str | None] = mapped_column(Text)
    outcome_effect: Mapped[str | None] = mapped_column(Text)
    """What the outcomes of the present round mean together; None while no crew ended its order."""
    follow_up_of: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    """The incident that was made safe, and whose repair this is."""
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    """Where a merged incident leads to in the end: never itself a merged one."""
    danger_radius_m: Mapped[float | None] = mapped_column(Double)
    """In metres, instead of the kind's; 0 for none, None as the kind has it."""
    due_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """By when a follow-up is to be done."""
    erased_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When names, numbers and words of it were erased, for they had been kept long enough."""


class Entry:
    """What every entry of the record has: where it belongs, and who made it."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """The crew that made it; None for the desk."""
    actor_id: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    """The sender's own name for it: sent again under the same one, it is kept once."""
    received_at: Mapped[datetime] = mapped_column(INSTANT)


class IncidentReport(Entry, Base):
    """One telling of an incident; the first is what was pinned."""

    __tablename__ = "incident_report"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_incident_report_incident_id", "incident_id"),
    )

    channel: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(INSTANT)
    caller_name: Mapped[str] = mapped_column(Text)
    caller_phone: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(Text)
    """The number it goes by where it came from, such as a 12345 ticket's."""
