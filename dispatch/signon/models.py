"""The tables of sign-on: whose account belongs to whom at a provider, and who is invited."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import ForeignKey
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class SignOnIdentity(Base):
    """A person at a provider: the issuer's and its unchanging number, never a name or address."""

    __tablename__ = "sign_on_identity"
    __table_args__ = (Index("uq_sign_on_identity_account", "issuer", "account_id", unique=True),)

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    linked_at: Mapped[datetime] = mapped_column(INSTANT)
    seen_at: Mapped[datetime] = mapped_column(INSTANT)


class SignOnInvitation(Base):
    """An account waits for the person whom the provider knows by this user name; taken up once."""

    __tablename__ = "sign_on_invitation"

    issuer: Mapped[str] = mapped_column(Text, primary_key=True)
    claimed_name: Mapped[str] = mapped_column(Text, primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), type_=BigInteger
    )
    invited_at: Mapped[datetime] = mapped_column(INSTANT)
    invited_by: Mapped[str] = mapped_column(Text)
