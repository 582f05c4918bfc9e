"""What every peer is asked, and how it answers."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Asked:
    """The questions of one run.

    Attributes
    ----------
    extract
        The OpenStreetMap file, for those that read it themselves.
    tail, head, ms
        Arcs of the edge-expanded network, forbidden turns left out, in whole milliseconds.
    state_lonlat
        Where each of its nodes lies.
    crews, incidents
        Nodes, shapes ``(n,)`` and ``(k,)``.
    crews_lonlat, incidents_lonlat
        The same as positions.
    limit_s
        Of a reach.
    cache
        A folder in which a peer may keep what it has built from this extract.
    """

    extract: Path
    tail: Numbers
    head: Numbers
    ms: Numbers
    state_lonlat: Numbers
    crews: Numbers
    incidents: Numbers
    crews_lonlat: Numbers
    incidents_lonlat: Numbers
    limit_s: float
    counts: tuple[int, ...]
    matrix_size: int
    cache: Path
    database: str

    @classmethod
    def read(cls) -> "Asked":
        """Return what the folder named on the command line asks."""
        folder = Path(sys.argv[1])
        notes = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
        with np.load(folder / "asked.npz") as arrays:
            return cls(
                extract=Path(notes["extract"]),
                limit_s=notes["limit_s"],
                counts=tuple(notes["counts"]),
                matrix_size=notes["matrix_size"],
                cache=Path(notes["cache"]),
                database=notes["database"],
                **{name: arrays[name] for name in arrays.files},
            )


def tell(question: str, seconds: float) -> None:
    """Answer how long a question took."""
    _say({"question": question, "seconds": seconds})


def tell_times(question: str, found_ms: Numbers) -> None:
    """Answer the times found, so that they can be compared."""
    known = np.where(np.isfinite(found_ms), found_ms, -1.0)
    _say({"question": question, "found_ms": np.rint(known).tolist()})


def skip(reason: str) -> NoReturn:
    """Say why nothing, or nothing more, is measured, and end."""
    _say({"skipped": reason})
    sys.exit(0)


def median_s(work: Callable[[int], object], times: int) -> float:
    """Return the median time of some work that is told which time it is, seconds."""
    took = []
    for number in range(times):
        began_s = perf_counter()
        work(number)
        took.append(perf_counter() - began_s)
    return float(np.median(took))


def timed(question: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work returns
    """Do some work once, answer how long it took and return what it returned."""
    began_s = perf_counter()
    result = work()
    tell(question, perf_counter() - began_s)
    return result


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
