"""The tables of roles, of what they permit, and of what must not be in one hand."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import CheckConstraint
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


class RoleRow(Base):
    """A role: shipped, or made by a company."""

    __tablename__ = "role"
    __table_args__ = (
        Index("uq_role_name", text("coalesce(company_id, 0)"), text("lower(name_en)"), unique=True),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    company_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), type_=BigInteger
    )
    """The company whose role it is; None: everywhere."""
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    shipped: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))


class RolePermission(Base):
    """A permission that a role grants."""

    __tablename__ = "role_permission"

    role: Mapped[str] = mapped_column(
        ForeignKey("role.code", ondelete="CASCADE"), type_=Text, primary_key=True
    )
    permission: Mapped[str] = mapped_column(Text, primary_key=True)


class RoleExclusion(Base):
    """Two roles that no account may have together, in the order of their codes."""

    __tablename__ = "role_exclusion"
    __table_args__ = (CheckConstraint("role < other", name="in_order"),)

    role: Mapped[str] = mapped_column(
        ForeignKey("role.code", ondelete="CASCADE"), type_=Text, primary_key=True
    )
    other: Mapped[str] = mapped_column(
        ForeignKey("role.code", ondelete="CASCADE"), type_=Text, primary_key=True
    )


class Separation(Base):
    """A matter in which who enters it and who approves it may have to be two people."""

    __tablename__ = "separation"

    matter: Mapped[str] = mapped_column(Text, primary_key=True)
    enters: Mapped[str] = mapped_column(Text)
    """The permission to enter it."""
    approves: Mapped[str] = mapped_column(Text)
    """The permission to approve it."""
    demanded: Mapped[bool] = mapped_column(Boolean)


class RuleChange(Base):
    """A change of rules that waits for somebody else's approval, or that was settled."""

    __tablename__ = "rule_change"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (approved IS NULL)", name="settled"),
        Index("ix_rule_change_waiting", "id", postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    unit_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    what: Mapped[str] = mapped_column(Text)
    target: Mapped[str | None] = mapped_column(Text)
    command: Mapped[dict[str, Any]] = mapped_column(JSONB)
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), type_=BigInteger)
    entered_by: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(INSTANT)
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    approved: Mapped[bool | None] = mapped_column(Boolean)
