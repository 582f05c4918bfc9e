"""What a benchmark found: a table for people and a file for programs.

Misses stand in both like everything else. A peer is another way to get the same answer, measured
in the same run: ratios to it survive a change of machine, milliseconds do not.
"""

import json
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Literal

import numpy as np
from rich.console import Console
from rich.table import Table

from tests.benchmarks.machine import as_lines


@dataclass(frozen=True, slots=True)
class Result:
    """One measured number.

    Attributes
    ----------
    name
        What was measured, the same from run to run.
    value, unit
        The number.
    target
        What it should be at most (``better="lower"``) or at least; None when it is only told.
    peers
        What other ways needed in the same run, in the same unit.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    peers: Mapping[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the target was met; None without one."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target

    def ratio(self, peer: str) -> float:
        """Return how many times better than a peer this is; below 1: worse."""
        one, other = self.value, self.peers[peer]
        return other / one if self.better == "lower" else one / other


def percentiles(
    name: str,
    seconds: Sequence[float],
    *,
    p50_ms: float | None = None,
    p95_ms: float | None = None,
    peers: Mapping[str, float] | None = None,
) -> list[Result]:
    """Return median and 95th percentile of times as results in milliseconds, with their targets.

    ``peers`` stand beside the median.
    """
    p50, p95 = np.percentile(np.asarray(seconds) * 1000, [50, 95]).tolist()
    return [
        Result(f"{name}, p50", p50, "ms", p50_ms, peers=peers or {}),
        Result(f"{name}, p95", p95, "ms", p95_ms),
    ]


def write(folder: Path, benchmark: str, results: Sequence[Result]) -> Path:
    """Write ``NAME.json``, a list with one object a result, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{benchmark}.json"
    rows = [asdict(result) for result in results]
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    return path


def show(results: Sequence[Result], machine: Mapping[str, str], console: Console) -> None:
    """Print the machine and the table."""
    for line in as_lines(machine):
        console.print(line, highlight=False)
    table = Table(pad_edge=False)
    table.add_column("measured")
    for title in ("value", "target"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("verdict")
    table.add_column("peers (how many times better than)")
    for result in results:
        table.add_row(
            result.name,
            f"{_number(result.value)} {result.unit}",
            _target(result),
            {True: "met", False: "[bold]MISSED[/bold]", None: ""}[result.met],
            "\n".join(
                f"{peer}: {_number(value)} {result.unit} ({result.ratio(peer):.2g} ×)"
                for peer, value in result.peers.items()
            ),
        )
    console.print(table)


def _target(result: Result) -> str:
    if result.target is None:
        return ""
    sign = "≤" if result.better == "lower" else "≥"
    return f"{sign} {_number(result.target)} {result.unit}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
