"""Travel times, routes, reach and guidance over one road network: the API of routing."""

from collections.abc import Iterable
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Self

import numpy as np
import shapely

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
from routing.errors import ClosureError
from routing.errors import InvalidPointError
from routing.guidance.instructions import Guidance
from routing.guidance.instructions import write_instructions
from routing.guidance.junction_arms import Junctions
from routing.guidance.manoeuvre_finding import find_manoeuvres
from routing.labels.matrices import Matrices
from routing.locate.checked_positions import CheckedSnapper
from routing.locate.checked_positions import PositionsLike
from routing.locate.endpoints import find_endpoints
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.road_stretches import EdgeIntervals
from routing.locate.snapping import SNAP_LIMIT_M
from routing.locate.snapping import Snapper
from routing.locate.snapping import Snaps
from routing.matching.fixes import NumbersLike
from routing.matching.fixes import check_fixes
from routing.matching.matched_track import MatchedTrack
from routing.network.arrays import BoolArray
from routing.network.arrays import FloatArray
from routing.network.arrays import IntArray
from routing.network.arrays import LonLatLike
from routing.network.arrays import as_lonlat
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route
from routing.paths.route_finding import RouteFinder
from routing.paths.search_profiles import SearchProfiles
from routing.reach.contours import Contours
from routing.reach.isochrones import Reach
from routing.reach.isochrones import as_limits
from routing.reach.isochrones import draw_reach
from routing.reach.outward_search import ReachedIntervals
from routing.reach.packed_search import PackedSearch
from routing.reach.street_points import StreetPoints
from routing.ways.road_cut import RoadCut
from routing.ways.road_cut import cut_roads

if TYPE_CHECKING:
    from routing.criticality.single_closures import SingleClosures
    from routing.matching.matcher import Matcher

