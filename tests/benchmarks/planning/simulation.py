"""Measure the simulation: ten thousand incidents and fifty crews, under each rule."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np

from routing.router import Router
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.simulation.desk import simulate
from scripts.studies.simulation.moving_up import DeskMoveUp
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import Choice
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable
from scripts.studies.simulation.travel_table import measure as measure_times
from scripts.studies.simulation.travel_table import place_calls
from tests.benchmarks.results import Result

SEED = 15
TARGET_S = 20.0
LOAD = 0.5
"""Share of its time that a crew works: with less, all are idle and more are judged."""
_WORK_S = 2_400.0
_ROUNDS = 2


def measure(
    router: Router,
    *,
    incidents: int = 10_000,
    crews: int = 50,
    places: int = 1_000,
    target_s: float | None = TARGET_S,
) -> list[Result]:
    """Return how long the table takes, once, and each rule on the same incidents.

    The incidents lie on the streets, evenly by length; they come at a rate that keeps crews at work
    for half of their time.
    """
    rng = np.random.default_rng(SEED)
    lonlat = router.spread_points(places + crews).lonlat
    lonlat = lonlat[rng.permutation(len(lonlat))]
    roads = StudyRoads(router)
    began = perf_counter()
    placed = place_calls(roads, Points.at_places(lonlat[:crews]), Points.at_places(lonlat[crews:]))
    times_s = measure_times(roads, placed.places)
    table_s = perf_counter() - began
    table = TravelTable(placed.places.points.lonlat, placed.posts, ((0.0, times_s),))
    known = placed.of_call[placed.of_call >= 0]
    calls = Calls.of_one_kind(
        np.cumsum(rng.exponential(_WORK_S / (LOAD * crews), incidents)),
        rng.choice(known, incidents),
        rng.gamma(2.0, _WORK_S / 2.0, incidents),
        turnout_s=60.0,
        priority=rng.integers(1, 5, incidents),
        limit_s=600.0,
    )
    calls = replace(calls, answer_s=rng.exponential(30.0, (incidents, crews)))
    fleet = [SimulatedCrew(str(number), number) for number in range(crews)]
    what = f"simulation, {incidents:,} incidents, {crews} crews"
    results = [Result(f"{what}: table of {len(table.lonlat):,}² times", table_s, "s")]
    for choice in Choice:
        rule = DispatchRule(choice.value, choice)
        bound = target_s if choice is Choice.BEST_ARRIVAL else None
        seconds = _best_s(table, fleet, calls, rule)
        results.append(Result(f"{what}: {choice.value}", seconds, "s", target=bound))
    moved = DispatchRule("move-ups", move_up=DeskMoveUp(table, calls.place, within_s=300.0))
    results.append(
        Result(f"{what}: best_arrival+move_up", _best_s(table, fleet, calls, moved), "s")
    )
    results.append(Result(f"{what}: memory of the table", times_s.nbytes / 1e6, "MB"))
    return results


def _best_s(
    table: TravelTable, fleet: Sequence[SimulatedCrew], calls: Calls, rule: DispatchRule
) -> float:
    seconds = []
    for _ in range(_ROUNDS):
        began = perf_counter()
        outcome = simulate(table, fleet, calls, rule)
        seconds.append(perf_counter() - began)
        if not outcome.served.any():
            message = "nobody was sent"
            raise AssertionError(message)
    return min(seconds)
