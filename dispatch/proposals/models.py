"""The tables of proposals: what was proposed, and what of it was sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import FetchedValue
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


class Proposal(Base):
    """A crew for each of many incidents, as it was computed; never changed."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_made_at", "made_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    crews: Mapped[int] = mapped_column()
    """How many crews were looked at."""
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class ProposalSending(Base):
    """One time that rows of a proposal were sent: what was asked for, and what became of it."""

    __tablename__ = "proposal_sending"
    __table_args__ = (
        Index("ix_proposal_sending_proposal_id", "proposal_id"),
        Index(
            "uq_proposal_sending_client_id",
            "proposal_id",
            "client_id",
            unique=True,
            postgresql_where=text("client_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), type_=BigInteger
    )
    sent_at: Mapped[datetime] = mapped_column(INSTANT)
    sent_by: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """``{incident_id, crew_id, proposed_crew_id, assignment_id, refused}`` of each row."""
