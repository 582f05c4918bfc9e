"""Measure access: candidates with and without row-level security, lists of very many rows.

``make bench-access`` runs it; ``python -m tests.benchmarks.access --help`` tells what can be said.
"""

import argparse
import gc
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from rich.console import Console

from dispatch.core.scope import EVERYTHING
from dispatch.core.scope import Scope
from dispatch.core.scope import within
from geodata.db import make_engine
from scripts.cluster import private_cluster as cluster
from tests.benchmarks import results
from tests.benchmarks.access import lists
from tests.benchmarks.access import unit_tree
from tests.benchmarks.access.unit_tree import UnitTree
from tests.benchmarks.city import City
from tests.benchmarks.city import Scale
from tests.benchmarks.city import open_city
from tests.benchmarks.dispatch.benchmark import largest_city
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.machine import load
from tests.benchmarks.results import Result

NAME = "access"
_RATIO = 1.15


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; the numbers of the targets."""

    crews: int = 5_000
    near: int = 66
    units_each: int = 50
    """Of each of the six companies."""
    asked: int = 40
    rounds: int = 6
    listed: int = lists.ROWS


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write ``var/bench/access.json``."""
    asked = _read(arguments)
    console = Console(width=max(Console().width, 120))
    size = Size(crews=asked.crews, near=asked.near, rounds=asked.rounds)
    with ExitStack() as stack:
        var_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nearcrew-bench-")))
        console.print(f"Setting up {asked.pbf.name} with {size.crews} crews …")
        scale = Scale(crews=size.crews, near=size.near)
        city = stack.enter_context(open_city(asked.pbf, var_dir, scale))
        machine = describe_machine(
            database=city.versions,
            city=f"{city.name}, {scale.crews} crews, {scale.near} within {city.radius_m:.0f} m",
        )
        found = measure(city, size, console)
        machine["load after"] = load()
    results.show(found, machine, console)
    path = results.write(asked.out, NAME, found)
    console.print(f"Written to {path}.", highlight=False)


def measure(city: City, size: Size, console: Console) -> list[Result]:
    """Return everything measured."""
    tree = unit_tree.grow(city, size.units_each)
    console.print(f"Measuring candidates on {tree.units} units …")
    found = candidates(city, tree, size)
    console.print(f"Measuring lists of {size.listed} rows …")
    lists.fill(city, tree.company, size.listed)
    return found + lists.list_pages(city, tree.company, size.listed, size.asked)


def candidates(city: City, tree: UnitTree, size: Size) -> list[Result]:
    """Measure how long candidates take for whoever sees a company, the group, or everything.

    In turns with and without policies on the same rows, so that what else the machine does
    falls on both. Without policies everybody gets the same crews, all of one company.
    """
    city.report_everybody()
    scopes = {
        f"a company of {len(tree.company.units)} units": tree.company,
        f"a list of {len(tree.group.units)} units": tree.group,
        "the root of all units": EVERYTHING,
    }
    took_s: dict[tuple[str, bool], list[float]] = {}
    owner = make_engine(city.owner_url)
    try:
        for turn in range(size.rounds):
            for open_to_all in (False, True) if turn % 2 else (True, False):
                with unit_tree.without_policies(owner) if open_to_all else nullcontext():
                    for name, scope in scopes.items():
                        timed_s = _ask(city, scope, size.asked)
                        took_s.setdefault((name, open_to_all), []).extend(timed_s)
    finally:
        owner.dispose()
    found = []
    for name in scopes:
        held, bare = (1000 * float(np.median(took_s[name, each])) for each in (False, True))
        found += [
            Result(f"candidates of {name}, p50", held, "ms", peers={"without policies": bare}),
            Result(f"candidates of {name}, times those without policies", held / bare, "×", _RATIO),
        ]
    return found


def _ask(city: City, scope: Scope, times: int) -> list[float]:
    took_s = []
    with within(scope):
        answer = city.services.candidates.for_incident(city.desk, city.incident_id, city.radius_m)
        for _ in range(times):
            gc.collect()
            began_s = perf_counter()
            answer = city.services.candidates.for_incident(
                city.desk, city.incident_id, city.radius_m
            )
            took_s.append(perf_counter() - began_s)
    inside = [each for each in answer["candidates"] if not each["outside_radius"]]
    if len(inside) != city.scale.near:
        message = f"{len(inside)} crews were found inside the radius, not {city.scale.near}"
        raise AssertionError(message)
    return took_s


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-access", description=__doc__)
    size = Size()
    parser.add_argument("--pbf", type=Path, help="city to measure in (.osm.pbf)")
    parser.add_argument("--crews", type=int, default=size.crews)
    parser.add_argument("--near", type=int, default=size.near, help="crews inside the radius")
    parser.add_argument("--rounds", type=int, default=size.rounds)
    parser.add_argument("--out", type=Path, default=cluster.default_var_dir() / "bench")
    asked = parser.parse_args(arguments)
    asked.pbf = asked.pbf or largest_city()
    return asked
