"""The benchmark of matching records drives as it says and counts errors both ways."""

from pathlib import Path

import numpy as np
import pytest

from routing.network.road_network import RoadNetwork
from routing.router import Router
from tests.benchmarks.phones.drives import Noise
from tests.benchmarks.phones.drives import Score
from tests.benchmarks.phones.drives import make_drives
from tests.benchmarks.phones.matching import Scale
from tests.benchmarks.phones.matching import measure


@pytest.fixture(scope="module")
def router(monaco_pbf: Path) -> Router:
    """Return the streets of a city that is wide enough."""
    return Router(RoadNetwork.from_osm(monaco_pbf))


def test_what_is_missed_and_what_is_wrong_are_both_errors() -> None:
    """Of 100 m on edge 2, 80 are found, and 30 on edge 4 are made up: 100 - 20 - 30 = 50 %."""
    score = Score()

    score.add([(2, 0.0, 60.0), (2, 50.0, 100.0)], [(2, 20.0, 100.0), (4, 0.0, 30.0)])

    assert (score.driven_m, score.missed_m, score.wrong_m) == (100.0, 20.0, 30.0)
    assert score.right_percent == pytest.approx(50.0)


def test_noise_has_the_radius_it_says_and_lasts_as_long() -> None:
    """The mean square of 15 m of distance, white and lasting; neighbours are alike in one only."""
    rng = np.random.default_rng(1)
    at_s = np.arange(20_000.0)

    white, lasting = Noise(15.0).of(at_s, rng), Noise(15.0, 30.0).of(at_s, rng)

    for each in (white, lasting):
        assert np.sqrt((each**2).sum(axis=1).mean()) == pytest.approx(15.0, rel=0.1)
    step_m = [np.abs(np.diff(each, axis=0)).mean() for each in (white, lasting)]
    assert step_m[1] < step_m[0] / 3


def test_all_is_measured_and_the_goals_are_named(router: Router) -> None:
    """Whoever drops one has to say so here."""
    drives = make_drives(router, 2, 1, fastest=True)
    found = measure(router, Scale(2, 1, 1))

    assert all(4_000 <= drive.route.length_m <= 20_000 for drive in drives)
    assert {each.name: each.target for each in found if each.target is not None} == {
        "right, every 1 s, 15 m white": 99.5,
        "right, every 10 s, 15 m white": 98.0,
        "right, every 30 s, 15 m white": 97.0,
        "fixes matched on one core, every 1 s": 20_000.0,
        "fixes matched on one core, every 10 s": 5_000.0,
    }
    assert len(found) == 24 + 4 + 4 + 4
