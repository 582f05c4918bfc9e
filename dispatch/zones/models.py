"""Table of zones: districts and response areas used by filters and pledges."""

from datetime import datetime

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base
from geodata.db import OfUnit

_Instant = DateTime(timezone=True)


class Zone(OfUnit, Base):
    """Named area; areas of one kind may overlap."""

    __tablename__ = "zone"
    __table_args__ = (
        UniqueConstraint("company_id", "kind", "name"),
        Index("ix_zone_outline", "outline", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    outline: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)
    )
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(_Instant)
    created_by: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(_Instant)
    updated_by: Mapped[str] = mapped_column(Text)
