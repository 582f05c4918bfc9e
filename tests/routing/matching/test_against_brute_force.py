"""Viterbi over bounded searches finds what trying every way finds, on random towns."""

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import given
from hypothesis import strategies as st

from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import compute_weights
from routing.matching.bounded_search import make_workspace
from routing.matching.candidates import find_candidates
from routing.matching.network_arrays import grid_of_streets
from routing.matching.network_arrays import permitted_turns
from routing.matching.path_tracing import trace
from routing.matching.viterbi import KEPT
from routing.matching.viterbi import Costs
from routing.matching.viterbi import Nodes
from routing.matching.viterbi import most_likely
from routing.network.arrays import FloatArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork
from tests.examples import examples
from tests.routing.matching.brute_force import likeliest
from tests.routing.oracle import Oracle
from tests.routing.oracle import Place
from tests.routing.random_towns import RandomTrip
from tests.routing.random_towns import trips

_WHOLE = Costs(beam=1e9)
_SHIFTS = st.lists(st.tuples(*2 * [st.floats(-40.0, 40.0)]), min_size=8, max_size=8)


@examples(60)
@given(trips(), _SHIFTS)
def test_the_sequence_is_as_likely_as_the_likeliest_of_all(
    trip: RandomTrip, shifts: list[tuple[float, float]]
) -> None:
    """The least cost over all sequences is that of the one found."""
    network = RoadNetwork.from_roads(trip.roads)
    assume((network.roads.segment_length_m > 1.0).all())
    lines = Lines(network.roads)
    places = [*trip.origins, *trip.targets]
    nodes = _nodes(_beside(lines, places, shifts))
    metres = np.stack(metres_per_degree(nodes.lonlat[:, 1]), axis=1)
    expansion = expand(network)
    graph = permitted_turns(network, expansion, compute_weights(network, expansion, lines, NORMAL))
    assume((network.roads.segment_forward | network.roads.segment_backward).any())
    radius_m = np.full(len(places), 100.0)
    found = find_candidates(nodes.lonlat, metres, radius_m, grid_of_streets(network, lines), graph)
    assume(bool((np.diff(found.start) > 0).all()))

    expected = likeliest(Oracle(network), nodes, found, _WHOLE, graph.state_edge.tolist())
    assume(not expected.bounded)
    work = make_workspace(graph)
    matched = most_likely(nodes, metres, found, graph, work, _WHOLE, 0)

    if expected.cost < np.inf:
        assert matched.fate.tolist() == [KEPT] * len(places)
        assert matched.chain.tolist() == [0] * len(places)
        assert matched.cost[-1] == pytest.approx(expected.cost, abs=1e-6)
        path = trace(nodes, metres, found, matched, graph, work, _WHOLE)
        assert path.node_part.tolist() == sorted(path.node_part.tolist())
    else:
        assert matched.chain.max() > 0 or (matched.fate != KEPT).any()


def _beside(lines: Lines, places: list[Place], shifts: list[tuple[float, float]]) -> FloatArray:
    """Return positions some metres beside places on streets."""
    streets = np.array([edge // 2 for edge, _ in places])
    lonlat = lines.places(streets, np.array([offset_m for _, offset_m in places]))
    metres = np.stack(metres_per_degree(lonlat[:, 1]), axis=1)
    return np.asarray(lonlat + np.array(shifts[: len(places)]) / metres)


def _nodes(places: FloatArray) -> Nodes:
    count = len(places)
    times_s = 90.0 * np.arange(count, dtype=np.float64)
    return Nodes(
        lonlat=places,
        from_s=times_s,
        until_s=times_s,
        sigma_m=np.full(count, 20.0),
        slack_m=np.full(count, 40.0),
        heading_deg=np.full(count, np.nan),
        breaks=np.zeros(count, dtype=np.bool_),
    )
