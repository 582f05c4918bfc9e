"""Travel times between all places of one day."""

from collections.abc import Iterable
from typing import Self

import numpy as np

from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.visits.appointments import LonLat


class DayTimes:
    """The OD matrix of some places, each found by its position."""

    def __init__(
        self, place_of: dict[LonLat, int], times_s: FloatArray, off_m: dict[LonLat, float]
    ) -> None:
        self._place_of, self._times_s, self.off_m = place_of, times_s, off_m

    @classmethod
    def between(cls, roads: StudyRoads, places: Iterable[LonLat]) -> Self:
        """Return the times between places; ``off_m`` names those off road with their distance."""
        every = list(dict.fromkeys(places))
        placed = roads.place(Points.at_places(every))
        kept = [int(name) - 1 for name in placed.points.names]
        off = {
            every[int(one.name) - 1]: float(one.distance_m or np.inf)
            for one in placed.points.left_out
        }
        times_s = roads.times(placed, placed)
        np.fill_diagonal(times_s, 0.0)
        return cls({every[one]: row for row, one in enumerate(kept)}, times_s, off)

    def time_s(self, begin: LonLat, end: LonLat) -> float:
        """Return seconds by road; ``inf`` where no road leads, or a place is off road."""
        if begin in self.off_m or end in self.off_m:
            return float("inf")
        return float(self._times_s[self._place_of[begin], self._place_of[end]])

    def table_s(self, places: list[LonLat]) -> FloatArray:
        """Return the times between some places on the road, shape ``(n, n)``."""
        rows = [self._place_of[place] for place in places]
        return self._times_s[np.ix_(rows, rows)]
