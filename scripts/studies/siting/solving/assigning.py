"""Assign demand to open sites of limited capacity, each row as a whole."""

import numpy as np

from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving.compiling import compiled_for

_PASSES = 20


@compiled_for("Tuple((i8[::1],f8))(f8[:,::1],f8[::1],f8[::1],f8[::1])")
def assign(
    cost: FloatArray, weights: FloatArray, capacities: FloatArray, penalty: FloatArray
) -> tuple[IntArray, float]:
    """Return the site of each row, -1 for none, and the total; ``inf`` if a row has no place.

    The heaviest first, each where it is cheapest; then single rows move and pairs exchange while
    that helps. This is a heuristic: that it finds no place does not mean there is none.
    """
    n, m = cost.shape
    room = capacities.copy()
    site = np.full(n, -1)
    for row in np.argsort(-weights):
        best = -1
        for at in range(m):
            if weights[row] <= room[at] and cost[row, at] < penalty[row]:
                if best < 0 or cost[row, at] < cost[row, best]:
                    best = at
        if best >= 0:
            site[row] = best
            room[best] -= weights[row]
    for _ in range(_PASSES):
        changed = False
        for row in range(n):
            here = site[row]
            now = penalty[row] if here < 0 else cost[row, here]
            for at in range(m):
                if at != here and weights[row] <= room[at] and cost[row, at] < now:
                    if here >= 0:
                        room[here] += weights[row]
                    room[at] -= weights[row]
                    site[row], here, now = at, at, cost[row, at]
                    changed = True
            for other in range(row):
                there = site[other]
                if here < 0 or there < 0 or here == there:
                    continue
                more = weights[other] - weights[row]
                if more > room[here] or -more > room[there]:
                    continue
                saved = cost[row, here] + cost[other, there] - cost[row, there] - cost[other, here]
                if saved > 1e-9 * (cost[row, here] + cost[other, there]):
                    room[here] -= more
                    room[there] += more
                    site[row], site[other] = there, here
                    here = there
                    changed = True
        if not changed:
            break
    total = 0.0
    for row in range(n):
        total += penalty[row] if site[row] < 0 else cost[row, site[row]]
    return site, total
