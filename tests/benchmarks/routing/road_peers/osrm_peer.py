"""OSRM over the same extract: its own network, its own speeds, snapping included."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.benchmarks.routing.road_peers.asked import Asked
from tests.benchmarks.routing.road_peers.asked import Numbers
from tests.benchmarks.routing.road_peers.asked import median_s
from tests.benchmarks.routing.road_peers.asked import skip
from tests.benchmarks.routing.road_peers.asked import tell

_TIMES = 10


def main() -> None:
    """Answer everything."""
    try:
        osrm: Any = import_module("osrm")
    except ImportError as error:
        skip(f"not installed: {error}")
    asked = Asked.read()
    engine = osrm.OSRM(
        algorithm="CH",
        storage_config=str(built(osrm, asked)),
        use_shared_memory=False,
        max_locations_distance_table=10_000,
        default_radius="unlimited",
    )

    def table(crews: Numbers, goals: Numbers) -> object:
        places = [(float(lon), float(lat)) for lon, lat in [*crews, *goals]]
        return engine.Table(
            osrm.TableParameters(
                coordinates=places,
                sources=list(range(len(crews))),
                destinations=list(range(len(crews), len(places))),
                annotations=["duration"],
            )
        )

    def route(number: int) -> object:
        ends = asked.crews_lonlat[number], asked.incidents_lonlat[number]
        return engine.Route(
            osrm.RouteParameters(
                coordinates=[(float(lon), float(lat)) for lon, lat in ends],
                steps=True,
                overview="full",
                geometries="geojson",
            )
        )

    for count in asked.counts:
        crews = asked.crews_lonlat[:count]

        def to_incident(number: int, crews: Numbers = crews) -> object:
            return table(crews, asked.incidents_lonlat[number : number + 1])

        tell(f"crews {count}", median_s(to_incident, _TIMES))
    tell("route", median_s(route, 3 * _TIMES))
    size = asked.matrix_size
    goals = asked.crews_lonlat[-size:]
    tell("matrix", median_s(lambda _: table(asked.crews_lonlat[:size], goals), 3))


def built(osrm: Any, asked: Asked) -> Path:  # noqa: ANN401 - has no types
    """Return its files, built from the extract unless they are there."""
    folder = asked.cache / "osrm"
    base, done = folder / "city.osrm", folder / "seconds"
    if not done.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        link = folder / "city.osm.pbf"
        link.unlink(missing_ok=True)
        link.symlink_to(asked.extract)
        profile = Path(osrm.__file__).parent / "share" / "profiles" / "car.lua"
        began_s = perf_counter()
        _run("extract", "-p", str(profile), str(link))
        _run("contract", str(base))
        done.write_text(str(perf_counter() - began_s), encoding="utf-8")
    tell("ready", float(done.read_text(encoding="utf-8")))
    return base


def _run(*command: str) -> None:
    finished = subprocess.run(  # noqa: S603 - its own tools
        [sys.executable, "-m", "osrm", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        env=dict(os.environ),
    )
    if finished.returncode:
        last = finished.stdout.decode(errors="replace").strip().splitlines()[-1:]
        skip(f"osrm {command[0]} failed: {' '.join(last)}")


if __name__ == "__main__":
    main()
