"""Make observations of the model from groups of fixes."""

import numpy as np

from routing.matching.fixes import Fixes
from routing.matching.grouping import Groups
from routing.matching.viterbi import Nodes
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import metres_per_degree

# What a map is off by itself, and how many fixes in a row tell more than one: a receiver's error
# lasts for seconds.
_MAP_M = 2.0
_TOLD_APART = 4.0
_SLACK_OF_SIGMA = 2.0


def as_metres(lonlat: FloatArray) -> FloatArray:
    """Return positions as metres from the first one, shape ``(n, 2)``; for within one city."""
    if not len(lonlat):
        return np.empty((0, 2))
    metres = np.stack(metres_per_degree(np.array(np.median(lonlat[:, 1]))))
    return np.asarray((lonlat - lonlat[0]) * metres)


def as_nodes(
    fixes: Fixes, groups: Groups, noise_m: FloatArray, breaks: BoolArray, lasts_s: float = 0.0
) -> tuple[Nodes, IntArray]:
    """Return one observation for each group, and the group of each fix.

    Where errors last, observations that follow each other quickly say the same: each is given less
    weight, so that all within ``lasts_s`` together count about as one.
    """
    first, count = groups.first[:-1], np.diff(groups.first)
    node = np.repeat(np.arange(len(count)), count)
    if not len(count):
        nothing = np.empty(0)
        none = np.empty(0, dtype=np.bool_)
        return Nodes(np.empty((0, 2)), nothing, nothing, nothing, nothing, nothing, none), node
    lonlat = np.add.reduceat(fixes.lonlat, first) / count[:, np.newaxis]
    for each in np.flatnonzero(groups.stands).tolist():  # some fixes of a stop are far astray
        lonlat[each] = np.median(fixes.lonlat[groups.first[each] : groups.first[each + 1]], axis=0)
    middle_s = np.add.reduceat(fixes.at_s, first) / count
    mean_m2 = np.add.reduceat(noise_m**2, first) / count
    sigma_m = np.sqrt(mean_m2 / np.minimum(count, _TOLD_APART) + _MAP_M**2)
    from_s = np.where(groups.stands, fixes.at_s[first], middle_s)
    until_s = np.where(groups.stands, fixes.at_s[groups.first[1:] - 1], middle_s)
    apart_s = np.diff(from_s, prepend=from_s[0] - lasts_s)
    alike = np.sqrt(np.maximum(lasts_s / np.maximum(apart_s, 1.0), 1.0))
    return Nodes(
        lonlat=lonlat,
        from_s=from_s,
        until_s=until_s,
        sigma_m=sigma_m * alike,
        slack_m=_SLACK_OF_SIGMA * sigma_m,
        heading_deg=np.where(groups.stands, np.nan, _mean_headings(fixes.heading_deg, first)),
        breaks=breaks[first],
    ), node


def _mean_headings(heading_deg: FloatArray, first: IntArray) -> FloatArray:
    """Return the mean direction of each group; NaN where none is known."""
    known = np.isfinite(heading_deg)
    radians = np.radians(np.where(known, heading_deg, 0.0))
    east = np.add.reduceat(np.where(known, np.sin(radians), 0.0), first)
    north = np.add.reduceat(np.where(known, np.cos(radians), 0.0), first)
    some = np.add.reduceat(known.astype(np.int64), first) > 0
    return np.where(some, np.degrees(np.arctan2(east, north)) % 360.0, np.nan)
