"""Random closures of a random town: whole streets and parts, one way or both, several at once."""

from datetime import datetime

from hypothesis import strategies as st

from routing.closures.types import ClosedIntervals
from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from tests.routing.closure_oracle import Piece
from tests.routing.random_towns import RandomTrip

_SPAN = st.sampled_from([(0.0, 1.0), (0.0, 1.0), (0.0, 0.5), (0.5, 1.0), (0.25, 0.75), (0.4, 0.4)])


@st.composite
def closings_of(draw: st.DrawFn, trip: RandomTrip) -> list[list[Piece]]:
    """Return up to three closures of up to six streets, whole or in part, one way or both."""
    length_m = trip.roads.segment_length_m.tolist()
    closures = []
    for _ in range(draw(st.integers(1, 3))):
        pieces: list[Piece] = []
        for _ in range(draw(st.integers(1, 6))):
            street = draw(st.integers(0, len(length_m) - 1))
            low, high = draw(_SPAN)
            whole = length_m[street]
            for way in draw(st.sampled_from([(0, 1), (0, 1), (0,), (1,)])):
                begin, end = (1 - high, 1 - low) if way else (low, high)
                pieces.append((2 * street + way, begin * whole, end * whole))
        closures.append(pieces)
    return closures


def as_closures(network: RoadNetwork, closings: list[list[Piece]], now: datetime) -> list[Closure]:
    """Return closings as closures of a network, from an instant on."""
    return [
        Closure(str(number), ClosedIntervals(tuple(pieces), network.content_hash), now)
        for number, pieces in enumerate(closings)
    ]
