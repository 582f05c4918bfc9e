"""Records of a utility for the demo city: mains under its streets, their valves, response areas.

No utility publishes where its pipes lie, and without any nobody would see what layers are good
for. So these are made up from the streets; their names and every attribute say so.
"""

from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import exists
from sqlalchemy import select

from dispatch.access.permissions import SYSTEM
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.stations import StationService
from dispatch.events.kinds import EventKind
from dispatch.events.models import Event
from dispatch.ground.service import GroundService
from dispatch.layers.service import LayerService
from dispatch.layers.types import ImportLayer
from dispatch.zones.service import ZoneService
from dispatch.zones.types import DrawZone
from geodata.crs.flat_plane import Plane
from geodata.db import make_engine
from geodata.layers.features import LayerFile
from geodata.roads.types import BRIDGE
from geodata.roads.types import ROAD_CLASSES
from geodata.roads.types import TUNNEL
from geodata.roads.types import RoadData
from routing.network.arrays import IntArray
from scripts.commands.progress import waiting
from scripts.demo.demo_places import junctions

MADE_UP = "made up for the demo"
_VALVE_APART_M = 90.0
_WIDE_MM = {"primary": 300, "secondary": 300, "tertiary": 200}
_NARROW_MM = 100


def seed_records(owner_url: str) -> None:
    """Put the demo's layers and zones there, once: what people did with them since stays so.

    Parameters
    ----------
    owner_url
        The database, as the owner of its tables; stations and ground are there.
    """
    engine = make_engine(owner_url)
    work, ground = UnitOfWork(engine), GroundService(engine)
    layers, zones = LayerService(work, _now), ZoneService(work, ground, _now)
    try:
        active = ground.active()
        with work.reading() as session:
            imported = select(Event.data["layer"]["name"].astext).where(
                Event.kind == EventKind.LAYER_IMPORTED.value
            )
            told = set(session.scalars(imported))
            zoned = session.scalar(
                select(exists().where(Event.kind == EventKind.ZONE_IMPORTED.value))
            )
        missing = [layer for layer in _LAYERS if layer[1].name not in told]
        if active is None or (zoned and not missing):
            return
        with waiting("Making up mains and valves"):
            roads = ground.roads(active.id)
            for made_of, layer in missing:
                layers.import_file(SYSTEM, layer, made_of(roads))
            if not zoned:
                stations = StationService(work, _now).list(SYSTEM)["stations"]
                places = [(each["lon"], each["lat"]) for each in stations]
                zones.take_in(SYSTEM, response_areas(places, active.bounds))
    finally:
        engine.dispose()


def mains(roads: RoadData) -> LayerFile:
    """Return the mains: one under every through street that lies on the earth."""
    rows, lines = [], []
    for number, segment in enumerate(_dug(roads).tolist(), 1):
        first, last = roads.geometry_start[segment : segment + 2]
        lines.append(shapely.LineString(roads.geometry_lonlat[first:last]))
        wide = _WIDE_MM.get(ROAD_CLASSES[roads.segment_class[segment]], _NARROW_MM)
        street = roads.names[roads.segment_name[segment]]
        rows.append(_row(f"Main {number:04d}", street) | {"diameter_mm": wide})
    return _file("demo mains", rows, lines)


def valves(roads: RoadData) -> LayerFile:
    """Return a valve where mains meet, not two close to each other."""
    dug = _dug(roads)
    meeting = junctions(roads, dug)
    plane = Plane(float(roads.node_lonlat[:, 1].mean()))
    cells = np.floor(plane.project(roads.node_lonlat[meeting]) / _VALVE_APART_M)
    _, one_each = np.unique(cells, axis=0, return_index=True)
    names = {
        int(node): roads.names[roads.segment_name[segment]]
        for segment in dug.tolist()
        for node in (roads.segment_from[segment], roads.segment_to[segment])
    }
    nodes = meeting[np.sort(one_each)].tolist()
    rows = [_row(f"Valve {number:04d}", names[node]) for number, node in enumerate(nodes, 1)]
    points = [shapely.Point(roads.node_lonlat[node]) for node in nodes]
    return _file("demo valves", rows, points)


def response_areas(
    stations: Sequence[tuple[float, float]], bounds: tuple[float, float, float, float]
) -> list[DrawZone]:
    """Return for each station the part of the ground that is nearer to it than to the others.

    Parameters
    ----------
    stations
        Where they stand, longitude first.
    bounds
        West, south, east, north of the ground.
    """
    if len(stations) < 2:  # noqa: PLR2004 - nothing to divide
        return []
    city = shapely.box(*bounds)
    # Nearness is judged in metres: a degree of longitude is shorter than one of latitude.
    shrink = float(np.cos(np.radians((bounds[1] + bounds[3]) / 2)))
    flat = shapely.MultiPoint([(lon * shrink, lat) for lon, lat in stations])
    wide = shapely.box(bounds[0] * shrink, bounds[1], bounds[2] * shrink, bounds[3])
    cells = shapely.voronoi_polygons(flat, extend_to=wide, ordered=True)
    areas = []
    for number, cell in enumerate(shapely.get_parts(cells), 1):
        area = shapely.transform(cell, lambda xy: xy / [shrink, 1.0]).intersection(city)
        areas.append(
            DrawZone(
                name=f"Area {number} (demo)",
                name_zh=f"{number} 号责任区（演示）",
                kind="response_area",
                geometry={
                    "type": "Polygon",
                    "coordinates": [[list(corner) for corner in area.exterior.coords]],
                },
            )
        )
    return areas


def _dug(roads: RoadData) -> IntArray:
    """Return the through streets under which a pipe would lie; in a hamlet all that there are."""
    on_earth = roads.segment_flags & (BRIDGE | TUNNEL) == 0
    through, all_ = (
        np.flatnonzero(on_earth & (roads.segment_class <= ROAD_CLASSES.index(narrowest)))
        for narrowest in ("unclassified", "residential")
    )
    return through if len(junctions(roads, through)) else all_


def _row(name: str, street: str) -> dict[str, Any]:
    return {"name": name, "street": street, "note": MADE_UP}


def _file(
    name: str, rows: Sequence[dict[str, Any]], geometries: Sequence[shapely.Geometry]
) -> LayerFile:
    shapes = np.array(geometries, dtype=np.object_)
    return LayerFile(Path(name), tuple(rows[0]), "WGS 84", list(rows), shapes)


def _now() -> datetime:
    return datetime.now(UTC)


_LAYERS = (
    (
        mains,
        ImportLayer(name="Gas mains (demo)", name_zh="燃气管（演示）", kind="mains", utility="gas"),
    ),
    (
        valves,
        ImportLayer(
            name="Gas valves (demo)", name_zh="燃气阀门（演示）", kind="valves", utility="gas"
        ),
    ),
)
