"""The table of the ways that crews chose."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base


class ChosenWay(Base):
    """By which street the crew of an order drives; no row, or no place: by the fastest way."""

    __tablename__ = "chosen_way"

    assignment_id: Mapped[int] = mapped_column(
        ForeignKey("assignment.id"), type_=BigInteger, primary_key=True, autoincrement=False
    )
    via_lon: Mapped[float | None] = mapped_column(Double)
    via_lat: Mapped[float | None] = mapped_column(Double)
    via_heading_deg: Mapped[float | None] = mapped_column(Double)
    by: Mapped[str] = mapped_column("by_street", Text)
    chosen_at: Mapped[datetime] = mapped_column(INSTANT)
