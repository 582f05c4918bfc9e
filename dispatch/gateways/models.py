"""The tables of gateways; their secrets stand apart, so that no reader of a gateway has one."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit


class Gateway(OfUnit, Base):
    """An address that takes what is to be told, and tells it by SMS, call or chat."""

    __tablename__ = "gateway"
    __table_args__ = (
        Index(
            "uq_gateway_company_id_name",
            "company_id",
            "name",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    page_url: Mapped[str | None] = mapped_column(Text)
    """Where phones find this console: the beginning of links in what it is given."""
    enabled: Mapped[bool] = mapped_column(Boolean)
    timeout_s: Mapped[float] = mapped_column(Double)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(INSTANT)
    paused_until: Mapped[datetime | None] = mapped_column(INSTANT)
    """It did not answer twice in a row: until then nothing is sent to it."""
    failures: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """How often in a row it could not be reached."""


class GatewaySecret(Base):
    """The key that signs what goes to a gateway and what comes from it; read by the app only."""

    __tablename__ = "gateway_secret"

    gateway_id: Mapped[int] = mapped_column(
        ForeignKey("gateway.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    secret: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime] = mapped_column(INSTANT)
