"""Find the streets near positions among which a search chooses.

The nearest street is not always the one to take: a place may be 18 m from a farm track that is
reached after 22 km, and 40 m from the main road. So several are found, and the search takes the one
with the best total of driving and walking.

A *target* may be reached from any street near it. An *origin* is a vehicle, or where one was left:
it stands on one of the streets nearest to it, and nobody carries it to one much further away. A
vehicle that is driving is on a street that runs its way.
"""

import numpy as np

from routing.locate.line_segments import WRONG_WAY_M
from routing.locate.nearby_streets import MOST_STREETS
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.segment_grid import NearSegments
from routing.locate.segment_grid import SegmentGrid
from routing.locate.snapping import SNAP_LIMIT_M
from routing.locate.snapping import Snapper
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

# A receiver is off by some ten metres, a vehicle stands beside the middle of a street, and yards
# lie between streets.
ORIGIN_BEYOND_NEAREST_M = 30.0
# Of two parts of one street the nearer one suffices when they meet as near as this. For a vehicle
# so does the nearer of any two streets: driving round the corner takes it some seconds.
_SAME_STREET_M = 150.0
_ROUND_THE_CORNER_M = 60.0
_CONSIDERED = 12
_MANY = 2_000
"""From so many positions on, loading the compiled loop pays."""


