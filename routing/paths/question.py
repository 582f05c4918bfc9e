"""What a search lets others work on while it holds its lock."""

from collections.abc import Callable
from typing import NamedTuple

from routing.closures.endpoint_distances import EndpointDistances
from routing.locate.endpoints import Endpoints
from routing.network.arrays import FloatArray


class Question(NamedTuple):
    """Endpoints as they are under the closures in force, and searches between any of them.

    Attributes
    ----------
    distances
        Weights and closed roads; another object after each change of closures.
    starts, goals
        The endpoints.
    times_from_each
        Returns milliseconds, shape ``(origins, targets)``: one search per origin.
    times_to_each
        Returns milliseconds, shape ``(targets, origins)``: one search per target.
    """

    distances: EndpointDistances
    starts: Endpoints
    goals: Endpoints
    times_from_each: Callable[[Endpoints, Endpoints], FloatArray]
    times_to_each: Callable[[Endpoints, Endpoints], FloatArray]
