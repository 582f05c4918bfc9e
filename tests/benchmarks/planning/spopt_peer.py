"""Maximal cover by spopt and CBC; run in the environment of the peers.

``python spopt_peer.py uniform.npz LIMIT COUNT SECONDS`` prints one JSON object.
"""

import json
import sys
from time import perf_counter

import numpy as np
import pulp
from spopt.locate import MCLP


def main() -> None:
    """Build, solve, tell both times and the cover."""
    file, limit, count, seconds = sys.argv[1], *map(float, sys.argv[2:5])
    with np.load(file) as stored:
        places, sites = stored["places"].astype(float), stored["sites"].astype(float)
        weights = stored["weights"].astype(float)
    apart = places[:, None] - sites[None]
    cost = np.hypot(apart[..., 0], apart[..., 1])
    begun = perf_counter()
    model = MCLP.from_cost_matrix(cost, weights, service_radius=limit, p_facilities=int(count))
    built = perf_counter()
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=0.0))
    solved = perf_counter()
    objective = pulp.value(model.problem.objective)
    told = {"build_s": built - begun, "solve_s": solved - built, "objective": objective}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
