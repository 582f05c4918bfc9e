"""The tables of a ground's roads, in WGS 84 (SRID 4326), lossless."""

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import REAL
from sqlalchemy import BigInteger
from sqlalchemy import Double
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base
from geodata.ground.models import OfGround


class RoadNode(OfGround, Base):
    """A junction, dead end, traffic light or barrier."""

    __tablename__ = "road_node"

    node: Mapped[int] = mapped_column(Integer, primary_key=True)
    osm_id: Mapped[int] = mapped_column(BigInteger)
    signal: Mapped[bool]
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))


class RoadSegment(OfGround, Base):
    """A street between two nodes; columns as in ``geodata.roads.types.RoadData``."""

    __tablename__ = "road_segment"

    segment: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_node: Mapped[int] = mapped_column(Integer)
    to_node: Mapped[int] = mapped_column(Integer)
    way_id: Mapped[int] = mapped_column(BigInteger)
    length_m: Mapped[float] = mapped_column(Double)
    road_class: Mapped[int] = mapped_column(SmallInteger)
    forward: Mapped[bool]
    backward: Mapped[bool]
    forward_mps: Mapped[float] = mapped_column(REAL)
    backward_mps: Mapped[float] = mapped_column(REAL)
    name: Mapped[int] = mapped_column(Integer)
    flags: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=4326, spatial_index=False))
    __table_args__ = (Index("ix_road_segment_geom", "geom", postgresql_using="gist"),)


class RoadName(OfGround, Base):
    """A street name; segments refer to its number."""

    __tablename__ = "road_name"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class RoadRestriction(OfGround, Base):
    """A forbidden (or mandatory) sequence of directed edges."""

    __tablename__ = "road_restriction"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    mandatory: Mapped[bool]
    path: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
