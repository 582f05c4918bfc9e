"""The benchmark of the desk measures what it says; how fast things are is not tested."""

from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.desk import benchmark
from tests.benchmarks.desk.benchmark import Size

pytestmark = pytest.mark.postgis
TINY = Scale(crews=60, near=30, asks=4, sends=2)


@pytest.mark.long
def test_every_target_has_its_number_on_a_small_city(grid_extract: Path, tmp_path: Path) -> None:
    """Real servers, a real worker; ten phones instead of a hundred."""
    size = Size(phones=10, rounds=2, deadlines=6, spread_s=0.2, batch=(5, 10), asked=3)

    with open_city(grid_extract, tmp_path, TINY) as city:
        found = {each.name: each for each in benchmark.measure(city, size, Console(quiet=True))}

    assert {
        "candidates while cover is asked for, p50": 40,
        "batch of 5 incidents × 10 crews, p50": 1.5,
        "accept of 10 phones at once, p95": 300,
        "candidates over HTTP, p50": 40,
        "send over HTTP, p95": 50,
        "lateness of 6 deadlines, p99": 1_000,
    }.items() <= {name: each.target for name, each in found.items()}.items()
    assert all(each.value > 0 for each in found.values())
