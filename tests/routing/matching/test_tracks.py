"""What tracks of real receivers are like: wrong, doubled, disordered, elsewhere, empty."""

import numpy as np
import pytest

from routing.errors import InvalidPointError
from routing.errors import InvalidTrackError
from routing.matching.matched_track import Fate
from routing.router import Router
from tests.routing.drawing import Town
from tests.routing.drawing import draw
from tests.routing.drawing import street
from tests.routing.matching.driving import START_S
from tests.routing.matching.driving import drive
from tests.routing.matching.driving import edges_of


@pytest.fixture(scope="module")
def town() -> Town:
    """Return two kilometres of one road with a side street."""
    return draw(
        {"A": (0, 0), "B": (1000, 0), "C": (2000, 0), "D": (1000, 500)},
        [street("A-B"), street("B-C"), street("B-D")],
    )


@pytest.fixture(scope="module")
def router(town: Town) -> Router:
    """Return its router."""
    return Router(town.network)


def test_no_fix_and_a_single_one_are_tracks_too(town: Town, router: Router) -> None:
    """Nothing driven, nothing raised; a single fix has its place."""
    empty = router.match([], [])
    single = router.match([town.lonlat(400, 9)], [START_S])

    assert (len(empty), empty.driven_m, empty.lines, empty.matched_share) == (0, 0.0, (), 0.0)
    assert single.fate.tolist() == [Fate.MATCHED]
    assert single.edge[0] // 2 == 0
    assert single.distance_m[0] == pytest.approx(9.0, abs=0.1)
    assert single.driven_m == 0.0
    assert [len(line) for line in single.lines] == [2]


def test_a_track_elsewhere_is_outside_and_not_an_error(router: Router) -> None:
    """Beijing is not in this town."""
    lonlat = np.array([116.39, 39.9]) + np.arange(20)[:, np.newaxis] * 0.001

    track = router.match(lonlat, START_S + np.arange(20.0))

    assert track.left_out() == {Fate.OUTSIDE: 20}
    assert (len(track.path), track.gaps, track.stops) == (0, (), ())


def test_shuffled_and_doubled_fixes_change_nothing(town: Town, router: Router) -> None:
    """Rows are those given; of two at one time one is left out, whichever comes first."""
    lonlat, at_s = drive(town, [(30, 0), (1000, 0), (1000, 450)], every_m=20)
    rng = np.random.default_rng(3)
    order = rng.permutation(2 * len(at_s))
    doubled, doubled_s = np.vstack((lonlat, lonlat))[order], np.tile(at_s, 2)[order]

    plain = router.match(lonlat, at_s)
    shuffled = router.match(doubled, doubled_s)

    assert shuffled.path.edges.tolist() == plain.path.edges.tolist()
    assert shuffled.driven_m == pytest.approx(plain.driven_m)
    assert shuffled.left_out() == {Fate.DUPLICATE: len(at_s)}
    matched = shuffled.fate == Fate.MATCHED
    np.testing.assert_allclose(shuffled.lonlat[matched], doubled[matched], atol=1e-6)


def test_fixes_500_m_away_are_left_out(town: Town, router: Router) -> None:
    """Every tenth fix of a phone is far off: the path is as without them."""
    lonlat, at_s = drive(town, [(30, 0), (1950, 0)], every_m=10)
    wrong = np.arange(5, len(lonlat), 10)
    off = lonlat.copy()
    off[wrong] += np.array(town.lonlat(350, 360)) - np.array(town.lonlat(0, 0))

    track = router.match(off, at_s)

    assert edges_of(track) == [town.edge("A", "B"), town.edge("B", "C")]
    assert track.gaps == ()
    assert set(np.flatnonzero(track.fate != Fate.MATCHED).tolist()) == set(wrong.tolist())
    assert track.driven_m == pytest.approx(1920.0, abs=5.0)


def test_a_sparse_fix_off_the_streets_does_not_break_the_path(town: Town, router: Router) -> None:
    """At every 30 s nobody can tell by speed; what is near no street is left out."""
    lonlat, at_s = drive(town, [(30, 0), (1950, 0)], every_m=300, speed_mps=10)
    lonlat[3] = town.lonlat(930, -250)

    track = router.match(lonlat, at_s)

    assert edges_of(track) == [town.edge("A", "B"), town.edge("B", "C")]
    assert track.fate[3] == Fate.OFF_ROAD
    assert track.gaps == ()


def test_noise_along_the_street_adds_no_metres(town: Town, router: Router) -> None:
    """Fixes of every second jump back and forth by 15 m; the path does not."""
    rng = np.random.default_rng(1)
    lonlat, at_s = drive(town, [(100, 0), (1900, 0)], every_m=8, speed_mps=8)
    metres = np.array(town.lonlat(1, 1)) - np.array(town.lonlat(0, 0))

    track = router.match(lonlat + rng.normal(0, 15, lonlat.shape) * metres, at_s)

    assert track.driven_m == pytest.approx(1800.0, abs=20.0)
    assert edges_of(track) == [town.edge("A", "B"), town.edge("B", "C")]
    assert track.sigma_m == pytest.approx(15.0, rel=0.25)
    forward = track.edge * 10_000 + track.offset_m
    assert np.all(np.diff(forward) >= -1e-6)


@pytest.mark.parametrize(
    ("lonlat", "at_s", "error"),
    [
        ([[7.42, 43.73], [np.nan, 43.73]], [0.0, 1.0], InvalidPointError),
        ([[7.42, 143.73]], [0.0], InvalidPointError),
        ([[7.42, 43.73]], [np.nan], InvalidTrackError),
        ([[7.42, 43.73]], [0.0, 1.0], InvalidTrackError),
        ([[7.42, 43.73]], ["noon"], InvalidTrackError),
    ],
)
def test_what_is_no_track_is_refused(
    router: Router, lonlat: list[list[float]], at_s: list[float], error: type[Exception]
) -> None:
    """A missing number is named, not guessed."""
    with pytest.raises(error):
        router.match(lonlat, at_s)
