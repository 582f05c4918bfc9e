"""The simulated desk without roads is a queue, and queues are known exactly."""

from collections.abc import Callable
from math import factorial

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.simulation.comparing import Comparison
from scripts.studies.simulation.comparing import compare
from scripts.studies.simulation.comparing import interval
from scripts.studies.simulation.scenario import Calls
from scripts.studies.simulation.scenario import DispatchRule
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import TravelTable

ONE_PLACE = TravelTable.of_times(np.zeros((1, 2)), 1, np.zeros((1, 1)))
FIRST_COME = DispatchRule("first come")
LEVEL = 0.99
WARM_UP = 300


def _waits(
    servers: int, per_s: float, work: Callable[[np.random.Generator, int], FloatArray], count: int
) -> Comparison:
    """Return twelve replications of a queue with Poisson arrivals."""

    def draw(seeds: np.random.SeedSequence) -> Calls:
        arriving, working = (np.random.default_rng(each) for each in seeds.spawn(2))
        reported_s = np.cumsum(arriving.exponential(1.0 / per_s, count))
        return Calls.of_one_kind(reported_s, np.zeros(count, dtype=int), work(working, count))

    crews = [SimulatedCrew(str(number), 0) for number in range(servers)]
    warm_up_s = WARM_UP / per_s
    return compare(
        ONE_PLACE, crews, draw, [FIRST_COME], replications=12, seed=5, warm_up_s=warm_up_s
    )


def test_three_crews_keep_people_waiting_as_erlang_says() -> None:
    """M/M/3 at a load of 0.8, waiting time by Erlang's C formula."""
    servers, per_s, mean_s = 3, 0.8, 3.0
    load = per_s * mean_s
    full = load**servers / factorial(servers) / (1 - load / servers)
    waits = full / (full + sum(load**n / factorial(n) for n in range(servers)))
    expected_s = waits / (servers / mean_s - per_s)

    found = _waits(servers, per_s, lambda rng, n: rng.exponential(mean_s, n), 3_000)
    wait_s = interval(found.values[FIRST_COME.name]["mean_wait_s"], LEVEL)
    workload = interval(found.values[FIRST_COME.name]["workload"], LEVEL)

    # C(3, 2.4) = 0.6472 of all wait; 0.6472 / (1 - 0.8) = 3.236 s on average.
    assert abs(expected_s - 3.236) < 1e-3
    assert wait_s.low < expected_s < wait_s.high
    assert wait_s.half_width < 0.25 * expected_s
    assert workload.low < 0.8 < workload.high


def test_one_crew_with_uneven_work_keeps_people_waiting_as_pollaczek_and_khinchine_say() -> None:
    """M/G/1: lognormal work with a mean of 10 s and a coefficient of variation of 1.2."""
    mean_s, variation, per_s = 10.0, 1.2, 0.06
    shape = np.sqrt(np.log(1 + variation**2))
    scale = np.log(mean_s) - shape**2 / 2
    # per_s E[S^2] / (2 (1 - load)) = 0.06 x 100 x (1 + 1.44) / (2 x 0.4) = 18.3 s
    expected_s = per_s * mean_s**2 * (1 + variation**2) / (2 * (1 - per_s * mean_s))

    found = _waits(1, per_s, lambda rng, n: rng.lognormal(scale, shape, n), 3_000)
    wait_s = interval(found.values[FIRST_COME.name]["mean_wait_s"], LEVEL)

    assert wait_s.low < expected_s < wait_s.high
    assert wait_s.half_width < 0.25 * expected_s
