"""Plan a day of visits: from visits and crews to a checked plan and its report."""

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.studies.inputs.left_out import LeftOut
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import LonLat
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.emergency import Broken
from scripts.studies.visits.emergency import Emergency
from scripts.studies.visits.emergency import break_plan
from scripts.studies.visits.impossible import find_impossible
from scripts.studies.visits.plan_check import find_faults
from scripts.studies.visits.planning import Effort
from scripts.studies.visits.planning import plan_visits
from scripts.studies.visits.plans import Plan


@dataclass(frozen=True, slots=True)
class DayStudy:
    """A planned day.

    Attributes
    ----------
    visits
        All that were asked for and not done already, impossible ones included.
    crews
        In the order of the plan's tours.
    impossible
        Visits that no plan can hold, with the reason.
    plan
        Checked: see `scripts.studies.visits.plan_check`.
    emergency, broken
        What was asked about, and what it breaks; None if nothing was.
    """

    visits: tuple[Visit, ...]
    crews: tuple[Crew, ...]
    impossible: tuple[LeftOut, ...]
    plan: Plan
    emergency: Emergency | None = None
    broken: Broken | None = None


def study_visits(
    roads: StudyRoads,
    visits: Sequence[Visit],
    crews: Sequence[Crew],
    *,
    effort: Effort | None = None,
    emergency: Emergency | None = None,
) -> DayStudy:
    """Return the best plan found for a day, and what an emergency would break of it.

    Most visits first, by priority, and then the least driving. PyVRP gives no bound: how much
    better the best plan is, nobody knows.

    Parameters
    ----------
    roads
        Profile, hour and closures of all travel times.
    visits, crews
        As `scripts.studies.visits.reading` reads them.
    effort
        How long to search.

    Raises
    ------
    UsageError
        If a crew's place, or the emergency, is off every road.
    ScriptError
        If no plan was found, or the plan that was found does not pass the check.
    """
    times = DayTimes.between(roads, _places(visits, crews))
    _refuse_off_road(crews, times)
    impossible = find_impossible(visits, crews, times)
    named = {one.name for one in impossible}
    asked = [visit for visit in visits if visit.name not in named]
    plan = plan_visits(asked, crews, times, effort)
    _refuse_faults(find_faults(plan, asked, crews, times))
    broken = None
    if emergency is not None:
        broken = break_plan(plan, asked, crews, emergency, roads, effort)
        _refuse_faults(broken.faults)
    return DayStudy(tuple(visits), tuple(crews), tuple(impossible), plan, emergency, broken)


def _places(visits: Sequence[Visit], crews: Sequence[Crew]) -> list[LonLat]:
    places = [visit.lonlat for visit in visits]
    for crew in crews:
        places += [place for _, place in _places_of(crew)]
    return places


def _places_of(crew: Crew) -> list[tuple[str, LonLat]]:
    places = [("start", crew.start)]
    if crew.end is not None:
        places.append(("end", crew.end))
    if crew.pause is not None:
        places.append(("break", crew.pause.lonlat))
    return places


def _refuse_off_road(crews: Sequence[Crew], times: DayTimes) -> None:
    for crew in crews:
        for what, place in _places_of(crew):
            if place in times.off_m:
                message = (
                    f"{crew.where}: the {what} place of {crew.name} is "
                    f"{times.off_m[place]:.0f} m from every road."
                )
                raise UsageError(message, mend="Longitude comes first; is it the right city?")


def _refuse_faults(faults: Sequence[str]) -> None:
    if faults:
        message = f"The plan does not pass the check: {'; '.join(faults[:3])}."
        raise ScriptError(message, mend="Please report this with the files: it is our fault.")
