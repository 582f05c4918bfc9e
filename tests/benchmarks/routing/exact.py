"""Whether every number is right: compared with plain Dijkstra, before and under closures.

The oracle is the one of the tests: networkx over a network that is expanded a second time, as
plainly as possible, and shares nothing with the product but the arrays of streets.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from routing.closures.types import ClosedArea
from routing.closures.types import Closure
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.router import Router
from tests.benchmarks.results import Result
from tests.benchmarks.routing.asked import Scale
from tests.benchmarks.routing.measures import NOW
from tests.routing.oracle import Oracle

_WRONG_S = 1e-6
_RADIUS_DEG = 0.0005  # some 50 m: a few streets each


@dataclass(frozen=True, slots=True)
class Compared:
    """How many pairs were compared, in how many a way was found, and how many differed."""

    pairs: int
    reached: int
    wrong: int


def compare(router: Router, scale: Scale, seed: int = 4) -> list[Result]:
    """Return mismatches among random pairs in the middle of streets, islands and all."""
    random = np.random.default_rng(seed)
    network, count = router.network, sum(scale.pairs)
    edges = random.choice(np.flatnonzero(network.edge_driveable), 2 * count)
    offsets_m = random.random(len(edges)) * network.roads.segment_length_m[edges // 2]
    before = _compared(router, edges[:count], offsets_m[:count], scale.pairs, Oracle(network))
    near = random.choice(edges, scale.closures)
    centres = router.on_edges(near, np.zeros(len(near))).lonlat
    closures = [
        Closure(str(number), ClosedArea(shapely.Point(centre).buffer(_RADIUS_DEG)), NOW)
        for number, centre in enumerate(centres.tolist())
    ]
    closed = router.set_closures(closures, NOW).closed
    shut = np.zeros(network.edge_count, dtype=np.bool_) if closed is None else closed.shut
    # Whoever stands in a closure may drive some of it: the tests know how, this oracle does not.
    in_the_open = np.flatnonzero(~shut[edges] & ~shut[edges ^ 1])[:count]
    oracle = Oracle(network, closed=np.flatnonzero(shut).tolist())
    under = _compared(router, edges[in_the_open], offsets_m[in_the_open], scale.pairs, oracle)
    router.set_closures([], NOW)
    closed_roads = int(np.count_nonzero(shut[::2] | shut[1::2]))
    return [
        Result(_name(before, ""), before.wrong, "wrong", 0),
        Result(
            _name(under, f" under {len(closures)} closures of {closed_roads} roads"),
            under.wrong,
            "wrong",
            0,
        ),
    ]


def _compared(
    router: Router,
    edges: IntArray,
    offsets_m: FloatArray,
    pairs: tuple[int, int],
    oracle: Oracle,
) -> Compared:
    snaps = router.on_edges(edges, offsets_m)
    places = list(zip(edges.tolist(), offsets_m.tolist(), strict=True))
    first = min(pairs[0], len(places) // 2)
    ours_s = router.matrix(snaps[:first], snaps[first:])
    theirs_s = np.array(oracle.travel_times_s(places[:first], places[first:]))
    reached = np.isfinite(theirs_s)
    wrong = ~np.isclose(ours_s, theirs_s, rtol=0.0, atol=_WRONG_S)  # inf is inf
    return Compared(wrong.size, int(reached.sum()), int(wrong.sum()))


def _name(compared: Compared, under: str) -> str:
    return f"{compared.pairs} pairs against Dijkstra{under} ({compared.reached} reached)"
