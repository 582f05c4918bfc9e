"""Travel times, routes, reach and guidance over one road network: the API of routing."""

from collections.abc import Iterable
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from routing.closures.closed_edges import ClosurePlacer
from routing.closures.closed_edges import ClosureState
from routing.closures.types import Closure
from routing.engine.edge_expansion import expand
from routing.engine.edge_weights import NORMAL
from routing.engine.edge_weights import compute_weights
from routing.engine.hourly_speeds import SpeedTable
from routing.engine.islands import find_main_streets
from routing.engine.native_thread import NativeThread
from routing.engine.native_thread import call_directly
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
from routing.paths.time_matrix import compute_matrix
from routing.reach.contours import Contours
from routing.reach.isochrones import Reach
from routing.reach.isochrones import as_limits
from routing.reach.isochrones import draw_reach

_UNREACHABLE = "no permitted path leads there"


class Router:
    """Travel times and routes over one network, for one profile and hour.

    Any thread may call at any time: one search runs at a time, and no query object outlives the
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
        native: NativeThread | None = None,
    ) -> None:
        """Prepare searches: seconds for a new city, well under two with a cached order.

        Parameters
        ----------
        network
            The streets.
        profile
            ``"normal"`` or ``"emergency"``.
        at
            Aware instant that selects the hour of the week; ``None``: free flow.
        speeds
            Speed factors by class and hour; ``None``: 1 everywhere.
        cache_dir
            Where the contraction order is kept between starts; ``None`` computes it every time.
        native
            Runs each search; under gevent a native thread keeps the hub free. ``None``: the
            calling thread.

        Raises
        ------
        NetworkError
            If there is no such profile.
        SpeedTableError
            If the instant has no time zone.
        """
        self.network = network
        self._run: NativeThread = native or call_directly
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
        """Return a router for another profile or hour; everything but the weights is shared.

        The latest few sets of weights are kept, so the present hour costs nothing when selected
        again, and the first search of the next hour is quick if it was selected beforehand.
        Closures apply to all.

        Parameters
        ----------
        profile
            ``None``: as this one.
        at
            Aware instant that selects the hour of the week; ``None``: as this one.

        Raises
        ------
        NetworkError
            If there is no such profile.
        SpeedTableError
            If the instant has no time zone.
        """
        other = copy(self)
        other._select(profile or self._profile, at or self._at)  # noqa: SLF001 - its own copy
        return other

    def _select(self, profile: str, at: datetime | None) -> None:
        self._profile, self._at = profile, at
        self._search = self._run(self._profiles.search, profile, at)

    def set_closures(self, closures: Iterable[Closure], now: datetime) -> ClosureState:
        """Close the roads of all closures in force now, and open all others.

        The whole set is given each time, so repeating a call changes nothing. It applies from the
        next search on, to every router made from this one by `under`; a running search finishes
        under the old state. See `routing.closures.types` for what a closure closes and
        `routing.closures.local_search` for positions inside one.

        Parameters
        ----------
        closures
            Past and future ones are ignored.
        now
            Aware instant.

        Returns
        -------
        state
            What is in force, what is closed, and when to call again.

        Raises
        ------
        ClosureError
            If one cannot be placed on this network; nothing is changed then.
        """
        state = self._closure_placer.find_state(closures, now)
        self._run(self._profiles.set_closed, state.closed)
        self._run(self._search.apply_closures)
        return state

    def snap(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None = None,
        speed_mps: float | FloatArray | None = None,
    ) -> Snaps:
        """Return the nearest point on a road for each position.

        Parameters
        ----------
        points
            WGS 84, longitude first, shape ``(n, 2)``.
        heading_deg
            Direction of driving, clockwise from north, one for all or one each, NaN where unknown.
            It distinguishes the carriageways of a divided road, and setting out against it costs
            turning round.
        speed_mps
            One for all or one each. Where it is NaN or below 1.5 m/s, the heading is noise and
            ignored. ``None``: headings are used as given.

        Returns
        -------
        snaps
            ``edge`` -1 where no road is within ``snap_limit_m``.

        Raises
        ------
        InvalidPointError
            If a position, heading or speed is invalid.
        """
        return self._snapper.snap(points, heading_deg, speed_mps)

    def on_edges(self, edges: IntArray, offsets_m: FloatArray) -> Snaps:
        """Return points at offsets along directed edges (``2 * street + direction``).

        Raises
        ------
        InvalidPointError
            If an edge is not in the network or an offset not on it.
        """
        return self._snapper.on_edges(edges, offsets_m)

    def travel_times_to(self, origins: PositionsLike, target: PositionsLike) -> FloatArray:
        """Return the travel time of each origin to one target by road.

        Parameters
        ----------
        origins
            WGS 84, longitude first, shape ``(n, 2)``, or snapped positions.
        target
            One position, snapped or not.

        Returns
        -------
        travel_time_s
            Seconds, shape ``(n,)``; ``inf`` where no road leads there or the origin is off road.

        Raises
        ------
        OutsideNetworkError
            If the target is off road; holds the distance.
        InvalidPointError
            If a position is invalid.
        """
        goal = self._snapper.one(target)
        return np.asarray(
            compute_matrix(self._search, self._run, self._snapper.many(origins), goal)[:, 0]
        )

    def path_lengths_to(self, origins: PositionsLike, target: PositionsLike) -> FloatArray:
        """Return the length of the fastest path of each origin to one target.

        As `travel_times_to`, in metres. Each path is a search of its own: for the few that are
        shown, not for a matrix.
        """
        starts, goal = self._snapper.many(origins), self._snapper.one(target)
        lengths_m = np.full(len(starts), np.inf)
        for at in np.flatnonzero(starts.edge >= 0).tolist():
            start = starts[at : at + 1]
            path = self._run(self._search.fastest_path, start, goal)
            if path is not None:
                lengths_m[at] = self._driven_m(path, start, goal).sum()
        return lengths_m

    def travel_times_from(self, origin: PositionsLike, targets: PositionsLike) -> FloatArray:
        """Return the travel time of one origin to each target; as `travel_times_to`, outwards."""
        start = self._snapper.one(origin)
        return np.asarray(
            compute_matrix(self._search, self._run, start, self._snapper.many(targets))[0]
        )

    def matrix(self, origins: PositionsLike, targets: PositionsLike) -> FloatArray:
        """Return the OD matrix of travel times.

        Returns
        -------
        travel_time_s
            Seconds, shape ``(len(origins), len(targets))``: rows are origins; ``inf`` where no road
            leads, and for whole rows and columns off road.

        Raises
        ------
        InvalidPointError
            If a position is invalid.
        """
        return compute_matrix(
            self._search, self._run, self._snapper.many(origins), self._snapper.many(targets)
        )

    def route(self, origin: PositionsLike, target: PositionsLike) -> Route:
        """Return the fastest route.

        Raises
        ------
        OutsideNetworkError
            If either endpoint is off road; holds the distance.
        UnreachableError
            If no permitted path leads there.
        InvalidPointError
            If a position is invalid.
        """
        start, goal = self._snapper.one(origin), self._snapper.one(target)
        path = self._run(self._search.fastest_path, start, goal)
        if path is None:
            raise UnreachableError(_UNREACHABLE)
        return self._draw(path, start, goal, target)

    def alternatives(
        self, origin: PositionsLike, target: PositionsLike, count: int = 2
    ) -> list[Route]:
        """Return sensibly different alternatives to the fastest route, the best first.

        Parameters
        ----------
        count
            Greatest number; often there are fewer, or none. See `routing.paths.alternatives` for
            what is sensible: at most 25 % slower, at most 65 % shared, no loops, locally optimal.

        Raises
        ------
        OutsideNetworkError
            If either endpoint is off road; holds the distance.
        UnreachableError
            If no permitted path leads there.
        InvalidPointError
            If a position is invalid.
        """
        start, goal = self._snapper.one(origin), self._snapper.one(target)
        fastest = self._run(self._search.fastest_path, start, goal)
        if fastest is None:
            raise UnreachableError(_UNREACHABLE)

        ends_lonlat = np.vstack((start.lonlat, goal.lonlat))
        compared = FastestPath(fastest, ends_lonlat, lambda path: self._driven_m(path, start, goal))
        chosen = self._run(
            self._search.search_via,
            start,
            goal,
            lambda via_paths: choose_alternatives(self.network, compared, via_paths, count),
        )
        return [self._draw(path, start, goal, target) for path in chosen]

    def _driven_m(self, path: RoadPath, start: Snaps, goal: Snaps) -> FloatArray:
        begin_m = self._snapper.offset_m(start, int(path.edges[0]))
        end_m = self._snapper.offset_m(goal, int(path.edges[-1]))
        return driven_m(path.edges, self._lines.length_m, begin_m, end_m)

    def _draw(self, path: RoadPath, start: Snaps, goal: Snaps, target: PositionsLike) -> Route:
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
        """Return what is reached within some time limits from the nearest of some origins.

        Parameters
        ----------
        origins
            WGS 84, longitude first, shape ``(n, 2)``, or snapped; those off road reach nothing.
        limits_s
            One limit or several, seconds, above zero.

        Raises
        ------
        InvalidPointError
            If a position is invalid.
        InvalidLimitError
            If a limit is not a number, infinite or not above zero.
        """
        limits = as_limits(limits_s)
        starts = self._snapper.many(origins)
        most_ms = 1000.0 * float(limits.max(initial=0.0))
        reached = self._run(self._search.intervals_reached, starts, most_ms)
        return draw_reach(self._contours, reached, limits)

    @cached_property
    def _contours(self) -> Contours:
        return Contours(self._lines)

    def guide(self, route: Route, language: str = "zh") -> Guidance:
        """Return the turn-by-turn instructions of a route of this network.

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
