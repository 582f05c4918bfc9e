"""One try at matching a track, and what it says about how far the fixes are off."""

from dataclasses import dataclass
from dataclasses import replace
from typing import NamedTuple
from typing import Self

import numpy as np

from routing.matching.fixes import Fixes
from routing.matching.observations import as_metres
from routing.matching.path_tracing import TracedPath
from routing.matching.placing import PlacedFixes
from routing.matching.viterbi import KEPT
from routing.matching.viterbi import Matched
from routing.matching.viterbi import Nodes
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray

FIRST_SIGMA_M = 12.0
_LEAST_SIGMA_M, _MOST_SIGMA_M = 3.0, 60.0
_DENSE_S = 2.5
_WRONG_LOW, _WRONG_HIGH = 0.6, 1.35
_MEDIAN_OF_SIGMA = 0.6745
_SHRED_NODES = 2
# An error that is so many times as large as the jumps between fixes lasts for some time.
_LASTING = 2.0
_LASTS_S = 30.0


class Attempt(NamedTuple):
    """A track matched with one guess of how far off its fixes are.

    Attributes
    ----------
    fixes
        Those that were not thrown out beforehand.
    node
        Group of each, shape ``(n,)``.
    stands
        Whether each group is a stop, shape ``(g,)``.
    nodes, matched, path, placed
        The model, and what came out of it.
    lonlat, distance_m
        Places of the fixes on streets, and how far away they are; NaN of those left out.
    """

    fixes: Fixes
    node: IntArray
    stands: BoolArray
    nodes: Nodes
    matched: Matched
    path: TracedPath
    placed: PlacedFixes
    lonlat: FloatArray
    distance_m: FloatArray

    @property
    def sigma_m(self) -> float:
        """How far the fixes that drove are off the streets, as a standard deviation, or NaN."""
        drove = (self.placed.part >= 0) & ~self.stands[self.node]
        return (
            float(np.median(self.distance_m[drove])) / _MEDIAN_OF_SIGMA if drove.any() else np.nan
        )


@dataclass(frozen=True)
class NoiseGuess:
    """How far off fixes are each way: their own accuracy, or one number; times a factor.

    Attributes
    ----------
    unknown_m
        Of fixes without an accuracy of their own.
    factor
        What both are multiplied by.
    jumps_m
        How far fixes of every second jump: the part of their error that does not last; NaN where
        they come more seldom.
    lasts_s
        How long an error lasts; 0 where each fix has its own.
    """

    unknown_m: float
    factor: float = 1.0
    jumps_m: float = float("nan")
    lasts_s: float = 0.0

    @classmethod
    def first(cls, fixes: Fixes) -> Self:
        """Return a guess before matching.

        Fixes of every second betray how far they jump; the part of their error that lasts is
        found out later.
        """
        step_s = np.diff(fixes.at_s)
        if len(step_s) < 10 or np.median(step_s) > _DENSE_S:  # noqa: PLR2004 - too few to tell
            return cls(FIRST_SIGMA_M)
        bends = np.diff(as_metres(fixes.lonlat), n=2, axis=0)
        regular = np.abs(np.diff(step_s)) < _LEAST_SIGMA_M
        if not regular.any():
            return cls(FIRST_SIGMA_M)
        # The second difference of white noise has six times its variance.
        found_m = float(np.median(np.abs(bends[regular]))) / _MEDIAN_OF_SIGMA / np.sqrt(6.0)
        return cls(float(np.clip(found_m, 5.0, _MOST_SIGMA_M)), jumps_m=found_m)

    def noise_m(self, fixes: Fixes) -> FloatArray:
        """Return the standard deviation of each fix."""
        known_m = np.where(np.isnan(fixes.sigma_m), self.unknown_m, fixes.sigma_m)
        return np.asarray(np.clip(known_m * self.factor, _LEAST_SIGMA_M, _MOST_SIGMA_M))

    def corrected(self, attempt: Attempt) -> Self | None:
        """Return a better guess, or nothing if this one was near enough."""
        found_m = attempt.sigma_m
        if np.isnan(found_m):
            return None
        used_m = float(np.median(self.noise_m(attempt.fixes)))
        wrong = max(found_m, _LEAST_SIGMA_M) / used_m
        if _WRONG_LOW < wrong < _WRONG_HIGH:
            return None
        lasts_s = _LASTS_S if found_m > _LASTING * self.jumps_m else 0.0  # NaN: no
        return replace(self, factor=self.factor * wrong, lasts_s=lasts_s)


def find_shreds(attempt: Attempt) -> BoolArray:
    """Return which fixes are alone between two breaks that no way leads over: plainly wrong ones.

    A break at both sides of one or two observations means that they are wrong and not their
    neighbours.
    """
    chain = attempt.matched.chain
    kept = np.flatnonzero((attempt.matched.fate == KEPT) & (chain >= 0))
    chains = int(chain.max(initial=-1)) + 1
    if chains < 2:  # noqa: PLR2004 - nothing to bridge
        return np.zeros(len(attempt.node), dtype=np.bool_)
    count = np.bincount(chain[kept], minlength=chains)
    stops = np.bincount(chain[kept], weights=attempt.stands[kept], minlength=chains)
    begun_by_force = np.zeros(chains, dtype=np.bool_)
    begun_by_force[chain[kept][attempt.nodes.breaks[kept]]] = True
    shred = (count <= _SHRED_NODES) & (stops == 0) & ~begun_by_force
    shred[1:-1] &= ~begun_by_force[2:]
    return np.asarray((chain[attempt.node] >= 0) & shred[chain[attempt.node]])
