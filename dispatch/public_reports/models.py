"""The tables of reports from the public, and of codes that prove a telephone number."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit


class PublicReport(OfUnit, Base):
    """What somebody said on the public page; what is personal goes once it is settled."""

    __tablename__ = "public_report"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_public_report_waiting", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_public_report_settled_at", "settled_at"),
        Index("ix_public_report_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(Text)
    """By which the same report is known when it comes again."""
    proof: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(INSTANT)
    language: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(ForeignKey("incident_kind.code"), type_=Text)
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    address: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """As it came: it is decoded once it belongs to an incident."""
    state: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    settled_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    incident_id: Mapped[int | None] = mapped_column(
        ForeignKey("incident.id", ondelete="SET NULL"), type_=BigInteger
    )


class PublicReportCode(OfUnit, Base):
    """A code that was sent to a telephone number, so that its owner may report without a script."""

    __tablename__ = "public_report_code"
    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index("ix_public_report_code_asked_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    token_digest: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    code_digest: Mapped[str | None] = mapped_column(Text)
    """None until it was made, as it is sent."""
    tries: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
