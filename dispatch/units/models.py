"""The tables of units, of crews lent to another unit, and of incidents shared with a crew's."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import FetchedValue
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class OrganisationUnit(Base):
    """A group, company, station or team; the owner of rows."""

    __tablename__ = "organisation_unit"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(
            "uq_organisation_unit_root",
            text("(parent_id IS NULL)"),
            unique=True,
            postgresql_where=text("parent_id IS NULL"),
        ),
        Index("ix_organisation_unit_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), type_=BigInteger
    )
    kind: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    company_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    """The company that it is part of; above all companies itself."""
    below: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=FetchedValue())
    """Itself and all units below it, worked out by the database, as the next."""
    above: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default=FetchedValue())
    created_at: Mapped[datetime] = mapped_column(INSTANT, server_default=FetchedValue())


class IncidentShare(Base):
    """A crew that was asked to come to an incident of another unit than its own."""

    __tablename__ = "incident_share"

    incident_id: Mapped[int] = mapped_column(
        ForeignKey("incident.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    crew_id: Mapped[int] = mapped_column(
        ForeignKey("crew.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    unit_id: Mapped[int | None] = mapped_column(BigInteger)
    """Whose people see the incident too; None across companies, where only the crew does."""


class CrewLoan(Base):
    """A crew lent to another unit for a time, with who asked and who agreed.

    It keeps the names of crew and units: neither side sees the other's rows.
    """

    __tablename__ = "crew_loan"
    __table_args__ = (
        Index("uq_crew_loan_lent", "crew_id", unique=True, postgresql_where=text("state = 'lent'")),
        Index("ix_crew_loan_unit_id", "unit_id", postgresql_where=text("state = 'lent'")),
        Index("ix_crew_loan_lender_id", "lender_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    """None while nobody has said which crew; then the lender does."""
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id", ondelete="SET NULL"), type_=BigInteger
    )
    """Who borrows; None once that unit was deleted."""
    lender_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id", ondelete="SET NULL"), type_=BigInteger
    )
    unit_name: Mapped[str] = mapped_column(Text)
    lender_name: Mapped[str] = mapped_column(Text)
    crew_name: Mapped[str | None] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    from_at: Mapped[datetime] = mapped_column(INSTANT)
    until_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_at: Mapped[datetime] = mapped_column(INSTANT)
    asked_by_id: Mapped[int | None] = mapped_column(BigInteger)
    asked_by: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    settled_by_id: Mapped[int | None] = mapped_column(BigInteger)
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_words: Mapped[str] = mapped_column(Text, server_default=text("''"))
    ended_at: Mapped[datetime | None] = mapped_column(INSTANT)
    ended_by: Mapped[str | None] = mapped_column(Text)
