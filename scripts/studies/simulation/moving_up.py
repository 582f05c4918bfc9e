"""Rules that say where idle crews stand: the desk's own, a compliance table, or one of one's own.

The desk proposes a move-up whenever a crew leaves; here it is always asked, always accepted, and
over as soon as the crew whose place is held is idle again.
"""

import math
from collections.abc import Mapping
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from dispatch.cover.areas import Outline
from dispatch.cover.areas import find_areas
from dispatch.cover.cover_rows import IdleCrew
from dispatch.cover.reaching import Reaching
from dispatch.cover.restoring import Gap
from dispatch.cover.restoring import Restoring
from dispatch.cover.shares import Demand
from dispatch.cover.shares import losing_most
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import RoadPort
from dispatch.roads.types import RoadTimes
from scripts.studies.inputs.points import BoolArray
from scripts.studies.inputs.points import FloatArray
from scripts.studies.inputs.points import IntArray
from scripts.studies.simulation.scenario import IdleCrews
from scripts.studies.simulation.scenario import MoveUpRule
from scripts.studies.simulation.travel_table import Times
from scripts.studies.simulation.travel_table import TravelTable


def compliance(held: Mapping[int, Sequence[int]]) -> MoveUpRule:
    """Return the rule of a compliance table: with so many idle crews, these posts are held.

    Crews are sent to the posts so that the sum of their drives is the least. Where the table has no
    row for a number of crews, the row of the next smaller one holds, and the others stay.

    Parameters
    ----------
    held
        Number of idle crews → places to hold, at most so many; the same place may stand in it
        twice.

    References
    ----------
    Gendreau, Laporte, Semet (2006), The maximal expected coverage relocation problem for emergency
    vehicles, Journal of the Operational Research Society 57.
    """
    rows = sorted(held)

    def rule(idle: IdleCrews) -> dict[int, int]:
        fitting = [row for row in rows if row <= len(idle.crew)]
        if not fitting:
            return {}
        posts = np.asarray(held[fitting[-1]], dtype=np.int64)
        drives_s = idle.times_s[np.ix_(idle.place, posts)].astype(np.float64)
        # Whoever stands there already stays: of two drives of no length the one that is none.
        drives_s -= 1e-3 * (idle.stand[:, None] == posts[None, :])
        drives_s[~np.isfinite(drives_s)] = 1e9
        crews, columns = linear_sum_assignment(drives_s)
        return {
            int(idle.crew[crew]): int(posts[column])
            for crew, column in zip(crews, columns, strict=True)
        }

    return rule


class DeskMoveUp:
    """The move-up that the dispatch desk proposes when a crew leaves (`dispatch.cover`).

    It covers streets, each area by its incidents; here the places of incidents stand for the
    streets. A crew on its way counts as where it is nearer to.
    """

    def __init__(
        self,
        table: TravelTable,
        incidents: IntArray,
        *,
        within_s: float,
        outlines: Sequence[Outline] = (),
    ) -> None:
        """Know what is to be covered.

        Parameters
        ----------
        table
            The places, posts first: these are the stations.
        incidents
            Places of past incidents, one each; shape ``(n,)``.
        within_s
            A place is covered if an idle crew is there in so many seconds.
        outlines
            Zones; without any, nine quarters of the ground are the areas.
        """
        self._lonlat: list[LonLat] = [(lon, lat) for lon, lat in table.lonlat.tolist()]
        self._row = {lonlat: row for row, lonlat in enumerate(self._lonlat)}
        self._stations = [(f"{row}", self._lonlat[row]) for row in range(table.posts)]
        self._points = table.lonlat[table.posts :]
        areas = find_areas(list(outlines), self._points)
        area = areas.of_point[incidents - table.posts]
        counts = np.bincount(area[area >= 0], minlength=len(areas.names))
        self._demand = Demand.of_history(areas.of_point, counts)
        self._posts = table.posts
        self._within_s = within_s
        self._roads: _TableRoads | None = None

    def __call__(self, idle: IdleCrews) -> dict[int, int]:
        """Return who is called back, and who moves up."""
        if idle.sent is None or idle.sent_from is None:
            return self._called_back(idle)
        roads = self._roads_of(idle.times_s)
        crews = [
            IdleCrew(crew, str(crew), self._lonlat[place], moved)
            for crew, place, moved in zip(
                idle.crew.tolist(), idle.place.tolist(), idle.moved.tolist(), strict=True
            )
        ]
        gone = IdleCrew(idle.sent, str(idle.sent), self._lonlat[idle.sent_from], moving=False)
        reaching = Reaching(cast("RoadPort", roads), self._within_s, [*crews, gone])
        lost = reaching.lost(gone)
        if not lost.any():
            return {}
        after = reaching.without([gone])
        before = after | lost
        area = losing_most(self._demand, before, after)
        if area is None:
            return {}
        gap = Gap(self._demand, area, before, after, gone, reaching, self._stations, self._points)
        best = Restoring(cast("RoadPort", roads)).best(gap)
        return {} if best is None else {best["crew_id"]: self._row[best["lon"], best["lat"]]}

    @staticmethod
    def _called_back(idle: IdleCrews) -> dict[int, int]:
        own = set(idle.post[~idle.moved].tolist())
        return {
            crew: post
            for crew, post, stand, moved in zip(
                idle.crew.tolist(),
                idle.post.tolist(),
                idle.stand.tolist(),
                idle.moved.tolist(),
                strict=True,
            )
            if moved and stand in own
        }

    def _roads_of(self, times_s: Times) -> "_TableRoads":
        if self._roads is None or self._roads.times_s is not times_s:
            self._roads = _TableRoads(times_s, self._row, self._points, self._posts)
        return self._roads


class _TableRoads:
    """The table, as far as cover asks the road network; the rest of the port is never asked."""

    def __init__(
        self, times_s: Times, row: Mapping[LonLat, int], points: FloatArray, posts: int
    ) -> None:
        self.times_s = times_s
        self._row = row
        self._points = points
        self._posts = posts
        self._reached: dict[tuple[int, float], BoolArray] = {}

    def street_points(self) -> tuple[int, FloatArray]:
        """Return the places of incidents."""
        return 0, self._points

    def points_reached(
        self, groups: Sequence[Sequence[Origin]], limit_s: float
    ) -> NDArray[np.bool_]:
        """Return which places of incidents each group reaches in time."""
        if len(groups) == len(groups[0]) == 1:
            # Nearly every question of the desk's: a hundred for each crew that leaves.
            return self._from(groups[0][0][:2], limit_s)[None]
        return np.array(
            [
                np.logical_or.reduce([self._from((each.lon, each.lat), limit_s) for each in group])
                for group in groups
            ]
        )

    def travel_times_to(self, origins: Sequence[Origin], target: LonLat) -> RoadTimes:
        """Return seconds from each origin."""
        to = self._row[target]
        times_s = [float(self.times_s[self._row[each.lon, each.lat], to]) for each in origins]
        return RoadTimes(times_s, [math.isinf(each) for each in times_s])

    def _from(self, lonlat: LonLat, limit_s: float) -> BoolArray:
        key = self._row[lonlat], limit_s
        if key not in self._reached:
            self._reached[key] = np.asarray(self.times_s[key[0], self._posts :] <= limit_s)
        return self._reached[key]
