"""Find the main network; streets outside it are islands."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.network.arrays import BoolArray
from routing.network.road_network import RoadNetwork


def find_main_streets(
    network: RoadNetwork, expansion: Expansion, weights: EdgeWeights
) -> BoolArray:
    """Return which streets can be reached from the main network and left towards it.

    An extract is full of car parks mapped without their driveway and of motorways cut at its edge.
    A crew placed on one of these would seem unreachable although the next street is metres away, so
    snapping passes them over when a main street is within reach.

    The main network is the strongly connected part with the greatest length of road, turn
    restrictions counted.

    Returns
    -------
    main
        Shape ``(m,)``: whether at least one direction of the street belongs to it.
    """
    usable = weights.arc_ms < UNREACHABLE_MS
    states = len(expansion.state_edge)
    graph = csr_array(
        (
            np.ones(np.count_nonzero(usable), dtype=np.int8),
            (expansion.arc_from[usable], expansion.arc_to[usable]),
        ),
        shape=(states, states),
    )
    _, part = connected_components(graph, directed=True, connection="strong")
    drivable = weights.edge_ms[expansion.state_edge] < UNREACHABLE_MS
    length_m = network.roads.segment_length_m[expansion.state_edge // 2]
    largest = int(np.bincount(part, weights=length_m * drivable).argmax())
    main = np.zeros(network.segment_count, dtype=np.bool_)
    main[expansion.state_edge[(part == largest) & drivable] // 2] = True
    return main
