"""The table of outcomes."""

from sqlalchemy import Boolean
from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base


class Outcome(Base):
    """One way in which an order for a kind of incident can end."""

    __tablename__ = "outcome"

    kind: Mapped[str] = mapped_column(
        ForeignKey("incident_kind.code"), type_=Text, primary_key=True
    )
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean)
    """No longer offered. Still accepted: a phone without signal may have chosen it before."""
