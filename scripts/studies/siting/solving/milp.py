"""Solve a program within the time that is left."""

import math
from collections.abc import Callable
from typing import Final

from scipy.optimize import Bounds
from scipy.optimize import LinearConstraint
from scipy.optimize import milp

from scripts.studies.siting.solving.clock import Clock
from scripts.studies.siting.solving.milp_process import MilpProcess
from scripts.studies.siting.solving.milp_process import solved
from scripts.studies.siting.solving.program import Outcome
from scripts.studies.siting.solving.program import Program
from scripts.studies.siting.solving.program import Solved

_GLANCE_S: Final = 0.1
_LEAST_S: Final = 0.01
_HERE_S: Final = 0.5
"""What starting another process takes."""


def solve(
    program: Program, clock: Clock, *, told: Callable[[float], float] | None = None
) -> Solved:
    """Return the optimum, or the best that was found until the time was over.

    HiGHS cannot be interrupted in this process. If somebody looks on or may cancel, what is not
    done here in half a second goes on (from the beginning) in a process of its own.

    Parameters
    ----------
    told
        Translates a bound of the program to one of the model, for the progress.
    """
    if clock.over() or clock.left_s() < _LEAST_S:
        return Solved(Outcome.STOPPED, None, float("-inf"))
    if not clock.watched:
        return solve_here(program, clock.left_s())
    found = solve_here(program, min(clock.left_s(), _HERE_S))
    if found.outcome is not Outcome.STOPPED or clock.over():
        return found
    with MilpProcess(program, clock.left_s()) as process:
        while (result := process.result(_GLANCE_S)) is None:
            known = math.isfinite(process.bound)
            clock.tell(bound=told(process.bound) if told and known else None)
            if clock.over() and (clock.stopped or process.overdue(_GLANCE_S)):
                result = Solved(Outcome.STOPPED, None, process.bound)
                break
    x = found.x if result.x is None else result.x
    return Solved(result.outcome, x, max(result.bound, found.bound))


def solve_here(program: Program, time_limit_s: float) -> Solved:
    """Return the optimum, or the best within a time limit, in this process."""
    found = milp(
        program.objective,
        integrality=program.whole,
        bounds=Bounds(program.least, program.most),
        constraints=LinearConstraint(program.matrix, program.lower, program.upper),
        options={"time_limit": min(time_limit_s, 1e9), "mip_rel_gap": 0.0},
    )
    return solved(found.status, found.x, found.mip_dual_bound)
