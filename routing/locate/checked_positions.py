"""Validate positions and snap them to roads, before any search."""

from typing import TypeAlias

import numpy as np

from routing.errors import InvalidPointError
from routing.errors import OutsideNetworkError
from routing.locate.snapping import SNAP_LIMIT_M
from routing.locate.snapping import Snapper
from routing.locate.snapping import Snaps
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.network.arrays import as_headings
from routing.network.arrays import as_lonlat
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

PositionsLike: TypeAlias = LonLatLike | Snaps

# Slower than a brisk walk, the heading of a receiver is noise.
STANDING_MPS = 1.5
_ROUNDING_M = 1e-6


class CheckedSnapper:
    """Checks and snaps the positions that callers give, since the search crashes on wrong ids."""

    snap_limit_m: float = SNAP_LIMIT_M

    def __init__(self, network: RoadNetwork, lines: Lines, snapper: Snapper) -> None:
        self._network, self._lines, self._snapper = network, lines, snapper

    def snap(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None,
        speed_mps: float | FloatArray | None,
    ) -> Snaps:
        """Return the nearest point on a road for each position; see `routing.router.Router.snap`.

        Raises
        ------
        InvalidPointError
            If a position, heading or speed cannot be one.
        """
        lonlat = as_lonlat(points)
        headings = as_headings(heading_deg, len(lonlat))
        if speed_mps is not None:
            speeds = _as_speeds(speed_mps, len(lonlat))
            headings = np.where(speeds >= STANDING_MPS, headings, np.nan)  # NaN compares false
        return self._snapper.snap(lonlat, headings)

    def on_edges(self, edges: IntArray, offsets_m: FloatArray) -> Snaps:
        """Return points at offsets along directed edges (``2 * street + direction``).

        Raises
        ------
        InvalidPointError
            If an edge is not in the network or an offset not on it.
        """
        edge, offset_m = np.atleast_1d(np.asarray(edges)), np.atleast_1d(np.asarray(offsets_m))
        unchecked = Snaps(edge, offset_m, np.zeros(len(edge)), np.zeros((len(edge), 2)), "")
        self._check_on_network(unchecked)
        return self._snapper.on_edges(edge.astype(np.int64), offset_m.astype(np.float64))

    def many(self, positions: PositionsLike) -> Snaps:
        """Return any number of positions snapped, or off road.

        Raises
        ------
        InvalidPointError
            If a position is invalid, or was snapped to another network.
        """
        if isinstance(positions, Snaps):
            if positions.network_hash != self._network.content_hash:
                message = "these positions were snapped to another network"
                raise InvalidPointError(message)
            self._check_on_network(positions)
            return positions
        return self.snap(positions, None, None)

    def one(self, position: PositionsLike) -> Snaps:
        """Return a single position snapped to a road.

        Raises
        ------
        OutsideNetworkError
            If it is off road; holds the distance.
        InvalidPointError
            If it is invalid, or there is not exactly one.
        """
        snaps = self.many(position)
        if len(snaps) != 1:
            message = f"expected one position, got {len(snaps)}"
            raise InvalidPointError(message)
        if snaps.edge[0] < 0:
            if isinstance(position, Snaps):
                raise OutsideNetworkError(float(snaps.distance_m[0]), self.snap_limit_m)
            raise self._outside(as_lonlat(position)[0])
        return snaps

    def offset_m(self, position: Snaps, edge: int) -> float:
        """Return the offset of a snapped position along one of the two edges of its street."""
        offset_m, whole_m = float(position.offset_m[0]), float(self._lines.length_m[edge // 2])
        offset_m = min(max(offset_m, 0.0), whole_m)
        return offset_m if edge == position.edge[0] else whole_m - offset_m

    def _outside(self, lonlat: FloatArray) -> OutsideNetworkError:
        west, south, east, north = self._network.bounds
        swapped = west <= lonlat[1] <= east and south <= lonlat[0] <= north
        hint = " (are longitude and latitude swapped?)" if swapped else ""
        distance_m = self._snapper.distance_to_road_m(lonlat)
        return OutsideNetworkError(distance_m, self.snap_limit_m, hint)

    def _check_on_network(self, snaps: Snaps) -> None:
        """Raise an error for snapped positions that are not on this network."""
        edge, offset_m = snaps.edge, snaps.offset_m
        if edge.ndim != 1 or offset_m.shape != edge.shape or edge.dtype.kind != "i":
            message = "snapped positions need one whole edge number and one offset each"
            raise InvalidPointError(message)
        if np.any((edge < -1) | (edge >= self._network.edge_count)):
            message = "a snapped position is on an edge that is not in the network"
            raise InvalidPointError(message)
        length_m = self._lines.length_m[np.maximum(edge, 0) // 2]
        if not np.all(
            (edge < 0) | ((offset_m >= -_ROUNDING_M) & (offset_m <= length_m + _ROUNDING_M))
        ):
            message = "a snapped position is before the beginning or after the end of its street"
            raise InvalidPointError(message)


def _as_speeds(speed_mps: float | FloatArray, count: int) -> FloatArray:
    try:
        speeds = np.array(speed_mps, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = "speeds must be numbers: metres per second"
        raise InvalidPointError(message) from error
    if speeds.shape not in {(), (count,)}:
        message = f"expected one speed or {count}, got shape {speeds.shape}"
        raise InvalidPointError(message)
    return np.broadcast_to(speeds, (count,))
