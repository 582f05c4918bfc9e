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
from routing.engine.freed_memory import give_back_memory
from routing.engine.hourly_speeds import SpeedTable
from routing.engine.islands import find_main_streets
from routing.engine.native_thread import NativeThread
from routing.engine.native_thread import call_directly
from routing.engine.order_cache import load_order
from routing.guidance.instructions import Guidance
from routing.guidance.instructions import write_instructions
from routing.guidance.junction_arms import Junctions
from routing.guidance.manoeuvre_finding import find_manoeuvres
from routing.locate.checked_positions import CheckedSnapper
from routing.locate.checked_positions import PositionsLike
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.snapping import SNAP_LIMIT_M
from routing.locate.snapping import Snapper
from routing.locate.snapping import Snaps
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route
from routing.paths.route_finding import RouteFinder
from routing.paths.search_profiles import SearchProfiles
from routing.paths.time_matrix import compute_matrix
from routing.reach.contours import Contours
from routing.reach.isochrones import Reach
from routing.reach.isochrones import as_limits
from routing.reach.isochrones import draw_reach
from routing.reach.street_points import StreetPoints


class Router:
    """Travel times and routes over one network, for one profile and hour.

    Any thread may call at any time: one search runs at a time, and no query object outlives the
    call that made it (see `routing.engine.hierarchy`).

    Positions are WGS 84, longitude first, shape ``(n, 2)``. Of several streets near a position the
    one with the best total time is taken, and the walks, straight at 1.4 m/s, are part of every
    travel time. Origins may be given as `streets_from` found them; a position given as `snap` or
    `on_edges` returned it is that point on that street, with no walk. Every method raises
    `InvalidPointError` for an impossible position, heading or speed.

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
        self._routes = RouteFinder(network, self._lines, self._snapper, self._run)
        self._closure_placer = ClosurePlacer(network, self._lines, self._snapper)
        self._profile, self._at = profile, at
        self._search = self._profiles.search(profile, at)
        give_back_memory()

    def under(self, *, profile: str | None = None, at: datetime | None = None) -> Self:
        """Return a router for another profile or hour; everything but the weights is shared.

        The latest few sets of weights are kept, so the present hour costs nothing when selected
        again, and the first search of the next hour is quick if it was selected beforehand.
        Closures apply to all.

        Parameters
        ----------
        profile, at
            As of a new router; ``None``: as this one.

        Raises
        ------
        NetworkError, SpeedTableError
            As a new router.
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

        Past and future ones are ignored; ``now`` is an aware instant.

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
        """
        return self._snapper.snap(points, heading_deg, speed_mps)

    def streets_from(
        self,
        points: LonLatLike,
        heading_deg: float | FloatArray | None = None,
        speed_mps: float | FloatArray | None = None,
    ) -> NearbyStreets:
        """Return the streets from which to set out, to be searched from any number of times.

        Those on which a vehicle there can be: the nearest and others at most 30 m further away.
        One that is driving is on a street that runs its way. Parameters as of `snap`.
        """
        return self._snapper.streets_from(points, heading_deg, speed_mps)

    def streets_to(self, points: LonLatLike) -> NearbyStreets:
        """Return the streets at which to arrive: the nearest within ``snap_limit_m``."""
        return self._snapper.targets(points)

    def on_edges(self, edges: IntArray, offsets_m: FloatArray) -> Snaps:
        """Return points at offsets along directed edges (``2 * street + direction``)."""
        return self._snapper.on_edges(edges, offsets_m)

    def travel_times_to(self, origins: PositionsLike, target: PositionsLike) -> FloatArray:
        """Return the travel time of each origin to one target by road.

        Returns
        -------
        travel_time_s
            Seconds, shape ``(n,)``; ``inf`` where no road leads there or the origin is off road.

        Raises
        ------
        OutsideNetworkError
            If the target is off road; holds the distance.
        """
        return np.asarray(self.matrix(origins, self._snapper.target(target))[:, 0])

    def path_lengths_to(self, origins: PositionsLike, target: PositionsLike) -> FloatArray:
        """Return the length of each fastest path to one target, metres, as `travel_times_to`.

        Each is a search of its own: for the few that are shown, not for a matrix.
        """
        return self._routes.lengths_m(self._search, origins, target)

    def travel_times_from(self, origin: PositionsLike, targets: PositionsLike) -> FloatArray:
        """Return the travel time of one origin to each target; as `travel_times_to`, outwards."""
        return np.asarray(self.matrix(self._snapper.origin(origin), targets)[0])

    def matrix(self, origins: PositionsLike, targets: PositionsLike) -> FloatArray:
        """Return the OD matrix of travel times.

        Returns
        -------
        travel_time_s
            Seconds, shape ``(len(origins), len(targets))``: rows are origins; ``inf`` where no road
            leads, and for whole rows and columns off road.
        """
        starts, goals = self._snapper.origins(origins), self._snapper.targets(targets)
        return compute_matrix(self._search, self._run, starts, goals)

    def route(self, origin: PositionsLike, target: PositionsLike) -> Route:
        """Return the fastest route.

        Raises
        ------
        OutsideNetworkError
            If either endpoint is off road; holds the distance.
        UnreachableError
            If no permitted path leads there.
        """
        return self._routes.fastest(self._search, origin, target)

    def alternatives(
        self, origin: PositionsLike, target: PositionsLike, count: int = 2
    ) -> list[Route]:
        """Return sensibly different alternatives to the fastest route, the best first.

        At most ``count``; often there are fewer, or none. See `routing.paths.alternatives` for
        what is sensible: at most 25 % slower, at most 65 % shared, no loops, locally optimal.

        Raises
        ------
        OutsideNetworkError, UnreachableError
            As `route`.
        """
        return self._routes.alternatives(self._search, origin, target, count)

    def reach(
        self, origins: PositionsLike, limits_s: float | Sequence[float] | FloatArray
    ) -> Reach:
        """Return what is reached within some time limits from the nearest of some origins.

        Parameters
        ----------
        origins
            Those off road reach nothing.
        limits_s
            One or several, seconds, above zero.

        Raises
        ------
        InvalidLimitError
            If a limit is not a number, infinite or not above zero.
        """
        limits = as_limits(limits_s)
        starts = self._snapper.origins(origins)
        most_ms = 1000.0 * float(limits.max(initial=0.0))
        reached = self._run(self._search.intervals_reached, starts, most_ms)
        return draw_reach(self._contours, reached, limits)

    def spread_points(self, most: int) -> StreetPoints:
        """Return points spread evenly over the main network; see `StreetPoints.spread`."""
        return StreetPoints.spread(self.network, self._lines, self.main_streets, most)

    def points_reached(
        self, origins: PositionsLike, points: StreetPoints, limit_s: float
    ) -> BoolArray:
        """Return which points are reached within a time limit from the nearest of some origins.

        As `reach`, without drawing it. No point is reached without origins.

        Raises
        ------
        InvalidLimitError
            As `reach`.
        """
        limit = float(as_limits(limit_s)[0])
        starts = self._snapper.origins(origins)
        return points.within(self._run(self._search.intervals_reached, starts, 1000.0 * limit))

    @cached_property
    def _contours(self) -> Contours:
        return Contours(self._lines)

    def guide(self, route: Route, language: str = "zh") -> Guidance:
        """Return the turn-by-turn instructions of a route, in ``"zh"`` or ``"en"``.

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
