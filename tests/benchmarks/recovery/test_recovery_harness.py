"""The benchmark of recovery kills for real and finds what was lost; how fast is not tested."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from scripts.cluster import private_cluster as cluster
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import fill_city
from tests.benchmarks.recovery import benchmark
from tests.benchmarks.recovery.product import Part
from tests.benchmarks.recovery.product import state_folder
from tests.benchmarks.recovery.traffic import Ledger

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
TINY = Scale(crews=50, near=25)


@pytest.fixture
def city(grid_extract: Path) -> Iterator[tuple[City, Path]]:
    """Return the grid city in a cluster that may be killed, and its state folder."""
    with state_folder() as var_dir:
        urls = cluster.ensure_running(var_dir)
        with fill_city(urls, cluster.DATABASE, grid_extract, var_dir, TINY) as city:
            yield city, var_dir


@pytest.mark.long
def test_the_database_is_killed_and_the_sends_are_counted(city: tuple[City, Path]) -> None:
    """Whoever loses nothing has to have tried something."""
    kills = {Part.BACKEND: 1, Part.POSTMASTER: 1}

    found = benchmark.measure(*city, kills, Console(quiet=True), watched_s=0.5)

    named = {each.name: each.value for each in found}
    assert named["postmaster killed, until the next send, worst"] > 0
    assert named["database backend killed, until the next send, worst"] > 0
    assert [value for name, value in named.items() if name.startswith("sends")] == [0, 0]
    assert named["requests repeated"] > 0


def test_the_longest_wait_counts_from_the_kill_and_to_the_end() -> None:
    """Sends at 1, 2, 6 and 7 s, a kill at 2.5 s, watched until 8 s: 6 - 2.5 = 3.5 s without."""
    ledger = Ledger(clicks=[(0.5, 1.0), (1.5, 2.0), (2.2, 6.0), (6.5, 7.0)])

    assert ledger.longest_wait_s(2.5, 8.0) == 3.5
    assert ledger.longest_wait_s(2.5, 20.0) == 13.0
    assert ledger.longest_click_s() == pytest.approx(6.0 - 2.2)
