"""What a given set of closures does: first arrivals before and after."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from routing.closures.types import Closure
from routing.errors import ClosureError
from scripts.errors import UsageError
from scripts.studies.closure.losses import Loss
from scripts.studies.closure.losses import Losses
from scripts.studies.inputs.points import FloatArray
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads


@dataclass(frozen=True, eq=False)
class GivenClosures:
    """What some closures do together.

    Attributes
    ----------
    loss
        What they cost together.
    before_s, after_s
        First arrivals, seconds, shape ``(n,)``.
    """

    loss: Loss
    before_s: FloatArray
    after_s: FloatArray


def study_given(
    roads: StudyRoads,
    posts: Placed,
    demand: Placed,
    closures: list[Closure],
    *,
    now: datetime,
    limit_s: float,
    worst_s: float = 3600.0,
) -> GivenClosures:
    """Return what some closures do together; the roads are open again afterwards.

    Raises
    ------
    UsageError
        If a closure cannot be placed on the network.
    """
    before_s = roads.nearest(posts, demand, np.inf).travel_time_s
    try:
        roads.close(closures, now)
        after_s = roads.nearest(posts, demand, np.inf).travel_time_s
    except ClosureError as error:
        message = f"A closure cannot be placed: {error}."
        raise UsageError(message) from error
    finally:
        roads.close([], now)
    losses = Losses(demand.points.weights, before_s, limit_s, worst_s)
    return GivenClosures(losses.of(np.arange(len(demand)), after_s), before_s, after_s)
