"""The tables of second factors, and of who must have one."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import LargeBinary
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class TimeCode(Base):
    """An authenticator app: one in use and one being set up for each account."""

    __tablename__ = "time_code"
    __table_args__ = (
        Index(
            "uq_time_code_used",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        Index(
            "uq_time_code_new",
            "account_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The time step of the last code that was taken: only later ones are."""
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    confirmed_at: Mapped[datetime | None] = mapped_column(INSTANT)


class RecoveryCode(Base):
    """A code for whoever has lost the device, stored as a SHA-256; each is taken once."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    code_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class SecurityKey(Base):
    """A WebAuthn credential: a key on a key ring, or the fingerprint reader of a device."""

    __tablename__ = "security_key"
    __table_args__ = (Index("ix_security_key_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    used_at: Mapped[datetime | None] = mapped_column(INSTANT)


class KeyChallenge(Base):
    """What a security key is to sign, once."""

    __tablename__ = "key_challenge"
    __table_args__ = (Index("ix_key_challenge_account_id", "account_id"),)

    challenge: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    bound_to: Mapped[str] = mapped_column(Text)
    """Digest of the attempt that it belongs to, or the purpose of a challenge on one's own page."""
    expires_at: Mapped[datetime] = mapped_column(INSTANT)


class FactorRule(Base):
    """Whether whoever has a role must have a second factor."""

    __tablename__ = "factor_rule"

    role: Mapped[str] = mapped_column(Text, primary_key=True)
    required: Mapped[bool] = mapped_column(Boolean)
    grace_until: Mapped[datetime | None] = mapped_column(INSTANT)
    """Until then setting one up may be put off at the sign-in."""
    updated_at: Mapped[datetime] = mapped_column(INSTANT)
    updated_by: Mapped[str] = mapped_column(Text)
