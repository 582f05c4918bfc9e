"""Ways that the engine cannot know: within what the closures around one end let it drive.

Usually somebody gets out of a closure to an open road, or in from one. Two cases have no open road
in between: the target's own street is closed before it by the closures the origin stands in (the
crew comes out of the closure where the incident is), or the origin's own street is closed ahead by
the closures the target stands in (the crew drives straight in).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from routing.closures.endpoint_distances import Openings
from routing.closures.local_search import Fan
from routing.engine.edge_expansion import Expansion
from routing.engine.hierarchy import Seeds
from routing.locate.endpoints import Endpoints
from routing.network.arrays import IntArray

_NO_ARCS = np.empty(0, dtype=np.int64)
_NO_SEEDS = Seeds(_NO_ARCS, _NO_ARCS)


class Drive(NamedTuple):
    """A whole way: its time, the ends' fans, and its arcs in driving order."""

    time_ms: float
    out: Fan
    arcs: IntArray
    into: Fan


def out_along_the_target(
    openings: Openings, expansion: Expansion, goal: Endpoints, fans_out: list[Fan]
) -> Iterator[Drive]:
    """Yield the ways out of the origin's closures that end in the street where it opens again."""
    for upto in goal.phantom_nodes():
        behind, around = openings.standing(upto).behind, openings.standing(upto).around
        if behind <= around:
            continue
        for fan in fans_out:
            if not behind <= around | openings.standing(fan.way).around:
                continue
            seeds = fan.seeds
            at = expansion.state_edge[seeds.nodes] == upto.edge
            for state, ms in zip(
                seeds.nodes[at].tolist(), seeds.costs_ms[at].tolist(), strict=True
            ):
                arcs = openings.inside.arcs_out(fan, state, float(ms))
                if arcs is not None:
                    into = Fan(upto, None, np.empty(0), _NO_SEEDS)
                    yield Drive(float(ms + upto.passed_ms), fan, arcs, into)


def in_from_the_origin(
    openings: Openings, expansion: Expansion, start: Endpoints, fans_in: list[Fan]
) -> Iterator[Drive]:
    """Yield the ways into the target's closures that begin in the street where it is closed."""
    for way in start.phantom_nodes():
        ahead, around = openings.standing(way).ahead, openings.standing(way).around
        if ahead <= around:
            continue
        own, own_ms = openings.inside.own(way)
        heads = expansion.arc_to[own]
        for fan in fans_in:
            if not ahead <= around | openings.standing(fan.way).around:
                continue
            known_ms = openings.inside.known_ms(fan, heads, goal=True)
            for at in np.flatnonzero(np.isfinite(known_ms)).tolist():
                arcs = openings.inside.arcs_in(fan, int(heads[at]), float(known_ms[at]))
                if arcs is not None:
                    out = Fan(way, None, np.empty(0), _NO_SEEDS)
                    whole = np.concatenate((own[at : at + 1], arcs))
                    yield Drive(float(own_ms[at] + known_ms[at]), out, whole, fan)
