"""Greedy addition, best exchange and Lagrangian bounds of the p-median problem, compiled.

Costs are weighted already: rows demand, columns sites, all finite.

References
----------
Resende, Werneck (2007), A fast swap-based local search procedure for location problems, Annals of
Operations Research 150. Narula, Ogbu, Samuelsson (1977), An algorithm for the p-median problem,
Operations Research 25. Held, Wolfe, Crowder (1974), Validation of subgradient optimization,
Mathematical Programming 6.
"""

import numpy as np

from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving.compiling import compiled_for

_LEAST_GAIN = 1e-12
_PATIENCE = 10


@compiled_for("void(f8[:,::1],i8[::1],i8)")
def add_greedily(cost: FloatArray, is_open: IntArray, count: int) -> None:
    """Open the site that saves most until ``count`` are open; ``is_open`` is changed."""
    n, m = cost.shape
    nearest = np.full(n, np.inf)
    for site in range(m):
        if is_open[site]:
            for row in range(n):
                nearest[row] = min(nearest[row], cost[row, site])
    saved = np.zeros(m)
    none = is_open.sum() == 0
    for row in range(n):
        for site in range(m):
            saved[site] += -cost[row, site] if none else max(nearest[row] - cost[row, site], 0.0)
    for _ in range(count - is_open.sum()):
        best = -1
        for site in range(m):
            if not is_open[site] and (best < 0 or saved[site] > saved[best]):
                best = site
        if best < 0:
            return
        is_open[best] = 1
        if none:
            saved[:] = 0.0
        for row in range(n):
            before, now = nearest[row], cost[row, best]
            if now >= before:
                continue
            nearest[row] = now
            for site in range(m):
                saved[site] += max(now - cost[row, site], 0.0)
                if not none:
                    saved[site] -= max(before - cost[row, site], 0.0)
        none = False


@compiled_for("f8(f8[:,::1],i8[::1],i8[::1],i8)")
def exchange_best(cost: FloatArray, is_open: IntArray, fixed: IntArray, rounds: int) -> float:
    """Exchange one open site for a closed one, the best first, until none helps; return the cost.

    Sites that are ``fixed`` stay open, or stay closed where that is -1. ``is_open`` is changed.
    """
    n, m = cost.shape
    gain, loss = np.zeros(m), np.zeros(m)
    place = np.zeros(m, dtype=np.int64)
    total = 0.0
    for turn in range(rounds + 1):
        sites = np.flatnonzero(is_open)
        for at in range(len(sites)):
            place[sites[at]] = at
        gain[:] = 0.0
        loss[:] = 0.0
        both = np.zeros((len(sites), m))
        total = 0.0
        for row in range(n):
            one, two, mine = np.inf, np.inf, -1
            for at in range(len(sites)):
                c = cost[row, sites[at]]
                if c < one:
                    two, one, mine = one, c, sites[at]
                elif c < two:
                    two = c
            total += one
            two = min(two, 1e300)
            loss[mine] += two - one
            here = place[mine]
            for site in range(m):
                c = cost[row, site]
                if c < two:
                    gain[site] += max(one - c, 0.0)
                    both[here, site] += two - max(c, one)
        if turn == rounds:
            break
        best, out, into = 0.0, -1, -1
        for at in range(len(sites)):
            gone = sites[at]
            if fixed[gone] == 1:
                continue
            for site in range(m):
                if is_open[site] or fixed[site] == -1:
                    continue
                worth = gain[site] - loss[gone] + both[at, site]
                if worth > best:
                    best, out, into = worth, gone, site
        if out < 0 or best <= _LEAST_GAIN * total:
            break
        is_open[out] = 0
        is_open[into] = 1
    return total


@compiled_for("void(i8[::1],i8[::1],i8,i8)")
def shake(is_open: IntArray, fixed: IntArray, moves: int, seed: int) -> None:
    """Exchange some sites at random."""
    np.random.seed(seed)
    for _ in range(moves):
        free = np.flatnonzero((is_open == 1) & (fixed != 1))
        room = np.flatnonzero((is_open == 0) & (fixed != -1))
        if len(free) == 0 or len(room) == 0:
            return
        is_open[free[np.random.randint(len(free))]] = 0
        is_open[room[np.random.randint(len(room))]] = 1


@compiled_for("f8(f8[:,::1],f8[::1],i8[::1],i8,f8,i8,f8[::1],f8[::1],i8[::1],f8[::1],f8)")
def ascend(
    cost: FloatArray,
    prices: FloatArray,
    fixed: IntArray,
    count: int,
    upper: float,
    rounds: int,
    best_prices: FloatArray,
    best_reduced: FloatArray,
    best_pick: IntArray,
    state: FloatArray,
    enough: float,
) -> float:
    """Raise the Lagrangian bound by subgradient steps; return the best bound so far.

    Every demand pays a price for being served; a site is worth what it earns above costs, and the
    ``count`` best are picked. The sum of prices less these earnings is a lower bound.

    Parameters
    ----------
    prices
        Where to go on from, shape ``(n,)``; changed.
    fixed
        1: in every pick, -1: in none; shape ``(m,)``.
    upper
        Cost of the best known solution: it scales the steps.
    best_prices, best_reduced, best_pick
        Prices, reduced costs of sites and the pick of the best bound; changed when it rises.
    state
        Best bound, step, rounds without success; kept from call to call.
    enough
        Ends when the bound reaches this.
    """
    n, m = cost.shape
    reduced = np.zeros(m)
    order = np.zeros(m)
    pick = np.zeros(count, dtype=np.int64)
    served = np.zeros(n)
    for _ in range(rounds):
        reduced[:] = 0.0
        total = 0.0
        for row in range(n):
            price = prices[row]
            total += price
            for site in range(m):
                reduced[site] += min(cost[row, site] - price, 0.0)
        taken, choose = 0, count
        for site in range(m):
            order[site] = reduced[site]
            if fixed[site] == 1:
                pick[taken] = site
                taken += 1
                total += reduced[site]
                order[site] = np.inf
            elif fixed[site] == -1:
                order[site] = np.inf
        choose = count - taken
        if choose > 0:
            ranked = np.argsort(order)
            for at in range(choose):
                pick[taken + at] = ranked[at]
                total += order[ranked[at]]
        if total > state[0]:
            state[0] = total
            state[2] = 0.0
            best_prices[:] = prices
            best_reduced[:] = reduced
            best_pick[:] = pick
            if total >= enough:
                break
        else:
            state[2] += 1.0
            if state[2] >= _PATIENCE:
                state[1] *= 0.6
                state[2] = 0.0
                prices[:] = best_prices
        squares = 0.0
        for row in range(n):
            slope = 1.0
            for at in range(count):
                if cost[row, pick[at]] < prices[row]:
                    slope -= 1.0
            served[row] = slope
            squares += slope * slope
        if squares == 0.0 or state[1] < 1e-3:
            break
        scale = state[1] * (1.001 * upper - total) / squares
        for row in range(n):
            prices[row] += scale * served[row]
    best: float = state[0]
    return best
