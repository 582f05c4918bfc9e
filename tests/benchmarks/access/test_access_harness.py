"""The benchmark of access measures what it says; how fast things are is not tested."""

from pathlib import Path

import pytest
from rich.console import Console

from tests.benchmarks.access import benchmark
from tests.benchmarks.access.benchmark import Size
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city

pytestmark = pytest.mark.postgis


@pytest.mark.long
def test_every_target_has_its_number_on_a_small_city(grid_extract: Path, tmp_path: Path) -> None:
    """Real services; three units a company instead of fifty."""
    size = Size(crews=60, near=30, units_each=3, asked=2, rounds=2, listed=200)

    with open_city(grid_extract, tmp_path, Scale(crews=60, near=30, asks=4, sends=2)) as city:
        found = benchmark.measure(city, size, Console(quiet=True))

    assert [each.target for each in found] == [None, 1.15] * 3 + [100.0] * 3
    assert all(each.value > 0 for each in found)
