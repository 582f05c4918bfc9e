"""Read the ground in use: its properties and streets, and whether it contains a point."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from geoalchemy2.functions import ST_AsBinary
from geoalchemy2.functions import ST_XMax
from geoalchemy2.functions import ST_XMin
from geoalchemy2.functions import ST_YMax
from geoalchemy2.functions import ST_YMin
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy import LargeBinary
from sqlalchemy import exists
from sqlalchemy import select
from sqlalchemy.sql.elements import ColumnElement

from geodata.errors import NoSuchGroundError
from geodata.ground.extract_import import GroundSummary
from geodata.ground.extract_import import import_extract
from geodata.ground.extract_import import import_streets
from geodata.ground.models import Ground
from geodata.places.models import PlaceIndex
from geodata.roads.models import RoadName
from geodata.roads.models import RoadNode
from geodata.roads.models import RoadRestriction
from geodata.roads.models import RoadSegment
from geodata.roads.types import RoadData

__all__ = [
    "GroundInfo",
    "GroundSummary",
    "active_ground",
    "contains",
    "import_extract",
    "import_streets",
    "read_roads",
]


@dataclass(frozen=True, slots=True)
class GroundInfo:
    """The ground in use; ``bounds`` are west, south, east, north in degrees."""

    id: int
    name: str
    network_hash: str
    bounds: tuple[float, float, float, float]
    imported_at: datetime
    attribution: str


def active_ground(connection: Connection) -> GroundInfo | None:
    """Return the ground in use, None before the first import."""
    row = connection.execute(
        select(
            Ground.id,
            Ground.name,
            Ground.network_hash,
            ST_XMin(Ground.bounds),
            ST_YMin(Ground.bounds),
            ST_XMax(Ground.bounds),
            ST_YMax(Ground.bounds),
            Ground.imported_at,
            Ground.attribution,
        )
        .order_by(Ground.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    return GroundInfo(row[0], row[1], row[2], (row[3], row[4], row[5], row[6]), row[7], row[8])


def is_searchable(connection: Connection, ground_id: int) -> bool:
    """Return whether names were stored; grounds imported by older versions have none."""
    return bool(connection.scalar(select(exists().where(PlaceIndex.ground_id == ground_id))))


def contains(connection: Connection, lon: float, lat: float) -> bool:
    """Return whether a WGS 84 point lies within the ground's bounds; False without a ground."""
    ground = active_ground(connection)
    if ground is None:
        return False
    west, south, east, north = ground.bounds
    return west <= lon <= east and south <= lat <= north


def read_roads(connection: Connection, ground_id: int) -> RoadData:
    """Return the streets of a ground, equal to the bit to what was imported.

    Raises
    ------
    NoSuchGroundError
        If that ground was replaced; read the one in use again.
    """
    nodes = connection.execute(
        select(RoadNode.osm_id, RoadNode.signal, _wkb(RoadNode.geom))
        .where(RoadNode.ground_id == ground_id)
        .order_by(RoadNode.node)
    ).all()
    if not nodes:
        raise NoSuchGroundError(ground_id)
    segment = RoadSegment
    segments = connection.execute(
        select(
            segment.from_node,
            segment.to_node,
            segment.way_id,
            segment.length_m,
            segment.road_class,
            segment.forward,
            segment.backward,
            segment.forward_mps,
            segment.backward_mps,
            segment.name,
            segment.flags,
            _wkb(segment.geom),
        )
        .where(segment.ground_id == ground_id)
        .order_by(segment.segment)
    ).all()
    names = connection.scalars(
        select(RoadName.name).where(RoadName.ground_id == ground_id).order_by(RoadName.number)
    ).all()
    restrictions = connection.execute(
        select(RoadRestriction.mandatory, RoadRestriction.path)
        .where(RoadRestriction.ground_id == ground_id)
        .order_by(RoadRestriction.number)
    ).all()

    osm_id, signal, points = zip(*nodes, strict=True)
    columns = list(zip(*segments, strict=True))
    lines = shapely.from_wkb(np.array([bytes(wkb) for wkb in columns[11]], dtype=np.object_))
    paths = [path for _, path in restrictions]
    return RoadData(
        node_lonlat=shapely.get_coordinates(shapely.from_wkb([bytes(wkb) for wkb in points])),
        node_osm_id=np.array(osm_id, dtype=np.int64),
        node_signal=np.array(signal, dtype=np.bool_),
        segment_from=np.array(columns[0], dtype=np.int32),
        segment_to=np.array(columns[1], dtype=np.int32),
        segment_way_id=np.array(columns[2], dtype=np.int64),
        segment_length_m=np.array(columns[3], dtype=np.float64),
        segment_class=np.array(columns[4], dtype=np.uint8),
        segment_forward=np.array(columns[5], dtype=np.bool_),
        segment_backward=np.array(columns[6], dtype=np.bool_),
        segment_forward_mps=np.array(columns[7], dtype=np.float32),
        segment_backward_mps=np.array(columns[8], dtype=np.float32),
        segment_name=np.array(columns[9], dtype=np.int32),
        segment_flags=np.array(columns[10], dtype=np.uint8),
        geometry_start=_starts(shapely.get_num_points(lines)),
        geometry_lonlat=shapely.get_coordinates(lines),
        names=tuple(names),
        restriction_only=np.array([only for only, _ in restrictions], dtype=np.bool_),
        restriction_start=np.cumsum([0, *map(len, paths)], dtype=np.int32),
        restriction_path=np.array([edge for path in paths for edge in path], dtype=np.int64),
    )


def _wkb(geometry: object) -> ColumnElement[bytes]:
    binary: ColumnElement[bytes] = ST_AsBinary(geometry, type_=LargeBinary)
    return binary


def _starts(counts: NDArray[np.signedinteger]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