_ROUNDING_MS = 1e-6  # 0.3 s is no whole number of milliseconds in binary


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
        labels: bool = True,
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
        labels
            Whether large matrices may make labels on their own: for commands and studies, not for
            servers, which nothing may hold up for seconds. See `routing.labels.matrices`.

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
        expansion = self._expansion = expand(network)
        free_flow = compute_weights(network, expansion, self._lines, NORMAL)
        self._to_match = (network, expansion, self._lines, free_flow)
        self.main_streets = find_main_streets(network, expansion, free_flow)
        snapper = Snapper(network, self._lines, self.main_streets)
        self._snapper = CheckedSnapper(network, self._lines, snapper)
        order = load_order(network, expansion, self._lines, cache_dir)
        self._profiles = SearchProfiles(
            network, expansion, self._lines, order, speeds or SpeedTable(), free_flow
        )
        self._matrices = Matrices(
            network.content_hash, expansion, order, cache_dir, self._run, on_their_own=labels
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
            leads, and for whole rows and columns off road. Large ones come from labels, see
            `routing.labels.matrices`: the same numbers.
        """
        starts, goals = self._snapper.origins(origins), self._snapper.targets(targets)
        return self._matrices.compute(self._search, starts, goals)

    def prepare_labels(self) -> None:
        """Make the labels of this profile and hour, so that the next large matrix is quick.

        Runs in the calling thread, and any thread may call; searches go on meanwhile.
        """
        self._matrices.prepare(self._search)

    def pack(self, origins: PositionsLike, targets: PositionsLike, limit_s: float) -> PackedSearch:
        """Return one search for each origin, bounded by a time limit, for other processes.

        Their times are those of `matrix`, closures included, up to the limit. A search costs what
        lies within the limit, and not the whole table.

        Raises
        ------
        InvalidLimitError
            As `reach`.
        """
        limit_ms = floor(1000.0 * float(as_limits(limit_s)[0]) + _ROUNDING_MS)
        starts, goals = self._snapper.origins(origins), self._snapper.targets(targets)
        return self._run(self._search.pack, starts, goals, limit_ms)

    def first_arrivals(
        self, origins: PositionsLike, targets: PositionsLike, limit_s: float = np.inf
    ) -> tuple[FloatArray, IntArray]:
        """Return which origin is first at each target, and when: the least of each matrix column.

        Of equally fast origins the first. One bounded search outwards from all origins together, so
        any number of targets costs hardly more than snapping them.

        Parameters
        ----------
        limit_s
            Later than this counts as never, seconds; ``inf``: no limit.

        Returns
        -------
        travel_time_s, origin
            Shape ``(n,)`` each; ``inf`` and -1 where nobody is there in time.
        """
        starts, goals = self._snapper.origins(origins), self._snapper.targets(targets)
        if not len(starts):
            return np.full(len(goals), np.inf), np.full(len(goals), -1)
        found = self._run(self._search.first_arrivals, starts, goals, 1000.0 * limit_s)
        return found.times_ms / 1000.0, found.origin

    def matrix_within(
        self, origins: PositionsLike, targets: PositionsLike, limit_s: float
    ) -> FloatArray:
        """Return `matrix` with ``inf`` for what takes longer: a bounded search for each origin.

        For a few origins at a time: each needs memory for the whole network.
        """
        starts, goals = self._snapper.origins(origins), self._snapper.targets(targets)
        if not len(starts):
            return np.empty((0, len(goals)))
        return self._run(self._search.times_within, starts, goals, 1000.0 * limit_s) / 1000.0

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

    def match(
        self,
        lonlat: LonLatLike,
        at_s: NumbersLike,
        accuracy_m: NumbersLike | None = None,
        *,
        heading_deg: NumbersLike | None = None,
        speed_mps: NumbersLike | None = None,
    ) -> MatchedTrack:
        """Return which streets a recorded track was driven along.

        By a hidden Markov model (`routing.matching`), with one-way signs and turn restrictions as
        the normal profile has them, at free flow and without closures: what was closed then is not
        known here. The first call of a process loads numba's compiled loops.

        Parameters
        ----------
        lonlat
            Fixes, WGS 84, longitude first, shape ``(n, 2)``; none at all is a track too.
        at_s
            Times in seconds from any instant, shape ``(n,)``. Any order: they are sorted. Of
            several fixes at one time one is taken.
        accuracy_m
            Radius that two thirds of fixes lie in, as receivers tell it; one for all or one each,
            NaN where unknown. Left out, it is found from the track.
        heading_deg, speed_mps
            As receivers tell them, one for all or one each, NaN where unknown.

        Raises
        ------
        InvalidPointError
            If a position is none.
        InvalidTrackError
            If there are not as many times as positions, or one is no number.
        """
        fixes, given = check_fixes(lonlat, at_s, accuracy_m, heading_deg, speed_mps)
        return self._run(self._matcher.match, fixes, given)

    def route_via(self, origin: PositionsLike, target: PositionsLike, via_edge: int) -> Route:
        """Return the fastest route that drives onto a directed edge on its way.

        That of an alternative, as long as its edge lies ahead: see `Route.via_edge`.

        Raises
        ------
        InvalidPointError
            If there is no such edge.
        OutsideNetworkError, UnreachableError
            As `route`.
        """
        if not 0 <= via_edge < self.network.edge_count:
            message = f"there is no edge {via_edge}"
            raise InvalidPointError(message)
        return self._routes.via(self._search, origin, target, via_edge)

    def cut_around(self, centre: LonLatLike, radius_m: float) -> RoadCut:
        """Return the streets around a place, with the weights of this profile and hour.

        Any thread may make it, beside searches: it reads nothing that they change.
        """
        return cut_roads(
            self.network,
            self._expansion,
            self._lines,
            self._search.weights,
            self.main_streets,
            (as_lonlat(centre)[0], radius_m),
        )

    @property
    def turn_round_ms(self) -> int:
        """What setting out against a known heading costs, milliseconds."""
        return self._search.turn_round_ms

    def place_closure(self, closure: Closure) -> EdgeIntervals:
        """Return which intervals of which directed edges a closure closes while it holds.

        Raises
        ------
        ClosureError
            If it cannot be placed on this network.
        """
        return self._closure_placer.place(closure.place)

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

    def single_closures(
        self, posts: PositionsLike, targets: PositionsLike, group: IntArray
    ) -> "SingleClosures":
        """Return what closing any one group of streets does to first arrivals from some posts.

        All other streets are open, whatever closures are in force. The first call of a process
        loads numba's compiled loops.

        Parameters
        ----------
        group
            Number of the group of each street, from 0 without gaps, shape ``(m,)``.

        Raises
        ------
        ClosureError
            If one group is all that may be driven: nothing would be left open.
        """
        driven = self.network.roads.segment_forward | self.network.roads.segment_backward
        if len(np.unique(group[driven])) < 2:  # noqa: PLR2004 - one closed, one open
            message = "closing this street leaves nothing open"
            raise ClosureError(message)
        from routing.criticality.single_closures import SingleClosures  # noqa: PLC0415 - numba

        weights, length_m = self._search.weights, self._lines.length_m
        starts = find_endpoints(self._snapper.origins(posts), length_m, weights, self.turn_round_ms)
        goals = find_endpoints(self._snapper.targets(targets), length_m, weights)
        return SingleClosures(self._expansion, weights, starts, goals, group)

    def spread_points(self, most: int) -> StreetPoints:
        """Return points spread evenly over the main network; see `StreetPoints.spread`."""
        return StreetPoints.spread(self.network, self._lines, self.main_streets, most)

    def points_on(self, snaps: Snaps) -> StreetPoints:
        """Return snapped positions, all of them on a road, as points whose being reached counts."""
        segment = snaps.edge // 2
        length_m = self._lines.length_m[segment]
        at_m = np.where(snaps.edge % 2 == 1, length_m - snaps.offset_m, snaps.offset_m)
        # A rounding error beyond the end of its street would be reached by nobody.
        return StreetPoints.of(self._lines, segment, np.clip(at_m, 0.0, length_m))

    def intervals_reached(self, origins: PositionsLike, limit_s: float) -> ReachedIntervals:
        """Return what is reached within a limit from the nearest of some origins, not drawn yet.

        One search, of which any number of `StreetPoints` and `cells_of` can be asked.

        Raises
        ------
        InvalidLimitError
            As `reach`.
        """
        limit = float(as_limits(limit_s)[0])
        starts = self._snapper.origins(origins)
        return self._run(self._search.intervals_reached, starts, 1000.0 * limit)

    def cells_of(self, reached: ReachedIntervals) -> IntArray:
        """Return the grid cells that reached roads cross, some twice; to be joined at will."""
        return self._contours.cells(reached.edge, reached.from_m, reached.to_m)

    def area_of(self, cells: IntArray, most: int | None = None) -> shapely.MultiPolygon:
        """Return the area of grid cells, as `reach` draws it; coarser if there are too many."""
        return self._contours.area(cells, most)

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
        return points.within(self.intervals_reached(origins, limit_s))

    @cached_property
    def _matcher(self) -> "Matcher":
        from routing.matching.matcher import Matcher  # noqa: PLC0415 - numba: 100 MB, for few

        return Matcher(*self._to_match)

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
