"""`nearcrew import-osm FILE`: make an OpenStreetMap extract the ground in use."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn
from rich.progress import Progress
from rich.progress import TaskID
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dispatch import events
from dispatch.actors import SYSTEM
from geodata.db import make_engine
from geodata.errors import GroundError
from geodata.ground import GroundSummary
from geodata.ground import import_extract
from scripts.db_commands import bring_up_to_date
from scripts.environment import look_around
from scripts.errors import UsageError

MEND = "Extracts to import end in .osm.pbf, .osm or .osm.bz2; the ground in use is unchanged."


def import_osm(
    file: Annotated[Path, typer.Argument(help="An extract: .osm.pbf, .osm or .osm.bz2.")],
    name: Annotated[
        str | None, typer.Option(help="What people call the place; the file's name if left out.")
    ] = None,
) -> None:
    """Load roads and base map of a city; the former ground stays in use until all is in."""
    surroundings = look_around()
    bring_up_to_date(surroundings)
    engine = make_engine(surroundings.admin_url)
    try:
        import_with_progress(engine, file, name=name)
    finally:
        engine.dispose()


def import_with_progress(engine: Engine, file: Path, *, name: str | None = None) -> GroundSummary:
    """Import an extract, showing every stage, and print what was stored and what it took.

    Raises
    ------
    UsageError
        If the file is no extract, broken, empty or without streets; exit code 2.
    """
    began = time.monotonic()
    stages = Stages()
    try:
        with stages.shown():
            summary = import_extract(engine, file, name=name, progress=stages)
    except GroundError as error:
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
        raise UsageError(message, mend=MEND) from error
    _announce(engine, summary)
    _print_summary(summary, stages.seconds, time.monotonic() - began)
    return summary


def _announce(engine: Engine, summary: GroundSummary) -> None:
    """Leave an event: who looks at a map of the former ground is told to look again."""
    data = {"ground_id": summary.ground_id, "name": summary.name}
    with Session(engine) as session, session.begin():
        events.append(session, "ground.imported", SYSTEM, at=datetime.now(UTC), data=data)


class Stages:
    """Shows each stage of an import on a line of its own and keeps how long it took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<30}"),
            BarColumn(),
            TextColumn("{task.fields[count]:>10}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._stage: str | None = None
        self._since = 0.0
        self._task: TaskID | None = None

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take what the import tells."""
        if stage != self._stage:
            self._end_stage()
            self._stage, self._since = stage, time.monotonic()
            self._task = self._bars.add_task(stage, total=total, count="")
            if not self._console.is_terminal:
                self._console.print(f"{stage} …", highlight=False, soft_wrap=True)
        if self._task is not None:
            count = f"{done:,}" if done else ""
            self._bars.update(self._task, completed=done, total=total, count=count)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the stages while an import runs."""
        with self._bars:
            yield
            self._end_stage()

    def _end_stage(self) -> None:
        if self._stage is None or self._task is None:
            return
        spent = time.monotonic() - self._since
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + spent
        self._bars.update(self._task, total=1, completed=1)
        self._stage = None


def _print_summary(summary: GroundSummary, stages: dict[str, float], total_s: float) -> None:
    report, shapes = summary.report, summary.shapes
    west, south, east, north = summary.bounds
    print(f"{summary.name} is the ground in use (number {summary.ground_id}).")
    print(f"Bounds      {west:.4f}, {south:.4f} to {east:.4f}, {north:.4f}")
    print(
        f"Streets     {summary.length_km:,.0f} km in {summary.segments:,} segments, "
        f"{summary.nodes:,} nodes, {summary.names:,} names, "
        f"{report.restrictions_kept} turn restrictions"
    )
    print(
        f"Map         {shapes.get('map_building', 0):,} building, "
        f"{shapes.get('map_area', 0):,} area and {shapes.get('map_line', 0):,} line shapes, "
        f"{shapes.get('map_place', 0):,} places"
    )
    for sentence in _left_out(summary):
        print(f"Left out    {sentence}")
    for stage, seconds in stages.items():
        print(f"{seconds:10.1f} s  {stage}")
    print(f"{total_s:10.1f} s  in all, {_peak_mb():,.0f} MB of memory at most")


def _left_out(summary: GroundSummary) -> Iterator[str]:
    report = summary.report
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


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # The kernel counts in kilobytes, except Apple's, which counts in bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
