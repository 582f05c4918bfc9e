"""The routing benchmark asks what it says and checks answers; how fast they are is not tested."""

import sys
from pathlib import Path

import numpy as np
import pytest

from routing.closures.types import Closure
from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.routing import asked as routing_asked
from tests.benchmarks.routing import benchmark
from tests.benchmarks.routing import exact as routing_exact
from tests.benchmarks.routing import measures as routing_measures
from tests.benchmarks.routing import peers as routing_peers
from tests.benchmarks.routing.asked import Places
from tests.benchmarks.routing.asked import Scale
from tests.benchmarks.routing.large import tiled
from tests.benchmarks.routing.peers import Answers
from tests.cities import GridCity

TINY = Scale(
    counts=(20,),
    fleet=30,
    times=3,
    matrix_size=10,
    limit_s=60,
    pairs=(4, 5),
    closures=2,
    closed_roads=10,
)


@pytest.fixture(scope="module")
def router(grid_extract: Path) -> Router:
    """Return the grid city's roads, ready."""
    return Router(RoadNetwork.from_osm(grid_extract))


@pytest.fixture
def asked(router: Router, tmp_path: Path) -> Path:
    """Return a folder with questions for peers, and our answer beside them."""
    places = Places.around(router, TINY)
    ours_ms = routing_asked.write(
        tmp_path, router, places, TINY, extract=tmp_path / "none", cache=tmp_path, database=""
    )
    np.save(tmp_path / "ours.npy", ours_ms)
    return tmp_path


def test_every_question_with_a_target_is_asked(router: Router) -> None:
    """Whoever renames one has to say so here; all that is asked gets a number above zero."""
    found = routing_measures.measure(router, Places.around(router, TINY), TINY)

    assert {each.name for each in found if each.target is not None} == {
        "route, drawn and guided, p50",
        "1-minute reach as an area, p50",
        "matrix 10 × 10",
        "closing a polygon of 10 roads, p50",
    }
    assert all(each.value > 0 for each in found)
    assert router.set_closures([], routing_measures.NOW).closed is None


def test_the_places_asked_for_can_all_be_driven_to(router: Router) -> None:
    """A route to nowhere would be found missing in no time."""
    places = Places.around(router, TINY)

    times_s = router.matrix(places.crews[: len(places.incidents)], places.incidents)

    assert np.isfinite(np.diag(times_s)).all()
    assert router.snap(places.crews).on_road.all()


def test_the_closed_polygon_has_as_many_roads_as_the_scale_says(
    router: Router, grid_city: GridCity
) -> None:
    """Those whose middle lies inside; of the ones at its rim, pieces more."""
    area = routing_measures.area_of(router, grid_city.at(6, 6), 40)

    closure = Closure("works", area, routing_measures.NOW)
    closed = router.set_closures([closure], routing_measures.NOW).closed
    router.set_closures([], routing_measures.NOW)

    assert closed is not None
    assert 36 <= np.count_nonzero(closed.shut[::2]) <= 80


def test_pairs_are_compared_before_and_under_closures(router: Router) -> None:
    """All 4 × 5 of them, none wrong."""
    before, under = routing_exact.compare(router, TINY)

    assert (before.value, under.value) == (0, 0)
    assert before.name == "20 pairs against Dijkstra (20 reached)"
    assert under.name.startswith("20 pairs against Dijkstra under 2 closures of ")


def test_several_cities_side_by_side_are_one_network(router: Router) -> None:
    """13 × 13 = 169 nodes each; from the westernmost to the easternmost one drives."""
    large = tiled(router.network, 3 * 169)

    lonlat = large.roads.node_lonlat
    ends = lonlat[[lonlat[:, 0].argmin(), lonlat[:, 0].argmax()]]

    assert len(lonlat) == 3 * 169
    assert np.isfinite(Router(large).matrix(ends, ends)).all()


def test_a_worker_tells_what_it_needs(router: Router, tmp_path: Path) -> None:
    """Measured in a process of its own."""
    found = {each.name: each for each in benchmark.worker(router.network, tmp_path)}

    assert found["ready from the cache"].target == 2
    assert 20 < found["memory of a worker that has answered everything"].value < 400


@pytest.mark.parametrize("peer", ["scipy", "networkx"])
def test_a_peer_finds_the_same_times_on_the_same_roads(peer: str, asked: Path) -> None:
    """These two need no environment of their own; without equal answers there is no comparison."""
    ours_ms = np.load(asked / "ours.npy")

    answers = routing_peers.ask(Path(sys.executable), peer, asked, ours_ms)

    assert answers.remark == ""
    assert {"ready", "crews 20", "route, path only", "matrix"} <= answers.seconds.keys()
    wrong = routing_peers.ask(Path(sys.executable), peer, asked, ours_ms + 500)
    assert wrong.remark == "finds other times than ours on the same network"


def test_a_peer_that_is_not_there_or_breaks_off_says_so(asked: Path) -> None:
    """The run goes on without it."""
    python, nothing = Path(sys.executable), np.zeros(0, dtype=np.int64)

    missing = routing_peers.ask(python, "pandana", asked, nothing)
    broken = routing_peers.ask(python, "scipy", asked / "nowhere", nothing)

    assert missing.remark.startswith("left out: not installed")
    assert broken.remark.startswith("broke off (1): FileNotFoundError")


def test_what_peers_needed_stands_beside_our_own_number(router: Router) -> None:
    """In the same unit, with a word where they do less than we do."""
    found = routing_measures.measure(router, Places.around(router, TINY), TINY)
    found = benchmark.quietest([found, found])
    answers = {
        "osrm": Answers({"route": 0.002}),
        "scipy": Answers({"route, path only": 0.3, "matrix": 4.0}),
    }

    named = {each.name: each.peers for each in benchmark.beside(found, answers, TINY)}

    assert named["route, drawn and guided, p50"] == {"osrm": 2.0, "scipy, path only": 300.0}
    assert named["matrix 10 × 10"] == {"scipy": 4.0}
    assert named["20 crews to an incident, p50"] == {}
    assert named["30 crews to an incident, p50"] == {}
