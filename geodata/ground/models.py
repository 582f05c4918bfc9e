"""The table of grounds, and the base of tables that belong to one."""

from datetime import datetime

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm import mapped_column

from geodata.db import Base


class Ground(Base):
    """One imported extract; the row of the greatest id is the one in use."""

    __tablename__ = "ground"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    source_file: Mapped[str] = mapped_column(Text)
    network_hash: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)
    bounds: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=4326, spatial_index=False))
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class OfGround:
    """Mix-in of rows that are deleted with their ground."""

    @declared_attr
    def ground_id(cls) -> Mapped[int]:  # noqa: N805 - declared_attr is called on the class
        """Return the column of the ground of a row, the first of the primary key."""
        return mapped_column(
            ForeignKey("ground.id", ondelete="CASCADE"), type_=BigInteger, primary_key=True
        )
