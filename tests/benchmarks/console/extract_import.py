"""What it takes to make an extract the ground in use: ``nearcrew import-osm``, as one runs it.

Seconds are those of the whole command, the start of Python included. Memory is the most that the
command held, as it says itself (a parent that asks the system is told its own as well). What
PostgreSQL holds is a matter of its configuration and the same for any city.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from dispatch import migrate
from scripts.cluster import private_cluster as cluster
from tests.benchmarks.results import Result

TARGET_S = 60.0
TARGET_MB = 1_000.0
_MEMORY = re.compile(r"([\d,]+) MB of memory at most")


class ImportFailedError(Exception):
    """The command did not end well; what it said."""


def measure(extract: Path) -> list[Result]:
    """Import an extract into an empty database."""
    name = f"nearcrew_bench_import_{os.getpid()}"
    urls = cluster.create_database(name)
    try:
        migrate.upgrade(urls.owner(name), cluster.APP_ROLE)
        variables = {"DATABASE_URL": urls.app(name), "DATABASE_ADMIN_URL": urls.owner(name)}
        taken_s, peak_mb = _imported(extract, variables)
    finally:
        cluster.drop_database(name)
    return [
        Result(f"import of {extract.name}, all stages", taken_s, "s", TARGET_S),
        Result(f"import of {extract.name}, most memory", peak_mb, "MB", TARGET_MB),
        Result(f"size of {extract.name}", extract.stat().st_size / 1e6, "MB"),
    ]


def _imported(extract: Path, variables: dict[str, str]) -> tuple[float, float]:
    """Return seconds and megabytes."""
    nearcrew = Path(sys.executable).with_name("nearcrew")
    began_s = perf_counter()
    ended = subprocess.run(  # noqa: S603  (our own command)
        [nearcrew, "import-osm", extract],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    taken_s = perf_counter() - began_s
    memory = _MEMORY.search(ended.stdout)
    if ended.returncode or memory is None:
        raise ImportFailedError(ended.stderr or ended.stdout)
    return taken_s, float(memory[1].replace(",", ""))
