"""Study which single closures hurt most."""

from dataclasses import dataclass

import numpy as np

from routing.criticality.single_closures import SingleClosures
from routing.network.road_network import RoadNetwork
from scripts.errors import UsageError
from scripts.studies.closure.losses import Losses
from scripts.studies.closure.losses import Measure
from scripts.studies.closure.ranking import Progress
from scripts.studies.closure.ranking import Ranking
from scripts.studies.closure.ranking import rank_closures
from scripts.studies.closure.street_pieces import ClosedAtOnce
from scripts.studies.closure.street_pieces import PieceNames
from scripts.studies.closure.street_pieces import number_pieces
from scripts.studies.inputs.points import IntArray
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads


@dataclass(frozen=True, eq=False)
class ClosureStudy:
    """The answer of `study_closures`.

    Attributes
    ----------
    ranking
        The worst closures.
    losses
        What is lost is counted from these: first arrivals with all open, limits, demand.
    names
        What the closed pieces are called and where they lie.
    posts, demand, at_once, roads
        What the study was of.
    """

    ranking: Ranking
    losses: Losses
    names: PieceNames
    posts: Placed
    demand: Placed
    at_once: ClosedAtOnce
    roads: RoadNetwork
    _closures: SingleClosures

    @property
    def total(self) -> float:
        """All demand that lies on the network."""
        return float(self.losses.weights.sum())

    @property
    def covered(self) -> float:
        """Demand reached within the limit with all streets open."""
        return float(self.losses.weights[self.losses.before_s <= self.losses.limit_s].sum())

    def losing_cover(self, group: int) -> IntArray:
        """Return the demand points that lose cover by one closure, ascending."""
        target, after_s = self._closures.changed_by(group, self.losses.limit_s)
        before_s = self.losses.before_s[target]
        late = (before_s <= self.losses.limit_s) & (after_s > self.losses.limit_s)
        return np.sort(target[late])


def study_closures(
    roads: StudyRoads,
    posts: Placed,
    demand: Placed,
    *,
    limit_s: float,
    worst_s: float = 3600.0,
    measure: Measure = Measure.COVER,
    at_once: ClosedAtOnce = ClosedAtOnce.STRETCH,
    count: int = 20,
    every: bool = False,
    progress: Progress | None = None,
) -> ClosureStudy:
    """Return which single closures cost most, and how much: exact, with proof.

    One closure at a time, both directions; all other streets are open. Places on a closed street
    are still reached from its ends, as the desk has it (`routing.closures.local_search`).

    Parameters
    ----------
    roads
        With the profile and hour that count.
    posts, demand
        Where vehicles stand, and who is to be reached, with weights.
    limit_s
        Covered is who is reached within this.
    worst_s
        The worst time that counts as added time, at least ``limit_s``.
    measure
        What to rank by; the listed closures are told by all measures.
    at_once
        What one closure closes.
    count
        How many to list.
    every
        Find the loss of every street, for a whole map.
    progress
        Is told of each search.

    Raises
    ------
    UsageError
        If there are no posts or no demand, or a number is impossible.

    References
    ----------
    Jenelius, Petersen, Mattsson (2006), Importance and exposure in road network vulnerability
    analysis, Transportation Research A 40; Ramalingam, Reps (1996), An incremental algorithm for a
    generalization of the shortest-path problem, Journal of Algorithms 21.
    """
    if not len(posts):
        message = "None of the posts lies on the road network."
        raise UsageError(message)
    if not len(demand):
        message = "No demand lies on the road network."
        raise UsageError(message)
    if not 0.0 < limit_s <= worst_s < np.inf:
        message = "The limit must be above 0 and at most the worst time that counts."
        raise UsageError(message)
    if count < 1:
        message = "At least one closure must be listed."
        raise UsageError(message)
    network = roads.router.network
    group = number_pieces(network, at_once)
    closures = roads.router.single_closures(posts.origins, demand.targets, group)
    losses = Losses(demand.points.weights, closures.first_s, limit_s, worst_s)
    ranking = rank_closures(closures, losses, measure, count, every=every, progress=progress)
    names = PieceNames(network, group)
    return ClosureStudy(ranking, losses, names, posts, demand, at_once, network, closures)
