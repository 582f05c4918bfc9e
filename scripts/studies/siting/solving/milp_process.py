"""A solver in a process of its own: it can be watched, stopped at once, and raced."""

import math
import os
import pickle
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final
from typing import Self

from scripts.studies.siting.solving.program import Outcome
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import Solved

_CHILD: Final = Path(__file__).with_name("milp_child.py")
# A progress line of HiGHS: … | nodes … | bound  best  gap | …; two spaces and more apart.
_LINE: Final = re.compile(
    r"^\s*[A-Z]?\s*[\d.]+k?\s+[\d.]+k?\s+[\d.]+k?\s+[\d.]+%\s+(?P<bound>\S+)\s+(?P<best>\S+)"
)
_PRINTED: Final = 1e-8
"""Relative: bounds are printed with ten digits."""
_STATUS: Final = {0: Outcome.OPTIMAL, 1: Outcome.STOPPED, 2: Outcome.INFEASIBLE}


class MilpProcess:
    """One program being solved; a context manager whose end ends the process."""

    def __init__(self, program: Program, time_limit_s: float) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="nearcrew-milp-")
        folder = Path(self._folder.name)
        self._answer = folder / "out"
        self._ends_s = time.monotonic() + min(time_limit_s, 1e9)
        given = {
            "objective": program.objective,
            "matrix": program.matrix,
            "lower": program.lower,
            "upper": program.upper,
            "least": program.least,
            "most": program.most,
            "whole": program.whole,
            # The clock of the machine, so that starting the process counts.
            "ends_s": self._ends_s,
        }
        (folder / "in").write_bytes(pickle.dumps(given))
        self.bound = -math.inf
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, "-P", str(_CHILD), str(folder / "in"), str(self._answer)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._folder.cleanup()

    def result(self, wait_s: float) -> Solved | None:
        """Return what was found, or None if it is still being sought after so long a wait."""
        try:
            self._process.wait(timeout=wait_s)
        except subprocess.TimeoutExpired:
            return None
        if not self._answer.exists():
            return Solved(Outcome.STOPPED, None, self.bound)
        status, x, bound = pickle.loads(self._answer.read_bytes())  # noqa: S301 - by our child
        return solved(status, x, bound)

    def overdue(self, grace_s: float) -> bool:
        """Return whether it should have ended so long ago."""
        return time.monotonic() > self._ends_s + grace_s

    def _read(self) -> None:
        for line in self._process.stdout or ():
            found = _LINE.match(line)
            if found is None:
                continue
            try:
                bound = float(found["bound"])
            except ValueError:
                continue
            if math.isfinite(bound):
                self.bound = max(self.bound, bound - _PRINTED * abs(bound))


def solved(status: int, x: object, bound: float | None) -> Solved:
    """Return scipy's answer in ours; a bound that it has not is ``-inf``."""
    outcome = _STATUS.get(status, Outcome.STOPPED)
    known = bound is not None and math.isfinite(bound)
    return Solved(outcome, x, float(bound) if known and bound is not None else -math.inf)  # type: ignore[arg-type] # scipy's array
