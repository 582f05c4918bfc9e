"""The table of notices to crews."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class OrderNotice(Base):
    """One thing that a crew was told of an order it had, and when it said that it understood."""

    __tablename__ = "order_notice"
    __table_args__ = (
        Index(
            "ix_order_notice_open",
            "crew_id",
            postgresql_where=text("understood_at IS NULL AND lapsed_at IS NULL"),
        ),
        Index("ix_order_notice_assignment_id", "assignment_id"),
        Index("ix_order_notice_incident_id", "incident_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), type_=BigInteger)
    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    kind: Mapped[str] = mapped_column(Text)
    what: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """``{field, old, new}`` of each field that changed."""
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    understood_at: Mapped[datetime | None] = mapped_column(INSTANT)
    understood_by: Mapped[str | None] = mapped_column(Text)
    lapsed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When nobody had to confirm it any more: the order was done, or the crew went home."""
