"""A binary heap of labels in two arrays, the earliest first; compiled by numba."""

from routing.engine.compiled import compiled
from routing.network.arrays import IntArray


@compiled
def put(heap_ms: IntArray, heap_state: IntArray, size: int, ms: int, state: int) -> int:
    """Add a label; return how many there are."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if heap_ms[above] <= ms:
            break
        heap_ms[at] = heap_ms[above]
        heap_state[at] = heap_state[above]
        at = above
    heap_ms[at] = ms
    heap_state[at] = state
    return size + 1


@compiled
def take(heap_ms: IntArray, heap_state: IntArray, size: int) -> int:
    """Remove the least label, the first; return how many are left."""
    size -= 1
    ms, state = heap_ms[size], heap_state[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and heap_ms[below + 1] < heap_ms[below]:
            below += 1
        if heap_ms[below] >= ms:
            break
        heap_ms[at] = heap_ms[below]
        heap_state[at] = heap_state[below]
        at = below
    heap_ms[at] = ms
    heap_state[at] = state
    return size
