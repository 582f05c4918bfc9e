"""Find good sites for a cover objective in milliseconds: greedy, exchange, and new starts."""

from dataclasses import dataclass
from typing import Final
from typing import Self

import numpy as np

from scripts.studies.siting.problem import BoolArray
from scripts.studies.siting.problem import FloatArray
from scripts.studies.siting.problem import IntArray
from scripts.studies.siting.solving import cover_kernels as kernels
from scripts.studies.siting.solving.clock import Clock

_ROUNDS: Final = 10_000
_SEED: Final = 20_260


@dataclass(frozen=True, eq=False)
class Worth:
    """Rows of a cover objective: which sites cover each, and what it is worth covered k times.

    Attributes
    ----------
    reach
        Shape ``(n, m)``.
    weights
        Shape ``(n,)``.
    kind
        Row of the table, shape ``(n,)``.
    table
        Worth of one unit of weight by the number of crews, not falling; shape ``(kinds, k)``.
        Its last column holds for more crews too.
    """

    reach: BoolArray
    weights: FloatArray
    kind: IntArray
    table: FloatArray

    @classmethod
    def of(cls, reach: BoolArray, weights: FloatArray, table: FloatArray) -> Self:
        """Return rows of one kind."""
        return cls(reach, weights, np.zeros(len(weights), dtype=np.int64), np.atleast_2d(table))

    def beside(self, other: "Worth") -> "Worth":
        """Return both together."""
        width = max(self.table.shape[1], other.table.shape[1])
        tables = [
            np.pad(table, ((0, 0), (0, width - table.shape[1])), mode="edge")
            for table in (self.table, other.table)
        ]
        return Worth(
            np.vstack((self.reach, other.reach)),
            np.concatenate((self.weights, other.weights)),
            np.concatenate((self.kind, other.kind + len(self.table))),
            np.vstack(tables),
        )


class CoverSearch:
    """Searches one objective; remembers nothing between searches.

    Parameters
    ----------
    count
        How many crews there are in all.
    fixed, most
        Least and most crews of each site, shape ``(m,)``.
    """

    def __init__(self, worth: Worth, count: int, fixed: IntArray, most: IntArray) -> None:
        self._fixed, self._most, self._count = fixed.astype(np.int64), most.astype(np.int64), count
        rows, sites = np.nonzero(worth.reach)
        by_site = np.argsort(sites, kind="stable")
        n, m = worth.reach.shape
        self._columns = max(count + 3, worth.table.shape[1])
        self._table = self._widened(worth.table)
        self._arrays = (
            np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=n)))).astype(np.int64),
            sites.astype(np.int64),
            np.concatenate(([0], np.cumsum(np.bincount(sites, minlength=m)))).astype(np.int64),
            rows[by_site].astype(np.int64),
            np.ascontiguousarray(worth.weights, dtype=np.float64),
            worth.kind.astype(np.int64),
            self._table,
        )
        self._reach = worth.reach

    def reprice(self, table: FloatArray) -> None:
        """Change what a row is worth by the number of crews that cover it."""
        self._table[:] = self._widened(table)

    def value(self, crews: IntArray) -> float:
        """Return what crews at the sites are worth."""
        covers = self._covers(crews)
        weights, kind, table = self._arrays[4], self._arrays[5], self._arrays[6]
        return float(weights @ table[kind, covers])

    def best_exchange(self) -> IntArray:
        """Return crews by greedy addition and best exchange."""
        crews = self._fixed.copy()
        covers = self._covers(crews)
        kernels.add_greedily(*self._arrays, crews, self._most, covers, self._count)
        return self.improved(crews)

    def improved(self, crews: IntArray) -> IntArray:
        """Return crews that no single move makes better."""
        crews = crews.copy()
        covers = self._covers(crews)
        kernels.exchange_best(*self._arrays, crews, self._fixed, self._most, covers, _ROUNDS)
        return crews

    def restarted(
        self,
        crews: IntArray,
        clock: Clock,
        *,
        most_s: float,
        tries: int = 60,
        enough: float = float("inf"),
    ) -> IntArray:
        """Return the best of many searches, each from a few random moves off the best so far.

        Ends after ``tries`` without success, after ``most_s`` seconds, or at a value that is
        enough.
        """
        best, worth = crews, self.value(crews)
        ends_s = clock.seconds() + most_s
        failed = turn = 0
        while failed < tries and worth < enough and clock.seconds() < ends_s and not clock.over():
            turn += 1
            trial = self.shaken(best, turn)
            value = self.value(trial)
            failed += 1
            if value > worth * (1 + 1e-12):
                best, worth, failed = trial, value, 0
            elif value == worth:
                best = trial
        return best

    def shaken(self, crews: IntArray, turn: int) -> IntArray:
        """Return other crews: some moved at random, then as improved as may be."""
        trial = crews.copy()
        covers = self._covers(trial)
        kernels.shake(
            self._arrays[2],
            self._arrays[3],
            trial,
            self._fixed,
            self._most,
            covers,
            1 + turn % 4,
            _SEED + turn,
        )
        kernels.exchange_best(*self._arrays, trial, self._fixed, self._most, covers, _ROUNDS)
        return trial

    def _widened(self, table: FloatArray) -> FloatArray:
        more = self._columns - table.shape[1]
        return np.ascontiguousarray(np.pad(table, ((0, 0), (0, more)), mode="edge"))

    def _covers(self, crews: IntArray) -> IntArray:
        covers = self._reach[:, crews > 0] @ crews[crews > 0]
        return np.ascontiguousarray(covers, dtype=np.int64)
