"""Cut the streets around a place out of a network, numbered anew, with all that a search needs.

A phone without a signal searches these itself, so nothing is left to it but to add up numbers: the
weights are those of one profile and hour, turn costs and forbidden turns included, and the states
that remember the beginning of a restriction through ways (`routing.engine.edge_expansion`) come
along.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from geodata.roads.types import BRIDGE
from geodata.roads.types import ROUNDABOUT
from geodata.roads.types import TUNNEL
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork

SIMPLIFIED_TO_M = 2.0
_CURVE_BITS = 16
_LEAST_MPS = 1.0


@dataclass(frozen=True, eq=False)
class RoadCut:
    """The streets around a place; nodes, streets and states are numbered anew.

    A directed edge is ``2 * street + direction``, as in the whole network. The states are the
    directed edges, then those that remember a restriction begun. The turns of a state lead to all
    edges that leave the end of its edge and may be driven, in their order; states of edges that may
    not be driven have none.

    Attributes
    ----------
    edge
        Directed edge of the whole network of each directed edge here, int64, shape ``(2m,)``.
    node_lonlat
        WGS 84, shape ``(n, 2)``, neighbours near each other.
    street_from, street_to
        Nodes, shape ``(m,)``, rising by the former.
    edge_ms
        Time from end to end, milliseconds, shape ``(2m,)``; ``UNREACHABLE_MS`` if not permitted.
    signed
        Whether each edge may be driven by its signs, whatever the profile permits, ``(2m,)``.
    length_m
        Of the streets, shape ``(m,)``.
    street_class, roundabout, built, main
        Road class; whether it is part of a roundabout, a bridge or tunnel, and of the main network.
    name, names
        Index into ``names`` of each street; ``names[0]`` is empty.
    double_edge
        Edges of the states that remember something, shape ``(d,)``.
    turn_cost
        Index into ``costs_ms`` of each turn, 0 for one that is not permitted; state by state.
    turn_double
        State each turn leads to instead of its edge's own, as an index into ``double_edge``; -1 for
        most.
    costs_ms
        The different turn costs; the first stands for "not permitted" and means nothing.
    inner_start, inner_lonlat
        Points of the lines between the end nodes, simplified: those of street ``i`` are
        ``inner_start[i]:inner_start[i + 1]``.
    top_mps
        No edge is driven faster.
    """

    edge: IntArray
    node_lonlat: FloatArray
    street_from: IntArray
    street_to: IntArray
    edge_ms: IntArray
    signed: BoolArray
    length_m: FloatArray
    street_class: IntArray
    roundabout: BoolArray
    built: BoolArray
    main: BoolArray
    name: IntArray
    names: tuple[str, ...]
    double_edge: IntArray
    turn_cost: IntArray
    turn_double: IntArray
    costs_ms: IntArray
    inner_start: IntArray
    inner_lonlat: FloatArray
    top_mps: float

    def own_edges(self, edges: IntArray) -> IntArray:
        """Return the numbers here of directed edges of the whole network; -1 for those beyond."""
        order = np.argsort(self.edge)
        if not len(order):
            return np.full(len(edges), -1)
        at = np.minimum(np.searchsorted(self.edge[order], edges), len(order) - 1)
        found = order[at]
        return np.where(self.edge[found] == edges, found, -1)


def cut_roads(
    network: RoadNetwork,
    expansion: Expansion,
    lines: Lines,
    weights: EdgeWeights,
    main: BoolArray,
    place: tuple[FloatArray, float],
) -> RoadCut:
    """Return the streets of which at least one end is near a place.

    Parameters
    ----------
    weights
        Of a profile and hour, closures not applied.
    main
        Which streets belong to the main network.
    place
        The centre, WGS 84, shape ``(2,)``, and the radius in metres.
    """
    roads = network.roads
    usable = weights.edge_ms < UNREACHABLE_MS
    near = _nodes_near(roads.node_lonlat, *place)
    inside = near[roads.segment_from] | near[roads.segment_to]
    streets = np.flatnonzero(inside & (usable[0::2] | usable[1::2]))
    nodes = np.unique(np.concatenate((roads.segment_from[streets], roads.segment_to[streets])))
    nodes = nodes[np.argsort(_along_curve(roads.node_lonlat[nodes]), kind="stable")]
    own_node = np.full(len(roads.node_lonlat), -1, dtype=np.int64)
    own_node[nodes] = np.arange(len(nodes))
    begin, end = own_node[roads.segment_from[streets]], own_node[roads.segment_to[streets]]
    order = np.lexsort((end, begin))
    streets, begin, end = streets[order], begin[order], end[order]
    edge = np.stack((2 * streets, 2 * streets + 1), axis=1).ravel()
    double_edge, turn_cost, turn_double, costs_ms = _cut_turns(expansion, weights, edge)
    used, name = np.unique(np.append(roads.segment_name[streets], 0), return_inverse=True)
    inner_start, inner_lonlat = _inner_points(lines, streets)
    edge_ms, length_m = weights.edge_ms[edge], roads.segment_length_m[streets]
    flags = roads.segment_flags[streets]
    return RoadCut(
        edge=edge,
        node_lonlat=roads.node_lonlat[nodes],
        street_from=begin,
        street_to=end,
        edge_ms=edge_ms,
        signed=network.edge_driveable[edge],
        length_m=length_m,
        street_class=roads.segment_class[streets].astype(np.int64),
        roundabout=(flags & ROUNDABOUT) > 0,
        built=(flags & (BRIDGE | TUNNEL)) > 0,
        main=main[streets],
        name=name[:-1],
        names=tuple(roads.names[at] for at in used.tolist()),
        double_edge=double_edge,
        turn_cost=turn_cost,
        turn_double=turn_double,
        costs_ms=costs_ms,
        inner_start=inner_start,
        inner_lonlat=inner_lonlat,
        top_mps=max(
            _LEAST_MPS, float((1000.0 * np.repeat(length_m, 2) / edge_ms).max(initial=0.0))
        ),
    )


def _nodes_near(node_lonlat: FloatArray, centre: FloatArray, radius_m: float) -> BoolArray:
    scale = np.stack(metres_per_degree(np.asarray(centre[1])))
    return np.asarray(np.hypot(*((node_lonlat - centre) * scale).T) <= radius_m)


def _along_curve(lonlat: FloatArray) -> IntArray:
    """Return the place of each position along a curve that visits neighbours one after another."""
    low = lonlat.min(axis=0, initial=180.0)
    span = np.maximum(lonlat.max(axis=0, initial=-180.0) - low, 1e-9)
    cell = ((lonlat - low) / span * (2**_CURVE_BITS - 1)).astype(np.int64)
    found = np.zeros(len(lonlat), dtype=np.int64)
    for bit in range(_CURVE_BITS):
        found |= ((cell[:, 0] >> bit) & 1) << (2 * bit)
        found |= ((cell[:, 1] >> bit) & 1) << (2 * bit + 1)
    return found


def _cut_turns(
    expansion: Expansion, weights: EdgeWeights, edge: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Return ``double_edge``, ``turn_cost``, ``turn_double`` and ``costs_ms`` of a cut."""
    whole_edges = len(weights.edge_ms)
    own_edge = np.full(whole_edges, -1, dtype=np.int64)
    own_edge[edge] = np.arange(len(edge))
    own_edge[weights.edge_ms == UNREACHABLE_MS] = -1
    of_state = own_edge[expansion.state_edge]
    doubles = whole_edges + np.flatnonzero(of_state[whole_edges:] >= 0)
    own_state = np.full(len(expansion.state_edge), -1, dtype=np.int64)
    own_state[:whole_edges] = of_state[:whole_edges]
    own_state[doubles] = len(edge) + np.arange(len(doubles))
    arcs = np.flatnonzero((own_state[expansion.arc_from] >= 0) & (own_state[expansion.arc_to] >= 0))
    heads = of_state[expansion.arc_to[arcs]]
    arcs = arcs[np.lexsort((heads, own_state[expansion.arc_from[arcs]]))]
    arc_ms = weights.arc_ms[arcs]
    permitted = arc_ms < UNREACHABLE_MS
    turn_ms = arc_ms - weights.edge_ms[expansion.state_edge[expansion.arc_from[arcs]]]
    costs_ms, cost = np.unique(turn_ms[permitted], return_inverse=True)
    turn_cost = np.zeros(len(arcs), dtype=np.int64)
    turn_cost[permitted] = cost + 1
    to_state = own_state[expansion.arc_to[arcs]]
    turn_double = np.where(to_state >= len(edge), to_state - len(edge), -1)
    double_edge = of_state[doubles]
    return double_edge, turn_cost, turn_double, np.concatenate(([0], costs_ms))


def _inner_points(lines: Lines, streets: IntArray) -> tuple[IntArray, FloatArray]:
    """Return the points of streets between their ends: no line is moved by more than two metres."""
    points, counts = lines.wholes(2 * streets)
    scale = np.stack(metres_per_degree(points[:, 1].mean() if len(points) else np.zeros(1)))
    scale = scale.reshape(2)
    owner = np.repeat(np.arange(len(streets)), counts)
    drawn = np.atleast_1d(np.asarray(shapely.linestrings(points * scale, indices=owner)))
    simple = shapely.simplify(drawn, SIMPLIFIED_TO_M, preserve_topology=False)
    simple = np.where(shapely.is_empty(simple), drawn, simple)
    lonlat, owner = shapely.get_coordinates(simple, return_index=True)
    kept = np.bincount(owner, minlength=len(streets))
    first = np.cumsum(kept) - kept
    inner = np.ones(len(lonlat), dtype=np.bool_)
    inner[first], inner[first + kept - 1] = False, False
    start = np.concatenate(([0], np.cumsum(kept - 2)))
    return start, lonlat[inner] / scale
