"""Greedy addition and best exchange for objectives that count how often each row is covered.

The worth of a row is ``weight * table[kind, k]`` when k crews cover it; k counts crews, not sites.
With a table of 0, 1, 1, … that is maximal cover, with 1 - q**k expected cover, and so on. Exchanges
are judged as Resende and Werneck judge them: gain of the added, less loss of the removed, plus what
both share.
"""

import numpy as np

from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving.compiling import compiled_for

_LEAST_GAIN = 1e-12
_ARRAYS = "i8[::1],i8[::1],i8[::1],i8[::1],f8[::1],i8[::1],f8[:,::1]"


@compiled_for("void(i8[::1],i8[::1],i8[::1],i8[::1],i8,i8)")
def _move(
    site_start: IntArray,
    site_row: IntArray,
    crews: IntArray,
    covers: IntArray,
    out: int,
    into: int,
) -> None:
    crews[out] -= 1
    crews[into] += 1
    for at in range(site_start[out], site_start[out + 1]):
        covers[site_row[at]] -= 1
    for at in range(site_start[into], site_start[into + 1]):
        covers[site_row[at]] += 1


@compiled_for(f"f8({_ARRAYS},i8[::1],i8[::1],i8[::1],i8)")
def add_greedily(
    row_start: IntArray,
    row_site: IntArray,
    site_start: IntArray,
    site_row: IntArray,
    weights: FloatArray,
    kind: IntArray,
    table: FloatArray,
    crews: IntArray,
    most: IntArray,
    covers: IntArray,
    count: int,
) -> float:
    """Add crews until there are ``count``, each where it gains most; return what was gained.

    ``crews`` (at each site) and ``covers`` (of each row) are changed. Fewer are added only when no
    site has room.
    """
    sites = len(crews)
    gain = np.zeros(sites)
    for row in range(len(weights)):
        up = weights[row] * (table[kind[row], covers[row] + 1] - table[kind[row], covers[row]])
        for at in range(row_start[row], row_start[row + 1]):
            gain[row_site[at]] += up
    gained = 0.0
    for _ in range(count - crews.sum()):
        best = -1
        for site in range(sites):
            if crews[site] < most[site] and (best < 0 or gain[site] > gain[best]):
                best = site
        if best < 0:
            break
        gained += gain[best]
        crews[best] += 1
        for at in range(site_start[best], site_start[best + 1]):
            row = site_row[at]
            k = covers[row]
            covers[row] = k + 1
            step = weights[row] * (
                table[kind[row], k + 2] - 2.0 * table[kind[row], k + 1] + table[kind[row], k]
            )
            if step != 0.0:
                for other in range(row_start[row], row_start[row + 1]):
                    gain[row_site[other]] += step
    return gained


@compiled_for(f"f8({_ARRAYS},i8[::1],i8[::1],i8[::1],i8[::1],i8)")
def exchange_best(
    row_start: IntArray,
    row_site: IntArray,
    site_start: IntArray,
    site_row: IntArray,
    weights: FloatArray,
    kind: IntArray,
    table: FloatArray,
    crews: IntArray,
    fixed: IntArray,
    most: IntArray,
    covers: IntArray,
    rounds: int,
) -> float:
    """Move one crew at a time, the best move first, until none helps; return what was gained.

    ``fixed`` crews of a site do not move. ``crews`` and ``covers`` are changed.
    """
    sites = len(crews)
    place = np.full(sites, -1)
    gain, loss = np.zeros(sites), np.zeros(sites)
    gained = 0.0
    for _ in range(rounds):
        open_sites = np.flatnonzero(crews > 0)
        for at in range(sites):
            place[at] = -1
        for at in range(len(open_sites)):
            place[open_sites[at]] = at
        gain[:] = 0.0
        loss[:] = 0.0
        both = np.zeros((len(open_sites), sites))
        for row in range(len(weights)):
            k, of = covers[row], kind[row]
            up = weights[row] * (table[of, k + 1] - table[of, k])
            down = weights[row] * (table[of, k] - table[of, k - 1]) if k > 0 else 0.0
            if up == 0.0 and down == 0.0:
                continue
            begin, end = row_start[row], row_start[row + 1]
            for at in range(begin, end):
                gain[row_site[at]] += up
            if k == 0:
                continue
            shared = down - up
            for at in range(begin, end):
                here = place[row_site[at]]
                if here >= 0:
                    loss[row_site[at]] += down
                    if shared != 0.0:
                        for other in range(begin, end):
                            both[here, row_site[other]] += shared
        best, out, into = 0.0, -1, -1
        worth = 0.0
        for at in range(len(open_sites)):
            site = open_sites[at]
            if crews[site] <= fixed[site]:
                continue
            for other in range(sites):
                if crews[other] >= most[other] or other == site:
                    continue
                worth = gain[other] - loss[site] + both[at, other]
                if worth > best:
                    best, out, into = worth, site, other
        if out < 0 or best <= _LEAST_GAIN * (gain[into] + loss[out]):
            break
        gained += best
        _move(site_start, site_row, crews, covers, out, into)
    return gained


@compiled_for("void(i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8[::1],i8,i8)")
def shake(
    site_start: IntArray,
    site_row: IntArray,
    crews: IntArray,
    fixed: IntArray,
    most: IntArray,
    covers: IntArray,
    moves: int,
    seed: int,
) -> None:
    """Move some crews at random, as a new start for the exchange."""
    np.random.seed(seed)
    for _ in range(moves):
        free = np.flatnonzero(crews > fixed)
        room = np.flatnonzero(crews < most)
        if len(free) == 0 or len(room) == 0:
            return
        out = free[np.random.randint(len(free))]
        into = room[np.random.randint(len(room))]
        if out != into:
            _move(site_start, site_row, crews, covers, out, into)
