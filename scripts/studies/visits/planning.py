"""Plan the visits of a day with PyVRP: iterated local search, no bound.

See `day_problem` for how skills, breaks, open ends and several windows are put to it.

References
----------
Wouda, Lan, Kool (2024), PyVRP: a high-performance VRP solver package, INFORMS J. Computing 36(4).
"""

import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

import pyvrp
from pyvrp import IteratedLocalSearchCallbacks
from pyvrp import IteratedLocalSearchParams
from pyvrp import stop
from typing_extensions import override

from scripts.errors import ScriptError
from scripts.studies.visits.appointments import Crew
from scripts.studies.visits.appointments import Visit
from scripts.studies.visits.day_problem import DayProblem
from scripts.studies.visits.day_times import DayTimes
from scripts.studies.visits.plans import Plan
from scripts.studies.visits.scheduling import Task
from scripts.studies.visits.scheduling import schedule


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search.

    Attributes
    ----------
    iterations
        The same seed and iterations give the same plan on any machine; None: as the time allows.
    time_limit_s
        The plan depends on the machine if this ends the search; None: no limit.
    seed
        Of the search.
    """

    iterations: int | None = 1_000
    time_limit_s: float | None = None
    seed: int = 1
    told: Callable[[int], None] | None = None
    """Is told the number of iterations after each."""

    def criterion(self) -> stop.StoppingCriterion:
        """Return when PyVRP is to stop: at what comes first."""
        limits: list[stop.StoppingCriterion] = []
        if self.iterations is not None:
            limits.append(stop.MaxIterations(self.iterations))
        if self.time_limit_s is not None:
            limits.append(stop.MaxRuntime(self.time_limit_s))
        return stop.MultipleCriteria(limits)

    def params(self) -> pyvrp.SolveParams:
        """Return PyVRP's own settings."""
        if self.told is None:
            return pyvrp.SolveParams()
        return pyvrp.SolveParams(ils=IteratedLocalSearchParams(callbacks=_Counting(self.told)))


class _Counting(IteratedLocalSearchCallbacks):
    def __init__(self, told: Callable[[int], None]) -> None:
        self._told, self._count = told, 0

    @override
    def on_iteration(self, *_: object) -> None:
        self._count += 1
        self._told(self._count)


def plan_visits(
    visits: Sequence[Visit], crews: Sequence[Crew], times: DayTimes, effort: Effort | None = None
) -> Plan:
    """Return the plan with the fewest dropped visits, and then the least driving, that was found.

    Parameters
    ----------
    visits
        Those that `find_impossible` does not name.
    crews
        On road, and able to reach their end place.
    times
        Between all their places.

    Raises
    ------
    ScriptError
        If the search ended before it had any plan that holds.
    """
    effort = effort or Effort()
    begun = time.monotonic()
    usable = [crew for crew in crews if _gets_home(crew, times)]
    pauses = {crew.name: crew.pause for crew in usable if takes_break(crew, times)}
    problem = DayProblem(visits, usable, pauses, times)
    orders: dict[str, list[Task]] = {}
    iterations = 0
    if usable:
        best, iterations = _search(problem, effort)
        orders = problem.orders(best)
    tours = tuple(schedule(crew, orders.get(crew.name, []), times) for crew in crews)
    made = {stop.name for tour in tours for stop in tour.visits}
    return Plan(
        tours,
        dropped=tuple(visit.name for visit in visits if visit.name not in made),
        missed_breaks=tuple(
            crew.name for crew in crews if crew.pause is not None and crew.name not in pauses
        ),
        iterations=iterations,
        seconds=time.monotonic() - begun,
    )


def _search(problem: DayProblem, effort: Effort) -> tuple[pyvrp.Solution, int]:
    """Return the best plan found and the iterations, at first with all visits.

    From a search that may drop visits at once, some are left out for which there is room: with 200
    visits and 30 crews ten, where all 200 fit. Only if they do not, the search goes on from there
    with leave to drop.
    """
    every = problem.model(may_drop=False)
    found = _solve(every, effort)
    if found.is_feasible():
        return found.best, found.num_iterations
    some = problem.model(may_drop=True)
    begin = pyvrp.Solution(some, found.best.routes())
    after = _solve(some, effort, begin)
    iterations = found.num_iterations + after.num_iterations
    if not after.is_feasible():
        message = f"No plan was found in {iterations} iterations."
        raise ScriptError(message, mend="Search longer: --iterations, --time-limit.")
    return after.best, iterations


def _solve(
    model: pyvrp.ProblemData, effort: Effort, begin: pyvrp.Solution | None = None
) -> pyvrp.Result:
    return pyvrp.solve(
        model,
        effort.criterion(),
        seed=effort.seed,
        display=False,
        params=effort.params(),
        initial_solution=begin,
    )


def takes_break(crew: Crew, times: DayTimes) -> bool:
    """Return whether a crew can take its break if it does nothing else."""
    pause = crew.pause
    if pause is None:
        return False
    arrive_s = crew.free_s + times.time_s(crew.start, pause.lonlat)
    end_s = max(arrive_s, pause.from_s) + pause.duration_s
    home_s = 0.0 if crew.end is None else times.time_s(pause.lonlat, crew.end)
    return end_s <= pause.until_s and end_s + home_s <= crew.until_s


def _gets_home(crew: Crew, times: DayTimes) -> bool:
    home_s = 0.0 if crew.end is None else times.time_s(crew.start, crew.end)
    return crew.start not in times.off_m and crew.free_s + home_s <= crew.until_s
