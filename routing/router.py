"""Travel times and routes: the one door to routing."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from typing import Protocol
from typing import Self
from typing import TypeVar

import numpy as np

from routing.closures.closed_edges import ClosurePlacer
from routing.closures.closed_edges import ClosureState
from routing.closures.types import Closure
from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import compute_weights
from routing.engine.hourly_speeds import SpeedTable
from routing.engine.islands import find_main_streets
from routing.engine.order_cache import load_order
from routing.errors import UnreachableError
from routing.guidance.instructions import Guidance
from routing.guidance.instructions import write_instructions
from routing.guidance.junction_arms import Junctions
from routing.guidance.manoeuvre_finding import find_manoeuvres
from routing.locate.checked_positions import CheckedSnapper
from routing.locate.checked_positions import PositionsLike
from routing.locate.snapping import SNAP_LIMIT_M
from routing.locate.snapping import Snapper
from routing.locate.snapping import Snaps
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.network.arrays import as_lonlat
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.alternatives import FastestPath
from routing.paths.alternatives import choose_alternatives
from routing.paths.path import RoadPath
from routing.paths.path import driven_m
from routing.paths.route import Route
from routing.paths.route import draw_route
from routing.paths.search_profiles import SearchProfiles
from routing.reach.contours import Contours
from routing.reach.isochrones import Reach
from routing.reach.isochrones import as_limits
from routing.reach.isochrones import draw_reach

T = TypeVar("T")

# Others may want an answer while a large matrix is computed: it lets go of the engine in between.
_ROWS_PER_TURN = 32
_NO_WAY = "no permitted way leads there"


class Native(Protocol):
    """Runs a function in one native thread and waits for what it returns."""

    def __call__(self, function: Callable[..., T], /, *args: Any) -> T:  # noqa: ANN401
        """Run ``function(*args)``."""


class Router:
    """Answers "who is there first" and "which way" over one network and one profile.

    Any thread may ask at any time: one search runs at a time, and no engine object outlives the
    call that made it (see `routing.engine.hierarchy`).

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
        at: datetime | None = None,
        speeds: SpeedTable | None = None,
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
        at
            Aware instant whose hour of the week counts; ``None``: free flow.
        speeds
            Speed factors by class and hour; ``None``: 1 everywhere.
        cache_dir
            Where the contraction order is kept between starts; ``None`` computes it every time.
        native
            Runs each search; under gevent a real thread keeps the hub free. ``None``: the caller's.

        Raises
        ------
        NetworkError
            If there is no such profile.
        SpeedTableError
            If the instant does not say its time zone.
        """
        self.network = network
        self._native = native
        self._lines = Lines(network.roads)
        expansion = expand(network)
        free_flow = compute_weights(network, expansion, self._lines, NORMAL)
        self.main_streets = find_main_streets(network, expansion, free_flow)
        snapper = Snapper(network, self._lines, self.main_streets)
        self._snapper = CheckedSnapper(network, self._lines, snapper)
        order = load_order(network, expansion, self._lines, cache_dir)
        self._profiles = SearchProfiles(
            network, expansion, self._lines, order, speeds or SpeedTable(), free_flow
        )
        self._closure_placer = ClosurePlacer(network, self._lines, self._snapper)
        self._profile, self._at = profile, at
        self._search = self._profiles.search(profile, at)

    def under(self, *, profile: str | None = None, at: datetime | None = None) -> Self:
        """Return the same router for another profile or hour: no rebuild, everything is shared.

        The latest few metrics are kept, so asking for the present hour each time costs nothing, and
        asking for the next one beforehand keeps its first search quick. Closures hold for all.

        Parameters
        ----------
        profile
            ``None``: as this one.
        at
            Aware instant whose hour of the week counts; ``None``: as this one.

        Raises
        ------
        NetworkError
            If there is no such profile.
        SpeedTableError
            If the instant does not say its time zone.
        """
        other = copy(self)
        other._take_up(profile or self._profile, at or self._at)  # noqa: SLF001 - its own copy
        return other

    def _take_up(self, profile: str, at: datetime | None) -> None:
        self._profile, self._at = profile, at
        self._search = self._in_native(self._profiles.search, profile, at)

    def set_closures(self, closures: Iterable[Closure], now: datetime) -> ClosureState:
        """Close the roads of all closures that hold now, and open all others.

        The whole set is given each time, so saying the same twice changes nothing. It holds from
        the next search on, for every router made from this one by `under`; a search under way
        finishes under the old state. See `routing.closures.types` for what a closure shuts and
        `routing.closures.local_search` for those who stand in one.

        Parameters
        ----------
        closures
            Past and future ones are left aside.
        now
            Aware instant.

        Returns
        -------
        state
            What holds, what is closed, and when to call again.

        Raises
        ------
        ClosureError
            If one cannot be placed on this network; nothing is changed then.
        """
        state = self._closure_placer.find_state(closures, now)
        self._in_native(self._profiles.set_closed, state.closed)
        self._in_native(self._search.apply_closures)
        return state

    def snap(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None = None,
        speed_mps: float | FloatArray | None = None,
    ) -> Snaps:
        """Return the nearest place on a road for each position.

        Parameters
        ----------
        points
            WGS 84, longitude first, shape ``(n, 2)``.
        heading_deg
            Direction of driving, clockwise from north, one for all or one each, NaN where unknown:
            tells the carriageways of a divided road apart, and setting out the other way costs
            turning round.
        speed_mps
            One for all or one each. Where it is NaN or below 1.5 m/s, the heading is noise and not
            looked at. ``None``: headings are taken as given.

        Returns
        -------
        snaps
            ``edge`` -1 where no road is within ``snap_limit_m``.

        Raises
        ------
        InvalidPointError
            If a position, heading or speed cannot be one.
        """
        return self._snapper.snap(points, heading_deg, speed_mps)

    def on_edges(self, edges: IntArray, offsets_m: FloatArray) -> Snaps:
        """Return places at offsets along directed edges (``2 * street + direction``).

        Raises
        ------
        InvalidPointError
            If an edge is not in the network or an offset not on it.
        """
        return self._snapper.on_edges(edges, offsets_m)

    def travel_times_to(self, origins: PositionsLike, target: PositionsLike) -> FloatArray:
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
        goal = self._snapper.one(target)
        return np.asarray(self._times(self._snapper.many(origins), goal)[:, 0])

    def way_lengths_to(self, origins: PositionsLike, target: PositionsLike) -> FloatArray:
        """Return how long the fastest way of each origin to one target is.

        As `travel_times_to`, in metres. Each way is a search of its own: for the few that somebody
        looks at, not for a matrix.
        """
        starts, goal = self._snapper.many(origins), self._snapper.one(target)
        lengths_m = np.full(len(starts), np.inf)
        for at in np.flatnonzero(starts.edge >= 0).tolist():
            start = starts[at : at + 1]
            path = self._in_native(self._search.fastest_path, start, goal)
            if path is not None:
                lengths_m[at] = self._driven_m(path, start, goal).sum()
        return lengths_m

    def travel_times_from(self, origin: PositionsLike, targets: PositionsLike) -> FloatArray:
        """Return how long one origin takes to each target; as `travel_times_to`, but outwards."""
        start = self._snapper.one(origin)
        return np.asarray(self._times(start, self._snapper.many(targets))[0])

    def matrix(self, origins: PositionsLike, targets: PositionsLike) -> FloatArray:
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
        return self._times(self._snapper.many(origins), self._snapper.many(targets))

    def route(self, origin: PositionsLike, target: PositionsLike) -> Route:
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
        start, goal = self._snapper.one(origin), self._snapper.one(target)
        path = self._in_native(self._search.fastest_path, start, goal)
        if path is None:
            raise UnreachableError(_NO_WAY)
        return self._drawn(path, start, goal, target)

    def alternatives(
        self, origin: PositionsLike, target: PositionsLike, count: int = 2
    ) -> list[Route]:
        """Return sensibly different ways besides the fastest, the best first.

        Parameters
        ----------
        count
            How many at most; often there are fewer, or none. See `paths.alternatives` for
            what is sensible: at most 25 % slower, at most 65 % shared, no loops, locally optimal.

        Raises
        ------
        OutsideNetworkError
            If either end is off road; says how far.
        UnreachableError
            If no permitted way leads there.
        InvalidPointError
            If a position cannot be one.
        """
        start, goal = self._snapper.one(origin), self._snapper.one(target)
        fastest = self._in_native(self._search.fastest_path, start, goal)
        if fastest is None:
            raise UnreachableError(_NO_WAY)

        ends = np.vstack((start.lonlat, goal.lonlat))
        compared = FastestPath(fastest, ends, lambda path: self._driven_m(path, start, goal))
        chosen = self._in_native(
            self._search.search_via,
            start,
            goal,
            lambda via_paths: choose_alternatives(self.network, compared, via_paths, count),
        )
        return [self._drawn(path, start, goal, target) for path in chosen]

    def _driven_m(self, path: RoadPath, start: Snaps, goal: Snaps) -> FloatArray:
        begin_m = self._snapper.offset_m(start, int(path.edges[0]))
        end_m = self._snapper.offset_m(goal, int(path.edges[-1]))
        return driven_m(path.edges, self._lines.length_m, begin_m, end_m)

    def _drawn(self, path: RoadPath, start: Snaps, goal: Snaps, target: PositionsLike) -> Route:
        return draw_route(
            self.network,
            self._lines,
            path.edges,
            begin_m=self._snapper.offset_m(start, int(path.edges[0])),
            end_m=self._snapper.offset_m(goal, int(path.edges[-1])),
            times_ms=path.times_ms,
            closed_m=path.closed_m,
            goal=None if isinstance(target, Snaps) else as_lonlat(target)[0],
        )

    def reach(
        self, origins: PositionsLike, limits_s: float | Sequence[float] | FloatArray
    ) -> Reach:
        """Return how far one gets from the nearest of some origins.

        Parameters
        ----------
        origins
            WGS 84, longitude first, shape ``(n, 2)``, or places; those off road reach nothing.
        limits_s
            One limit or several, seconds, above zero.

        Raises
        ------
        InvalidPointError
            If a position cannot be one.
        InvalidLimitError
            If a limit is no number, infinite or not above zero.
        """
        limits = as_limits(limits_s)
        starts = self._snapper.many(origins)
        most_ms = 1000.0 * float(limits.max(initial=0.0))
        reached = self._in_native(self._search.intervals_reached, starts, most_ms)
        return draw_reach(self._contours, reached, limits)

    @cached_property
    def _contours(self) -> Contours:
        return Contours(self._lines)

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
        return write_instructions(
            route, find_manoeuvres(self.network, self._junctions, route), language
        )

    @cached_property
    def _junctions(self) -> Junctions:
        return Junctions(self.network, self._lines)

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
