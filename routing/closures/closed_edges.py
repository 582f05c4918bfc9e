"""Place closures on a network: which intervals of which directed edges they close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely

from routing.closures.closed_stretches import ClosedRoads
from routing.closures.types import ClosedArea
from routing.closures.types import ClosedDirections
from routing.closures.types import ClosedIntervals
from routing.closures.types import ClosedPlace
from routing.closures.types import ClosedSegments
from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.errors import ClosureError
from routing.locate.checked_positions import CheckedSnapper
from routing.locate.road_stretches import EdgeIntervals
from routing.locate.road_stretches import StretchFinder
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import ranges
from routing.network.line_geometry import Lines
from routing.network.line_geometry import metres_per_degree
from routing.network.road_network import RoadNetwork

_LEAST_M = 1e-3  # a road that only touches an outline is not inside it


@dataclass(frozen=True, eq=False)
class ClosureState:
    """The closures in force at an instant.

    Attributes
    ----------
    keys
        Keys of the closures in force, in the order given.
    closed
        The closed roads; their ``closure`` numbers are indices into ``keys``. ``None`` when nothing
        is closed.
    next_change_at
        When the next of all closures begins or ends; ``None``: never.
    """

    keys: tuple[str, ...]
    closed: ClosedRoads | None
    next_change_at: datetime | None


class ClosurePlacer:
    """Places closures on one network; keeps the result for closures it has placed before."""

    def __init__(self, network: RoadNetwork, lines: Lines, snapper: CheckedSnapper) -> None:
        self._network, self._lines, self._snapper = network, lines, snapper
        first = lines.start[:-1]
        self._low = np.minimum.reduceat(lines.lonlat, first)
        self._high = np.maximum.reduceat(lines.lonlat, first)
        self._stretch_finder: StretchFinder | None = None
        self._cached: dict[ClosedPlace, EdgeIntervals] = {}
        self._latest: tuple[tuple[ClosedPlace, ...], ClosedRoads | None] = ((), None)

    def find_state(self, closures: Iterable[Closure], now: datetime) -> ClosureState:
        """Return what is closed at an instant.

        The same set gives the identical snapshot object, so a search sees that nothing changed.

        Raises
        ------
        ClosureError
            If the instant has no time zone or a closure cannot be placed on this network.
        """
        if now.tzinfo is None:
            message = "an instant must have a time zone"
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

    def place(self, place: ClosedPlace) -> EdgeIntervals:
        """Return what a place covers, whether it is closed at present or not.

        Raises
        ------
        ClosureError
            If it cannot be placed on this network.
        """
        return self._cached.get(place) or self._place_one(place)

    def _snapshot(self, places: tuple[ClosedPlace, ...]) -> ClosedRoads | None:
        before, closed = self._latest
        if before == places:
            return closed
        placed = {
            place: self._cached.get(place) or self._place_one(place)
            for place in dict.fromkeys(places)
        }
        intervals = [placed[place] for place in places]
        closed = None
        if sum(map(len, intervals)):
            closed = ClosedRoads.of(
                (
                    np.concatenate([interval.edge for interval in intervals]),
                    np.repeat(np.arange(len(intervals)), [len(interval) for interval in intervals]),
                    np.concatenate([interval.from_m for interval in intervals]),
                    np.concatenate([interval.to_m for interval in intervals]),
                ),
                self._network.edge_driveable,
                self._lines.length_m,
            )
        self._cached, self._latest = placed, (places, closed)
        return closed

    def _place_one(self, place: ClosedPlace) -> EdgeIntervals:
        if isinstance(place, ClosedArea):
            drawn = self._in_area(place)
            return drawn.joined(drawn.reversed(self._lines.length_m))
        if isinstance(place, ClosedIntervals):
            return self._in_intervals(place)
        along = (
            self._in_stretch(place)
            if isinstance(place, ClosedStretch)
            else self._in_segments(place)
        )
        against = along.reversed(self._lines.length_m)
        if place.directions is ClosedDirections.BOTH:
            return along.joined(against)
        return along if place.directions is ClosedDirections.ALONG else against

    def _in_area(self, area: ClosedArea) -> EdgeIntervals:
        """Return what lies inside a polygon, as intervals of the edges in drawing direction."""
        west, south, east, north = area.polygon.bounds
        near = np.flatnonzero(
            (self._low <= (east, north)).all(axis=1) & (self._high >= (west, south)).all(axis=1)
        )
        # Degrees of longitude and latitude differ in length: measured in metres at this latitude.
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
        crossing = np.flatnonzero(~whole & shapely.intersects(outline, drawn))
        from_m, to_m, crossed = _clip(drawn[crossing], outline, length_m[crossing])
        return EdgeIntervals(
            2 * np.concatenate((near[whole], near[crossing][crossed])),
            np.concatenate((np.zeros(np.count_nonzero(whole)), from_m[crossed])),
            np.concatenate((length_m[whole], to_m[crossed])),
        )

    def _in_stretch(self, stretch: ClosedStretch) -> EdgeIntervals:
        snaps = self._snapper.snap(stretch.points, None, None)
        if not snaps.on_road.all():
            number = int(np.flatnonzero(~snaps.on_road)[0]) + 1
            message = f"point {number} of a closed stretch is on no road"
            raise ClosureError(message)
        self._stretch_finder = self._stretch_finder or StretchFinder(self._network, self._lines)
        intervals = [
            self._stretch_finder.between(snaps[at : at + 1], snaps[at + 1 : at + 2])
            for at in range(len(snaps) - 1)
        ]
        joined = intervals[0]
        for interval in intervals[1:]:
            joined = joined.joined(interval)
        return joined

    def _in_segments(self, segments: ClosedSegments) -> EdgeIntervals:
        numbers = np.array(segments.segments, dtype=np.int64)
        self._check_edges(2 * numbers, segments.network_hash)
        return EdgeIntervals(2 * numbers, np.zeros(len(numbers)), self._lines.length_m[numbers])

    def _in_intervals(self, place: ClosedIntervals) -> EdgeIntervals:
        edge = np.array([edge for edge, _, _ in place.intervals], dtype=np.int64)
        from_m = np.array([from_m for _, from_m, _ in place.intervals], dtype=np.float64)
        to_m = np.array([to_m for _, _, to_m in place.intervals], dtype=np.float64)
        self._check_edges(edge, place.network_hash)
        whole_m = self._lines.length_m[edge // 2]
        if not ((from_m >= 0) & (from_m <= to_m) & (to_m <= whole_m)).all():  # NaN compares false
            message = "a closed interval is not on its street"
            raise ClosureError(message)
        return EdgeIntervals(edge, from_m, to_m)

    def _check_edges(self, edge: IntArray, network_hash: str) -> None:
        if network_hash != self._network.content_hash:
            message = "these streets are those of another network"
            raise ClosureError(message)
        if len(edge) and (edge.min() < 0 or edge.max() >= self._network.edge_count):
            message = "a closed street is not in the network"
            raise ClosureError(message)


def _clip(
    drawn: "np.ndarray[tuple[int], np.dtype[np.object_]]",
    outline: shapely.Geometry,
    length_m: FloatArray,
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the interval of each line inside an outline, and which lines have one.

    A road that leaves and enters again is closed from its first to its last part inside: what lies
    between cannot be reached.
    """
    intervals, owner = shapely.get_parts(shapely.intersection(drawn, outline), return_index=True)
    solid = shapely.length(intervals) > _LEAST_M
    intervals, owner = intervals[solid], owner[solid]
    from_m, to_m = np.full(len(drawn), np.inf), np.full(len(drawn), -np.inf)
    for end in (0, -1):
        tip = shapely.get_point(intervals, end)
        at_m = shapely.line_locate_point(drawn[owner], tip, normalized=True) * length_m[owner]
        np.minimum.at(from_m, owner, at_m)
        np.maximum.at(to_m, owner, at_m)
    crossed = np.zeros(len(drawn), dtype=np.bool_)
    crossed[owner] = True
    # On a street that begins and ends at one point, a position does not determine the offset.
    rings = crossed & shapely.is_ring(drawn)
    from_m[rings], to_m[rings] = 0.0, length_m[rings]
    return from_m, to_m, crossed
