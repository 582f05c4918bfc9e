"""Closures into closed pieces of directed edges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely

from routing.closures.closed_stretches import ClosedRoads
from routing.closures.local_search import ranges
from routing.closures.types import Area
from routing.closures.types import ClosedPlace
from routing.closures.types import ClosedWays
from routing.closures.types import Closure
from routing.closures.types import Pieces
from routing.closures.types import Segments
from routing.closures.types import Stretch
from routing.errors import ClosureError
from routing.locate.checked_positions import CheckedSnapper
from routing.locate.road_stretches import EdgeIntervals
from routing.locate.road_stretches import StretchFinder
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork

_LEAST_M = 1e-3  # a road that only touches an outline is not inside it


@dataclass(frozen=True, eq=False)
class ClosureState:
    """What holds after closing.

    Attributes
    ----------
    keys
        Keys of the closures that hold, in the order given.
    closed
        The closed pieces of road; their ``closure`` numbers are positions in ``keys``. ``None``
        when nothing is closed.
    next_change_at
        When the next of all closures begins or ends; ``None``: never.
    """

    keys: tuple[str, ...]
    closed: ClosedRoads | None
    next_change_at: datetime | None


class Closing:
    """Places closures on one network; what was placed before is not placed again."""

    def __init__(self, network: RoadNetwork, lines: Lines, snapper: CheckedSnapper) -> None:
        self._network, self._lines, self._snapper = network, lines, snapper
        first = lines.start[:-1]
        self._low = np.minimum.reduceat(lines.lonlat, first)
        self._high = np.maximum.reduceat(lines.lonlat, first)
        self._stretch_finder: StretchFinder | None = None
        self._placed: dict[ClosedPlace, EdgeIntervals] = {}
        self._latest: tuple[tuple[ClosedPlace, ...], ClosedRoads | None] = ((), None)

    def close(self, closures: Iterable[Closure], now: datetime) -> ClosureState:
        """Return what is closed at an instant.

        The same set gives the very same snapshot, by which a search knows that nothing changed.

        Raises
        ------
        ClosureError
            If the instant has no time zone or a closure cannot be placed on this network.
        """
        if now.tzinfo is None:
            message = "an instant must say its time zone"
            raise ClosureError(message)
        known = list(closures)
        active = [closure for closure in known if closure.holds(now)]
        changes = [
            at
            for closure in known
            for at in (closure.from_at, closure.until_at)
            if at is not None and at > now
        ]
        return ClosureState(
            tuple(closure.key for closure in active),
            self._snapshot(tuple(closure.place for closure in active)),
            min(changes, default=None),
        )

    def _snapshot(self, places: tuple[ClosedPlace, ...]) -> ClosedRoads | None:
        before, closed = self._latest
        if before == places:
            return closed
        placed = {
            place: self._placed.get(place) or self._place(place) for place in dict.fromkeys(places)
        }
        pieces = [placed[place] for place in places]
        closed = None
        if sum(map(len, pieces)):
            closed = ClosedRoads.of(
                (
                    np.concatenate([piece.edge for piece in pieces]),
                    np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces]),
                    np.concatenate([piece.from_m for piece in pieces]),
                    np.concatenate([piece.to_m for piece in pieces]),
                ),
                self._network.edge_driveable,
                self._lines.length_m,
            )
        self._placed, self._latest = placed, (places, closed)
        return closed

    def _place(self, place: ClosedPlace) -> EdgeIntervals:
        if isinstance(place, Area):
            drawn = self._in_area(place)
            return drawn.joined(drawn.reversed(self._lines.length_m))
        if isinstance(place, Pieces):
            return self._pieces(place)
        along = self._stretch(place) if isinstance(place, Stretch) else self._segments(place)
        against = along.reversed(self._lines.length_m)
        if place.ways is ClosedWays.BOTH:
            return along.joined(against)
        return along if place.ways is ClosedWays.ALONG else against

    def _in_area(self, area: Area) -> EdgeIntervals:
        """Return what lies inside a polygon, as pieces of the drawn directions."""
        west, south, east, north = area.polygon.bounds
        near = np.flatnonzero(
            (self._low <= (east, north)).all(axis=1) & (self._high >= (west, south)).all(axis=1)
        )
        # Degrees of longitude and latitude differ: pieces are measured in metres of this place.
        scale = np.stack(metres_per_degree(np.array((south + north) / 2.0)))
        outline = shapely.transform(area.polygon, lambda lonlat: lonlat * scale)
        start = self._lines.start
        points = ranges(start[near], start[near + 1])
        owner = np.repeat(np.arange(len(near)), start[near + 1] - start[near])
        drawn = np.atleast_1d(
            np.asarray(shapely.linestrings(self._lines.lonlat[points] * scale, indices=owner))
        )
        shapely.prepare(outline)
        length_m = self._lines.length_m[near]
        whole = shapely.covers(outline, drawn)
        cut = np.flatnonzero(~whole & shapely.intersects(outline, drawn))
        from_m, to_m, crossed = _cut(drawn[cut], outline, length_m[cut])
        return EdgeIntervals(
            2 * np.concatenate((near[whole], near[cut][crossed])),
            np.concatenate((np.zeros(np.count_nonzero(whole)), from_m[crossed])),
            np.concatenate((length_m[whole], to_m[crossed])),
        )

    def _stretch(self, stretch: Stretch) -> EdgeIntervals:
        snaps = self._snapper.snap(stretch.points, None, None)
        if not snaps.on_road.all():
            number = int(np.flatnonzero(~snaps.on_road)[0]) + 1
            message = f"point {number} of a closed stretch is on no road"
            raise ClosureError(message)
        self._stretch_finder = self._stretch_finder or StretchFinder(self._network, self._lines)
        pieces = [
            self._stretch_finder.between(snaps[at : at + 1], snaps[at + 1 : at + 2])
            for at in range(len(snaps) - 1)
        ]
        joined = pieces[0]
        for piece in pieces[1:]:
            joined = joined.joined(piece)
        return joined

    def _segments(self, segments: Segments) -> EdgeIntervals:
        numbers = np.array(segments.segments, dtype=np.int64)
        self._check_edges(2 * numbers, segments.network_hash)
        return EdgeIntervals(2 * numbers, np.zeros(len(numbers)), self._lines.length_m[numbers])

    def _pieces(self, place: Pieces) -> EdgeIntervals:
        edge = np.array([edge for edge, _, _ in place.pieces], dtype=np.int64)
        from_m = np.array([from_m for _, from_m, _ in place.pieces], dtype=np.float64)
        to_m = np.array([to_m for _, _, to_m in place.pieces], dtype=np.float64)
        self._check_edges(edge, place.network_hash)
        whole_m = self._lines.length_m[edge // 2]
        if not ((from_m >= 0) & (from_m <= to_m) & (to_m <= whole_m)).all():  # NaN compares false
            message = "a closed piece is not on its street"
            raise ClosureError(message)
        return EdgeIntervals(edge, from_m, to_m)

    def _check_edges(self, edge: IntArray, network_hash: str) -> None:
        if network_hash != self._network.content_hash:
            message = "these streets are those of another network"
            raise ClosureError(message)
        if len(edge) and (edge.min() < 0 or edge.max() >= self._network.edge_count):
            message = "a closed street is not in the network"
            raise ClosureError(message)


def _cut(
    drawn: "np.ndarray[tuple[int], np.dtype[np.object_]]",
    outline: shapely.Geometry,
    length_m: FloatArray,
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return from where to where lines lie inside an outline, and which of them do at all.

    A road that goes out and in again is closed from its first to its last piece inside: nobody can
    get to what lies between.
    """
    pieces, owner = shapely.get_parts(shapely.intersection(drawn, outline), return_index=True)
    solid = shapely.length(pieces) > _LEAST_M
    pieces, owner = pieces[solid], owner[solid]
    from_m, to_m = np.full(len(drawn), np.inf), np.full(len(drawn), -np.inf)
    for end in (0, -1):
        tip = shapely.get_point(pieces, end)
        at_m = shapely.line_locate_point(drawn[owner], tip, normalized=True) * length_m[owner]
        np.minimum.at(from_m, owner, at_m)
        np.maximum.at(to_m, owner, at_m)
    crossed = np.zeros(len(drawn), dtype=np.bool_)
    crossed[owner] = True
    # Where a street begins and ends at one point, a place on it is not found by its position.
    rings = crossed & shapely.is_ring(drawn)
    from_m[rings], to_m[rings] = 0.0, length_m[rings]
    return from_m, to_m, crossed
