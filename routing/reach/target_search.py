"""Dijkstra's search from origins to all targets within a time limit, compiled.

Arrays are those of `routing.reach.packed_search.PackedSearch`. scipy's Dijkstra allocates and
clears an array of all states for every search; here one costs what it reaches, and no more.
"""

from typing import NamedTuple

import numba
import numpy as np

from routing.network.arrays import Int32Array
from routing.network.arrays import IntArray


class TurnArrays(NamedTuple):
    """The states and arcs of a network with their weights, and what arrives on each edge."""

    leaving_start: Int32Array
    arc_to: Int32Array
    arc_ms: Int32Array
    state_edge: Int32Array
    arrival_start: Int32Array
    arrival_target: Int32Array
    arrival_ms: Int32Array


class Beginnings(NamedTuple):
    """Where searches begin, and what is known beforehand; of origin ``i``, each from its start."""

    seed_start: Int32Array
    seed: Int32Array
    seed_ms: Int32Array
    known_start: IntArray
    known: Int32Array
    known_ms: Int32Array


class Workspace(NamedTuple):
    """Memory of one search after another; entries of earlier ones are told by their stamp.

    Attributes
    ----------
    stamp
        Of the latest search, shape ``(1,)``.
    seen, state_ms, state_origin
        Stamp of the search that last labelled a state, and its label: the least time, and of equal
        times the first origin; shape ``(s,)``.
    met, target_ms, target_origin
        The same of each target; shape ``(n,)``.
    found
        Targets of the latest search in the order in which they were met; shape ``(n,)``.
    heap
        Open labels, ``ms << 32 | state``, old ones of the same state too.
    """

    stamp: IntArray
    seen: Int32Array
    state_ms: Int32Array
    state_origin: Int32Array
    met: Int32Array
    target_ms: Int32Array
    target_origin: Int32Array
    found: Int32Array
    heap: IntArray


def make_workspace(graph: TurnArrays, targets: int, seeds: int) -> Workspace:
    """Return memory for searches; pages that are never touched cost nothing."""
    states, arcs = len(graph.state_edge), len(graph.arc_to)
    return Workspace(
        stamp=np.zeros(1, dtype=np.int64),
        seen=np.zeros(states, dtype=np.int32),
        state_ms=np.empty(states, dtype=np.int32),
        state_origin=np.empty(states, dtype=np.int32),
        met=np.zeros(targets, dtype=np.int32),
        target_ms=np.empty(targets, dtype=np.int32),
        target_origin=np.empty(targets, dtype=np.int32),
        found=np.empty(targets, dtype=np.int32),
        heap=np.empty(2 * (arcs + seeds + 1), dtype=np.int64),
    )


@numba.njit(cache=True, nogil=True)
def search_targets(
    graph: TurnArrays, work: Workspace, begin: Beginnings, first: int, last: int, limit_ms: int
) -> int:
    """Find the targets within a limit of the nearest of some origins.

    Parameters
    ----------
    first, last
        The origins ``first`` up to ``last - 1``.
    limit_ms
        Times above it count as unreachable.

    Returns
    -------
    count
        How many there are in ``work.found``; -1 if the heap was too small.
    """
    work.stamp[0] += 1
    stamp = int(work.stamp[0])
    count = size = 0
    for origin in range(first, last):
        for at in range(begin.known_start[origin], begin.known_start[origin + 1]):
            count = _meet(work, stamp, count, begin.known[at], begin.known_ms[at], origin, limit_ms)
        for at in range(begin.seed_start[origin], begin.seed_start[origin + 1]):
            size = _label(work, stamp, size, begin.seed[at], begin.seed_ms[at], origin, limit_ms)
    most = len(work.heap) - 1
    while size > 0:
        size, key = _take(work.heap, size)
        here, here_ms = np.int32(key & 0xFFFFFFFF), np.int32(key >> 32)
        if here_ms > work.state_ms[here]:
            continue
        origin = work.state_origin[here]
        edge = graph.state_edge[here]
        for arrival in range(graph.arrival_start[edge], graph.arrival_start[edge + 1]):
            there_ms = np.int64(here_ms) + graph.arrival_ms[arrival]
            target = graph.arrival_target[arrival]
            count = _meet(work, stamp, count, target, there_ms, origin, limit_ms)
        for arc in range(graph.leaving_start[here], graph.leaving_start[here + 1]):
            if size == most:
                return -1
            # Weights go up to 2^31 - 1: the sum needs 64 bits.
            there_ms = np.int64(here_ms) + graph.arc_ms[arc]
            size = _label(work, stamp, size, graph.arc_to[arc], there_ms, origin, limit_ms)
    return count


@numba.njit(cache=True, nogil=True)
def _meet(
    work: Workspace, stamp: int, count: int, target: int, ms: int, origin: int, limit_ms: int
) -> int:
    if ms > limit_ms:
        return count
    if work.met[target] != stamp:
        work.met[target] = stamp
        work.found[count] = target
        count += 1
    elif not _sooner(ms, origin, work.target_ms[target], work.target_origin[target]):
        return count
    work.target_ms[target] = ms
    work.target_origin[target] = origin
    return count


@numba.njit(cache=True, nogil=True)
def _sooner(ms: int, origin: int, than_ms: int, than_origin: int) -> bool:
    return ms < than_ms or (ms == than_ms and origin < than_origin)


@numba.njit(cache=True, nogil=True)
def _label(
    work: Workspace, stamp: int, size: int, state: int, ms: int, origin: int, limit_ms: int
) -> int:
    if ms > limit_ms:
        return size
    labelled = work.seen[state] == stamp
    if labelled and not _sooner(ms, origin, work.state_ms[state], work.state_origin[state]):
        return size
    work.seen[state] = stamp
    work.state_ms[state] = ms
    work.state_origin[state] = origin
    key = (np.int64(ms) << 32) | np.int64(state)
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if work.heap[above] <= key:
            break
        work.heap[at] = work.heap[above]
        at = above
    work.heap[at] = key
    return size + 1


@numba.njit(cache=True, nogil=True)
def _take(heap: IntArray, size: int) -> tuple[int, int]:
    """Remove the least label; return how many are left, and the label."""
    least = heap[0]
    size -= 1
    last = heap[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= last:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = last
    return size, least
