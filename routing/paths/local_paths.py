"""Paths that the hierarchy does not contain, since they are on closed roads throughout.

Usually a path leaves a closure to an open road, or enters from one. Two cases have no open road in
between: the target's own street is closed behind it by the closures around the origin (the crew
comes out of the closure where the incident is), or the origin's own street is closed ahead by the
closures around the target (the crew drives straight in).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from routing.closures.endpoint_distances import EndpointDistances
from routing.closures.local_search import LocalTree
from routing.engine.edge_expansion import Expansion
from routing.engine.hierarchy import Seeds
from routing.locate.endpoints import Endpoints
from routing.network.arrays import IntArray

_NO_ARCS = np.empty(0, dtype=np.int64)
_NO_SEEDS = Seeds(_NO_ARCS, _NO_ARCS)


class ArcPath(NamedTuple):
    """A whole path as arcs in driving order, with its time and the local trees of its endpoints."""

    time_ms: float
    tree_out: LocalTree
    arcs: IntArray
    tree_in: LocalTree


def paths_out_to_target(
    distances: EndpointDistances, expansion: Expansion, goal: Endpoints, trees_out: list[LocalTree]
) -> Iterator[ArcPath]:
    """Yield the paths out of the origin's closures that end on the target's street."""
    for upto in goal.phantom_nodes():
        behind, around = distances.closures_at(upto).behind, distances.closures_at(upto).around
        if behind <= around:
            continue
        for tree in trees_out:
            if not behind <= around | distances.closures_at(tree.phantom).around:
                continue
            seeds = tree.seeds
            at = expansion.state_edge[seeds.nodes] == upto.edge
            for state, ms in zip(
                seeds.nodes[at].tolist(), seeds.costs_ms[at].tolist(), strict=True
            ):
                arcs = distances.local_search.arcs_out(tree, state, float(ms))
                if arcs is not None:
                    tree_in = LocalTree(upto, None, np.empty(0), _NO_SEEDS)
                    yield ArcPath(float(ms + upto.arriving_ms), tree, arcs, tree_in)


def paths_in_from_origin(
    distances: EndpointDistances, expansion: Expansion, start: Endpoints, trees_in: list[LocalTree]
) -> Iterator[ArcPath]:
    """Yield the paths from the origin's street that lead straight into the target's closures."""
    for phantom in start.phantom_nodes():
        ahead, around = distances.closures_at(phantom).ahead, distances.closures_at(phantom).around
        if ahead <= around:
            continue
        own_arcs, own_ms = distances.local_search.arcs_ahead(phantom)
        heads = expansion.arc_to[own_arcs]
        for tree in trees_in:
            if not ahead <= around | distances.closures_at(tree.phantom).around:
                continue
            known_ms = distances.local_search.known_ms(tree, heads, goal=True)
            for at in np.flatnonzero(np.isfinite(known_ms)).tolist():
                arcs = distances.local_search.arcs_in(tree, int(heads[at]), float(known_ms[at]))
                if arcs is not None:
                    tree_out = LocalTree(phantom, None, np.empty(0), _NO_SEEDS)
                    whole = np.concatenate((own_arcs[at : at + 1], arcs))
                    yield ArcPath(float(own_ms[at] + known_ms[at]), tree_out, whole, tree)
