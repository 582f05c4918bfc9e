"""The table of public links; of the secret it has the digest only."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class PublicLink(Base):
    """An address that shows one thing to whoever has it."""

    __tablename__ = "public_link"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index("ix_public_link_incident_id", "incident_id"),
        Index(
            "ix_public_link_assignment_id",
            "assignment_id",
            postgresql_where=text("assignment_id IS NOT NULL"),
        ),
        Index(
            "ix_public_link_report_id",
            "report_id",
            postgresql_where=text("report_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    token_digest: Mapped[str] = mapped_column(Text)
    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incident.id", ondelete="CASCADE"), type_=BigInteger
    )
    assignment_id: Mapped[int | None] = mapped_column(
        ForeignKey("assignment.id", ondelete="CASCADE"), type_=BigInteger
    )
    report_id: Mapped[int | None] = mapped_column(
        ForeignKey("incident_report.id", ondelete="CASCADE"), type_=BigInteger
    )
    """Whose caller has it; None of links that are for no caller."""
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """None until it is known when what it shows will be of no use any more."""
    revoked_at: Mapped[datetime | None] = mapped_column(INSTANT)
    opened_count: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    last_opened_at: Mapped[datetime | None] = mapped_column(INSTANT)
