"""The tables of stations and crews."""

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import Boolean
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Text
from sqlalchemy import false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from dispatch.core.columns import INSTANT
from dispatch.core.columns import POINT
from geodata.db import Base


class Station(Base):
    """A depot that crews start from."""

    __tablename__ = "station"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    point: Mapped[WKBElement] = mapped_column(POINT)


class Crew(Base):
    """The dispatchable unit."""

    __tablename__ = "crew"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), type_=BigInteger)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text))
    emergency_drive: Mapped[bool] = mapped_column(Boolean, server_default=false())
    duty: Mapped[str] = mapped_column(Text)
    duty_changed_at: Mapped[datetime] = mapped_column(INSTANT)
    created_at: Mapped[datetime] = mapped_column(INSTANT)
