"""Which idle crew restores most of what is uncovered, and where it would have to stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.cover.cover_rows import IdleCrew
from dispatch.cover.shares import BoolArray
from dispatch.cover.shares import Demand
from dispatch.cover.shares import percent
from dispatch.cover.types import RestoreAnswer
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort

_CREWS_TRIED: Final = 3
_LEAST_RESTORED: Final = 0.5
"""Of what is lost: for less, nobody is sent across the city."""
_AS_GOOD: Final = 0.1
"""A station may restore so much less of what is lost: everybody knows where it is."""
_STATION_WITHIN_M: Final = 5_000.0
_SAME_PLACE_M: Final = 150.0
_METRES_PER_DEGREE: Final = 111_195.0


@dataclass(frozen=True, slots=True)
class Gap:
    """What would be uncovered, and who is left.

    Attributes
    ----------
    area
        The one that loses most.
    before, after
        Which street points are covered with the crew that leaves and without it.
    gone, rest
        That crew, and all other idle ones.
    points
        Where the street points are, shape ``(p, 2)``.
    """

    demand: Demand
    area: int
    before: BoolArray
    after: BoolArray
    gone: IdleCrew
    rest: Sequence[IdleCrew]
    stations: Sequence[tuple[str, LonLat]]
    points: NDArray[np.float64]

    def places(self) -> list[tuple[str, LonLat]]:
        """Return where somebody could stand instead.

        At the station nearest to what is uncovered, or where the crew stands that leaves.
        """
        lost = self.points[self.before & ~self.after]
        middle = lost.mean(axis=0)
        found: list[tuple[str, LonLat]] = []
        near = min(self.stations, key=lambda each: _apart_m(each[1], middle), default=None)
        if near is not None and _apart_m(near[1], middle) <= _STATION_WITHIN_M:
            found.append(near)
        if all(_apart_m(place, self.gone.lonlat) > _SAME_PLACE_M for _, place in found):
            found.append(("", self.gone.lonlat))
        return found


@dataclass(frozen=True, slots=True)
class _Move:
    crew: IdleCrew
    place: str
    lonlat: LonLat
    covered: BoolArray
    worth: float


class Restoring:
    """Finds who should move up."""

    def __init__(self, roads: RoadPort, within_s: float) -> None:
        self._roads = roads
        self._within_s = within_s

    def best(self, gap: Gap) -> RestoreAnswer | None:
        """Return the move that restores most; None if none restores half of what is lost.

        The nearest few crews are tried, for whoever comes from far is long on the way. What they
        uncover where they stand now counts against them.

        Raises
        ------
        RoadsUnavailable
            If the road network does not answer.
        """
        movable = [each for each in gap.rest if not each.moving]
        moves = [
            move
            for place, lonlat in gap.places()
            for move in self._moves(gap, place, lonlat, movable)
        ]
        had, left = gap.demand.worth(gap.before), gap.demand.worth(gap.after)
        moves = [each for each in moves if each.worth >= left + _LEAST_RESTORED * (had - left)]
        shown = percent(float(gap.demand.shares(gap.after)[gap.area]))
        moves = [each for each in moves if self._share(gap, each) > shown]
        if not moves:
            return None
        spare = _AS_GOOD * (had - left)
        move = max(moves, key=lambda each: each.worth + (spare if each.place else 0.0))
        return {
            "crew_id": move.crew.crew_id,
            "crew_name": move.crew.name,
            "lon": move.lonlat[0],
            "lat": move.lonlat[1],
            "place": move.place,
            "travel_time_s": self._travel_time_s(move),
            "restored_pct": self._share(gap, move),
        }

    def _moves(
        self, gap: Gap, place: str, lonlat: LonLat, movable: Sequence[IdleCrew]
    ) -> list[_Move]:
        tried = sorted(movable, key=lambda each: _apart_m(each.lonlat, np.array(lonlat)))
        tried = [each for each in tried if _apart_m(each.lonlat, np.array(lonlat)) > _SAME_PLACE_M]
        tried = tried[:_CREWS_TRIED]
        if not tried:
            return []
        without = [[each.origin for each in gap.rest if each is not one] for one in tried]
        there, *left = self._roads.points_reached([[Origin(*lonlat)], *without], self._within_s)
        return [
            _Move(crew, place, lonlat, there | rest, gap.demand.worth(there | rest))
            for crew, rest in zip(tried, left, strict=True)
        ]

    @staticmethod
    def _share(gap: Gap, move: _Move) -> int:
        return percent(float(gap.demand.shares(move.covered)[gap.area]))

    def _travel_time_s(self, move: _Move) -> float | None:
        times = self._roads.travel_times_to([move.crew.origin], move.lonlat)
        if times is None or not math.isfinite(times.travel_time_s[0]):
            return None
        return round(times.travel_time_s[0], 1)


def _apart_m(lonlat: LonLat, other: NDArray[np.float64] | LonLat) -> float:
    """Return metres between two places that are near each other."""
    east = (other[0] - lonlat[0]) * math.cos(math.radians(lonlat[1]))
    return float(math.hypot(east, other[1] - lonlat[1]) * _METRES_PER_DEGREE)
