"""First arrivals when one group of streets is closed, for any of the groups."""

import numpy as np

from routing.criticality.arrivals import NEVER_MS
from routing.criticality.arrivals import goals_of
from routing.criticality.arrivals import grow_tree
from routing.criticality.arrivals import seeds_of
from routing.criticality.compiled_bounds import bound_losses
from routing.criticality.compiled_bounds import first_arrivals
from routing.criticality.compiled_repair import make_workspace
from routing.criticality.compiled_repair import repair
from routing.criticality.street_groups import group_streets
from routing.engine.edge_expansion import Expansion
from routing.engine.edge_weights import EdgeWeights
from routing.locate.endpoints import Endpoints
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray


class SingleClosures:
    """First arrivals of some posts at some targets, with all open and with any one group closed.

    Times equal those of `routing.router.Router.matrix` under a closure of whole streets in both
    directions, its least row by row. No two threads may use one object at a time.

    Attributes
    ----------
    first_s
        First arrival at each target with all streets open, seconds, ``inf`` where none arrives;
        shape ``(n,)``.
    count
        How many groups there are.
    """

    def __init__(
        self,
        expansion: Expansion,
        weights: EdgeWeights,
        posts: Endpoints,
        targets: Endpoints,
        group: IntArray,
    ) -> None:
        """Search once from all posts.

        Parameters
        ----------
        weights
            Without closures.
        group
            Number of the group of each street, 0 to ``count - 1``, shape ``(m,)``.
        """
        self._streets = group_streets(expansion, weights, group)
        self._seeds = seeds_of(posts, self._streets, group)
        self._goals = goals_of(targets, posts, len(weights.edge_ms), group)
        self._tree = grow_tree(self._streets, self._seeds)
        self._ms, self._by_state = first_arrivals(self._streets, self._tree, self._goals)
        self._work = make_workspace(self._streets, self._seeds, len(targets))
        self.first_s = _seconds(self._ms)
        self.count = len(self._streets.group_states_start) - 1

    def bounds(self, most_lost: FloatArray) -> FloatArray:
        """Return for each group what its closure can lose at most, shape ``(count,)``.

        Parameters
        ----------
        most_lost
            What a target can lose at most, at least 0, shape ``(n,)``.
        """
        return bound_losses(
            self._streets,
            self._tree,
            self._seeds,
            self._goals,
            self._ms,
            self._by_state,
            np.asarray(most_lost, dtype=np.float64),
        )

    def changed_by(self, group: int, limit_s: float = np.inf) -> tuple[IntArray, FloatArray]:
        """Return targets whose first arrival a closure may change, and the arrivals then.

        Parameters
        ----------
        group
            Which streets are closed.
        limit_s
            Arrivals later than this may be told as ``inf``; a low one saves time.

        Returns
        -------
        target, first_s
            Each target once, in no order; all others keep their first arrival.
        """
        limit_ms = NEVER_MS - 1 if np.isinf(limit_s) else int(np.ceil(1000.0 * limit_s))
        work = self._work
        count = repair(self._streets, self._tree, self._seeds, self._goals, work, group, limit_ms)
        return work.touched[:count].copy(), _seconds(work.touched_ms[:count])


def _seconds(ms: IntArray) -> FloatArray:
    return np.asarray(np.where(ms < NEVER_MS, ms / 1000.0, np.inf))
