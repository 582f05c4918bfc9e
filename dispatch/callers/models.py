"""The tables of callers' pages and of the words that say how to stay safe."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class CallerPage(Base):
    """What one caller may see and has said; each report of an incident has one of its own."""

    __tablename__ = "caller_page"
    __table_args__ = (
        Index("ix_caller_page_incident_id", "incident_id"),
        Index(
            "ix_caller_page_call_back_asked_at",
            "call_back_asked_at",
            postgresql_where=text("call_back_asked_at IS NOT NULL"),
        ),
    )

    report_id: Mapped[int] = mapped_column(
        ForeignKey("incident_report.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incident.id", ondelete="CASCADE"), type_=BigInteger
    )
    """That of the report, whatever that was merged into."""
    language: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    sms_state: Mapped[str] = mapped_column(Text)
    sms_failure: Mapped[str | None] = mapped_column(Text)
    sms_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When its message was asked for last, or what became of it."""
    here_at: Mapped[datetime | None] = mapped_column(INSTANT)
    here_lon: Mapped[float | None] = mapped_column(Double)
    here_lat: Mapped[float | None] = mapped_column(Double)
    here_words: Mapped[str] = mapped_column(Text, server_default=text("''"))
    rated_at: Mapped[datetime | None] = mapped_column(INSTANT)
    rating: Mapped[int | None] = mapped_column(Integer)
    rating_words: Mapped[str] = mapped_column(Text, server_default=text("''"))
    call_back_asked_at: Mapped[datetime | None] = mapped_column(INSTANT)


class SafetyText(Base):
    """What callers are told to do until the crew is there, where it was edited for a kind."""

    __tablename__ = "safety_text"

    kind: Mapped[str] = mapped_column(
        ForeignKey("incident_kind.code", ondelete="CASCADE"), type_=Text, primary_key=True
    )
    words_en: Mapped[str] = mapped_column(Text)
    words_zh: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)
