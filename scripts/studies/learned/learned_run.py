"""What `nearcrew study learned` does: reads, studies, tells, writes."""

from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from routing.engine.hourly_speeds import SpeedTable
from routing.router import Router
from scripts.commands.progress import narrowing
from scripts.commands.progress import waiting
from scripts.environment import look_around
from scripts.errors import UsageError
from scripts.roads.command_router import open_network
from scripts.roads.command_router import read_speeds
from scripts.roads.route_commands import refusals
from scripts.studies.inputs.desk_points import desk_session
from scripts.studies.learned.desk_drives import read_drives
from scripts.studies.learned.drives import Drives
from scripts.studies.learned.factors_file import write_factors
from scripts.studies.learned.learned_report import report_learned
from scripts.studies.learned.learned_study import study_learned
from scripts.studies.learned.trip_drives import drives_of_trips
from scripts.studies.learned.trip_files import read_trips
from scripts.studies.report.text import Text
from scripts.studies.roads.asked_inputs import tell_left_out

SPEEDS_FILE = "speeds.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; see `learned_command`."""

    trips: Path | None
    days: int
    speeds: Path | None
    time_zone: str | None
    pbf: Path | None
    out: Path | None


def run(asked: Asked) -> None:
    """Study, tell the result in sentences, and write report and factors if a folder is given.

    Raises
    ------
    UsageError, DatabaseError, ScriptError
        If something that was asked for cannot be.
    """
    present, drives = _from_desk(asked) if asked.trips is None else _from_file(asked, asked.trips)
    with waiting(f"Learning from {len(drives):,} drives"):
        study = study_learned(drives, present)
    source = (
        Text("orders of the desk", "系统派单")
        if asked.trips is None
        else Text(str(asked.trips), str(asked.trips))
    )
    free_flow = Text("1 everywhere: free flow", "均为 1（自由流）")
    in_use = str(asked.speeds) if asked.speeds else free_flow
    report = report_learned(
        study,
        [(Text("Drives", "行程来源"), source), (Text("Speed factors in use", "当前系数"), in_use)],
    )
    for text in report.summary:
        print(text.en)
    tell_left_out(report.left_out)
    if asked.out is not None:
        with waiting("Writing the report"):
            written = report.write(asked.out)
            factors = write_factors(study.fitted, drives.time_zone, asked.out / SPEEDS_FILE)
        print(f"Factors: {factors}")
        print(f"Report: {written[0]}")


def _from_file(asked: Asked, file: Path) -> tuple[SpeedTable, Drives]:
    present = _load(asked.speeds)
    zone = _zone(asked.time_zone or present.time_zone)
    if asked.speeds is not None and zone.key != present.time_zone:
        message = f"{asked.speeds} counts hours in {present.time_zone}, not in {zone.key}."
        raise UsageError(message, mend="Leave out --time-zone, or give other --speeds.")
    trips = read_trips(file, zone)
    network, cache_dir = open_network(asked.pbf)

    def with_speeds(table: SpeedTable) -> Router:
        return Router(network, speeds=table, cache_dir=cache_dir)

    with narrowing(f"Finding {len(trips.trips):,} ways") as progress, refusals():
        local = SpeedTable(present.factors, zone.key)
        return present, drives_of_trips(trips, local, with_speeds, progress)


def _from_desk(asked: Asked) -> tuple[SpeedTable, Drives]:
    settings = look_around().settings
    present = _load(asked.speeds or settings.speeds_file)
    zone = _zone(asked.time_zone or settings.time_zone)
    since = datetime.now(UTC) - timedelta(days=asked.days)
    with desk_session() as session, waiting("Reading the orders"):
        return present, read_drives(session, since, zone.key)


def _load(file: Path | None) -> SpeedTable:
    return SpeedTable() if file is None else read_speeds(file)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"There is no time zone {name!r}."
        raise UsageError(message, mend="--time-zone NAME, such as Europe/Lisbon") from error
