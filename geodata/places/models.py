"""The tables of the search: streets, named places, addresses, crossings and their index."""

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import LargeBinary
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base
from geodata.ground.models import OfGround


class Place(OfGround, Base):
    """A named feature: a street, or a place that is searched by name.

    Its number is also its index in the arrays of ``PlaceIndex``.
    """

    __tablename__ = "place"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    name_zh: Mapped[str | None] = mapped_column(Text)
    other_names: Mapped[list[str]] = mapped_column(ARRAY(Text))
    syllables: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Pinyin of the Chinese name, without tones; empty without one."""
    address: Mapped[str | None] = mapped_column(Text)
    locality: Mapped[str | None] = mapped_column(Text)
    """The settlement, or part of one, that is nearest."""
    weight: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    __table_args__ = (
        CheckConstraint("kind IN ('street', 'place')", name="kind"),
        Index("ix_place_geom", "geom", postgresql_using="gist"),
    )


class Address(OfGround, Base):
    """A house number on a street."""

    __tablename__ = "address"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    street: Mapped[int] = mapped_column(Integer)
    """Number of the place that is its street."""
    house: Mapped[str] = mapped_column(Text)
    house_key: Mapped[str] = mapped_column(Text)
    """The house number as it is compared: ``geodata.names.house_numbers.house_key``."""
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    __table_args__ = (
        Index("ix_address_street", "ground_id", "street"),
        Index("ix_address_geom", "geom", postgresql_using="gist"),
    )


class StreetLine(OfGround, Base):
    """A line of a named street, footpaths and steps included."""

    __tablename__ = "street_line"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    street: Mapped[int] = mapped_column(Integer)
    geom: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=4326, spatial_index=False))
    __table_args__ = (
        Index("ix_street_line_street", "ground_id", "street"),
        Index("ix_street_line_geom", "geom", postgresql_using="gist"),
    )


class StreetCrossing(OfGround, Base):
    """A crossing of two streets of different names; ``street`` is the lesser number."""

    __tablename__ = "street_crossing"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    street: Mapped[int] = mapped_column(Integer)
    other: Mapped[int] = mapped_column(Integer)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    __table_args__ = (
        CheckConstraint("street < other", name="order"),
        Index("ix_street_crossing_street", "ground_id", "street"),
        Index("ix_street_crossing_other", "ground_id", "other"),
    )


class PlaceIndex(OfGround, Base):
    """The stored arrays of ``geodata.names.name_index.NameIndex``."""

    __tablename__ = "place_index"

    content: Mapped[bytes] = mapped_column(LargeBinary)
