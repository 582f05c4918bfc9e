"""Measure location models: how soon they are proven, and how far from it they are otherwise.

``python -m tests.benchmarks.planning.siting`` prints the table. Peers solve the same instances in
the same run: the textbook program given to `scipy.optimize.milp` as it is, and spopt with CBC.
"""

import argparse
import json
import resource
import subprocess
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from rich.console import Console
from scipy.optimize import Bounds
from scipy.optimize import LinearConstraint
from scipy.optimize import milp
from scipy.sparse import csc_array
from scipy.sparse import csr_array
from scipy.sparse import eye_array
from scipy.sparse import hstack
from scipy.sparse import vstack

from scripts.cluster import private_cluster as cluster
from scripts.studies.siting import Answer
from scripts.studies.siting import double_standard
from scripts.studies.siting import mclp
from scripts.studies.siting import mexclp
from scripts.studies.siting import p_center
from scripts.studies.siting import p_median
from tests.benchmarks import results
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.planning.siting_instances import UNIFORM
from tests.benchmarks.planning.siting_instances import Instance
from tests.benchmarks.planning.siting_instances import load_uniform
from tests.benchmarks.planning.siting_instances import random_network
from tests.benchmarks.results import Result
from tests.benchmarks.routing.peers import MissingEnvironmentError
from tests.benchmarks.routing.peers import environment
from tests.scripts.studies.siting.published import DATA
from tests.scripts.studies.siting.published import pmed

NAME = "planning-siting"
LIMIT_M, LONGER_M, FARTHER_M = 3_000.0, 4_000.0, 8_000.0
_GIVEN_S = 30.0
_PROVEN_S = 3.0
_GREEDY_S = 0.1
_PEER_S = 60.0


@dataclass(frozen=True, slots=True)
class Scale:
    """What is solved: numbers of sites for each model, networks by nodes and p."""

    within: Sequence[int] = (8, 14, 20, 26)
    """Cover of 30 to 80 %."""
    above: Sequence[int] = (34, 45)
    centers: Sequence[int] = (5, 10, 20)
    expected: Sequence[int] = (10, 20)
    doubled: Sequence[tuple[int, float]] = ((10, 0.5), (20, 0.7))
    networks: Sequence[tuple[int, int]] = ((900, 5), (900, 10), (900, 90), (900, 200))
    seeds: Sequence[int] = (1, 2)
    given_s: float = _GIVEN_S
    peers_at: int | None = 20


FULL = Scale()
QUICK = Scale((8,), (), (), (), (), ((100, 5),), (1,), 2.0, None)


def measure(
    *, scale: Scale = FULL, var_dir: Path | None = None, console: Console | None = None
) -> list[Result]:
    """Return seconds until proven, and gaps in per cent where that is not asked for.

    A model that should be proven and is not within its time fails the run: a time without proof
    would say nothing.
    """
    town = load_uniform()
    found = [*_greedy(town), *_covers(town, scale, var_dir, console or Console(stderr=True))]
    given = scale.given_s
    for count in scale.centers:
        name = f"p-center 2000 x 200, p = {count}"
        found += _gap(name, partial(p_center, town.cost, count=count, time_limit_s=given))
    for count in scale.expected:
        found += _gap(
            f"MEXCLP 2000 x 200, {count} crews, q = .3",
            partial(
                mexclp,
                *town,
                limit=LONGER_M,
                count=count,
                busy_fraction=0.3,
                time_limit_s=given,
            ),
        )
    for count, alpha in scale.doubled:
        found += _gap(
            f"double standard 2000 x 200, {count} crews, share {alpha:g}",
            partial(
                double_standard,
                *town,
                limit=LONGER_M,
                second_limit=FARTHER_M,
                alpha=alpha,
                count=count,
                time_limit_s=given,
            ),
        )
    found += _medians(scale)
    peak = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    found.append(Result("siting, peak memory with the second process", peak / 1024, "MB"))
    return found


def _greedy(town: Instance) -> list[Result]:
    """Return the first answer: no time for anything but greedy addition and exchange."""
    found = []
    for count in (8, 26):
        begun = perf_counter()
        quick = mclp(*town, limit=LIMIT_M, count=count, time_limit_s=0.0)
        taken_s = perf_counter() - begun
        best = mclp(*town, limit=LIMIT_M, count=count, time_limit_s=_GIVEN_S)
        name = f"MCLP 2000 x 200, p = {count}, greedy and exchange"
        found += [
            Result(name, taken_s, "s", _GREEDY_S),
            Result(f"{name}, gap", 100.0 * (best.bound / quick.objective - 1.0), "%"),
        ]
    return found


