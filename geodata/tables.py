"""The ground's tables: one extract's roads, and what of it the base map shows.

Roads are in WGS 84 (SRID 4326), exact to the bit. Base-map shapes are in web Mercator (SRID 3857),
already simplified: a tile is cut out of them and nothing more. Each shape stands once per *band*,
a range of zoom levels it is drawn the same in, with the detail that band can show.
"""

from datetime import datetime

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import REAL
from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import DateTime
from sqlalchemy import Double
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm import mapped_column

from geodata.db import Base
from geodata.tiles.zoom_bands import BANDS


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
    """Goes when its ground goes."""

    @declared_attr
    def ground_id(cls) -> Mapped[int]:  # noqa: N805 - declared_attr is called on the class
        """Return the column that says whose row this is, first of the primary key."""
        return mapped_column(
            ForeignKey("ground.id", ondelete="CASCADE"), type_=BigInteger, primary_key=True
        )


class RoadNode(OfGround, Base):
    """A junction, dead end, traffic light or barrier."""

    __tablename__ = "road_node"

    node: Mapped[int] = mapped_column(Integer, primary_key=True)
    osm_id: Mapped[int] = mapped_column(BigInteger)
    signal: Mapped[bool]
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))


class RoadSegment(OfGround, Base):
    """A stretch of street between two nodes; see ``geodata.roads.types.RoadData`` for every column."""

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
    """A street name, once; segments carry its number."""

    __tablename__ = "road_name"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)


class RoadRestriction(OfGround, Base):
    """A forbidden (or only allowed) sequence of directed edges."""

    __tablename__ = "road_restriction"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    mandatory: Mapped[bool]
    path: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


def _band_indexes(table: str) -> tuple[Index, ...]:
    # One partial index per band: a tile reads rows of its own band only, and never sorts out
    # those of others.
    return tuple(
        Index(
            f"ix_{table}_band_{band.number}",
            "geom",
            postgresql_using="gist",
            postgresql_where=text(f"band = {band.number}"),
        )
        for band in BANDS
    )


class MapShape(OfGround):
    """What every drawn thing has."""

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    band: Mapped[int] = mapped_column(SmallInteger)
    min_zoom: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    name_zh: Mapped[str | None] = mapped_column(Text)


class MapArea(MapShape, Base):
    """Water, green and other land."""

    __tablename__ = "map_area"

    layer: Mapped[str] = mapped_column(Text)
    area_m2: Mapped[float] = mapped_column(REAL)
    geom: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", srid=3857, spatial_index=False)
    )
    __table_args__ = (
        CheckConstraint("layer IN ('water', 'green', 'landuse')", name="layer"),
        *_band_indexes("map_area"),
    )


class MapBuilding(MapShape, Base):
    """Buildings; apart from other areas because there are so many."""

    __tablename__ = "map_building"

    area_m2: Mapped[float] = mapped_column(REAL)
    geom: Mapped[WKBElement] = mapped_column(
        Geometry("MULTIPOLYGON", srid=3857, spatial_index=False)
    )
    __table_args__ = _band_indexes("map_building")


class MapLine(MapShape, Base):
    """Roads and paths, their joined-up names, rails and waterways."""

    __tablename__ = "map_line"

    layer: Mapped[str] = mapped_column(Text)
    oneway: Mapped[bool]
    bridge: Mapped[bool]
    tunnel: Mapped[bool]
    link: Mapped[bool]
    z_order: Mapped[int] = mapped_column(SmallInteger)
    geom: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=3857, spatial_index=False))
    __table_args__ = (
        CheckConstraint("layer IN ('roads', 'road_names', 'rail', 'waterways')", name="layer"),
        *_band_indexes("map_line"),
    )


class MapPlace(OfGround, Base):
    """A named settlement or part of one."""

    __tablename__ = "map_place"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    min_zoom: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    name_zh: Mapped[str | None] = mapped_column(Text)
    population: Mapped[int] = mapped_column(BigInteger)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=3857, spatial_index=False))
    __table_args__ = (Index("ix_map_place_geom", "geom", postgresql_using="gist"),)


class MapPoi(OfGround, Base):
    """A point that matters to a repair service, see ``geodata.tiles.map_points``."""

    __tablename__ = "map_poi"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    min_zoom: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    name_en: Mapped[str | None] = mapped_column(Text)
    name_zh: Mapped[str | None] = mapped_column(Text)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=3857, spatial_index=False))
    __table_args__ = (Index("ix_map_poi_geom", "geom", postgresql_using="gist"),)


class MapHouseNumber(OfGround, Base):
    """The number at a door, or in the middle of a building."""

    __tablename__ = "map_house_number"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    house_number: Mapped[str] = mapped_column(Text)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=3857, spatial_index=False))
    __table_args__ = (Index("ix_map_house_number_geom", "geom", postgresql_using="gist"),)
