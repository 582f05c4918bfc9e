"""Find routes and draw them: the fastest, its alternatives, and lengths alone."""

from dataclasses import replace

import numpy as np

from routing.engine.native_thread import NativeThread
from routing.errors import UnreachableError
from routing.locate.checked_positions import CheckedSnapper
from routing.locate.checked_positions import PositionsLike
from routing.locate.nearby_streets import NearbyStreets
from routing.locate.snapping import Snaps
from routing.network.arrays import FloatArray
from routing.network.arrays import as_lonlat
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.alternatives import FastestPath
from routing.paths.alternatives import choose_alternatives
from routing.paths.path import RoadPath
from routing.paths.path import driven_m
from routing.paths.route import Route
from routing.paths.route import Walks
from routing.paths.route import draw_route
from routing.paths.search import Search

_UNREACHABLE = "no permitted path leads there"


class RouteFinder:
    """Finds routes on one network, with the search of any profile and hour."""

    def __init__(
        self, network: RoadNetwork, lines: Lines, snapper: CheckedSnapper, run: NativeThread
    ) -> None:
        self._network, self._lines, self._snapper, self._run = network, lines, snapper, run

    def lengths_m(
        self, search: Search, origins: PositionsLike, target: PositionsLike
    ) -> FloatArray:
        """Return the length of the fastest path of each origin to one target, metres."""
        starts, goal = self._snapper.origins(origins), self._snapper.target(target)
        lengths_m = np.full(len(starts), np.inf)
        for at in np.flatnonzero(starts.on_road).tolist():
            start = starts[at : at + 1]
            path = self._run(search.fastest_path, start, goal)
            if path is not None:
                lengths_m[at] = self._driven_m(path, start, goal).sum()
        return lengths_m

    def fastest(self, search: Search, origin: PositionsLike, target: PositionsLike) -> Route:
        """Return the fastest route; see `routing.router.Router.route`."""
        start, goal = self._snapper.origin(origin), self._snapper.target(target)
        path = self._run(search.fastest_path, start, goal)
        if path is None:
            raise UnreachableError(_UNREACHABLE)
        return self._draw(path, start, goal, target)

    def alternatives(
        self, search: Search, origin: PositionsLike, target: PositionsLike, count: int
    ) -> list[Route]:
        """Return alternatives to the fastest; see `routing.router.Router.alternatives`."""
        start, goal = self._snapper.origin(origin), self._snapper.target(target)
        fastest = self._run(search.fastest_path, start, goal)
        if fastest is None:
            raise UnreachableError(_UNREACHABLE)

        ends_lonlat = np.vstack((self._snapper.point_on(start), self._snapper.point_on(goal)))
        compared = FastestPath(fastest, ends_lonlat, lambda path: self._driven_m(path, start, goal))
        chosen = self._run(
            search.search_via,
            start,
            goal,
            lambda via_paths: choose_alternatives(self._network, compared, via_paths, count),
        )
        return [self._draw(path, start, goal, target) for path in chosen]

    def via(
        self, search: Search, origin: PositionsLike, target: PositionsLike, via_edge: int
    ) -> Route:
        """Return the fastest route by an edge; see `routing.router.Router.route_via`."""
        start, goal = self._snapper.origin(origin), self._snapper.target(target)
        found = self._run(
            search.search_via, start, goal, lambda via_paths: via_paths.path_via(via_edge)
        )
        if found is None:
            raise UnreachableError(_UNREACHABLE)
        return self._draw(replace(found.path, via_edge=via_edge), start, goal, target)

    def _driven_m(self, path: RoadPath, start: NearbyStreets, goal: NearbyStreets) -> FloatArray:
        begin_m = self._snapper.offset_m(start, int(path.edges[0]))
        end_m = self._snapper.offset_m(goal, int(path.edges[-1]))
        return driven_m(path.edges, self._lines.length_m, begin_m, end_m)

    def _draw(
        self, path: RoadPath, start: NearbyStreets, goal: NearbyStreets, target: PositionsLike
    ) -> Route:
        first, last = int(path.edges[0]), int(path.edges[-1])
        return draw_route(
            self._network,
            self._lines,
            path,
            begin_m=self._snapper.offset_m(start, first),
            end_m=self._snapper.offset_m(goal, last),
            walks=Walks(
                float(start.distance_m[0, start.column_of(first)]),
                float(goal.distance_m[0, goal.column_of(last)]),
            ),
            goal=None if isinstance(target, Snaps | NearbyStreets) else as_lonlat(target)[0],
        )
