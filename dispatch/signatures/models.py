"""The table of signatures: added, and replaced by newer ones, never changed."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.incidents.models import Entry
from geodata.db import Base


class Signature(Entry, Base):
    """What a customer signed, or why not. Of an order the one that is not replaced counts."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("actor_id", "client_id"),
        Index("ix_signature_incident_id", "incident_id"),
        Index(
            "uq_signature_assignment_id",
            "assignment_id",
            unique=True,
            postgresql_where=text("replaced_at IS NULL"),
        ),
    )

    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignment.id"), type_=BigInteger)
    signer_name: Mapped[str] = mapped_column(Text)
    strokes: Mapped[str | None] = mapped_column(Text)
    """The lines as the path of an SVG, in a field of ``width`` × ``height``."""
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    refusal: Mapped[str | None] = mapped_column(Text)
    """Why the customer would not sign."""
    signed_at: Mapped[datetime] = mapped_column(INSTANT)
    replaced_at: Mapped[datetime | None] = mapped_column(INSTANT)
