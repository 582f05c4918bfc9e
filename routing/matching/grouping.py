"""Clean a track and group its fixes: impossible jumps, stops, fixes close to each other."""

import math
from typing import NamedTuple

import numpy as np

from routing.engine.compiled import compiled
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

# No crew drives faster; what a fix seems to have moved more than this is not where it says.
_FASTEST_MPS = 70.0
_JUMP_M = 80.0
# A receiver that says so often that it is elsewhere is believed.
_BELIEVED_AFTER = 5
_MOST_STRAYS = 2
_SMOOTHED_S = 2.5
_STOP_FIXES = 3


@compiled
def find_jumps(xy_m: FloatArray, at_s: FloatArray, noise_m: FloatArray) -> IntArray:
    """Return 1 for fixes that nobody can have driven to, 2 where the track goes on elsewhere.

    Parameters
    ----------
    xy_m
        Fixes in metres, shape ``(n, 2)``.
    at_s
        Their times, rising.
    noise_m
        Standard deviation of each.
    """
    count = len(at_s)
    jumps = np.zeros(count, np.int64)
    good = 0
    away = 0
    for fix in range(1, count):
        if _within_reach(xy_m, at_s, noise_m, good, fix):
            good, away = fix, 0
            continue
        if away > 0 and not _within_reach(xy_m, at_s, noise_m, fix - 1, fix):
            away = 0
        away += 1
        jumps[fix] = 1
        if (
            good == 0
            and away == 1
            and fix + 1 < count
            and not _within_reach(xy_m, at_s, noise_m, 0, fix + 1)
            and _within_reach(xy_m, at_s, noise_m, fix, fix + 1)
        ):
            jumps[0], jumps[fix] = 1, 0  # it is the first one that is wrong
            good, away = fix, 0
            continue
        if away == _BELIEVED_AFTER:
            jumps[fix - away + 1 : fix + 1] = 0
            jumps[fix - away + 1] = 2
            good, away = fix, 0
    return jumps


@compiled
def _within_reach(
    xy_m: FloatArray, at_s: FloatArray, noise_m: FloatArray, here: int, there: int
) -> bool:
    moved_m = math.hypot(xy_m[there, 0] - xy_m[here, 0], xy_m[there, 1] - xy_m[here, 1])
    noise = 4.0 * max(noise_m[here], noise_m[there])
    return bool(moved_m <= _FASTEST_MPS * (at_s[there] - at_s[here]) + max(_JUMP_M, noise))


class Groups(NamedTuple):
    """Fixes in groups.

    Attributes
    ----------
    first
        First fix of each group, and the number of fixes; shape ``(g + 1,)``.
    stands
        Whether it is a stop.
    """

    first: IntArray
    stands: BoolArray


@compiled
def group(
    xy_m: FloatArray,
    at_s: FloatArray,
    noise_m: FloatArray,
    breaks: BoolArray,
    span_m: float,
    span_s: float,
    at_least: int,
    stop_s: float,
) -> Groups:
    """Group fixes that follow each other.

    A stop is a stretch of time in which all fixes but single ones lie around one place. Of moving
    ones, a group ends ``span_m`` or ``span_s`` after its first fix.
    """
    count = len(at_s)
    smooth_m = _smoothed(xy_m, at_s) if at_least > 1 else xy_m
    first = np.empty(count + 1, np.int64)
    stands = np.zeros(count, np.bool_)
    groups = 0
    fix = 0
    while fix < count:
        end = _standing_until(xy_m, at_s, noise_m, breaks, fix)
        first[groups] = fix
        if at_s[end - 1] - at_s[fix] >= stop_s and end - fix >= _STOP_FIXES:
            stands[groups] = True
        else:
            end = fix + 1
            while end < count and not breaks[end] and at_s[end] - at_s[fix] <= span_s:
                moved_m = math.hypot(
                    smooth_m[end, 0] - smooth_m[fix, 0], smooth_m[end, 1] - smooth_m[fix, 1]
                )
                if moved_m > span_m and end - fix >= at_least:
                    break
                end += 1
        fix = end
        groups += 1
    first[groups] = count
    return Groups(first[: groups + 1], stands[:groups])


@compiled
def _smoothed(xy_m: FloatArray, at_s: FloatArray) -> FloatArray:
    """Return the mean of the fixes at most two before and after each, within two seconds."""
    smooth = np.empty_like(xy_m)
    for fix in range(len(at_s)):
        x, y, held = 0.0, 0.0, 0
        for each in range(max(fix - 2, 0), min(fix + 3, len(at_s))):
            if abs(at_s[each] - at_s[fix]) <= _SMOOTHED_S:
                x += xy_m[each, 0]
                y += xy_m[each, 1]
                held += 1
        smooth[fix, 0], smooth[fix, 1] = x / held, y / held
    return smooth


@compiled
def _standing_until(
    xy_m: FloatArray, at_s: FloatArray, noise_m: FloatArray, breaks: BoolArray, fix: int
) -> int:
    """Return the first fix that is not around one place with this one."""
    x, y = xy_m[fix, 0], xy_m[fix, 1]
    held, strays, end = 1, 0, fix + 1
    for each in range(fix + 1, len(at_s)):
        if breaks[each]:
            break
        radius_m = max(25.0, 3.0 * noise_m[each])
        off_m = math.hypot(xy_m[each, 0] - x / held, xy_m[each, 1] - y / held)
        if off_m <= radius_m:
            x += xy_m[each, 0]
            y += xy_m[each, 1]
            held += 1
            strays, end = 0, each + 1
        else:
            strays += 1
            if strays > _MOST_STRAYS or off_m > 20.0 * radius_m:
                break
    return end
