"""The tables of deliveries, of who is told by which way, and of phones that take pushes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import FetchedValue
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class Contact(Base):
    """One way to tell a crew or whoever has a role: an address on a gateway, or its pushes."""

    __tablename__ = "contact"
    __table_args__ = (
        CheckConstraint("(crew_id IS NULL) <> (role IS NULL)", name="whose"),
        CheckConstraint("(channel = 'gateway') = (gateway_id IS NOT NULL)", name="gateway"),
        Index("ix_contact_crew_id", "crew_id"),
        Index("ix_contact_gateway_id", "gateway_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    """Whose supervisors it reaches; of a crew's contact it says nothing."""
    role: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    gateway_id: Mapped[int | None] = mapped_column(ForeignKey("gateway.id"), type_=BigInteger)
    address: Mapped[str] = mapped_column(Text)
    """A telephone number, a chat's name, a topic: whatever the gateway knows it by."""
    language: Mapped[str | None] = mapped_column(Text)
    """Of whoever reads there; None: the crew's own."""
    sort: Mapped[int] = mapped_column(Integer)
    """The least is tried first."""
    worked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When something last reached somebody here."""
    failed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failure: Mapped[str | None] = mapped_column(Text)


class PushSubscription(Base):
    """One browser of a crew that takes pushes."""

    __tablename__ = "push_subscription"
    __table_args__ = (
        UniqueConstraint("endpoint"),
        Index("ix_push_subscription_crew_id", "crew_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    """Who was signed in there; when its sign-ins end, so do its pushes."""
    endpoint: Mapped[str] = mapped_column(Text)
    p256dh: Mapped[str] = mapped_column(Text)
    auth: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    subscribed_at: Mapped[datetime] = mapped_column(INSTANT)
    worked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failure: Mapped[str | None] = mapped_column(Text)


class PushKey(Base):
    """The product's own key for pushes (VAPID), made once; read by the app only."""

    __tablename__ = "push_key"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    private_key: Mapped[str] = mapped_column(Text)
    public_key: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(INSTANT)


class Delivery(Base):
    """One thing told to somebody by one way, and what became of it."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("(crew_id IS NULL) <> (role IS NULL)", name="whom"),
        Index("ix_delivery_assignment_id", "assignment_id"),
        Index("ix_delivery_incident_id", "incident_id"),
        Index(
            "ix_delivery_way", "crew_id", "channel", "contact_id", text("(purpose = 'test')"), "id"
        ),
        Index(
            "ix_delivery_queued",
            "assignment_id",
            postgresql_where=text("state = 'queued'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    role: Mapped[str | None] = mapped_column(Text)
    assignment_id: Mapped[int | None] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    asked_in: Mapped[str | None] = mapped_column(Text)
    """The state of the order when this was asked for."""
    channel: Mapped[str] = mapped_column(Text)
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id", ondelete="SET NULL"), type_=BigInteger
    )
    gateway_id: Mapped[int | None] = mapped_column(ForeignKey("gateway.id"), type_=BigInteger)
    state: Mapped[str] = mapped_column(Text)
    failure: Mapped[str | None] = mapped_column(Text)
    """Of the last attempt; also while it is tried again."""
    detail: Mapped[str | None] = mapped_column(Text)
    """What the other side said: a status, its own code."""
    attempts: Mapped[int] = mapped_column(Integer)
    answer: Mapped[str | None] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What the one who asked for it needs when it is answered, such as an offer's id."""
    requested_at: Mapped[datetime] = mapped_column(INSTANT)
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    delivered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    rang_at: Mapped[datetime | None] = mapped_column(INSTANT)
    seen_at: Mapped[datetime | None] = mapped_column(INSTANT)
    answered_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    cancelled_at: Mapped[datetime | None] = mapped_column(INSTANT)
