"""The tables of vehicles and of the list of equipment."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import false
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from geodata.db import Base
from geodata.db import OfUnit


class EquipmentEntry(Base):
    """Something that vehicles carry, and kinds of incidents can need."""

    __tablename__ = "equipment"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    sort: Mapped[int] = mapped_column(Integer)
    retired: Mapped[bool] = mapped_column(Boolean, server_default=false())


class Vehicle(OfUnit, Base):
    """A vehicle, with the crew that has it now."""

    __tablename__ = "vehicle"
    __table_args__ = (
        Index(
            "uq_vehicle_company_id_plate",
            "company_id",
            "plate",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
        Index("ix_vehicle_unit_id", "unit_id"),
        Index("ix_vehicle_crew_id", "crew_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    plate: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    equipment: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    emergency: Mapped[bool] = mapped_column(Boolean, server_default=false())
    """An emergency vehicle: with blue lights, if the kind of incident permits it."""
    height_m: Mapped[float | None] = mapped_column(Double)
    weight_t: Mapped[float | None] = mapped_column(Double)
    crew_id: Mapped[int | None] = mapped_column(ForeignKey("crew.id"), type_=BigInteger)
    crew_since: Mapped[datetime | None] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
    retired_at: Mapped[datetime | None] = mapped_column(INSTANT)
