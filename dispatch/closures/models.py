"""Table of road closures."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import GEOMETRY
from dispatch.core.columns import INSTANT
from geodata.db import Base


class Closure(Base):
    """Area or road closed for a period; only lifting changes it."""

    __tablename__ = "closure"
    __table_args__ = (
        Index("ix_closure_not_lifted", "until_at", postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    marked: Mapped[WKBElement] = mapped_column(GEOMETRY)
    """As the dispatcher marked it: the outline, or the points on the road. Routing asks this."""
    shown: Mapped[WKBElement] = mapped_column(GEOMETRY)
    """As maps show it: the outline, or the road between the points as it was then."""
    direction: Mapped[str] = mapped_column(Text)
    from_at: Mapped[datetime] = mapped_column(INSTANT)
    until_at: Mapped[datetime | None] = mapped_column(INSTANT)
    reason: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    created_by: Mapped[str] = mapped_column(Text)
    lifted_at: Mapped[datetime | None] = mapped_column(INSTANT)
    lifted_by: Mapped[str | None] = mapped_column(Text)
    lift_reason: Mapped[str | None] = mapped_column(Text)
