"""How long it takes to tell what sending a crew uncovers, and what that costs the candidates."""

import gc
import threading
from time import perf_counter

from tests.benchmarks.city import City
from tests.benchmarks.results import Result
from tests.benchmarks.results import percentiles

_ROWS = 3
_TIMES = 100
_P50_MS = 40.0
_EVERY_S = 0.5
"""As twenty desks would ask that look at candidates, each every ten seconds."""


def measure(city: City, *, times: int = _TIMES) -> list[Result]:
    """Return how long candidates take while cover is asked for, and cover itself.

    The first answer after crews moved searches the roads; the next ones find that nobody moved.
    """
    city.report_everybody()
    crew_ids = _best(city)
    first_s = _timed(city, crew_ids)
    again_s = [_timed(city, crew_ids) for _ in range(max(times // 10, 1))]
    over = threading.Event()
    asking = threading.Thread(target=_keep_asking, args=(city, crew_ids, over), daemon=True)
    asking.start()
    took_s = []
    try:
        for _ in range(times):
            gc.collect()
            began_s = perf_counter()
            city.services.candidates.for_incident(city.desk, city.incident_id, city.radius_m)
            took_s.append(perf_counter() - began_s)
    finally:
        over.set()
        asking.join()
    return [
        *percentiles("candidates while cover is asked for", took_s, p50_ms=_P50_MS),
        Result(f"cover of {_ROWS} rows, crews moved", 1000 * first_s, "ms"),
        *percentiles(f"cover of {_ROWS} rows, nobody moved", again_s)[:1],
    ]


def _best(city: City) -> list[int]:
    answer = city.services.candidates.for_incident(city.desk, city.incident_id, city.radius_m)
    idle = [each for each in answer["candidates"] if not each["workload"]["active"]]
    return [each["crew_id"] for each in idle if each["verdict"] != "excluded"][:_ROWS]


def _timed(city: City, crew_ids: list[int]) -> float:
    began_s = perf_counter()
    city.services.cover.without(city.desk, city.incident_id, crew_ids)
    return perf_counter() - began_s


def _keep_asking(city: City, crew_ids: list[int], over: threading.Event) -> None:
    """Ask, each time after a crew moved a little, so that the roads are searched again."""
    number = 0
    while not over.wait(_EVERY_S):
        number += 1
        city.places[-1 - number % 50] += 0.001
        city.report_everybody()
        city.services.cover.without(city.desk, city.incident_id, crew_ids)
