"""Which street points idle crews reach, alone and together, with as little searching as it takes.

What one crew alone covers is found from it and its neighbours: where crews stand close, a handful
of short searches shows that nothing is lost without it. Only what is left then is compared with
everybody else at once, by one search outwards from all of them. Each search is a question of its
own to the engine, and remembered while nobody concerned moves.
"""

from collections.abc import Collection
from collections.abc import Sequence
from typing import Final

import numpy as np

from dispatch.cover.cover_rows import IdleCrew
from dispatch.cover.places import apart_m
from dispatch.cover.shares import BoolArray
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort

_NEIGHBOURS: Final = 16


class Reaching:
    """Idle crews at one moment, and what they reach in time.

    Every method raises `RoadsUnavailable` if the road network does not answer.
    """

    def __init__(self, roads: RoadPort, within_s: float, idle: Sequence[IdleCrew]) -> None:
        self._roads = roads
        self._within_s = within_s
        self.idle = idle

    def from_place(self, lonlat: LonLat) -> BoolArray:
        """Return which points somebody at a place reaches."""
        return self._reached([Origin(*lonlat)])

    def alone(self, crew: IdleCrew) -> BoolArray:
        """Return which points a crew reaches."""
        return self._reached([crew.origin])

    def lost(self, crew: IdleCrew, gone: Collection[IdleCrew] = ()) -> BoolArray:
        """Return which points this crew reaches and no other idle one but those gone."""
        others = [each for each in self.idle if each is not crew and each not in gone]
        others.sort(key=lambda each: apart_m(crew.lonlat, each.lonlat))
        left = self.alone(crew).copy()
        for each in others[:_NEIGHBOURS]:
            if not left.any():
                return left
            left &= ~self.alone(each)
        if len(others) > _NEIGHBOURS and left.any():
            left &= ~self._reached([each.origin for each in others])
        return left

    def without(self, gone: Collection[IdleCrew]) -> BoolArray:
        """Return which points are reached by an idle crew that is not gone."""
        rest = [each for each in self.idle if each not in gone]
        if len(rest) > _NEIGHBOURS:
            return self._reached([each.origin for each in rest])
        none = np.zeros(len(self._roads.street_points()[1]), dtype=np.bool_)
        return np.asarray(np.logical_or.reduce([none, *(self.alone(each) for each in rest)]))

    def _reached(self, origins: Sequence[Origin]) -> BoolArray:
        found: BoolArray = self._roads.points_reached([origins], self._within_s)[0]
        return found
