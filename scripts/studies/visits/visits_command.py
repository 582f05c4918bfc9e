"""`nearcrew study visits`: a day plan for given appointments."""

import os
from contextlib import contextmanager
from datetime import date
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Annotated
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

import typer

from scripts.commands.progress import counting
from scripts.commands.progress import waiting
from scripts.errors import UsageError
from scripts.roads.route_commands import Pbf
from scripts.roads.route_commands import Profile
from scripts.roads.route_commands import ProfileName
from scripts.roads.route_commands import refusals
from scripts.studies.study_options import NeededOutOption

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.studies.visits.day_clock import DayClock
    from scripts.studies.visits.planning import Effort


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("visits")(visits)


def visits(
    appointments: Annotated[
        Path,
        typer.Argument(
            metavar="VISITS",
            help="CSV, GeoPackage or GeoJSON: lon, lat, duration_min; and as needed name, from, "
            "until or windows, skills, priority, crew, done.",
        ),
    ],
    crews: Annotated[
        Path,
        typer.Argument(
            help="The same: name, lon, lat, from, until; and as needed skills, break_min, "
            "break_from, break_until, break_lon, break_lat, end (open), end_lon, end_lat, free_at, "
            "free_lon, free_lat.",
        ),
    ],
    *,
    day: Annotated[str, typer.Option(help="The day, such as 2026-11-30.")],
    out: NeededOutOption,
    time_zone: Annotated[
        str | None, typer.Option(help="Of the times; NEARCREW_TIME_ZONE if left out.")
    ] = None,
    work_within: Annotated[
        bool,
        typer.Option("--work-within", help="Windows hold the whole work, not just its beginning."),
    ] = False,
    emergency: Annotated[
        str | None,
        typer.Option(
            metavar="LON,LAT,HH:MM,MINUTES[,SKILL+SKILL]",
            help="What this would break, at that time.",
        ),
    ] = None,
    iterations: Annotated[
        int, typer.Option(min=1, help="Of the search: the same seed and number, the same plan.")
    ] = 1_000,
    time_limit: Annotated[
        float | None,
        typer.Option(min=0.1, help="Seconds instead: the plan then depends on the machine."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the search.")] = 1,
    crs: Annotated[
        str | None, typer.Option(help="Of the files' coordinates, where they do not say.")
    ] = None,
    pbf: Pbf = None,
    profile: Profile = ProfileName.NORMAL,
    at: Annotated[
        str | None,
        typer.Option(metavar="HH:MM", help="Hour of the travel times; free flow if left out."),
    ] = None,
    speeds: Annotated[
        Path | None, typer.Option(help="Speed factors by class and hour, for --at.")
    ] = None,
) -> None:
    """Plan the visits of a day, and find what an emergency in the middle of it would break.

    Skills, windows, shifts and breaks hold; what cannot be planned is listed with the reason.
    """
    # Heavy: PyVRP, geopandas, matplotlib. `nearcrew --help` must not wait for them.
    from scripts.studies.roads.study_roads import StudyRoads  # noqa: PLC0415
    from scripts.studies.visits.day_study import study_visits  # noqa: PLC0415
    from scripts.studies.visits.emergency import parse_emergency  # noqa: PLC0415
    from scripts.studies.visits.reading import read_crews  # noqa: PLC0415
    from scripts.studies.visits.reading import read_visits  # noqa: PLC0415
    from scripts.studies.visits.visit_report import Setting  # noqa: PLC0415
    from scripts.studies.visits.visit_report import report_visits  # noqa: PLC0415

    clock = _clock(day, time_zone)
    asked, done = read_visits(appointments, clock, crs=crs, work_within=work_within)
    on_shift, over = read_crews(crews, clock, crs=crs)
    wanted = None if emergency is None else parse_emergency(emergency, clock)
    hour = None if at is None else _hour(clock, at)
    with refusals():
        roads = StudyRoads.open(pbf, profile=profile, speeds=speeds).under(at=hour)
        with _searching(iterations, time_limit, seed) as effort:
            found = study_visits(roads, asked, on_shift, effort=effort, emergency=wanted)
        setting = Setting(
            clock,
            effort,
            profile,
            "–" if hour is None else clock.text((hour - clock.midnight_at).total_seconds()),
            work_within,
            (*done, *over),
        )
        report = report_visits(found, roads, setting)
        files = report.write(out)
    for sentence in report.summary:
        print(sentence.en)
    print(f"Report: {files[0]}")


@contextmanager
def _searching(iterations: int, limit_s: float | None, seed: int) -> "Iterator[Effort]":
    """Give the effort of the search, its progress on the terminal."""
    from scripts.studies.visits.planning import Effort  # noqa: PLC0415 - PyVRP, as above

    if limit_s is not None:
        with waiting(f"Looking for a plan for {limit_s:g} s"):
            yield Effort(None, limit_s, seed)
        return
    with counting("Looking for a plan", iterations) as advance:
        yield Effort(iterations, None, seed, told=lambda _: advance())


def _clock(day: str, time_zone: str | None) -> "DayClock":
    """Return the clock of a day."""
    from scripts.studies.visits.day_clock import DayClock  # noqa: PLC0415 - with its room

    name = time_zone or os.environ.get("NEARCREW_TIME_ZONE") or "UTC"
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"There is no time zone {name!r}."
        raise UsageError(message, mend="--time-zone NAME, such as Europe/Lisbon") from error
    try:
        return DayClock(date.fromisoformat(day), zone)
    except ValueError as error:
        message = f"{day!r} is no day."
        raise UsageError(message, mend="--day 2026-11-30") from error


def _hour(clock: "DayClock", at: str) -> datetime:
    try:
        return clock.midnight_at + timedelta(seconds=clock.seconds(at))
    except ValueError as error:
        message = f"{at!r} is no time."
        raise UsageError(message, mend="--at 08:30") from error
