"""The tables of accounts: roles, credentials, and what is counted of sign-ins."""

from datetime import datetime
from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import CheckConstraint
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit

COUNTED_FOR: Final = timedelta(hours=1)
"""How long after the last attempt wrong passwords are counted; then their count begins anew."""
KNOWN_FOR: Final = timedelta(days=180)
"""How long after its last sign-in a device or address stays known."""


class Account(OfUnit, Base):
    """Account of a person or program."""

    __tablename__ = "account"
    __table_args__ = (Index("ix_account_unit_id", "unit_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    username: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    disabled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    must_change_password: Mapped[bool] = mapped_column(Boolean, server_default=text("false"))
    """An administrator knows the password: another one is chosen at the next sign-in."""


class AccountRole(Base):
    """Role granted to an account."""

    __tablename__ = "account_role"
    __table_args__ = (Index("ix_account_role_role", "role"),)

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    role: Mapped[str] = mapped_column(ForeignKey("role.code"), type_=Text, primary_key=True)


class Credential(Base):
    """Bearer token or web session, stored as the SHA-256 of its secret."""

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("id"),
        Index("ix_credential_account_id", "account_id"),
    )

    secret_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """By which it is named where it is listed and revoked."""
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    seen_at: Mapped[datetime] = mapped_column(INSTANT)
    name: Mapped[str | None] = mapped_column(Text)
    """What a program's token is for."""
    scopes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """Of the account's permissions those that count here; None: all of them."""
    agent: Mapped[str | None] = mapped_column(Text)
    """The browser or program, as it named itself."""
    address: Mapped[str | None] = mapped_column(Text)
    """Where it was begun, coarsely."""
    made_by: Mapped[str | None] = mapped_column(Text)
    """Who made it, if that was not its owner."""


class Invitation(Base):
    """A link by which the owner of an account chooses a password; stored as a SHA-256."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(gateway_id IS NULL) = (address IS NULL)", name="where"),
        Index("uq_invitation_account_id", "account_id", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    secret_hash: Mapped[str] = mapped_column(Text, unique=True)
    purpose: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    gateway_id: Mapped[int | None] = mapped_column(ForeignKey("gateway.id"), type_=BigInteger)
    """The gateway that it is sent by; None: whoever made it passes it on."""
    address: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    failure: Mapped[str | None] = mapped_column(Text)
    """Why it could not be sent, if it could not."""


class KnownOrigin(Base):
    """Device or address that an account was signed in from with the right password.

    Stored as a SHA-256, as credentials are.
    """

    __tablename__ = "known_origin"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    origin: Mapped[str] = mapped_column(Text, primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(INSTANT)


class SignInCount(Base):
    """Wrong passwords counted by account name, by address, or by an account's known origin."""

    __tablename__ = "sign_in_count"

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    failed: Mapped[int] = mapped_column(Integer)
    counted_at: Mapped[datetime] = mapped_column(INSTANT)
    free_at: Mapped[datetime | None] = mapped_column(INSTANT)
