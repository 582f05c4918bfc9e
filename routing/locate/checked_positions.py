"""Validate positions and snap them to roads, before any search."""

from typing import TypeAlias

import numpy as np

from routing.errors import InvalidPointError
from routing.errors import OutsideNetworkError
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.snapping import SNAP_LIMIT_M
from routing.locate.snapping import Snapper
from routing.locate.snapping import Snaps
from routing.locate.street_finding import StreetFinder
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.network.arrays import as_headings
from routing.network.arrays import as_lonlat
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork

PositionsLike: TypeAlias = LonLatLike | Snaps | NearbyStreets

# Slower than a brisk walk, the heading of a receiver is noise.
STANDING_MPS = 1.5
_ROUNDING_M = 1e-6


class CheckedSnapper:
    """Checks and snaps the positions that callers give, since the search crashes on wrong ids."""

    snap_limit_m: float = SNAP_LIMIT_M

    def __init__(self, network: RoadNetwork, lines: Lines, snapper: Snapper) -> None:
        self._network, self._lines, self._snapper = network, lines, snapper
        self._finder = StreetFinder(network, lines, snapper)

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
        return self._snapper.snap(lonlat, _headings(heading_deg, speed_mps, len(lonlat)))

    def streets_from(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None = None,
        speed_mps: float | FloatArray | None = None,
    ) -> NearbyStreets:
        """Return the streets to set out from; see `routing.router.Router.streets_from`.

        Raises
        ------
        InvalidPointError
            If a position, heading or speed cannot be one.
        """
        lonlat = as_lonlat(points)
        headings = _headings(heading_deg, speed_mps, len(lonlat))
        return self._finder.near_origins(lonlat, headings)

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

    def origins(self, positions: PositionsLike) -> NearbyStreets:
        """Return the streets from which to set out at any number of positions.

        Raises
        ------
        InvalidPointError
            If a position is invalid, or was snapped to another network.
        """
        if isinstance(positions, Snaps | NearbyStreets):
            return self._checked(positions)
        return self.streets_from(positions)

    def targets(self, positions: PositionsLike) -> NearbyStreets:
        """Return the streets at which to arrive for any number of positions; as `origins`."""
        if isinstance(positions, Snaps | NearbyStreets):
            return self._checked(positions)
        return self._finder.near_targets(as_lonlat(positions))

    def origin(self, position: PositionsLike) -> NearbyStreets:
        """Return the streets from which to set out at a single position.

        Raises
        ------
        OutsideNetworkError
            If it is off road; holds the distance.
        InvalidPointError
            If it is invalid, or there is not exactly one.
        """
        return self._one(self.origins(position), position)

    def target(self, position: PositionsLike) -> NearbyStreets:
        """Return the streets at which to arrive for a single position; as `origin`."""
        return self._one(self.targets(position), position)

    def offset_m(self, streets: NearbyStreets, edge: int) -> float:
        """Return the offset of a position along one of the two edges of one of its streets."""
        column = streets.column_of(edge)
        whole_m = float(self._lines.length_m[edge // 2])
        offset_m = min(max(float(streets.offset_m[0, column]), 0.0), whole_m)
        return offset_m if edge == streets.edge[0, column] else whole_m - offset_m

    def point_on(self, streets: NearbyStreets) -> FloatArray:
        """Return the point on the nearest street of a single position, WGS 84, shape ``(2,)``."""
        snaps = self._snapper.on_edges(streets.edge[0, :1], streets.offset_m[0, :1])
        return np.asarray(snaps.lonlat[0])

    def _checked(self, positions: Snaps | NearbyStreets) -> NearbyStreets:
        if positions.network_hash != self._network.content_hash:
            message = "these positions were snapped to another network"
            raise InvalidPointError(message)
        self._check_on_network(positions)
        return NearbyStreets.of_snaps(positions) if isinstance(positions, Snaps) else positions

    def _one(self, streets: NearbyStreets, position: PositionsLike) -> NearbyStreets:
        if len(streets) != 1:
            message = f"expected one position, got {len(streets)}"
            raise InvalidPointError(message)
        if not streets.on_road[0]:
            if isinstance(position, Snaps | NearbyStreets):
                raise OutsideNetworkError(float(position.distance_m.min()), self.snap_limit_m)
            raise self._outside(as_lonlat(position)[0])
        return streets

    def _outside(self, lonlat: FloatArray) -> OutsideNetworkError:
        west, south, east, north = self._network.bounds
        swapped = west <= lonlat[1] <= east and south <= lonlat[0] <= north
        hint = " (are longitude and latitude swapped?)" if swapped else ""
        distance_m = self._snapper.distance_to_road_m(lonlat)
        return OutsideNetworkError(distance_m, self.snap_limit_m, hint)

    def _check_on_network(self, snaps: Snaps | NearbyStreets) -> None:
        """Raise an error for snapped positions that are not on this network."""
        edge, offset_m = snaps.edge, snaps.offset_m
        if (
            edge.ndim != 2 - isinstance(snaps, Snaps)
            or offset_m.shape != edge.shape
            or edge.dtype.kind != "i"
        ):
            message = "snapped positions need one whole edge number and one offset each"
            raise InvalidPointError(message)
        if np.any((edge < -1) | (edge >= self._network.edge_count)):
            message = "a snapped position is on an edge that is not in the network"
            raise InvalidPointError(message)
        on_road = edge >= 0
        edge, offset_m = edge[on_road], offset_m[on_road]
        length_m = self._lines.length_m[edge // 2]
        if not np.all((offset_m >= -_ROUNDING_M) & (offset_m <= length_m + _ROUNDING_M)):
            message = "a snapped position is before the beginning or after the end of its street"
            raise InvalidPointError(message)


def _headings(
    heading_deg: float | FloatArray | None, speed_mps: float | FloatArray | None, count: int
) -> FloatArray:
    """Return checked headings, NaN for those that stand."""
    headings = as_headings(heading_deg, count)
    if speed_mps is None:
        return headings
    speeds = _as_speeds(speed_mps, count)
    return np.where(speeds >= STANDING_MPS, headings, np.nan)  # NaN compares false


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
