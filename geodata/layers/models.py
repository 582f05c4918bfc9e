"""The tables of the utility's own layers: pipes, valves, stations, districts.

They belong to no ground: an extract is replaced every month, the utility's records are not in it.
Geometries are in WGS 84 (SRID 4326), longitude first, whatever the file was in.
"""

from datetime import datetime
from typing import Any

from geoalchemy2 import Geometry
from geoalchemy2 import WKBElement
from sqlalchemy import BigInteger
from sqlalchemy import DateTime
from sqlalchemy import ForeignKey
from sqlalchemy import Identity
from sqlalchemy import Index
from sqlalchemy import Integer
from sqlalchemy import SmallInteger
from sqlalchemy import Text
from sqlalchemy import UniqueConstraint
from sqlalchemy import column
from sqlalchemy import table
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from geodata.db import Base
from geodata.db import OfUnit


class Layer(OfUnit, Base):
    """One layer: name, style and extent."""

    __tablename__ = "layer"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    utility: Mapped[str | None] = mapped_column(Text)
    """``gas``, ``heat``, ``water`` or ``power``; none: of every utility, such as districts."""
    colour: Mapped[str | None] = mapped_column(Text)
    """``#rrggbb``, or none: the colour of its kind."""
    label_field: Mapped[str | None] = mapped_column(Text)
    """The attribute that features are called by; none if the file has no such."""
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Names of the attributes in the file's order, which JSONB does not keep."""
    shapes: Mapped[str] = mapped_column(Text)
    features: Mapped[int] = mapped_column(Integer)
    bounds: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=4326, spatial_index=False))
    source_file: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    """Rises with each import and change of name: what was drawn of an older one is out of date."""
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class LayerFeature(Base):
    """One feature of a layer, with all attributes of the file."""

    __tablename__ = "layer_feature"
    __table_args__ = (
        Index("ix_layer_feature_geom", "geom", postgresql_using="gist"),
        Index("ix_layer_feature_geography", text("(geom::geography)"), postgresql_using="gist"),
    )

    layer_id: Mapped[int] = mapped_column(
        ForeignKey("layer.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    feature: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=4326, spatial_index=False))


class LayerOverview(Base):
    """The overview of a layer for zooms below 14, made at import.

    ``zoom`` is the nearest one that it is drawn at. In web Mercator (SRID 3857), simplified.
    """

    __tablename__ = "layer_overview"
    __table_args__ = (Index("ix_layer_overview_geom", "geom", postgresql_using="gist"),)

    layer_id: Mapped[int] = mapped_column(
        ForeignKey("layer.id", ondelete="CASCADE"),
        type_=BigInteger,
        primary_key=True,
        autoincrement=False,
    )
    zoom: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    geom: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=3857, spatial_index=False))


SEEN_FEATURES = table(
    "seen_layer_feature",
    column("layer_id", BigInteger),
    column("feature", Integer),
    column("label", Text),
    column("attributes", JSONB),
    column("geom", Geometry(srid=4326)),
)
"""Features of the layers that whoever asks may see: a view, for questions about places."""
