"""Random towns full of traps: restrictions, loops, doubles, one-way streets, mid-edge ends."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from geodata.roads.types import RESTRICTED_ACCESS
from geodata.roads.types import ROUNDABOUT
from geodata.roads.types import RoadData
from routing.locate.snapping import Snaps
from routing.router import Router
from tests.routing.drawing import Street
from tests.routing.drawing import roads_of
from tests.routing.oracle import Place

_FLAGS = st.sampled_from([0, 0, 0, 0, ROUNDABOUT, RESTRICTED_ACCESS])
_SHARES = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0.0, 1.0))


@dataclass(frozen=True)
class RandomTrip:
    """A random town with places in it."""

    roads: RoadData
    origins: list[Place]
    targets: list[Place]


@st.composite
def _streets(draw: st.DrawFn, nodes: int) -> tuple[tuple[int, int], Street]:
    begin, end = draw(st.integers(0, nodes - 1)), draw(st.integers(0, nodes - 1))
    open_ = draw(st.sampled_from([(True, True), (True, True), (True, False), (False, True)]))
    bend = draw(st.tuples(st.integers(-300, 300), st.integers(-300, 300)))
    return (begin, end), Street(
        begin=str(begin),
        end=str(end),
        forward=open_[0],
        backward=open_[1],
        speed_mps=draw(st.sampled_from([5.0, 10.0, 20.0])),
        flags=draw(_FLAGS),
        road_class=draw(st.sampled_from(["residential", "primary"])),
        # A street from a node to itself needs a point to go out to.
        through=(bend,) if begin == end or draw(st.integers(0, 4)) == 0 else (),
    )


def _walks(ends: list[tuple[int, int]]) -> st.SearchStrategy[tuple[bool, list[int]]]:
    """Return restrictions over edges that do follow each other."""
    edges = range(2 * len(ends))
    begin = [ends[edge // 2][edge % 2] for edge in edges]
    end = [ends[edge // 2][1 - edge % 2] for edge in edges]

    @st.composite
    def walk(draw: st.DrawFn) -> tuple[bool, list[int]]:
        path = [draw(st.sampled_from(edges))]
        for _ in range(draw(st.integers(1, 3))):
            path.append(draw(st.sampled_from([e for e in edges if begin[e] == end[path[-1]]])))
        return draw(st.booleans()), path

    return walk()


@st.composite
def trips(draw: st.DrawFn) -> RandomTrip:
    """Return towns of two to seven nodes with restrictions, loops, doubles and one-way streets."""
    count = draw(st.integers(2, 7))
    nodes = draw(
        st.lists(
            st.tuples(st.integers(-400, 400), st.integers(-400, 400)),
            min_size=count,
            max_size=count,
            unique=True,
        )
    )
    drawn = draw(st.lists(_streets(count), min_size=1, max_size=12))
    ends = [pair for pair, _ in drawn]
    roads = roads_of(
        nodes=nodes,
        ends=ends,
        streets=[street for _, street in drawn],
        rules=draw(st.lists(_walks(ends), max_size=4)),
        signals=draw(st.lists(st.integers(0, count - 1), max_size=2)),
    )
    places = st.tuples(st.integers(0, 2 * len(ends) - 1), _SHARES).map(
        lambda place: (place[0], place[1] * float(roads.segment_length_m[place[0] // 2]))
    )
    origins = draw(st.lists(places, min_size=1, max_size=4))
    return RandomTrip(roads, origins, draw(st.lists(places, min_size=1, max_size=4)))


def snapped(router: Router, places: list[Place]) -> Snaps:
    """Return places of an oracle as places of a router."""
    return router.on_edges(
        np.array([edge for edge, _ in places]), np.array([offset_m for _, offset_m in places])
    )
