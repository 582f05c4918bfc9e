"""Travel times and routes: the one door to routing."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from typing import Protocol
from typing import TypeAlias
from typing import TypeVar

import numpy as np

from routing.arrays import FloatArray
from routing.arrays import IntArray
from routing.arrays import LonLatLike
from routing.arrays import as_headings
from routing.arrays import as_lonlat
from routing.errors import InvalidPointError
from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.expansion import expand
from routing.geometry import Lines
from routing.guidance import Guidance
from routing.guidance import word
from routing.islands import main_streets
from routing.junctions import Junctions
from routing.manoeuvres import find_manoeuvres
from routing.metric import NORMAL
from routing.metric import profile_named
from routing.metric import weigh
from routing.network import RoadNetwork
from routing.order_cache import contraction_order
from routing.route import Route
from routing.route import draw_route
from routing.search import Search
from routing.snapping import SNAP_LIMIT_M
from routing.snapping import Snapper
from routing.snapping import Snaps

Places: TypeAlias = LonLatLike | Snaps
T = TypeVar("T")

# Others may want an answer while a large matrix is computed: it lets go of the engine in between.
_ROWS_PER_TURN = 32
_ROUNDING_M = 1e-6


class Native(Protocol):
    """Runs a function in one native thread and waits for what it returns."""

    def __call__(self, function: Callable[..., T], /, *args: Any) -> T:  # noqa: ANN401
        """Run ``function(*args)``."""


class Router:
    """Answers "who is there first" and "which way" over one network and one profile.

    Any thread may ask at any time: one search runs at a time, and no engine object outlives the
    call that made it (see `routing.engine`).

    Attributes
    ----------
    network
        The streets.
    snap_limit_m
        A position further from every road than this is off road.
    """

    snap_limit_m: float = SNAP_LIMIT_M

    def __init__(
        self,
        network: RoadNetwork,
        *,
        profile: str = NORMAL.name,
        cache_dir: Path | None = None,
        native: Native | None = None,
    ) -> None:
        """Make ready: seconds for a new city, well under two when its order is in the cache.

        Parameters
        ----------
        network
            The streets.
        profile
            ``"normal"`` or ``"emergency"``.
        cache_dir
            Where the contraction order is kept between starts; ``None`` computes it every time.
        native
            Runs each search; under gevent a real thread keeps the hub free. ``None``: the caller's.

        Raises
        ------
        NetworkError
            If there is no such profile.
        """
        self.network = network
        self._native = native
        self._lines = Lines(network.roads)
        expansion = expand(network)
        free_flow = weigh(network, expansion, self._lines, NORMAL)
        chosen = profile_named(profile)
        weights = free_flow if chosen is NORMAL else weigh(network, expansion, self._lines, chosen)
        self.main_streets = main_streets(network, expansion, free_flow)
        self._snapper = Snapper(network, self._lines, self.main_streets)
        order = contraction_order(network, expansion, self._lines, cache_dir)
        self._search = Search(expansion, self._lines.length_m, weights, order)

    def snap(self, points: LonLatLike, heading_deg: float | FloatArray | None = None) -> Snaps:
        """Return the nearest place on a road for each position.

        Parameters
        ----------
        points
            WGS 84, longitude first, shape ``(n, 2)``.
        heading_deg
            Direction of driving, clockwise from north, one for all or one each, NaN where unknown:
            tells the carriageways of a divided road apart.

        Returns
        -------
        snaps
            ``edge`` -1 where no road is within ``snap_limit_m``.

        Raises
        ------
        InvalidPointError
            If a position or heading cannot be one.
        """
        lonlat = as_lonlat(points)
        return self._snapper.snap(lonlat, as_headings(heading_deg, len(lonlat)))

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

    def travel_times_to(self, origins: Places, target: Places) -> FloatArray:
        """Return how long each origin takes to reach one target by road.

        Parameters
        ----------
        origins
            WGS 84, longitude first, shape ``(n, 2)``, or places already snapped.
        target
            One position or place.

        Returns
        -------
        travel_time_s
            Seconds, shape ``(n,)``; ``inf`` where no road leads there or the origin is off road.

        Raises
        ------
        OutsideNetworkError
            If the target is off road; says how far.
        InvalidPointError
            If a position cannot be one.
        """
        goal = self._place(target)
        return np.asarray(self._times(self._places(origins), goal)[:, 0])

    def travel_times_from(self, origin: Places, targets: Places) -> FloatArray:
        """Return how long one origin takes to each target; as `travel_times_to`, but outwards."""
        start = self._place(origin)
        return np.asarray(self._times(start, self._places(targets))[0])

    def matrix(self, origins: Places, targets: Places) -> FloatArray:
        """Return all travel times.

        Returns
        -------
        travel_time_s
            Seconds, shape ``(len(origins), len(targets))``: rows are origins; ``inf`` where no road
            leads, and for whole rows and columns off road.

        Raises
        ------
        InvalidPointError
            If a position cannot be one.
        """
        return self._times(self._places(origins), self._places(targets))

    def route(self, origin: Places, target: Places) -> Route:
        """Return the fastest way.

        Raises
        ------
        OutsideNetworkError
            If either end is off road; says how far.
        UnreachableError
            If no permitted way leads there.
        InvalidPointError
            If a position cannot be one.
        """
        start, goal = self._place(origin), self._place(target)
        way = self._in_native(self._search.best_way, start, goal)
        if way is None:
            message = "no permitted way leads there"
            raise UnreachableError(message)
        return draw_route(
            self.network,
            self._lines,
            way.edges,
            begin_m=self._offset_m(start, way.edges[0]),
            end_m=self._offset_m(goal, way.edges[-1]),
            times_ms=way.times_ms,
            goal=None if isinstance(target, Snaps) else as_lonlat(target)[0],
        )

    def guide(self, route: Route, language: str = "zh") -> Guidance:
        """Return a route of this network step by step, in words.

        Parameters
        ----------
        route
            From `route` or `alternatives`.
        language
            ``"zh"`` or ``"en"``.

        Raises
        ------
        UnknownLanguageError
            If the language is another.
        """
        return word(route, find_manoeuvres(self.network, self._junctions, route), language)

    @cached_property
    def _junctions(self) -> Junctions:
        return Junctions(self.network, self._lines)

    def _offset_m(self, place: Snaps, edge: int) -> float:
        """Return how far into one of the two directions of its street a place lies."""
        offset_m, whole_m = float(place.offset_m[0]), float(self._lines.length_m[edge // 2])
        offset_m = min(max(offset_m, 0.0), whole_m)
        return offset_m if edge == place.edge[0] else whole_m - offset_m

    def _places(self, places: Places) -> Snaps:
        if isinstance(places, Snaps):
            if places.network_hash != self.network.content_hash:
                message = "these places were snapped to another network"
                raise InvalidPointError(message)
            self._check(places)
            return places
        return self.snap(places)

    def _place(self, place: Places) -> Snaps:
        """Return one place that is on a road, or say why not."""
        snaps = self._places(place)
        if len(snaps) != 1:
            message = f"expected one position, got {len(snaps)}"
            raise InvalidPointError(message)
        if snaps.edge[0] < 0:
            if isinstance(place, Snaps):
                raise OutsideNetworkError(float(snaps.distance_m[0]), self.snap_limit_m)
            raise self._outside(as_lonlat(place)[0])
        return snaps

    def _outside(self, lonlat: FloatArray) -> OutsideNetworkError:
        west, south, east, north = self.network.bounds
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
        if np.any((edge < -1) | (edge >= self.network.edge_count)):
            message = "a place lies on an edge that is not in the network"
            raise InvalidPointError(message)
        length_m = self._lines.length_m[np.maximum(edge, 0) // 2]
        if not np.all(
            (edge < 0) | ((offset_m >= -_ROUNDING_M) & (offset_m <= length_m + _ROUNDING_M))
        ):
            message = "a place lies before the beginning or after the end of its street"
            raise InvalidPointError(message)

    def _times(self, origins: Snaps, targets: Snaps) -> FloatArray:
        """Return seconds, searching from the side with fewer ends."""
        times_ms = np.full((len(origins), len(targets)), np.inf)
        if not times_ms.size:
            return times_ms
        by_target = len(targets) <= len(origins)
        for first in range(0, min(times_ms.shape), _ROWS_PER_TURN):
            part = slice(first, first + _ROWS_PER_TURN)
            if by_target:
                rows = self._in_native(self._search.times_to_each, origins, targets[part])
                times_ms[:, part] = rows.T
            else:
                times_ms[part] = self._in_native(
                    self._search.times_from_each, origins[part], targets
                )
        return times_ms / 1000.0

    def _in_native(self, function: Callable[..., T], *args: Any) -> T:  # noqa: ANN401
        if self._native is None:
            return function(*args)
        return self._native(function, *args)
