"""What the compiled loops of matching read of a network: permitted turns, times, the grid."""

from typing import NamedTuple

import numpy as np

from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import UNREACHABLE_MS
from routing.engine.edge_weights import EdgeWeights
from routing.locate.line_segments import cut_into_segments
from routing.locate.segment_grid import SegmentGrid
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

# The furthest that a street is looked for; also the width of a cell of the grid.
FURTHEST_M = 100.0


class TurnGraph(NamedTuple):
    """The edge-expanded network without what may not be driven.

    Attributes
    ----------
    leaving_start
        Arcs of state ``x`` are ``leaving_start[x]:leaving_start[x + 1]``, shape ``(s + 1,)``.
    arc_to, arc_turn_s
        Next state, and seconds of the turn, shape ``(a,)``.
    state_edge
        Directed edge of each state, shape ``(s,)``; state ``e < 2m`` is edge ``e``.
    edge_s, edge_m
        Free-flow time and length of each directed edge, shape ``(2m,)``; ``inf`` seconds where it
        may not be driven.
    edge_states, edge_states_start
        States of edge ``e``: ``edge_states[edge_states_start[e]:edge_states_start[e + 1]]``.
    """

    leaving_start: IntArray
    arc_to: IntArray
    arc_turn_s: FloatArray
    state_edge: IntArray
    edge_s: FloatArray
    edge_m: FloatArray
    edge_states: IntArray
    edge_states_start: IntArray


class StreetGrid(NamedTuple):
    """Segments of all open streets by grid cell; see `routing.locate.segment_grid`."""

    origin: FloatArray
    cell: FloatArray
    extent: IntArray
    starts: np.ndarray[tuple[int], np.dtype[np.int32]]
    listed: np.ndarray[tuple[int], np.dtype[np.int32]]
    street: IntArray
    line: FloatArray
    begin_m: FloatArray
    length_m: FloatArray
    bearing_deg: FloatArray


class StreetLines(NamedTuple):
    """Lines of streets; as `routing.network.line_geometry.Lines`."""

    lonlat: FloatArray
    start: IntArray
    at_m: FloatArray


def permitted_turns(network: RoadNetwork, expansion: Expansion, weights: EdgeWeights) -> TurnGraph:
    """Return the arcs that a profile permits, with driving and turning told apart."""
    open_arcs = np.flatnonzero(weights.arc_ms < UNREACHABLE_MS)
    arc_from = expansion.arc_from[open_arcs]
    edge_ms = weights.edge_ms
    turn_ms = weights.arc_ms[open_arcs] - edge_ms[expansion.state_edge[arc_from]]
    states = len(expansion.state_edge)
    return TurnGraph(
        leaving_start=np.searchsorted(arc_from, np.arange(states + 1)),
        arc_to=expansion.arc_to[open_arcs],
        arc_turn_s=turn_ms / 1000.0,
        state_edge=expansion.state_edge,
        edge_s=np.where(edge_ms < UNREACHABLE_MS, edge_ms / 1000.0, np.inf),
        edge_m=np.repeat(network.roads.segment_length_m, 2),
        edge_states=expansion.edge_states,
        edge_states_start=expansion.edge_states_start,
    )


def grid_of_streets(network: RoadNetwork, lines: Lines) -> StreetGrid:
    """Return the grid of all streets that may be driven in some direction, islands too."""
    open_streets = network.roads.segment_forward | network.roads.segment_backward
    segments = cut_into_segments(network, lines, np.flatnonzero(open_streets))
    cells = SegmentGrid(segments, FURTHEST_M).cells
    return StreetGrid(
        origin=cells.origin,
        cell=cells.size,
        extent=cells.extent,
        starts=cells.starts,
        listed=cells.segment,
        street=segments.street,
        line=segments.line,
        begin_m=segments.begin_m,
        length_m=segments.length_m,
        bearing_deg=segments.bearing_deg,
    )
