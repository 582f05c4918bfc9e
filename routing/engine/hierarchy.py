"""Shortest paths by customizable contraction hierarchies (RoutingKit), arguments checked.

Properties of ``routingkit_cch`` 0.1.4 that shape this module:

* A wrong node id panics or crashes the process, so every id and cost is checked here, once.
* Query objects may only be touched by the thread that made them, and weights may only change while
  none is alive. Making one takes 0.03 ms (pinning 2 000 sources 0.2 ms), so each lives inside one
  call and never longer: any thread may call, one at a time. The caller holds the lock.
* A panic is a ``BaseException``; it is turned into `EngineError`.
* Finding the node order is slow (seconds) and depends on the topology alone: it is kept on disk.

References
----------
Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies, ACM JEA 21.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass

import numpy as np
import routingkit_cch as rk

from routing.engine.edge_weights import UNREACHABLE_MS
from routing.errors import EngineError
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


@dataclass(frozen=True, eq=False)
class Seeds:
    """First or last nodes of a search, each with its initial cost, ms."""

    nodes: IntArray
    costs_ms: IntArray


def compute_order(node_count: int, tail: IntArray, head: IntArray, lonlat: FloatArray) -> IntArray:
    """Return a contraction order by inertial nested dissection; seconds for a city.

    Parameters
    ----------
    node_count
        Number of nodes.
    tail, head
        First and last node of each arc.
    lonlat
        Position of each node; only used to cut the graph well. Shape ``(node_count, 2)``.
    """
    with _panics_as_errors():
        order = rk.compute_order_inertial(
            node_count, tail.tolist(), head.tolist(), lonlat[:, 1].tolist(), lonlat[:, 0].tolist()
        )
    return np.array(order, dtype=np.int64)


def is_order(order: IntArray, node_count: int) -> bool:
    """Return whether an array holds every node once; RoutingKit crashes on anything else."""
    return order.shape == (node_count,) and bool(
        np.array_equal(np.sort(order), np.arange(node_count))
    )


class ContractionHierarchy:
    """Shortest paths over a fixed topology with replaceable weights; callers hold the lock.

    Callers number the arcs of the whole network. The hierarchy holds only those that may ever be
    used: without the forbidden half of all turns, searches take half the time and memory.
    """

    def __init__(
        self, node_count: int, tail: IntArray, head: IntArray, order: IntArray, weights_ms: IntArray
    ) -> None:
        """Build the hierarchy.

        Parameters
        ----------
        node_count
            Number of nodes.
        tail, head
            First and last node of each arc, shape ``(a,)``.
        order
            From `compute_order`.
        weights_ms
            Of each arc. What is unreachable now stays so, whatever weights it is given later.
        """
        if node_count < 1 or len(tail) != len(head) or not is_order(order, node_count):
            message = "the node order does not fit the network"
            raise EngineError(message)
        self._node_count = node_count
        self._arc_count = len(tail)
        self._check_nodes(tail)
        self._check_nodes(head)
        self._check_weights(weights_ms, self._arc_count)
        usable = weights_ms < UNREACHABLE_MS
        # The engine crashes on no arcs at all.
        self._arcs = np.flatnonzero(usable if usable.any() else ~usable).astype(np.int32)
        tail, head = tail[self._arcs], head[self._arcs]
        with _panics_as_errors():
            self._cch = rk.CCH(order.tolist(), tail.tolist(), head.tolist(), True)  # noqa: FBT003
            self._metric = rk.CCHMetric(self._cch, weights_ms[self._arcs].tolist())

    def with_weights(self, weights_ms: IntArray) -> "ContractionHierarchy":
        """Return a hierarchy of the same topology with other weights; no new contraction."""
        self._check_weights(weights_ms, self._arc_count)
        other = copy(self)
        with _panics_as_errors():
            metric = rk.CCHMetric(self._cch, weights_ms[self._arcs].tolist())
            other._metric = metric  # noqa: SLF001 - its own
        return other

    def set_weights(self, weights_ms: IntArray) -> None:
        """Replace all weights; the hierarchy is kept."""
        self._check_weights(weights_ms, self._arc_count)
        with _panics_as_errors():
            self._metric.reset(weights_ms[self._arcs].tolist())

    def update_weights(self, arcs: IntArray, weights_ms: IntArray) -> None:
        """Replace the weights of a few arcs; far cheaper than all of them up to some thousands."""
        self._check_weights(weights_ms, len(arcs))
        if len(arcs) and (arcs.min() < 0 or arcs.max() >= self._arc_count):
            message = "an arc is not in the network"
            raise EngineError(message)
        inner = np.minimum(np.searchsorted(self._arcs, arcs), len(self._arcs) - 1)
        held = self._arcs[inner] == arcs if len(self._arcs) else np.zeros(len(arcs), dtype=np.bool_)
        with _panics_as_errors():
            changes = dict(zip(inner[held].tolist(), weights_ms[held].tolist(), strict=True))
            rk.CCHMetricPartialUpdater(self._cch).apply(self._metric, changes)

    def many_to_one(self, sources: IntArray, targets: Sequence[Seeds]) -> FloatArray:
        """Return the time from every source to the nearest node of each target.

        Returns
        -------
        times_ms
            Shape ``(len(targets), len(sources))``; ``inf`` where no path leads.
        """
        times_ms = np.full((len(targets), len(sources)), np.inf)
        self._check_nodes(sources)
        queries = [(row, self._checked_pairs(seeds)) for row, seeds in enumerate(targets)]
        if not len(sources):
            return times_ms
        with _panics_as_errors():
            pinned = rk.CCHManyToOne(self._metric, sources.tolist())
            try:
                for row, pairs in queries:
                    if pairs:
                        times_ms[row] = pinned.distances_to_multi(pairs)
            finally:
                del pinned
        times_ms[np.isnan(times_ms)] = np.inf
        return times_ms

    def one_to_many(self, sources: Sequence[Seeds], targets: IntArray) -> FloatArray:
        """Return the time from the best node of each source to every target.

        Returns
        -------
        times_ms
            Shape ``(len(sources), len(targets))``; ``inf`` where no path leads.
        """
        times_ms = np.full((len(sources), len(targets)), np.inf)
        self._check_nodes(targets)
        queries = [(row, self._checked_pairs(seeds)) for row, seeds in enumerate(sources)]
        if not len(targets):
            return times_ms
        with _panics_as_errors():
            pinned = rk.CCHOneToMany(self._metric, targets.tolist())
            try:
                for row, pairs in queries:
                    if pairs:
                        times_ms[row] = pinned.distances_from_multi(pairs)
            finally:
                del pinned
        times_ms[np.isnan(times_ms)] = np.inf
        return times_ms

    def path(self, source: Seeds, target: Seeds) -> tuple[float, IntArray, IntArray]:
        """Return time, nodes and arcs of the best path; ``inf`` and nothing if there is none."""
        nothing = np.empty(0, dtype=np.int64)
        begin, end = self._checked_pairs(source), self._checked_pairs(target)
        if not begin or not end:
            return np.inf, nothing, nothing
        with _panics_as_errors():
            query = rk.CCHQuery(self._metric)
            try:
                result = query.run_multi(begin, end)
                distance = result.distance
                nodes, arcs = result.node_path, result.arc_path
                del result
            finally:
                del query
        if distance is None:
            return np.inf, nothing, nothing
        used = self._arcs[np.array(arcs, dtype=np.int64)].astype(np.int64)
        return float(distance), np.array(nodes, dtype=np.int64), used

    def _checked_pairs(self, seeds: Seeds) -> list[tuple[int, int]]:
        self._check_nodes(seeds.nodes)
        costs = seeds.costs_ms
        if len(costs) != len(seeds.nodes):
            message = "every seed needs one cost"
            raise EngineError(message)
        if len(costs) and (costs.min() < 0 or costs.max() >= UNREACHABLE_MS):
            message = "a seed has an impossible cost"
            raise EngineError(message)
        return list(zip(seeds.nodes.tolist(), costs.tolist(), strict=True))

    def _check_nodes(self, nodes: IntArray) -> None:
        if len(nodes) and (nodes.min() < 0 or nodes.max() >= self._node_count):
            message = "a node is not in the network"
            raise EngineError(message)

    @staticmethod
    def _check_weights(weights_ms: IntArray, count: int) -> None:
        if weights_ms.shape != (count,):
            message = f"expected {count} weights, got shape {weights_ms.shape}"
            raise EngineError(message)
        if count and (weights_ms.min() < 0 or weights_ms.max() > UNREACHABLE_MS):
            message = "a weight is negative or too great"
            raise EngineError(message)


@contextmanager
def _panics_as_errors() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        message = f"the engine refused: {error}"
        raise EngineError(message) from error
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # its class cannot be imported
            raise
        message = f"the engine panicked: {panic}"
        raise EngineError(message) from None
