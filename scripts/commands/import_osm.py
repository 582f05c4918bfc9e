"""`nearcrew import-osm FILE`: import an OpenStreetMap extract as the ground in use."""

import time
from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.addressing import FILL_ADDRESSES
from dispatch.jobs.queue import JobQueue
from geodata.db import make_engine
from geodata.errors import GroundError
from geodata.ground.service import GroundSummary
from geodata.ground.service import import_extract
from geodata.ground.service import import_streets
from geodata.roads.types import RoadData
from scripts.commands.db_commands import bring_up_to_date
from scripts.commands.import_stages import Stages
from scripts.commands.osmnx_graphs import SUFFIX
from scripts.commands.osmnx_graphs import download
from scripts.commands.osmnx_graphs import read_graphml
from scripts.environment import look_around
from scripts.errors import UsageError

MEND = (
    "Extracts to import end in .osm.pbf, .osm or .osm.bz2, graphs of osmnx in .graphml; "
    "the ground in use is unchanged."
)
Import = Callable[[Stages], GroundSummary]


def import_osm(
    file: Annotated[
        Path | None,
        typer.Argument(help="An extract (.osm.pbf, .osm, .osm.bz2) or osmnx's .graphml."),
    ] = None,
    *,
    name: Annotated[
        str | None, typer.Option(help="What people call the place; the file's name if left out.")
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(help="Download the streets of a place instead, such as 'Piedmont, USA'."),
    ] = None,
    timeout: Annotated[
        float, typer.Option(help="Seconds after which a download is given up.", min=1)
    ] = 300.0,
    overpass: Annotated[str | None, typer.Option(help="Overpass server of your own.")] = None,
    nominatim: Annotated[str | None, typer.Option(help="Nominatim server of your own.")] = None,
) -> None:
    """Import roads and base map of a city; the former ground is used until it is complete.

    A .graphml file and --place bring streets and their names only: the map shows nothing else.
    """
    if (file is None) == (place is None):
        message = "Name a file, or a place with --place; one of the two."
        raise UsageError(message, mend="nearcrew import-osm your-city.osm.pbf")
    if place is not None:
        wanted = place

        def fetch(stages: Stages) -> RoadData:
            stages("Downloading streets", 0, None)
            return download(wanted, timeout_s=timeout, overpass=overpass, nominatim=nominatim)

        title = name or place.split(",")[0].strip() or place
        import_ = _of_streets(fetch, name=title, source=f"osmnx: {place}")
    elif file is not None and file.name.lower().endswith(SUFFIX):
        import_ = _of_graphml(file, name)
    else:
        import_ = None
    surroundings = look_around()
    bring_up_to_date(surroundings)
    engine = make_engine(surroundings.admin_url)
    try:
        if import_ is not None:
            _shown(engine, import_(engine))
        elif file is not None:
            import_with_progress(engine, file, name=name)
    finally:
        engine.dispose()


def import_with_progress(engine: Engine, file: Path, *, name: str | None = None) -> GroundSummary:
    """Import an extract with progress; print what was stored, with time and memory used.

    Raises
    ------
    UsageError
        If the file is no extract, broken, empty or without streets; exit code 2.
    """
    return _shown(engine, lambda stages: import_extract(engine, file, name=name, progress=stages))


def _of_graphml(file: Path, name: str | None) -> Callable[[Engine], Import]:
    def read(stages: Stages) -> RoadData:
        stages("Reading the graph", 0, None)
        return read_graphml(file)

    title = name or file.name[: -len(SUFFIX)].replace("-", " ").replace("_", " ").strip().title()
    return _of_streets(read, name=title or file.name, source=file.name)


def _of_streets(
    read: Callable[[Stages], RoadData], *, name: str, source: str
) -> Callable[[Engine], Import]:
    """Return a function that imports streets alone, from any source."""
    return lambda engine: (
        lambda stages: import_streets(
            engine, read(stages), name=name, source=source, progress=stages
        )
    )


def _shown(engine: Engine, import_: Import) -> GroundSummary:
    began = time.monotonic()
    stages = Stages()
    try:
        with stages.shown():
            summary = import_(stages)
    except GroundError as error:
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise UsageError(message, mend=MEND) from error
    _announce(engine, summary)
    _print_summary(summary, stages, time.monotonic() - began)
    return summary


def _announce(engine: Engine, summary: GroundSummary) -> None:
    """Append an event, so that consoles reload the map, and have missing addresses filled in."""
    data = {"ground_id": summary.ground_id, "name": summary.name}
    with Session(engine) as session, session.begin():
        events.append(session, EventKind.GROUND_IMPORTED, SYSTEM, at=datetime.now(UTC), data=data)
        # What had no name on the former ground may have one on this.
        JobQueue().defer(session, FILL_ADDRESSES, once=FILL_ADDRESSES, timestamp=0)


def _print_summary(summary: GroundSummary, stages: Stages, total_s: float) -> None:
    shapes = summary.shapes
    restrictions = shapes.get("road_restriction", 0)
    west, south, east, north = summary.bounds
    print(f"{summary.name} is the ground in use (number {summary.ground_id}).")
    print(f"Bounds      {west:.4f}, {south:.4f} to {east:.4f}, {north:.4f}")
    print(
        f"Streets     {summary.length_km:,.0f} km in {summary.segments:,} segments, "
        f"{summary.nodes:,} nodes, {summary.names:,} names, "
        f"{restrictions} turn restrictions"
    )
    print(
        f"Map         {shapes.get('map_building', 0):,} building, "
        f"{shapes.get('map_area', 0):,} area and {shapes.get('map_line', 0):,} line shapes, "
        f"{shapes.get('map_place', 0):,} places"
    )
    for sentence in _left_out(summary):
        print(f"Left out    {sentence}")
    for line in stages.table():
        print(line)
    print(f"In all {total_s:,.1f} s, {stages.peak_mb:,.0f} MB of memory at most")


def _left_out(summary: GroundSummary) -> Iterator[str]:
    report = summary.report
    if report is None:
        yield "all but streets and their names: the graph has nothing else"
        return
    if report.nodes_missing:
        yield (
            f"{report.nodes_missing:,} points that the extract lacks; "
            f"{report.ways_with_gaps:,} streets are cut open there"
        )
    unusable = report.restrictions_unusable
    if unusable:
        yield f"{unusable:,} turn restrictions that name streets not here, or no clear turn"
    if report.restrictions_conditional:
        yield f"{report.restrictions_conditional:,} turn restrictions that hold at some hours only"
    if summary.undrawable:
        yield f"{summary.undrawable:,} shapes with missing points or open rings, from the map"
