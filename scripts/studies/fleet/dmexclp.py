"""The move-up rule DMEXCLP: whoever becomes free goes where expected cover gains most.

It needs no table and moves nobody who stands: only crews that have just become free are sent, to
the post whose next crew adds most to the expected cover of those already free.

References
----------
Jagtenberg, Bhulai, van der Mei (2015), An efficient heuristic for real-time ambulance redeployment,
Operations Research for Health Care 4.
"""

import numpy as np

from scripts.studies.fleet.compliance_table import Cover
from scripts.studies.inputs.points import IntArray
from scripts.studies.simulation.scenario import IdleCrews


class Dmexclp:
    """A `MoveUpRule`; remembers who was free, for it acts on those who have just become so."""

    def __init__(self, cover: Cover) -> None:
        self._reach = np.asarray(cover.times_s <= cover.limit_s)
        self._cover = cover
        self._free: frozenset[int] | None = None
        self._last_s = -np.inf

    def __call__(self, idle: IdleCrews) -> dict[int, int]:
        """Return where those go who have just become free."""
        free = frozenset(idle.crew.tolist())
        if idle.now_s < self._last_s:  # another day begins
            self._free = None
        known, self._free, self._last_s = self._free, free, idle.now_s
        if known is None or idle.sent is not None:
            # At the beginning all stand at their posts; who is sent leaves nobody newly free.
            return {}
        fresh = sorted(free - known)
        stand = {
            int(crew): int(post)
            for crew, post in zip(idle.crew.tolist(), idle.stand.tolist(), strict=True)
            if crew not in fresh
        }
        moves: dict[int, int] = {}
        for crew in fresh:
            moves[crew] = stand[crew] = self._best_post(np.array(list(stand.values()), dtype=int))
        return moves

    def _best_post(self, stand: IntArray) -> int:
        """Return the post whose next crew gains most; the first of equals."""
        times = self._reach[stand].sum(axis=0)
        q = self._cover.busy
        gain = self._reach @ (self._cover.weights * (1.0 - q) * q**times)
        return int(gain.argmax())
