"""What the command line asks to simulate, read from files or the desk."""

import math
from datetime import UTC
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from zoneinfo import ZoneInfoNotFoundError

from scripts.errors import UsageError
from scripts.roads.places_file import read_text
from scripts.roads.places_file import rows_of
from scripts.studies.inputs.desk_points import desk_session
from scripts.studies.inputs.points import Points
from scripts.studies.inputs.reading import Reading
from scripts.studies.inputs.reading import read_points
from scripts.studies.simulation.demand.crews_file import CrewPlan
from scripts.studies.simulation.demand.crews_file import crews_at
from scripts.studies.simulation.demand.crews_file import read_crews
from scripts.studies.simulation.demand.desk_records import desk_crews
from scripts.studies.simulation.demand.desk_records import desk_log
from scripts.studies.simulation.demand.incident_log import IncidentLog
from scripts.studies.simulation.demand.incident_log import read_log

_MINUTE_S = 60.0


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"There is no time zone {name!r}."
        raise UsageError(message, mend="--time-zone NAME, such as Asia/Shanghai") from error


def instant(text: str | None, zone: ZoneInfo, option: str) -> datetime | None:
    """Return an instant as typed, in a zone if it names none.

    Raises
    ------
    UsageError
        If it is none.
    """
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no instant."
        raise UsageError(message, mend=f"{option} 2026-01-05T08:00") from error
    return at if at.tzinfo else at.replace(tzinfo=zone)


def incidents(file: Path | None, since: datetime, time_zone: str) -> IncidentLog:
    """Return past incidents of a file, or of the desk since an instant.

    Raises
    ------
    UsageError, DatabaseError
        If there are none, or they cannot be read.
    """
    if file is not None:
        return read_log(file, Reading(time_zone=time_zone))
    with desk_session() as session:
        return desk_log(session, since, datetime.now(UTC))


def crews(file: Path | None, posts: Path | None, log: IncidentLog) -> tuple[Points, list[CrewPlan]]:
    """Return posts and crews of a file, so many at each post, or the desk's own.

    Raises
    ------
    UsageError, DatabaseError
        If there are none, or they cannot be read.
    """
    if file is not None:
        return read_crews(file)
    if posts is None:
        with desk_session() as session:
            return desk_crews(session)
    points = read_points(posts, Reading(strict=True))
    skills = frozenset[str]().union(*(own for each in log.needs for own in each))
    found = crews_at(points, skills)
    if not found:
        message = f"{posts} has no crews: all weights are zero."
        raise UsageError(message)
    return points, found


def with_limits(log: IncidentLog, minutes: float | None, file: Path | None) -> IncidentLog:
    """Return the log with what is pledged, as it is if nothing is said.

    Parameters
    ----------
    minutes
        Of all.
    file
        Instead: a table with ``kind``, ``priority``, ``minutes``; an empty cell means any.

    Raises
    ------
    UsageError
        If both are given, or the table cannot be read; says the line.
    """
    if minutes is not None and file is not None:
        message = "Give --limit or --limits, not both."
        raise UsageError(message)
    if minutes is not None:
        return log.with_limits({("", None): minutes * _MINUTE_S})
    if file is None:
        return log
    found: dict[tuple[str, int | None], float] = {}
    for where, row in rows_of(file, read_text(file)):
        try:
            limit_s = float(row["minutes"]) * _MINUTE_S
            level = int(row["priority"]) if row.get("priority") else None
        except (KeyError, ValueError) as error:
            message = f"{where}: no limit can be read."
            raise UsageError(message, mend="A table with kind, priority, minutes.") from error
        if not 0.0 <= limit_s < math.inf:
            message = f"{where}: {row['minutes']} is no limit."
            raise UsageError(message)
        found[row.get("kind", ""), level] = limit_s
    return log.with_limits(found)
