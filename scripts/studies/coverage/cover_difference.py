"""Two variants of cover compared: the same demand, other posts or other roads."""

from dataclasses import dataclass

import numpy as np

from scripts.studies.coverage.cover_study import Coverage
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray


@dataclass(frozen=True, eq=False)
class CoverDifference:
    """What changes from one variant to another.

    Attributes
    ----------
    change_s
        Seconds that the first crew comes later at each demand point, less than 0: sooner;
        ``inf`` where only the first variant reaches it, ``-inf`` where only the second does, 0
        where neither does; shape ``(n,)``.
    gained, lost
        Share of demand that is in time in the second variant only, and in the first only, for each
        limit.
    """

    change_s: FloatArray
    gained: tuple[float, ...]
    lost: tuple[float, ...]

    def most_changed(self, weights: FloatArray) -> IntArray:
        """Return the points that lose or gain, those that lose most first."""
        changed = np.flatnonzero((self.change_s != 0.0) & (weights > 0.0))
        order = np.lexsort((-weights[changed], -self.change_s[changed]))
        return np.asarray(changed[order])


def compare(before: Coverage, after: Coverage) -> CoverDifference:
    """Return what changes between two studies of the same demand and limits.

    Raises
    ------
    ValueError
        If demand or limits are others.
    """
    if before.demand is not after.demand or before.limits_s != after.limits_s:
        message = "only studies of the same demand and limits can be compared"
        raise ValueError(message)
    weights = before.demand.weights
    whole = float(weights.sum())
    neither = np.isinf(before.response_s) & np.isinf(after.response_s)
    with np.errstate(invalid="ignore"):  # what neither reaches
        change_s = np.where(neither, 0.0, after.response_s - before.response_s)
    gained, lost = [], []
    for limit_s in before.limits_s:
        then, now = before.response_s <= limit_s, after.response_s <= limit_s
        gained.append(float(weights[now & ~then].sum()) / whole)
        lost.append(float(weights[then & ~now].sum()) / whole)
    return CoverDifference(change_s, tuple(gained), tuple(lost))