def _covers(town: Instance, scale: Scale, var_dir: Path | None, console: Console) -> list[Result]:
    total = float(town.weights.sum())
    found = []
    for count in scale.within:
        answer, taken_s = _timed(partial(mclp, *town, limit=LIMIT_M, count=count))
        share = 100.0 * answer.objective / total
        name = f"MCLP 2000 x 200, p = {count}, covers {share:.0f} %, proven"
        peers = _peers(town, count, var_dir, console) if count == scale.peers_at else {}
        found.append(Result(name, _proven(answer, taken_s), "s", _PROVEN_S, peers=peers))
    for count in scale.above:
        answer, taken_s = _timed(
            partial(mclp, *town, limit=LIMIT_M, count=count, time_limit_s=scale.given_s)
        )
        share = 100.0 * answer.objective / total
        name = f"MCLP 2000 x 200, p = {count}, covers {share:.0f} %"
        found += [
            Result(f"{name}, gap", 100.0 * answer.gap, "%", 1.0),
            Result(f"{name}, time", taken_s, "s", scale.given_s + 0.5),
        ]
    return found


def _medians(scale: Scale) -> list[Result]:
    found = []
    numbers = range(1, 6) if (DATA / "orlib" / "pmed1.txt").exists() else range(0)
    for number in numbers:
        cost, count = pmed(number)
        answer, taken_s = _timed(partial(p_median, cost, count=count))
        found.append(Result(f"p-median pmed{number}, proven", _proven(answer, taken_s), "s", 1.0))
    for nodes, count in scale.networks:
        slowest_s = 0.0
        for seed in scale.seeds:
            cost = random_network(nodes, seed)
            answer, taken_s = _timed(
                partial(p_median, cost, count=count, time_limit_s=2 * _GIVEN_S)
            )
            slowest_s = max(slowest_s, _proven(answer, taken_s))
        name = f"p-median random network {nodes} nodes, p = {count}, proven, slowest"
        found.append(Result(name, slowest_s, "s", _GIVEN_S))
    return found


def _gap(name: str, ask: Callable[[], Answer]) -> list[Result]:
    answer, taken_s = _timed(ask)
    return [
        Result(f"{name}, gap", 100.0 * answer.gap, "%", 0.5),
        Result(f"{name}, time", taken_s, "s", _GIVEN_S + 0.5),
    ]


def _timed(ask: Callable[[], Answer]) -> tuple[Answer, float]:
    begun = perf_counter()
    answer = ask()
    return answer, perf_counter() - begun


def _proven(answer: Answer, taken_s: float) -> float:
    """Return the time, ``inf`` where nothing was proven."""
    return taken_s if answer.proven else float("inf")


def _peers(town: Instance, count: int, var_dir: Path | None, console: Console) -> dict[str, float]:
    peers = {"scipy milp, every row": _plain_s(town, count)}
    try:
        python = environment(var_dir or cluster.default_var_dir(), console)
    except MissingEnvironmentError as error:
        console.print(f"spopt is left out: {error}")
        return peers
    script = Path(__file__).with_name("spopt_peer.py")
    words = [str(python), str(script), str(UNIFORM), str(LIMIT_M), str(count), str(_PEER_S)]
    said = subprocess.run(  # noqa: S603 - our own script
        words, capture_output=True, text=True, check=False, timeout=10 * _PEER_S
    )
    if said.returncode:
        console.print(f"spopt broke off: {said.stderr.strip().splitlines()[-1:]}")
        return peers
    times = json.loads(said.stdout.strip().splitlines()[-1])
    peers["spopt and CBC"] = times["build_s"] + times["solve_s"]
    return peers


def _plain_s(town: Instance, count: int) -> float:
    """Return how long the textbook program takes, every row of demand a row of it."""
    begun = perf_counter()
    reach = town.cost <= LIMIT_M
    n, m = reach.shape
    rows = hstack((csr_array(reach.astype(np.float64)), -eye_array(n)))
    total = csr_array(np.concatenate((np.ones(m), np.zeros(n)))[None, :])
    milp(
        np.concatenate((np.zeros(m), -town.weights)),
        integrality=np.ones(n + m, dtype=np.int8),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(
            csc_array(vstack((rows, total))),
            np.append(np.zeros(n), count),
            np.append(np.full(n, np.inf), count),
        ),
        options={"time_limit": _PEER_S, "mip_rel_gap": 0.0},
    )
    return perf_counter() - begun


def main() -> None:
    """Measure, print, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="a few small ones")
    arguments.add_argument("--out", type=Path, help="folder for the numbers")
    asked = arguments.parse_args()
    console = Console()
    found = measure(scale=QUICK if asked.quick else FULL, console=console)
    results.show(found, describe_machine(), console)
    if asked.out is not None:
        results.write(asked.out, NAME, found)


if __name__ == "__main__":
    main()
