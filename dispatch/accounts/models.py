"""The tables of accounts: roles, credentials, and what is counted of sign-ins."""

from datetime import datetime
from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base

COUNTED_FOR: Final = timedelta(hours=1)
"""How long after the last attempt wrong passwords are counted; then their count begins anew."""
KNOWN_FOR: Final = timedelta(days=180)
"""How long after its last sign-in a device or address stays known."""


class Account(Base):
    """Account of a person or program."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    username: Mapped[str] = mapped_column(Text, unique=True)
    display_name: Mapped[str] = mapped_column(Text)
    password_hash: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    disabled_at: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)


class AccountRole(Base):
    """Role granted to an account."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    role: Mapped[str] = mapped_column(Text, primary_key=True)


class Credential(Base):
    """Bearer token or web session, stored as the SHA-256 of its secret."""

    __tablename__ = "credential"
    __table_args__ = (Index("ix_credential_account_id", "account_id"),)

    secret_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    kind: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    expires_at: Mapped[datetime] = mapped_column(INSTANT)
    seen_at: Mapped[datetime] = mapped_column(INSTANT)


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
