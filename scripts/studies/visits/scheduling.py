"""From the order of a crew's tasks to their times."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.plans import Stop
from scripts.studies.visits.plans import Tour


@dataclass(frozen=True, slots=True)
class Task:
    """A visit in one of its windows; a break has no name."""

    name: str | None
    lonlat: LonLat
    duration_s: int
    window: Window


def schedule(crew: Crew, tasks: Sequence[Task], times: DayTimes) -> Tour:
    """Return a crew's tour: each task as early as can be, windows closed or not.

    It leaves its first place just in time and waits nowhere but before later tasks.
    """
    here, now_s = crew.start, crew.free_s
    stops: list[Stop] = []
    for task in tasks:
        drive_s = math.ceil(times.time_s(here, task.lonlat))
        arrive_s = now_s + drive_s
        begin_s = max(arrive_s, task.window.from_s)
        if not stops:
            arrive_s = begin_s
        end_s = begin_s + task.duration_s
        stops.append(Stop(task.name, task.lonlat, drive_s, arrive_s, begin_s, end_s))
        here, now_s = task.lonlat, end_s
    home_drive_s = 0
    if stops and crew.end is not None:
        home_drive_s = math.ceil(times.time_s(here, crew.end))
    leave_s = stops[0].arrive_s - stops[0].drive_s if stops else crew.free_s
    return Tour(crew.name, leave_s, tuple(stops), home_drive_s, now_s + home_drive_s)
