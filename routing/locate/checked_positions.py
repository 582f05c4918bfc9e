"""Positions and places on roads, checked: the gate in front of every search."""

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

Places: TypeAlias = LonLatLike | Snaps

# Slower than a brisk walk, a receiver's heading is noise.
STANDING_MPS = 1.5
_ROUNDING_M = 1e-6


class Placing:
    """Turns what callers say into places that may go near the engine."""

    snap_limit_m: float = SNAP_LIMIT_M

    def __init__(self, network: RoadNetwork, lines: Lines, snapper: Snapper) -> None:
        self._network, self._lines, self._snapper = network, lines, snapper

    def snap(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None,
        speed_mps: float | FloatArray | None,
    ) -> Snaps:
        """Return the nearest place on a road for each position; see `routing.router.Router.snap`.

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
        """Return places at offsets along directed edges (``2 * street + direction``).

        Raises
        ------
        InvalidPointError
            If an edge is not in the network or an offset not on it.
        """
        edge, offset_m = np.atleast_1d(np.asarray(edges)), np.atleast_1d(np.asarray(offsets_m))
        empty = Snaps(edge, offset_m, np.zeros(len(edge)), np.zeros((len(edge), 2)), "")
        self._check(empty)
        return self._snapper.on_edges(edge.astype(np.int64), offset_m.astype(np.float64))

    def many(self, places: Places) -> Snaps:
        """Return any number of places, on a road or off.

        Raises
        ------
        InvalidPointError
            If a position cannot be one, or a place is of another network.
        """
        if isinstance(places, Snaps):
            if places.network_hash != self._network.content_hash:
                message = "these places were snapped to another network"
                raise InvalidPointError(message)
            self._check(places)
            return places
        return self.snap(places, None, None)

    def one(self, place: Places) -> Snaps:
        """Return one place that is on a road, or say why not.

        Raises
        ------
        OutsideNetworkError
            If it is off road; says how far.
        InvalidPointError
            If it cannot be a position, or there is another number of them.
        """
        snaps = self.many(place)
        if len(snaps) != 1:
            message = f"expected one position, got {len(snaps)}"
            raise InvalidPointError(message)
        if snaps.edge[0] < 0:
            if isinstance(place, Snaps):
                raise OutsideNetworkError(float(snaps.distance_m[0]), self.snap_limit_m)
            raise self._outside(as_lonlat(place)[0])
        return snaps

    def offset_m(self, place: Snaps, edge: int) -> float:
        """Return how far into one of the two directions of its street a place lies."""
        offset_m, whole_m = float(place.offset_m[0]), float(self._lines.length_m[edge // 2])
        offset_m = min(max(offset_m, 0.0), whole_m)
        return offset_m if edge == place.edge[0] else whole_m - offset_m

    def _outside(self, lonlat: FloatArray) -> OutsideNetworkError:
        west, south, east, north = self._network.bounds
        swapped = west <= lonlat[1] <= east and south <= lonlat[0] <= north
        hint = " (are longitude and latitude swapped?)" if swapped else ""
        distance_m = self._snapper.distance_to_road_m(lonlat)
        return OutsideNetworkError(distance_m, self.snap_limit_m, hint)

    def _check(self, snaps: Snaps) -> None:
        """Refuse places that are not on this network before they get near the engine."""
        edge, offset_m = snaps.edge, snaps.offset_m
        if edge.ndim != 1 or offset_m.shape != edge.shape or edge.dtype.kind != "i":
            message = "places need one whole edge number and one offset each"
            raise InvalidPointError(message)
        if np.any((edge < -1) | (edge >= self._network.edge_count)):
            message = "a place lies on an edge that is not in the network"
            raise InvalidPointError(message)
        length_m = self._lines.length_m[np.maximum(edge, 0) // 2]
        if not np.all(
            (edge < 0) | ((offset_m >= -_ROUNDING_M) & (offset_m <= length_m + _ROUNDING_M))
        ):
            message = "a place lies before the beginning or after the end of its street"
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
