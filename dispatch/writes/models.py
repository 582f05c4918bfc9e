"""The tables of requests that may be repeated, and of the check that writing works."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class IdempotencyKey(Base):
    """The answer already given to a request that may be repeated."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("actor_id", "key"),
        Index("ix_idempotency_key_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    actor_id: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(Text)
    request_hash: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class WriteCheckRow(Base):
    """The one row that is written to find out whether writing works."""

    __tablename__ = "write_check"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    checked_at: Mapped[datetime] = mapped_column(INSTANT)
