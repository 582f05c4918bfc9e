"""Visits that no plan can hold, named before one is looked for, with the reason."""

import math
from collections.abc import Sequence

from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.roads.study_roads import OFF_NETWORK
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.day_times import DayTimes

NO_SKILL = "no_skill"
CREW_ABSENT = "crew_absent"
CREW_LACKS_SKILL = "crew_lacks_skill"
UNREACHABLE = "unreachable"
NO_TIME = "no_time"


def find_impossible(
    visits: Sequence[Visit], crews: Sequence[Crew], times: DayTimes
) -> list[LeftOut]:
    """Return the visits that no crew can make even if it makes no other.

    PyVRP answers "infeasible" to all of them together, without a name. What is left may still not
    fit beside the others: these are the plan's to drop.
    """
    found = []
    for visit in visits:
        reason = _reason(visit, crews, times)
        if reason is not None:
            distance_m = times.off_m.get(visit.lonlat) if reason == OFF_NETWORK else None
            found.append(LeftOut(visit.name, visit.where, reason, 1.0, distance_m))
    return found


def _reason(visit: Visit, crews: Sequence[Crew], times: DayTimes) -> str | None:
    if visit.lonlat in times.off_m:
        return OFF_NETWORK
    able = [crew for crew in crews if crew.may_do(visit)]
    if not able:
        return _why_nobody(visit, crews)
    reaching = [crew for crew in able if math.isfinite(_round_s(visit, crew, times))]
    if not reaching:
        return UNREACHABLE
    if not any(fits(visit, window, crew, times) for crew in reaching for window in visit.windows):
        return NO_TIME
    return None


def _why_nobody(visit: Visit, crews: Sequence[Crew]) -> str:
    if visit.crew is None:
        return NO_SKILL
    return CREW_LACKS_SKILL if any(crew.name == visit.crew for crew in crews) else CREW_ABSENT


def fits(visit: Visit, window: Window, crew: Crew, times: DayTimes) -> bool:
    """Return whether a crew can begin within a window and still end its shift in time."""
    arrive_s = crew.free_s + math.ceil(times.time_s(crew.start, visit.lonlat))
    begin_s = max(arrive_s, window.from_s)
    home_s = 0 if crew.end is None else math.ceil(times.time_s(visit.lonlat, crew.end))
    return begin_s <= window.until_s and begin_s + visit.duration_s + home_s <= crew.until_s


def _round_s(visit: Visit, crew: Crew, times: DayTimes) -> float:
    home_s = 0.0 if crew.end is None else times.time_s(visit.lonlat, crew.end)
    return times.time_s(crew.start, visit.lonlat) + home_s
