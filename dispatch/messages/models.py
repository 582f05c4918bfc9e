"""The tables of conversations: messages, and how far they were read. Added, never changed."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class Message(Base):
    """What the desk says to the crews of an incident, or a crew to the desk.

    Numbers rise in the order in which the messages of one incident become visible: whoever writes
    one holds the incident's row. So "read up to here" can never cover one that nobody saw.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        CheckConstraint("side IN ('desk', 'crew')", name="side"),
        CheckConstraint("side = 'desk' OR crew_id IS NOT NULL", name="crew"),
        Index("ix_message_incident_id_id", "incident_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    side: Mapped[str] = mapped_column(Text)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """The crew that wrote it, or to which alone the desk wrote; None: to all crews there."""
    actor_id: Mapped[int] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    """The sender's own name for it: sent again under the same one, it is kept once."""
    words: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(INSTANT)
    """When it was written by the sender's clock, which may have been without signal."""
    sent_at: Mapped[datetime] = mapped_column(INSTANT)
    """When it reached the server."""


class MessageRead(Base):
    """How far one side has read: a row for each time that somebody read on.

    A message was read by a side at the time of the first of its rows that reaches so far.
    """

    __tablename__ = "message_read"
    __table_args__ = (
        Index(
            "uq_message_read_desk",
            *("incident_id", "up_to"),
            unique=True,
            postgresql_where=text("crew_id IS NULL"),
        ),
        Index(
            "uq_message_read_crew",
            *("incident_id", "crew_id", "up_to"),
            unique=True,
            postgresql_where=text("crew_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """The crew that read; None for the desk."""
    up_to: Mapped[int] = mapped_column(ForeignKey("message.id"), type_=BigInteger)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    reader: Mapped[str] = mapped_column(Text)
    """Who it was; empty for what was there before messages could be read."""
    read_at: Mapped[datetime] = mapped_column(INSTANT)
