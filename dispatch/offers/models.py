"""The tables of offers: the offer, and each crew that it asks."""

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


class Offer(Base):
    """An incident put to several crews at once, until one accepts or the time is up."""

    __tablename__ = "offer"
    __table_args__ = (
        Index(
            "uq_offer_open_incident",
            "incident_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_offer_incident_id_id", "incident_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    round: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    radius_m: Mapped[float | None] = mapped_column(Double)
    """Within which all suitable crews were asked; None when all were named."""
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by_id: Mapped[int | None] = mapped_column(BigInteger)
    made_by: Mapped[str] = mapped_column(Text)
    accept_until: Mapped[datetime] = mapped_column(INSTANT)
    deadline_id: Mapped[int | None] = mapped_column(BigInteger)
    """Of the deadline that ends it, which is forgotten in time."""
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[str | None] = mapped_column(Text)
    """Who withdrew it, or what ended it (`states.EndedBy`)."""
    reason: Mapped[str | None] = mapped_column(Text)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    candidates: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The list that the crews were chosen from; it becomes the reason for the order."""


class OfferCrew(Base):
    """One crew that an offer asks, and what it said."""

    __tablename__ = "offer_crew"
    __table_args__ = (Index("ix_offer_crew_crew_id_offer_id", "crew_id", "offer_id"),)

    offer_id: Mapped[int] = mapped_column(
        ForeignKey("offer.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    verdict: Mapped[str] = mapped_column(Text)
    distance_m: Mapped[float] = mapped_column(Double)
    travel_time_s: Mapped[float | None] = mapped_column(Double)
    free_in_s: Mapped[float] = mapped_column(Double)
    busy: Mapped[bool] = mapped_column(Boolean)
    """Whether it had an order when it was asked: accepted, this one waits behind it."""
    seen_at: Mapped[datetime | None] = mapped_column(INSTANT)
    declined_at: Mapped[datetime | None] = mapped_column(INSTANT)
    reason: Mapped[str | None] = mapped_column(Text)