class StreetFinder:
    """Finds the streets near many positions at once."""

    def __init__(self, network: RoadNetwork, lines: Lines, snapper: Snapper) -> None:
        self._roads, self._lines, self._snapper = network.roads, lines, snapper
        self._network_hash = network.content_hash

    def near_targets(self, lonlat: FloatArray) -> NearbyStreets:
        """Return the nearest streets within the snapping limit of checked positions."""
        return self._choose(lonlat, np.full(len(lonlat), np.nan), np.inf)

    def near_origins(self, lonlat: FloatArray, heading_deg: FloatArray) -> NearbyStreets:
        """Return the streets on which vehicles at checked positions can be.

        Parameters
        ----------
        heading_deg
            Of those that are driving, else NaN: they are on streets that run their way, if there
            are any nearby, and else on the nearest one.
        """
        found = self._choose(lonlat, heading_deg, ORIGIN_BEYOND_NEAREST_M)
        driving = np.flatnonzero(~np.isnan(heading_deg))
        if not len(driving):
            return found
        snaps = self._snapper.snap(lonlat[driving], heading_deg[driving])
        # As far away as that, a street that runs the right way is another one.
        astray = ~(found.distance_m[driving, 0] <= snaps.distance_m + WRONG_WAY_M)
        found.replace(driving[astray], NearbyStreets.of_snaps(snaps[astray]))
        found.distance_m[driving[astray], 0] = snaps.distance_m[astray]
        return found

    def _choose(
        self, lonlat: FloatArray, heading_deg: FloatArray, beyond_nearest_m: float
    ) -> NearbyStreets:
        found = NearbyStreets.nowhere(len(lonlat), self._network_hash)
        left = np.arange(len(lonlat))
        for grid in self._snapper.grids:
            if grid.radius_m < min(beyond_nearest_m, SNAP_LIMIT_M):
                continue
            if not len(left):
                break
            near = self._near(grid, lonlat[left], heading_deg[left], beyond_nearest_m)
            whole = self._fill(found, grid, near, left, heading_deg, beyond_nearest_m)
            left = left[~whole]
        return found

    @staticmethod
    def _near(
        grid: SegmentGrid, lonlat: FloatArray, heading_deg: FloatArray, beyond_nearest_m: float
    ) -> NearSegments:
        if len(lonlat) < _MANY or np.isfinite(beyond_nearest_m) or not np.isnan(heading_deg).all():
            return grid.of_each_street(lonlat, heading_deg, beyond_nearest_m)
        from routing.locate.street_scan import scan_streets  # noqa: PLC0415 - numba: for many only

        return scan_streets(grid, lonlat, _CONSIDERED)

    def _fill(
        self,
        found: NearbyStreets,
        grid: SegmentGrid,
        near: NearSegments,
        rows: IntArray,
        heading_deg: FloatArray,
        beyond_nearest_m: float,
    ) -> BoolArray:
        """Write what a grid has for some rows; return which of these need no greater cells."""
        segments = grid.segments
        street = segments.street[near.segment]
        along_m = segments.begin_m[near.segment] + near.share * segments.length_m[near.segment]
        rank = _rank(near.position)
        nearest_m = np.full(len(rows), np.inf)
        nearest_m[near.position[rank == 0]] = near.distance_m[rank == 0]
        whole = nearest_m + beyond_nearest_m <= grid.radius_m
        if grid.radius_m >= SNAP_LIMIT_M:
            whole = np.isfinite(nearest_m)
        kept = np.flatnonzero(whole[near.position] & (rank < _CONSIDERED))
        listed = near.position[kept], rank[kept], street[kept], along_m[kept]
        kept = kept[~self._continue_nearer(*listed, corners=np.isfinite(beyond_nearest_m))]
        rank = _rank(near.position[kept])
        kept, rank = kept[rank < MOST_STREETS], rank[rank < MOST_STREETS]
        row = rows[near.position[kept]]
        edge, offset_m, headed = self._snapper.on_directed_edges(
            street[kept], along_m[kept], segments.bearing_deg[near.segment[kept]], heading_deg[row]
        )
        found.edge[row, rank], found.offset_m[row, rank] = edge, offset_m
        found.distance_m[row, rank], found.headed[row, rank] = near.distance_m[kept], headed
        return whole

    def _continue_nearer(
        self,
        position: IntArray,
        rank: IntArray,
        street: IntArray,
        along_m: FloatArray,
        *,
        corners: bool | np.bool_,
    ) -> BoolArray:
        """Return which streets are a part, further away, of one that is also listed.

        They have one name, meet nearby, and both can be driven both ways: whoever can drive to the
        one can drive on along the other. Without this the parts of one street, or the lanes of one
        car park, would be all that is listed.

        Parameters
        ----------
        position, rank, street, along_m
            The streets listed for each position, and where on them.
        corners
            Whether two of any names count as one that meet at the next corner.
        """
        roads, count = self._roads, int(position.max(initial=-1)) + 1
        shape = (count, _CONSIDERED)
        listed = np.zeros(shape, dtype=np.bool_)
        listed[position, rank] = roads.segment_forward[street] & roads.segment_backward[street]
        name = np.full(shape, -1, dtype=np.int64)
        name[position, rank] = roads.segment_name[street]
        ends = np.full((2, *shape), -1, dtype=np.int64)
        ends[0, position, rank] = roads.segment_from[street]
        ends[1, position, rank] = roads.segment_to[street]
        rest_m = np.zeros((2, *shape))
        rest_m[0, position, rank] = along_m
        rest_m[1, position, rank] = self._lines.length_m[street] - along_m
        furthest_m = np.where(name[:, :, np.newaxis] == name[:, np.newaxis], _SAME_STREET_M, 0.0)
        if corners:
            np.maximum(furthest_m, _ROUND_THE_CORNER_M, out=furthest_m)
        meets: BoolArray = np.zeros(furthest_m.shape, dtype=np.bool_)
        for here in (0, 1):
            for there in (0, 1):
                meets |= (ends[here][:, :, np.newaxis] == ends[there][:, np.newaxis]) & (
                    rest_m[here][:, :, np.newaxis] + rest_m[there][:, np.newaxis] <= furthest_m
                )
        meets &= listed[:, :, np.newaxis] & listed[:, np.newaxis]
        meets &= np.tri(_CONSIDERED, k=-1, dtype=np.bool_)
        return np.asarray(meets.any(axis=2))[position, rank]


def _rank(position: IntArray) -> IntArray:
    """Return the number of each row among those of its position, for sorted positions."""
    first = np.flatnonzero(np.diff(position, prepend=-1))
    counts = np.diff(np.append(first, len(position)))
    return np.asarray(np.arange(len(position)) - np.repeat(first, counts))
