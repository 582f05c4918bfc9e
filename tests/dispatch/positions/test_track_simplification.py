"""Thinned tracks: at any instant where the whole one was, to the metres that are allowed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dispatch.positions.track_simplification import significance_m
from dispatch.positions.track_simplification import split_at_silence
from dispatch.positions.track_simplification import thinned_to
from tests.examples import examples

DEGREE_M = 111_195.08  # of latitude, on the mean earth


def thinned(
    lonlat: NDArray[np.float64], at_s: NDArray[np.float64], tolerance_m: float
) -> NDArray[np.int64]:
    """Return which points of a single track stay where there is room for all."""
    (kept,), tolerated_m = thinned_to([(lonlat, at_s)], tolerance_m, len(at_s))
    assert tolerated_m == tolerance_m
    return kept


def at_latitudes(metres: list[float]) -> NDArray[np.float64]:
    """Return positions so many metres north of a place."""
    return np.array([[7.42, 43.73 + each / DEGREE_M] for each in metres])


def test_a_stop_on_a_straight_street_is_kept() -> None:
    """By shape alone these five points are one line.

    20 m in 10 s, then 60 s at the light, then 20 m in 10 s: an even movement from the first to
    the last would be at 20 · (10/40) = 5 m at the tenth second instead of 20.
    """
    lonlat = at_latitudes([0, 20, 20, 40])
    at_s = np.array([0.0, 10, 70, 80])

    assert thinned(lonlat, at_s, 5).tolist() == [0, 1, 2, 3]
    assert thinned(lonlat, at_s, 100).tolist() == [0, 3]


def test_even_movement_needs_its_ends_only() -> None:
    """Ten metres a second for a minute."""
    at_s = np.arange(61.0)

    assert thinned(at_latitudes([10 * each for each in at_s]), at_s, 1).tolist() == [0, 60]


def test_a_silence_breaks_a_track() -> None:
    """Three fixes, two minutes and a second of nothing, one fix; exactly two minutes are none."""
    at_s = np.array([0.0, 1, 2, 123, 243])

    actual = split_at_silence(at_s, 120)

    assert [at_s[each].tolist() for each in actual] == [[0, 1, 2], [123, 243]]
    assert split_at_silence(np.empty(0), 120) == []


@given(
    steps=st.lists(
        st.tuples(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 30)), min_size=1, max_size=60
    ),
    tolerance_m=st.floats(1, 200),
)
@examples(50)
def test_nowhere_further_off_than_allowed_at_any_fix(
    steps: list[tuple[float, float, float]], tolerance_m: float
) -> None:
    """The oracle draws the thinned track by NumPy's own interpolation and measures at every fix."""
    moved = np.cumsum(np.array(steps), axis=0)
    scale = np.array([DEGREE_M * np.cos(np.radians(43.73)), DEGREE_M])
    lonlat = np.array([7.42, 43.73]) + moved[:, :2] / scale
    at_s = moved[:, 2] + np.arange(len(moved)) * 0.001  # fixes of one crew are never simultaneous

    kept = thinned(lonlat, at_s, tolerance_m)

    drawn = np.column_stack([np.interp(at_s, at_s[kept], lonlat[kept][:, axis]) for axis in (0, 1)])
    off_m = np.hypot(*((lonlat - drawn) * scale).T)
    assert off_m.max() <= tolerance_m * 1.01 + 1e-3
    assert {0, len(at_s) - 1} <= set(kept.tolist())


@given(heights=st.lists(st.floats(0, 100), min_size=3, max_size=40), tolerance_m=st.floats(1, 60))
@examples(50)
def test_one_pass_knows_what_every_larger_tolerance_keeps(
    heights: list[float], tolerance_m: float
) -> None:
    """The oracle is the algorithm as its authors tell it, once for each tolerance."""
    lonlat, at_s = at_latitudes(heights), np.arange(float(len(heights)))

    actual = np.flatnonzero(significance_m(lonlat, at_s, 1.0) > tolerance_m)

    metres = (lonlat[:, 1] - lonlat[0, 1]) * np.radians(6_371_008.8)
    assert actual.tolist() == sorted(douglas_peucker(metres, 0, len(heights) - 1, tolerance_m))


def douglas_peucker(
    metres: NDArray[np.float64], first: int, last: int, tolerance_m: float
) -> set[int]:
    """Return what the textbook keeps of points on a line, one a second."""
    even = np.interp(range(first, last + 1), [first, last], [metres[first], metres[last]])
    off_m = np.abs(metres[first : last + 1] - even)
    worst = first + int(np.argmax(off_m))
    if off_m.max() <= tolerance_m or last - first < 2:
        return {first, last}
    return douglas_peucker(metres, first, worst, tolerance_m) | douglas_peucker(
        metres, worst, last, tolerance_m
    )


def test_tracks_are_thinned_alike_as_little_as_leaves_few_enough() -> None:
    """Two crews that swerve once each, by 40 m and by 20 m; there is room for five points.

    Both ends of both are four; the fifth is the larger swerve, and 20 m had to be tolerated.
    """
    at_s = np.arange(3.0)
    tracks = [(at_latitudes([0, 40, 0]), at_s), (at_latitudes([0, 20, 0]), at_s)]

    kept, tolerance_m = thinned_to(tracks, 5.0, 5)

    assert [each.tolist() for each in kept] == [[0, 1, 2], [0, 2]]
    assert round(tolerance_m, 3) == 20
    assert [len(each) for each in thinned_to(tracks, 5.0, 6)[0]] == [3, 3]
    assert thinned_to([], 5.0, 6) == ([], 5.0)
