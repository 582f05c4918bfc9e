"""The tables of the base map, in web Mercator (SRID 3857), simplified for drawing.

Tiles are only clipped from them. Each shape is stored once per *band*, a range of zoom levels that
share a level of detail.
"""

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import REAL
from sqlalchemy import BigInteger
from sqlalchemy import CheckConstraint
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy import text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base
from geodata.ground.models import OfGround
from geodata.tiles.zoom_bands import BANDS


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
    """Columns of all drawn shapes."""

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
    """Buildings, separate from other areas because there are so many."""

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
    """A point of interest for a repair service, see ``geodata.tiles.map_points``."""

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
    """A house number, at an entrance or in the middle of a building."""

    __tablename__ = "map_house_number"

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    house_number: Mapped[str] = mapped_column(Text)
    geom: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=3857, spatial_index=False))
    __table_args__ = (Index("ix_map_house_number_geom", "geom", postgresql_using="gist"),)
