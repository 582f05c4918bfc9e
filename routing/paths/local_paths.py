"""Ways that the engine cannot know: within what the closures around one end let it drive.

Usually somebody gets out of a closure to an open road, or in from one. Two cases have no open road
in between: the target's own street is closed before it by the closures the origin stands in (the
crew comes out of the closure where the incident is), or the origin's own street is closed ahead by
the closures the target stands in (the crew drives straight in).
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


class Drive(NamedTuple):
    """A whole way: its time, the ends' fans, and its arcs in driving order."""

    time_ms: float
    out: LocalTree
    arcs: IntArray
    into: LocalTree


def out_along_the_target(
    distances: EndpointDistances, expansion: Expansion, goal: Endpoints, trees_out: list[LocalTree]
) -> Iterator[Drive]:
    """Yield the ways out of the origin's closures that end in the street where it opens again."""
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
                    into = LocalTree(upto, None, np.empty(0), _NO_SEEDS)
                    yield Drive(float(ms + upto.passed_ms), tree, arcs, into)


def in_from_the_origin(
    distances: EndpointDistances, expansion: Expansion, start: Endpoints, trees_in: list[LocalTree]
) -> Iterator[Drive]:
    """Yield the ways into the target's closures that begin in the street where it is closed."""
    for way in start.phantom_nodes():
        ahead, around = distances.closures_at(way).ahead, distances.closures_at(way).around
        if ahead <= around:
            continue
        own, own_ms = distances.local_search.arcs_ahead(way)
        heads = expansion.arc_to[own]
        for tree in trees_in:
            if not ahead <= around | distances.closures_at(tree.phantom).around:
                continue
            known_ms = distances.local_search.known_ms(tree, heads, goal=True)
            for at in np.flatnonzero(np.isfinite(known_ms)).tolist():
                arcs = distances.local_search.arcs_in(tree, int(heads[at]), float(known_ms[at]))
                if arcs is not None:
                    out = LocalTree(way, None, np.empty(0), _NO_SEEDS)
                    whole = np.concatenate((own[at : at + 1], arcs))
                    yield Drive(float(own_ms[at] + known_ms[at]), out, whole, tree)
