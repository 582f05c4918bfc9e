"""What an emergency in the middle of a planned day breaks: who goes, and who waits for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace

from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.appointments import Window
from scripts.studies.visits.crew_states import CrewState
from scripts.studies.visits.crew_states import Doing
from scripts.studies.visits.crew_states import state_at
from scripts.studies.visits.day_clock import DayClock
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.impossible import find_impossible
from scripts.studies.visits.plan_check import find_faults
from scripts.studies.visits.planning import Effort
from scripts.studies.visits.planning import plan_visits
from scripts.studies.visits.plans import Plan
from scripts.studies.visits.scheduling import Task
from scripts.studies.visits.scheduling import schedule

_MEND = "--emergency LON,LAT,HH:MM,MINUTES, or with skills: 7.42,43.73,10:30,90,gas+water"
_PARTS = 4


@dataclass(frozen=True, slots=True)
class Emergency:
    """Something that cannot wait; times are seconds from the day's beginning."""

    lonlat: LonLat
    at_s: int
    duration_s: int
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a crew could be there, and what it is doing at that moment."""

    crew: str
    doing: Doing
    arrive_s: float
    able: bool


@dataclass(frozen=True, slots=True)
class Delay:
    """A visit of the crew that goes, if nobody else takes it over.

    ``late_s`` is how long after its window it begins; 0 within it.
    """

    visit: str
    planned_s: int
    begin_s: int
    late_s: int
    after_shift: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """What the emergency does to the plan.

    Attributes
    ----------
    arrivals
        Of all crews on shift, the first to be there first.
    crew, done_s
        Who goes, and when it is free again; None if nobody can.
    delays
        Of that crew's own visits if its order is kept.
    replan
        The best plan found for everything not begun, from that moment on; None if nobody goes.
    available
        The crews of that plan, each from when and where it is free.
    dropped
        Visits that the plan had and the new one has not, with why.
    moved
        Visits with the crew that had them and the one that has them then.
    faults
        What the check found in the new plan.
    """

    arrivals: tuple[Arrival, ...]
    crew: str | None
    done_s: int
    delays: tuple[Delay, ...]
    replan: Plan | None
    available: tuple[Crew, ...]
    dropped: tuple[LeftOut, ...]
    moved: tuple[tuple[str, str, str], ...]
    faults: tuple[str, ...]


def parse_emergency(text: str, clock: DayClock) -> Emergency:
    """Return the emergency typed as ``LON,LAT,HH:MM,MINUTES[,SKILL+SKILL]``.

    Raises
    ------
    UsageError
        If it is something else.
    """
    parts = [part.strip() for part in text.split(",")]
    try:
        lon, lat, minutes = float(parts[0]), float(parts[1]), float(parts[3])
        at_s = clock.seconds(parts[2])
    except (IndexError, ValueError) as error:
        message = f"{text!r} is no emergency."
        raise UsageError(message, mend=_MEND) from error
    known = len(parts) in {_PARTS, _PARTS + 1}
    if not known or not abs(lon) <= 180.0 or not abs(lat) <= 90.0 or not 0 < minutes < math.inf:  # noqa: PLR2004
        message = f"{text!r} is no emergency: a place on earth, a time and minutes above 0."
        raise UsageError(message, mend=_MEND)
    skills = frozenset(skill for part in parts[_PARTS:] for skill in part.lower().split("+"))
    return Emergency((lon, lat), at_s, round(60 * minutes), skills - {""})


def break_plan(
    plan: Plan,
    visits: Sequence[Visit],
    crews: Sequence[Crew],
    emergency: Emergency,
    roads: StudyRoads,
    effort: Effort | None = None,
) -> Broken:
    """Return what an emergency breaks.

    The crew that is there first goes, whatever it is doing: a drive is broken off, work and breaks
    that have begun are finished first. It stays for the whole emergency, past the end of its shift
    if need be. Visits that the plan had dropped stay dropped.

    Raises
    ------
    UsageError
        If the emergency is off every road.
    ScriptError
        As `plan_visits`.
    """
    states = [
        state_at(tour, crew, emergency.at_s, roads)
        for tour, crew in zip(plan.tours, crews, strict=True)
    ]
    by_name = {visit.name: visit for visit in visits}
    times = _times(roads, states, visits, emergency)
    arrivals = _arrivals(states, emergency, times)
    first = next((one for one in arrivals if one.able and math.isfinite(one.arrive_s)), None)
    if first is None:
        return Broken(tuple(arrivals), None, emergency.at_s, (), None, (), (), (), ())
    done_s = math.ceil(first.arrive_s) + emergency.duration_s
    going = next(state for state in states if state.crew.name == first.crew)
    after = replace(going.goes_on, start=emergency.lonlat, free_s=done_s)
    left = [by_name[stop.name] for state in states for stop in state.left if stop.name is not None]
    available = [
        after if state is going else state.goes_on
        for state in states
        if state.doing != "over" and (state is not going or done_s < going.crew.until_s)
    ]
    hopeless = find_impossible(left, available, times)
    named = {one.name for one in hopeless}
    asked = [visit for visit in left if visit.name not in named]
    replan = plan_visits(asked, available, times, effort)
    had = {stop.name: state.crew.name for state in states for stop in state.left}
    has = {stop.name: tour.crew for tour in replan.tours for stop in tour.visits}
    no_room = [LeftOut(name, by_name[name].where, "no_room", 1.0) for name in replan.dropped]
    return Broken(
        arrivals=tuple(arrivals),
        crew=first.crew,
        done_s=done_s,
        delays=tuple(_delays(going, after, by_name, times)),
        replan=replan,
        available=tuple(available),
        dropped=(*hopeless, *no_room),
        moved=tuple(
            (visit.name, had[visit.name], has[visit.name])
            for visit in asked
            if visit.name in has and has[visit.name] != had[visit.name]
        ),
        faults=tuple(find_faults(replan, asked, available, times)),
    )


def _times(
    roads: StudyRoads, states: Sequence[CrewState], visits: Sequence[Visit], emergency: Emergency
) -> DayTimes:
    places: list[LonLat] = [emergency.lonlat, *(visit.lonlat for visit in visits)]
    for state in states:
        places += [state.ready_at, state.goes_on.start]
        places += [state.crew.end] if state.crew.end is not None else []
        places += [state.crew.pause.lonlat] if state.crew.pause is not None else []
    times = DayTimes.between(roads, places)
    if emergency.lonlat in times.off_m:
        message = f"The emergency is {times.off_m[emergency.lonlat]:.0f} m from every road."
        raise UsageError(message, mend=_MEND)
    return times


def _arrivals(states: Sequence[CrewState], emergency: Emergency, times: DayTimes) -> list[Arrival]:
    found = [
        Arrival(
            state.crew.name,
            state.doing,
            state.ready_s + times.time_s(state.ready_at, emergency.lonlat),
            able=emergency.skills <= state.crew.skills and state.ready_s < state.crew.until_s,
        )
        for state in states
        if state.doing != "over"
    ]
    return sorted(found, key=lambda one: (not one.able, one.arrive_s))


def _delays(
    going: CrewState, after: Crew, visits: dict[str, Visit], times: DayTimes
) -> list[Delay]:
    tasks = []
    for stop in going.left:
        window = Window(stop.begin_s, stop.begin_s)
        if stop.name is not None:
            window = next(
                one
                for one in visits[stop.name].windows
                if one.from_s <= stop.begin_s <= one.until_s
            )
        tasks.append(Task(stop.name, stop.lonlat, stop.end_s - stop.begin_s, window))
    then = schedule(after, tasks, times)
    return [
        Delay(
            stop.name,
            planned.begin_s,
            stop.begin_s,
            max(stop.begin_s - task.window.until_s, 0),
            stop.end_s > going.crew.until_s,
        )
        for stop, planned, task in zip(then.stops, going.left, tasks, strict=True)
        if stop.name is not None
    ]
