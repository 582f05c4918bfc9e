"""Weights of the chordal graph: paths that go up and down only equal Dijkstra's, whatever changes.

A random graph stands for a road network here, and any order for a contraction order: both are
worse than real ones, and exact all the same.
"""

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from routing.engine.edge_weights import UNREACHABLE_MS
from routing.labels.customising import INFINITE_MS
from routing.labels.joining import join
from routing.labels.metric import LabelMetric
from routing.labels.place_labels import fill_labels
from routing.labels.place_labels import find_rows
from routing.labels.topology import LabelTopology
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from tests.examples import examples
from tests.routing.labels.plain_graphs import expansion_of

_MS = st.one_of(st.integers(1, 50), st.integers(1, 10**8))


@st.composite
def _graphs(draw: st.DrawFn) -> tuple[int, IntArray, IntArray, IntArray]:
    """Return the number of vertices, tails and heads of arcs, and an order."""
    count = draw(st.integers(1, 14))
    some = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(some, some), min_size=1, max_size=40))
    ends = np.array(sorted(pairs), dtype=np.int64)
    order = np.array(draw(st.permutations(range(count))), dtype=np.int64)
    return count, ends[:, 0], ends[:, 1], order


@examples(100)
@given(st.data(), _graphs())
def test_changed_weights_are_those_of_customising_anew_and_dijkstras(
    data: st.DataObject, graph: tuple[int, IntArray, IntArray, IntArray]
) -> None:
    """Some arcs closed, opened, slower or faster, several times over; parallel arcs and loops."""
    count, tail, head, order = graph
    weights = st.lists(_MS, min_size=len(tail), max_size=len(tail))
    arc_ms = np.array(data.draw(weights), dtype=np.int64)
    topology = LabelTopology.build(
        expansion_of(count, tail, head), order, np.ones(len(tail), dtype=np.bool_)
    )
    metric = LabelMetric.make(topology, arc_ms)
    for changed in _changes(data, arc_ms):
        metric._recustomise(metric._take(changed))  # whatever the share of changed arcs

        anew = LabelMetric.make(topology, changed)
        np.testing.assert_array_equal(metric.upwards, anew.upwards)
        np.testing.assert_array_equal(metric.downwards, anew.downwards)
        np.testing.assert_array_equal(
            _all_times_ms(metric, count), _by_dijkstra(count, tail, head, changed)
        )


def test_sums_beyond_the_greatest_number_are_infinite_not_small() -> None:
    """Three days an arc: after eight of them 2³¹ ms are passed, and nothing turns round."""
    count, day_ms = 12, 86_400_000
    tail, head = np.arange(count - 1), np.arange(1, count)
    arc_ms = np.full(count - 1, 3 * day_ms)
    topology = LabelTopology.build(
        expansion_of(count, tail, head), np.arange(count), np.ones(count - 1, dtype=np.bool_)
    )

    actual_ms = _all_times_ms(LabelMetric.make(topology, arc_ms), count)

    expected_ms = _by_dijkstra(count, tail, head, arc_ms)
    expected_ms[expected_ms >= UNREACHABLE_MS] = np.inf
    assert actual_ms[0, 8] == 24 * day_ms
    assert np.isposinf(actual_ms[0, 9])
    np.testing.assert_array_equal(actual_ms, expected_ms)


def _changes(data: st.DataObject, arc_ms: IntArray) -> Iterator[IntArray]:
    for _ in range(data.draw(st.integers(1, 3))):
        which = data.draw(
            st.lists(st.integers(0, len(arc_ms) - 1), min_size=1, max_size=5, unique=True)
        )
        arc_ms = arc_ms.copy()
        for arc in which:
            arc_ms[arc] = data.draw(st.one_of(st.just(UNREACHABLE_MS), _MS))
        yield arc_ms


def _all_times_ms(metric: LabelMetric, count: int) -> FloatArray:
    """Return the times between all vertices, each a place of its own."""
    topology = metric.topology
    start = np.arange(count + 1)
    sides = []
    for weight_ms in (metric.upwards, metric.downwards):
        labels = find_rows(topology.parent, topology.depth, start, topology.vertex)
        fill_labels(
            topology.parent,
            topology.up_start,
            topology.up,
            weight_ms,
            start,
            topology.vertex,
            np.zeros(count, dtype=np.uint32),
            labels,
            0,
            count,
        )
        sides.append(labels)
    times_ms = np.full((count, count), np.inf)
    nothing = np.zeros(count, dtype=np.int64)
    join(
        topology.parent,
        topology.depth,
        topology.lowest,
        sides[0],
        sides[1],
        np.argsort(topology.vertex),
        nothing,
        nothing,
        times_ms,
        0,
        count,
    )
    return times_ms


def _by_dijkstra(count: int, tail: IntArray, head: IntArray, arc_ms: IntArray) -> FloatArray:
    least: dict[tuple[int, int], float] = {}
    for begin, end, ms in zip(tail.tolist(), head.tolist(), arc_ms.tolist(), strict=True):
        if begin != end and ms < int(INFINITE_MS):
            least[begin, end] = min(ms, least.get((begin, end), ms))
    ends = np.array(list(least), dtype=np.int64).reshape(-1, 2)
    graph = coo_array((list(least.values()), (ends[:, 0], ends[:, 1])), shape=(count, count))
    return np.asarray(dijkstra(graph.tocsr().astype(np.float64)))
