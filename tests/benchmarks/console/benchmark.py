"""Measure the console: import, tiles, search, streams, the first load, a full board in a browser.

``make bench-console`` runs it; ``python -m tests.benchmarks.console --help`` tells what
can be chosen.
"""

import argparse
import tempfile
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_city import fetch_demo_city
from tests.benchmarks import results
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.console import asleep as console_asleep
from tests.benchmarks.console import browser as console_browser
from tests.benchmarks.console import extract_import as console_import
from tests.benchmarks.console import first_use as console_first_use
from tests.benchmarks.console import search as console_search
from tests.benchmarks.console import streams as console_streams
from tests.benchmarks.console import tiles as console_tiles
from tests.benchmarks.console.browser import Board
from tests.benchmarks.console.streams import Room
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result
from tests.benchmarks.server import HOST
from tests.benchmarks.server import Server
from tests.benchmarks.server import serving

NAME = "console"
AREAS = ("import", "tiles", "search", "streams", "first-use", "browser")
_NEAR = 200
_SEARCHED = console_search.ROWS


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/console.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    machine = describe_machine(browser="Chromium without a graphics card")
    found = measure(asked, console)
    machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def measure(asked: argparse.Namespace, console: Console) -> list[Result]:
    """Return everything measured: a small city with a full map, then a large one with many crews.

    Tiles are asked for first, of a server that has just started: else they would not be cold.
    """
    found: list[Result] = []
    if "import" in asked.only:
        extract = asked.pbf or largest_city()
        console.print(f"Importing {extract.name} …")
        found += console_import.measure(extract)
    if {"tiles", "first-use", "browser"} & asked.only:
        board = Board(asked.moving_on_map, asked.incidents, asked.seconds / 2)
        with _opened(fetch_demo_city(cluster.default_var_dir()), board.crews, asked, console) as (
            city,
            server,
        ):
            found += _tiles(server, city, asked)
            if "first-use" in asked.only:
                console.print("Opening pages in a browser that was never here …")
                found += console_first_use.measure(server, city)
            if "browser" in asked.only:
                found += console_browser.measure(server, city, console, board)
    if {"tiles", "streams"} & asked.only:
        room = Room(asked.streams, asked.moving, int(asked.seconds))
        with _opened(asked.pbf or largest_city(), asked.crews, asked, console) as (city, server):
            found += _tiles(server, city, asked)
            if "streams" in asked.only:
                found += console_asleep.measure(server, city)
                found += console_streams.measure(server, city, console, room)
    if "search" in asked.only:
        console.print(f"Searching {asked.rows} names …")
        found += console_search.measure(asked.rows)
    return found


@contextmanager
def _opened(
    extract: Path, crews: int, asked: argparse.Namespace, console: Console
) -> Iterator[tuple[City, Server]]:
    console.print(f"Setting up {extract.name} with {crews} crews …")
    scale = Scale(crews=crews, near=min(asked.near, crews // 2))
    with (
        tempfile.TemporaryDirectory(prefix="nearcrew-bench-") as var_dir,
        open_city(extract, Path(var_dir), scale) as city,
        serving(city.settings) as server,
    ):
        yield city, server


def _tiles(server: Server, city: City, asked: argparse.Namespace) -> list[Result]:
    if "tiles" not in asked.only:
        return []
    return console_tiles.measure(HOST, server.port, city.desk_token, city.name)


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-console", description=__doc__)
    parser.add_argument("--only", type=_areas, default=set(AREAS), help=",".join(AREAS))
    parser.add_argument("--pbf", type=Path, help="the large city (.osm.pbf)")
    parser.add_argument("--crews", type=int, default=2_000, help="of the large city")
    parser.add_argument("--near", type=int, default=_NEAR, help="crews inside the radius")
    parser.add_argument("--moving", type=int, default=400, help="crews that move each second")
    parser.add_argument("--streams", type=int, default=300, help="consoles open at once")
    parser.add_argument("--moving-on-map", type=int, default=5_000, help="crews on the one console")
    parser.add_argument("--incidents", type=int, default=500, help="incidents on the one console")
    parser.add_argument("--rows", type=int, default=_SEARCHED, help="names to search")
    parser.add_argument("--seconds", type=float, default=24.0, help="how long things are watched")
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    return parser.parse_args(arguments)


def _areas(text: str) -> set[str]:
    asked = set(text.split(","))
    if unknown := asked - set(AREAS):
        message = f"unknown: {', '.join(sorted(unknown))}"
        raise argparse.ArgumentTypeError(message)
    return asked
