"""Import an extract as the new ground, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Engine
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text

from geodata.ground.models import Ground
from geodata.ground.streets_only import drawn_lines
from geodata.ground.streets_only import street_ways
from geodata.osm.extract_file import SUFFIXES
from geodata.osm.extract_file import declared_bounds
from geodata.osm.road_reader import OsmReport
from geodata.osm.road_reader import read_roads
from geodata.places.place_import import store_found
from geodata.places.place_import import store_places
from geodata.progress import Progress
from geodata.progress import silent
from geodata.roads.types import RoadData
from geodata.table_copy import GroundCopy
from geodata.tiles.map_import import Bounds
from geodata.tiles.map_import import MapStore

ATTRIBUTION = "© OpenStreetMap contributors"  # the licence (ODbL) asks for it on every map

CHANNEL = "nearcrew_ground"

# One import at a time, so that ids are in the order of commits. Any fixed number does.
_LOCK_KEY = 0x67_72_6F_75_6E_64


_SEGMENT_COLUMNS = (
    "segment", "from_node", "to_node", "way_id", "length_m", "road_class", "forward", "backward",
    "forward_mps", "backward_mps", "name", "flags", "geom",
)  # fmt: skip
_STORED = (
    *("road_node", "road_segment", "map_area", "map_building", "map_line", "map_place"),
    *("map_poi", "map_house_number"),
)


@dataclass(frozen=True, slots=True)
class GroundSummary:
    """Counts of an import; street lengths in kilometres, both directions counted once."""

    ground_id: int
    name: str
    network_hash: str
    bounds: Bounds
    nodes: int
    segments: int
    length_km: float
    names: int
    report: OsmReport | None
    """What an extract had to leave out; None of a graph, which tells nothing of it."""
    shapes: dict[str, int]
    undrawable: int


def import_extract(
    engine: Engine, path: Path, *, name: str | None = None, progress: Progress | None = None
) -> GroundSummary:
    """Import an OpenStreetMap extract as the ground in use.

    Streets and base map are stored in one transaction; until it commits, or if anything fails, the
    previous ground stays in use. It is deleted in the same transaction, and the new id is notified
    on the channel ``nearcrew_ground``.

    Parameters
    ----------
    engine
        Of the owner of the tables; the application's role may not write them.
    path
        ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or ``.osm.gz``.
    name
        What people call the place; the file's name without its ending if not given.
    progress
        Called with the progress.

    Returns
    -------
    summary
        What was stored and what was left out.

    Raises
    ------
    GroundError
        If the file is no extract, broken, empty or without streets.
    """
    tell = progress or silent
    roads, report = read_roads(path, progress=tell)
    bounds = declared_bounds(path) or _extent(roads)

    def draw(copy: GroundCopy) -> int:
        undrawable = MapStore(copy).store(path, bounds)
        store_places(copy, path)
        return undrawable

    summary = _replace(
        engine, roads, draw, bounds=bounds, title=name or _title(path), source=path.name, tell=tell
    )
    return replace(summary, report=report)


def import_streets(
    engine: Engine, roads: RoadData, *, name: str, source: str, progress: Progress | None = None
) -> GroundSummary:
    """Import streets alone as the ground in use, as `import_extract`; the map shows only them.

    Parameters
    ----------
    engine
        Of the owner of the tables.
    roads
        The streets, from any source.
    name
        What people call the place.
    source
        Where they came from: a file's name, or a service's.
    progress
        Called with the progress.
    """

    def draw(copy: GroundCopy) -> int:
        MapStore(copy).store_lines(drawn_lines(roads))
        store_found(copy, street_ways(roads))
        return 0

    bounds = _extent(roads)
    return _replace(
        engine, roads, draw, bounds=bounds, title=name, source=source, tell=progress or silent
    )


def _replace(
    engine: Engine,
    roads: RoadData,
    draw: Callable[[GroundCopy], int],
    *,
    bounds: Bounds,
    title: str,
    source: str,
    tell: Progress,
) -> GroundSummary:
    """Replace the ground by streets and what ``draw`` adds to them."""
    title = title.replace("\0", "")
    network_hash = roads.content_hash()
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK_KEY)))
        ground_id = connection.execute(
            insert(Ground)
            .values(
                name=title,
                source_file=source,
                network_hash=network_hash,
                attribution=ATTRIBUTION,
                bounds=f"SRID=4326;{shapely.box(*bounds).wkt}",
                imported_at=func.clock_timestamp(),
            )
            .returning(Ground.id)
        ).scalar_one()
        copy = GroundCopy(connection, ground_id, tell)
        _store_roads(copy, roads)
        undrawable = draw(copy)
        tell("Replacing the ground before", 0, None)
        connection.execute(delete(Ground).where(Ground.id != ground_id))
        for table in _STORED:
            connection.execute(text(f"ANALYZE {table}"))
        connection.execute(select(func.pg_notify(CHANNEL, str(ground_id))))
    return GroundSummary(
        ground_id=ground_id,
        name=title,
        network_hash=network_hash,
        bounds=bounds,
        nodes=len(roads.node_osm_id),
        segments=len(roads.segment_from),
        length_km=float(roads.segment_length_m.sum()) / 1000,
        names=len(roads.names) - 1,
        report=None,
        shapes=dict(copy.rows),
        undrawable=undrawable,
    )


def _store_roads(copy: GroundCopy, roads: RoadData) -> None:
    stage = "Storing streets"
    copy.progress(stage, 0, None)
    nodes = zip(
        range(len(roads.node_osm_id)),
        roads.node_osm_id.tolist(),
        roads.node_signal.tolist(),
        _hex(shapely.points(roads.node_lonlat)),
        strict=True,
    )
    copy.fill("road_node", ("node", "osm_id", "signal", "geom"), nodes, stage)
    counts = np.diff(roads.geometry_start)
    lines = shapely.linestrings(
        roads.geometry_lonlat, indices=np.repeat(np.arange(len(counts)), counts)
    )
    segments = zip(
        range(len(counts)),
        roads.segment_from.tolist(),
        roads.segment_to.tolist(),
        roads.segment_way_id.tolist(),
        roads.segment_length_m.tolist(),
        roads.segment_class.tolist(),
        roads.segment_forward.tolist(),
        roads.segment_backward.tolist(),
        roads.segment_forward_mps.tolist(),
        roads.segment_backward_mps.tolist(),
        roads.segment_name.tolist(),
        roads.segment_flags.tolist(),
        _hex(lines),
        strict=True,
    )
    copy.fill("road_segment", _SEGMENT_COLUMNS, segments, stage)
    copy.fill("road_name", ("number", "name"), enumerate(roads.names), stage)
    start, path = roads.restriction_start, roads.restriction_path.tolist()
    restrictions = (
        (number, bool(only), path[start[number] : start[number + 1]])
        for number, only in enumerate(roads.restriction_only)
    )
    copy.fill("road_restriction", ("number", "mandatory", "path"), restrictions, stage)


def _hex(shapes: shapely.Geometry | NDArray[np.object_]) -> list[str]:
    wkb = shapely.to_wkb(
        shapely.set_srid(np.atleast_1d(np.asarray(shapes)), 4326), hex=True, include_srid=True
    )
    return [str(one) for one in wkb]


def _extent(roads: RoadData) -> Bounds:
    west, south = roads.geometry_lonlat.min(axis=0).tolist()
    east, north = roads.geometry_lonlat.max(axis=0).tolist()
    return west, south, east, north


def _title(path: Path) -> str:
    name = path.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name.replace("-", " ").replace("_", " ").strip().title() or path.name
