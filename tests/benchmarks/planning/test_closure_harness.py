"""The benchmark of single closures measures what it says."""

from routing.router import Router
from tests.benchmarks.planning.closure import measure
from tests.routing.drawing import draw
from tests.routing.drawing import street


def test_every_measure_is_timed_and_its_searches_counted() -> None:
    """On a block of four streets."""
    places = {"A": (0, 0), "B": (900, 0), "C": (900, 900), "D": (0, 900)}
    town = draw(places, [street(one, name=one) for one in ("A-B", "B-C", "C-D", "D-A")])

    found = {result.name: result for result in measure(Router(town.network), demand_points=40)}

    assert found["closures: streets"].value == 4
    assert found["closures: worst 10 by time, searches"].value <= 4
    fast = found["closures: worst 10 by cover"]
    assert fast.value > 0
    assert fast.peers["closing each street in turn (told)"] > 0
