"""Valhalla over the same extract: its own network, its own speeds, snapping included."""

import json
import subprocess
import sys
from functools import partial
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
        valhalla: Any = import_module("valhalla")
    except ImportError as error:
        skip(f"not installed: {error}")
    asked = Asked.read()
    actor = valhalla.Actor(_built(valhalla, asked))

    def ask(what: str, **more: object) -> object:
        return getattr(actor, what)(json.dumps({"costing": "auto", **more}))

    def route(number: int) -> object:
        ends = _locations([asked.crews_lonlat[number], asked.incidents_lonlat[number]])
        return ask("route", locations=ends)

    def reach(number: int) -> object:
        return ask(
            "isochrone",
            locations=_locations([asked.crews_lonlat[number]]),
            contours=[{"time": asked.limit_s / 60.0}],
            polygons=True,
        )

    def matrix(number: int, count: int) -> object:
        return ask(
            "matrix",
            sources=_locations(asked.crews_lonlat[:count]),
            targets=_locations(asked.incidents_lonlat[number : number + 1]),
        )

    tell("route", median_s(route, 3 * _TIMES))
    tell("reach", median_s(reach, _TIMES))
    fewest = min(asked.counts)  # the better part of a minute; more only takes longer
    tell(f"crews {fewest}", median_s(partial(matrix, count=fewest), 1))


def _locations(lonlat: "Numbers | list[Numbers]") -> list[dict[str, float]]:
    return [{"lon": float(lon), "lat": float(lat)} for lon, lat in lonlat]


def _built(valhalla: Any, asked: Asked) -> str:  # noqa: ANN401 - has no types
    """Return the path of its configuration, tiles built from the extract unless they are there."""
    folder = asked.cache / "valhalla"
    tiles = folder / "tiles"
    tiles.mkdir(parents=True, exist_ok=True)
    settings, done = folder / "valhalla.json", folder / "seconds"
    config = valhalla.get_config(tile_dir=str(tiles), tile_extract="", verbose=False)
    limits = config["service_limits"]["auto"]
    limits["max_matrix_location_pairs"] = limits["max_matrix_locations"] = 10_000_000
    limits["max_matrix_distance"] = 10_000_000.0
    config["mjolnir"]["concurrency"] = 2
    settings.write_text(json.dumps(config), encoding="utf-8")
    if not done.is_file():
        began_s = perf_counter()
        finished = subprocess.run(  # noqa: S603 - its own tools
            [str(_program(valhalla)), "-c", str(settings), str(asked.extract)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if finished.returncode:
            last = finished.stdout.decode(errors="replace").strip().splitlines()[-1:]
            skip(f"valhalla_build_tiles failed: {' '.join(last)}")
        done.write_text(str(perf_counter() - began_s), encoding="utf-8")
    tell("ready", float(done.read_text(encoding="utf-8")))
    return str(settings)


def _program(valhalla: Any) -> Path:  # noqa: ANN401 - has no types
    packed = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
    return packed if packed.is_file() else Path(sys.executable).parent / packed.name


if __name__ == "__main__":
    main()
