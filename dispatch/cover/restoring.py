"""Which idle crew restores most of what is uncovered, and where it would have to stand."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.cover.cover_rows import IdleCrew
from dispatch.cover.places import apart_m
from dispatch.cover.reaching import Reaching
from dispatch.cover.shares import BoolArray
from dispatch.cover.shares import Demand
from dispatch.cover.shares import percent
from dispatch.cover.types import RestoreAnswer
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadPort

_CREWS_TRIED: Final = 3
_LEAST_RESTORED: Final = 0.5
"""Of what is lost: for less, nobody is sent across the city."""
_AS_GOOD: Final = 0.1
"""A station may restore so much less of what is lost: everybody knows where it is."""
_STATION_WITHIN_M: Final = 5_000.0
_SAME_PLACE_M: Final = 150.0


@dataclass(frozen=True, slots=True)
class Gap:
    """What would be uncovered, and who is left.

    Attributes
    ----------
    area
        The one that loses most.
    before, after
        Which street points are covered with the crew that leaves and without it.
    gone
        That crew.
    reaching
        All idle crews, it included.
    points
        Where the street points are, shape ``(p, 2)``.
    """

    demand: Demand
    area: int
    before: BoolArray
    after: BoolArray
    gone: IdleCrew
    reaching: Reaching
    stations: Sequence[tuple[str, LonLat]]
    points: NDArray[np.float64]

    def places(self) -> list[tuple[str, LonLat]]:
        """Return where somebody could stand instead.

        At the station nearest to what is uncovered, or where the crew stands that leaves.
        """
        lost = self.points[self.before & ~self.after]
        middle = lost.mean(axis=0)
        found: list[tuple[str, LonLat]] = []
        near = min(self.stations, key=lambda each: apart_m(each[1], middle), default=None)
        if near is not None and apart_m(near[1], middle) <= _STATION_WITHIN_M:
            found.append(near)
        if all(apart_m(place, self.gone.lonlat) > _SAME_PLACE_M for _, place in found):
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

    def __init__(self, roads: RoadPort) -> None:
        self._roads = roads

    def best(self, gap: Gap) -> RestoreAnswer | None:
        """Return the move that restores most; None if none restores half of what is lost.

        The nearest few crews are tried, for whoever comes from far is long on the way. What they
        uncover where they stand now counts against them.

        Raises
        ------
        RoadsUnavailable
            If the road network does not answer.
        """
        rest = [each for each in gap.reaching.idle if each is not gap.gone]
        movable = [each for each in rest if not each.moving]
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
        tried = sorted(movable, key=lambda each: apart_m(each.lonlat, np.array(lonlat)))
        tried = [each for each in tried if apart_m(each.lonlat, np.array(lonlat)) > _SAME_PLACE_M]
        there = gap.reaching.from_place(lonlat) if tried else gap.after
        moves = []
        for crew in tried[:_CREWS_TRIED]:
            covered = (gap.after & ~gap.reaching.lost(crew, [gap.gone])) | there
            moves.append(_Move(crew, place, lonlat, covered, gap.demand.worth(covered)))
        return moves

    @staticmethod
    def _share(gap: Gap, move: _Move) -> int:
        return percent(float(gap.demand.shares(move.covered)[gap.area]))

    def _travel_time_s(self, move: _Move) -> float | None:
        times = self._roads.travel_times_to([move.crew.origin], move.lonlat)
        if times is None or not math.isfinite(times.travel_time_s[0]):
            return None
        return round(times.travel_time_s[0], 1)
