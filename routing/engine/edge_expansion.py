"""Build the edge-expanded network: directed edges are states, turns are arcs.

A node-based search cannot forbid a left turn, since it forgets where it came from. Here a state is
"at the beginning of this directed edge" and an arc "drive it to its end, then turn into the next".
A restriction through a way ("coming from A along B, not into C") needs one step more of memory: for
such paths the states of B are doubled, one for those who came from A (a trie, walked like
Aho and Corasick do).

All directed edges and all turns are here, forbidden ones too, marked: which may be used and at what
price is a matter of the weights, so that a rescue profile is another column of numbers over the
same topology and not another network.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from routing.network.arrays import BoolArray
from routing.network.arrays import IntArray
from routing.network.road_network import RoadNetwork

EXPANSION_VERSION = 1

FORBIDDEN_TURN = 1  # a sign forbids it
U_TURN = 2  # back into the street one came from, although there are other ways to go

Rule: TypeAlias = tuple[tuple[int, ...], bool]  # path of directed edges, and whether only this way


@dataclass(frozen=True, eq=False)
class Expansion:
    """States and arcs of the edge-expanded network, arcs sorted by their first state.

    Attributes
    ----------
    state_edge
        Directed edge of each state, int64, shape ``(s,)``. State ``e < 2m`` is edge ``e`` with no
        memory; later ones are doubles that remember a restriction begun.
    arc_from, arc_to
        States, int64, shape ``(a,)``.
    arc_mark
        0, or a sum of ``FORBIDDEN_TURN`` and ``U_TURN``, uint8, shape ``(a,)``.
    leaving_start
        Arcs leaving state ``x`` are ``leaving_start[x]:leaving_start[x + 1]``, shape ``(s + 1,)``.
    entering_arcs, entering_start
        Arcs entering any state of edge ``e`` are
        ``entering_arcs[entering_start[e]:entering_start[e + 1]]``.
    edge_states, edge_states_start
        States of edge ``e``, in the same fashion.
    """

    state_edge: IntArray
    arc_from: IntArray
    arc_to: IntArray
    arc_mark: np.ndarray[tuple[int], np.dtype[np.uint8]]
    leaving_start: IntArray
    entering_arcs: IntArray
    entering_start: IntArray
    edge_states: IntArray
    edge_states_start: IntArray

    def states_of(self, edge: int) -> IntArray:
        """Return all states of a directed edge."""
        return self.edge_states[self.edge_states_start[edge] : self.edge_states_start[edge + 1]]

    def arcs_entering(self, edge: int) -> IntArray:
        """Return the arcs that turn into a directed edge."""
        return self.entering_arcs[self.entering_start[edge] : self.entering_start[edge + 1]]


def expand(network: RoadNetwork) -> Expansion:
    """Return the edge-expanded form of a network with all its restrictions."""
    arc_from, arc_to = _all_turns(network)
    mark = np.where(_turns_back(network, arc_from, arc_to), U_TURN, 0).astype(np.uint8)
    leaving = _starts(arc_from, network.edge_count)
    node_rules, way_rules = _split_restrictions(network)
    for path, only in node_rules:
        arcs = np.arange(leaving[path[0]], leaving[path[0] + 1])
        hit = (arc_to[arcs] == path[1]) != only
        mark[arcs[hit]] |= FORBIDDEN_TURN
    builder = _RestrictionStates(arc_from, arc_to, mark, leaving, network.edge_count)
    builder.add(way_rules)
    return builder.finish()


def _all_turns(network: RoadNetwork) -> tuple[IntArray, IntArray]:
    """Return the pairs of each directed edge and each edge that leaves its last node."""
    by_start = np.argsort(network.edge_from, kind="stable")
    first = _starts(network.edge_from[by_start], len(network.roads.node_lonlat))
    exits = (first[1:] - first[:-1])[network.edge_to]
    arc_from = np.repeat(np.arange(network.edge_count), exits)
    rank = np.arange(len(arc_from)) - np.repeat(np.cumsum(exits) - exits, exits)
    arc_to = by_start[first[network.edge_to][arc_from] + rank]
    return arc_from, arc_to


def _turns_back(network: RoadNetwork, arc_from: IntArray, arc_to: IntArray) -> BoolArray:
    """Return which arcs turn back although the node has another exit."""
    back = arc_to == (arc_from ^ 1)
    onward = np.bincount(
        arc_from[network.edge_driveable[arc_to] & ~back], minlength=network.edge_count
    )
    return np.asarray(back & (onward[arc_from] > 0))


def _split_restrictions(network: RoadNetwork) -> tuple[list[Rule], list[Rule]]:
    """Return restrictions at a node, and restrictions through ways.

    An "only" restriction towards an edge that nobody may drive is a mapping error that would make
    the street a dead end: it is ignored.
    """
    roads = network.roads
    at_node: list[Rule] = []
    through_ways: list[Rule] = []
    for rule, only in enumerate(roads.restriction_only.tolist()):
        path = tuple(
            roads.restriction_path[
                roads.restriction_start[rule] : roads.restriction_start[rule + 1]
            ].tolist()
        )
        if only and not network.edge_driveable[list(path[1:])].all():
            continue
        (at_node if len(path) == 2 else through_ways).append((path, only))  # noqa: PLR2004 - from, to
    return at_node, through_ways


class _RestrictionStates:
    """Doubles states for restrictions through ways and redirects the arcs into them."""

    def __init__(
        self,
        arc_from: IntArray,
        arc_to: IntArray,
        mark: np.ndarray[tuple[int], np.dtype[np.uint8]],
        leaving: IntArray,
        edge_count: int,
    ) -> None:
        self._arc_from, self._arc_to, self._mark = arc_from, arc_to.copy(), mark
        self._arc_edge = arc_to
        self._leaving = leaving
        self._edge_count = edge_count
        self._states: dict[tuple[int, ...], int] = {}
        self._added_arcs: list[tuple[int, int, int]] = []

    def add(self, rules: list[Rule]) -> None:
        """Add states and arcs for every rule of three edges or more."""
        last_edges: dict[tuple[int, ...], list[tuple[int, bool]]] = {}
        for path, only in rules:
            last_edges.setdefault(path[:-1], []).append((path[-1], only))
            for length in range(2, len(path)):
                self._states.setdefault(path[:length], self._edge_count + len(self._states))
        for prefix in self._states:
            if len(prefix) == 2:  # noqa: PLR2004 - the first turn into remembering
                self._redirect(prefix)
            self._walk_on(prefix, last_edges)

    def _redirect(self, prefix: tuple[int, ...]) -> None:
        arcs = slice(self._leaving[prefix[0]], self._leaving[prefix[0] + 1])
        self._arc_to[arcs][self._arc_edge[arcs] == prefix[1]] = self._states[prefix]

    def _walk_on(
        self, prefix: tuple[int, ...], last_edges: dict[tuple[int, ...], list[tuple[int, bool]]]
    ) -> None:
        state, edge = self._states[prefix], prefix[-1]
        for arc in range(self._leaving[edge], self._leaving[edge + 1]):
            to_edge = int(self._arc_edge[arc])
            mark = int(self._mark[arc])
            for begin in range(len(prefix) - 1):
                for last, only in last_edges.get(prefix[begin:], ()):
                    if (to_edge == last) != only:
                        mark |= FORBIDDEN_TURN
            self._added_arcs.append((state, self._longest_state((*prefix, to_edge)), mark))

    def _longest_state(self, path: tuple[int, ...]) -> int:
        for begin in range(len(path) - 1):
            state = self._states.get(path[begin:])
            if state is not None:
                return state
        return path[-1]

    def finish(self) -> Expansion:
        """Return the expansion as sorted arrays."""
        added = np.array(self._added_arcs, dtype=np.int64).reshape(-1, 3)
        added = added[np.argsort(added[:, 0], kind="stable")]
        arc_from = np.concatenate((self._arc_from, added[:, 0]))
        arc_to = np.concatenate((self._arc_to, added[:, 1]))
        mark = np.concatenate((self._mark, added[:, 2].astype(np.uint8)))
        doubles = np.array([path[-1] for path in self._states], dtype=np.int64)
        state_edge = np.concatenate((np.arange(self._edge_count), doubles))
        into = state_edge[arc_to]
        entering = np.argsort(into, kind="stable")
        by_edge = np.argsort(state_edge, kind="stable")
        return Expansion(
            state_edge=state_edge,
            arc_from=arc_from,
            arc_to=arc_to,
            arc_mark=mark,
            leaving_start=_starts(arc_from, len(state_edge)),
            entering_arcs=entering,
            entering_start=_starts(into[entering], self._edge_count),
            edge_states=by_edge,
            edge_states_start=_starts(state_edge[by_edge], self._edge_count),
        )


def _starts(sorted_keys: IntArray, count: int) -> IntArray:
    """Return where each key of ``range(count)`` begins in a sorted array; one entry more."""
    return np.searchsorted(sorted_keys, np.arange(count + 1))
