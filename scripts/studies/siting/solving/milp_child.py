"""Solve one program in a process of its own: run as a file, so that it loads little.

``python milp_child.py IN OUT``: both are pickles. What HiGHS logs goes to standard output, line by
line, where the parent reads bounds from it.
"""

import pickle
import sys
import time
from pathlib import Path

from scipy.optimize import Bounds
from scipy.optimize import LinearConstraint
from scipy.optimize import milp


def main() -> None:
    """Read, solve, write."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    given = pickle.loads(source.read_bytes())  # noqa: S301 - written by the parent just now
    left_s = max(given["ends_s"] - time.monotonic(), 0.01)
    found = milp(
        given["objective"],
        integrality=given["whole"],
        bounds=Bounds(given["least"], given["most"]),
        constraints=LinearConstraint(given["matrix"], given["lower"], given["upper"]),
        options={
            "time_limit": left_s,
            "mip_rel_gap": 0.0,
            "disp": True,
        },
    )
    made = target.with_suffix(".made")
    made.write_bytes(pickle.dumps((found.status, found.x, found.mip_dual_bound)))
    made.rename(target)


if __name__ == "__main__":
    main()
