"""The tables of skills and of people's tickets."""

from datetime import date
from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Date
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import false
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class SkillEntry(Base):
    """Something that crews can do, and kinds of incidents and plans can need."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """No ticket of it is added any more; those that there are count on."""


class SkillTicket(Base):
    """A certificate of a person, valid from the first to the last day, both included."""

    __tablename__ = "skill_ticket"
    __table_args__ = (
        Index("ix_skill_ticket_person_id", "person_id"),
        Index(
            "ix_skill_ticket_valid_until",
            "valid_until",
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), type_=BigInteger)
    skill: Mapped[str] = mapped_column(ForeignKey("skill.code"), type_=Text)
    number: Mapped[str] = mapped_column(Text)
    issued_by: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    """None: it does not expire."""
    added_at: Mapped[datetime] = mapped_column(INSTANT)
    added_by: Mapped[str] = mapped_column(Text)
    warned_at: Mapped[datetime | None] = mapped_column(INSTANT)
    """When the desk was told that it expires soon."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(INSTANT)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    """The local day of that instant."""
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_why: Mapped[str | None] = mapped_column(Text)
