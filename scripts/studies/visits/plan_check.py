"""Check a day plan against what was asked, without anything that made it."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence

from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.plans import Plan
from scripts.studies.visits.plans import Stop
from scripts.studies.visits.plans import Tour


def find_faults(
    plan: Plan, visits: Sequence[Visit], crews: Sequence[Crew], times: DayTimes
) -> list[str]:
    """Return every promise that a plan breaks, in words; nothing if it holds.

    Skills, fixed crews, windows, durations, shifts, breaks, driving times as the roads have them,
    and that each visit is made once or said to be dropped.
    """
    return [
        *_faults_of_all(plan, visits, crews),
        *(
            fault
            for crew, tour in zip(crews, plan.tours, strict=False)
            for fault in _faults_of_tour(plan, tour, crew, {one.name: one for one in visits}, times)
        ),
    ]


def _faults_of_all(plan: Plan, visits: Sequence[Visit], crews: Sequence[Crew]) -> Iterator[str]:
    if [tour.crew for tour in plan.tours] != [crew.name for crew in crews]:
        yield "the plan has not one tour for each crew"
    made = Counter(stop.name for tour in plan.tours for stop in tour.visits)
    told = made + Counter(plan.dropped)
    for visit in visits:
        if told[visit.name] != 1:
            yield f"{visit.name} is planned or dropped {told[visit.name]} times"
    yield from (f"nobody asked for {name}" for name in told.keys() - {one.name for one in visits})


def _faults_of_tour(
    plan: Plan, tour: Tour, crew: Crew, visits: dict[str, Visit], times: DayTimes
) -> Iterator[str]:
    here, now_s = crew.start, tour.leave_s
    if tour.leave_s < crew.free_s:
        yield f"{crew.name} leaves before it is free"
    for stop in tour.stops:
        yield from _faults_of_drive(crew, here, stop.lonlat, stop.arrive_s - now_s, times)
        yield from _faults_of_stop(crew, stop, visits)
        here, now_s = stop.lonlat, stop.end_s
    if tour.stops and crew.end is not None:
        yield from _faults_of_drive(crew, here, crew.end, tour.home_s - now_s, times)
    if tour.stops and max(tour.home_s, now_s) > crew.until_s:
        yield f"{crew.name} works after its shift"
    breaks = sum(stop.name is None for stop in tour.stops)
    owed = crew.pause is not None and crew.name not in plan.missed_breaks
    if breaks != owed:
        yield f"{crew.name} takes {breaks} breaks instead of {int(owed)}"


def _faults_of_drive(
    crew: Crew, begin: LonLat, end: LonLat, given_s: int, times: DayTimes
) -> Iterator[str]:
    if not times.time_s(begin, end) <= given_s:
        yield f"{crew.name} has {given_s} s for a drive of {times.time_s(begin, end):.1f} s"


def _faults_of_stop(crew: Crew, stop: Stop, visits: dict[str, Visit]) -> Iterator[str]:
    if stop.begin_s < stop.arrive_s:
        yield f"{crew.name} begins before it arrives"
    if stop.name is None:
        if not _is_its_break(crew, stop):
            yield f"{crew.name} takes another break than its own"
    elif stop.name in visits:
        yield from _faults_of_visit(crew, stop, visits[stop.name])


def _is_its_break(crew: Crew, stop: Stop) -> bool:
    pause = crew.pause
    return (
        pause is not None
        and (stop.end_s - stop.begin_s, stop.lonlat) == (pause.duration_s, pause.lonlat)
        and pause.from_s <= stop.begin_s
        and stop.end_s <= pause.until_s
    )


def _faults_of_visit(crew: Crew, stop: Stop, visit: Visit) -> Iterator[str]:
    if not visit.skills <= crew.skills:
        yield f"{crew.name} lacks a skill for {visit.name}"
    if visit.crew not in {None, crew.name}:
        yield f"{crew.name} makes {visit.name}, which is {visit.crew}'s"
    if stop.end_s - stop.begin_s != visit.duration_s or stop.lonlat != visit.lonlat:
        yield f"{visit.name} is another visit than was asked for"
    if not any(one.from_s <= stop.begin_s <= one.until_s for one in visit.windows):
        yield f"{visit.name} begins outside its windows"
