"""The only adapter to routing: loads the network of the ground in use and asks it.

The engine underneath belongs to one native thread, whatever the web server does with greenlets:
every call goes through ``native``, which runs a function there and waits.
"""

import logging
import threading
from collections.abc import Callable
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.running import Runner
from dispatch.ground.service import GroundService
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadClosure
from dispatch.roads.types import RoadRoute
from dispatch.roads.types import RoadTimes
from geodata.roads.types import RoadData
from routing.closures.closed_edges import ClosureState
from routing.closures.types import ClosedArea
from routing.closures.types import ClosedDirections
from routing.closures.types import ClosedStretch
from routing.closures.types import Closure
from routing.errors import ClosureError
from routing.errors import NetworkFileError
from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.locate.road_stretches import StretchFinder
from routing.network.line_geometry import Lines
from routing.network.road_network import RoadNetwork
from routing.paths.route import Route
from routing.router import Router

_log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


class Roads:
    """Travel times and routes on the ground in use; nothing until `refresh` loaded it."""

    def __init__(
        self,
        ground: GroundService,
        native: Runner,
        cache_dir: Path,
        closures: Callable[[], Sequence[RoadClosure]],
        clock: Clock,
    ) -> None:
        """Know where to ask.

        Parameters
        ----------
        ground
            Which network is in use.
        native
            Runs a function in the engine's thread and waits.
        cache_dir
            Where networks are kept between starts.
        closures
            Reads the closures that hold or will.
        clock
            What time it is.
        """
        self._ground = ground
        self._native = native
        self._cache_dir = cache_dir
        self._closures = closures
        self._clock = clock
        self._closing = threading.Lock()
        self._router: Router | None = None
        self._ground_id: int | None = None
        self._loading = threading.Lock()

    @property
    def ready(self) -> bool:
        """Whether a network is loaded."""
        return self._router is not None

    @property
    def ground_id(self) -> int | None:
        """Which ground the loaded network is of."""
        return self._ground_id

    def refresh(self) -> bool:
        """Load the network of the ground in use if another, or none, is loaded.

        The old network answers until the new one is ready; then it is swapped at once.

        Returns
        -------
        changed
            Whether another network answers from now on.
        """
        if not self._loading.acquire(blocking=False):
            return False
        try:
            active = self._ground.active()
            if active is None or active.id == self._ground_id:
                return False
            path = self._cache_dir / f"roads-{active.network_hash}.bin"
            network = self._native(self._load_file, path)
            if network is None:
                data = self._ground.roads(active.id)
                network = self._native(self._build, data, path)
            router = self._native(self._make_router, network)
            with self._closing:  # the first answer of the new network knows what is closed
                self._close(router)
                self._router = router
                self._ground_id = active.id
            _log.info("road network of ground %s is ready", active.id)
            return True
        finally:
            self._loading.release()

    def travel_times_to(self, origins: Sequence[LonLat], target: LonLat) -> RoadTimes | None:
        """Return travel times, or None when there is no network or no road near the target."""
        router = self._router
        if router is None:
            return None
        times: RoadTimes | None = self._native(_travel_times, router, origins, target)
        return times

    def way_lengths_to(self, origins: Sequence[LonLat], target: LonLat) -> Sequence[float] | None:
        """Return the lengths of the fastest ways, metres, ``inf`` where there is none.

        Each is a search of its own: for the few that somebody looks at. None as above.
        """
        router = self._router
        if router is None:
            return None
        lengths_m: Sequence[float] | None = self._native(_way_lengths, router, origins, target)
        return lengths_m

    def route(
        self,
        origin: LonLat,
        target: LonLat,
        *,
        language: str | None = None,
        alternatives: bool = False,
    ) -> RoadRoute | None:
        """Return the fastest way, with its steps in a language; None when there is no network.

        Raises
        ------
        Conflict
            ``off_road`` or ``unreachable``, when the network knows that there is no way.
        """
        router = self._router
        if router is None:
            return None
        route: RoadRoute = self._native(_route, router, origin, target, language, alternatives)
        return route

    def stretch(self, points: Sequence[LonLat]) -> Sequence[LonLat] | None:
        """Return the line of the road between points; None when there is no network.

        Raises
        ------
        InvalidInput
            On ``geometry``, if a point is off road or no road joins them.
        """
        router = self._router
        if router is None:
            return None
        line: Sequence[LonLat] = self._native(_stretch, router, points)
        return line

    def apply_closures(self) -> float | None:
        """Close what is closed now, open everything else, and say when to ask again.

        One at a time, reading included: whoever read later also closes later, so an old list
        never overwrites a newer one.

        Returns
        -------
        wait_s
            Seconds until the next closure begins or ends; None when none will.
        """
        with self._closing:
            return None if self._router is None else self._close(self._router)

    def _close(self, router: Router) -> float | None:
        closures, now = self._closures(), self._clock()
        state: ClosureState = self._native(_close_roads, router, closures, now)
        if state.next_change_at is None:
            return None
        return max(0.0, (state.next_change_at - self._clock()).total_seconds())

    def _load_file(self, path: Path) -> RoadNetwork | None:
        if not path.exists():
            return None
        try:
            return RoadNetwork.load(path)
        except NetworkFileError as error:
            _log.warning("%s cannot be used and is made again: %s", path.name, error)
            return None

    def _build(self, data: RoadData, path: Path) -> RoadNetwork:
        network = RoadNetwork.from_roads(data)
        path.parent.mkdir(parents=True, exist_ok=True)
        network.save(path)
        return network

    def _make_router(self, network: RoadNetwork) -> Router:
        return Router(network, cache_dir=self._cache_dir)


def _travel_times(router: Router, origins: Sequence[LonLat], target: LonLat) -> RoadTimes | None:
    snaps = router.snap(np.asarray(origins, dtype=float).reshape(-1, 2))
    try:
        times_s = router.travel_times_to(snaps, target)
    except OutsideNetworkError:
        return None
    return RoadTimes(times_s.tolist(), (snaps.edge < 0).tolist())


def _way_lengths(
    router: Router, origins: Sequence[LonLat], target: LonLat
) -> Sequence[float] | None:
    try:
        lengths_m: list[float] = router.path_lengths_to(origins, target).tolist()
    except OutsideNetworkError:
        return None
    return lengths_m


def _route(
    router: Router,
    origin: LonLat,
    target: LonLat,
    language: str | None,
    alternatives: bool,  # noqa: FBT001 — `native` hands on positions only
) -> RoadRoute:
    try:
        route = router.route(origin, target)
        others = router.alternatives(origin, target) if alternatives else None
    except OutsideNetworkError as error:
        message = N_("The nearest road is %(distance_m)s m away: there is no way by road.")
        raise Conflict("off_road", message, {"distance_m": round(error.distance_m)}) from error
    except UnreachableError as error:
        message = N_("No road leads there.")
        raise Conflict("unreachable", message) from error
    return RoadRoute(
        line=_line(route),
        length_m=route.length_m,
        travel_time_s=route.travel_time_s,
        steps=None if language is None else router.guide(route, language).as_dicts(),
        alternatives=None
        if others is None
        else [RoadRoute(_line(other), other.length_m, other.travel_time_s) for other in others],
    )


def _line(route: Route) -> list[LonLat]:
    return [(lon, lat) for lon, lat in route.line.tolist()]


def _close_roads(router: Router, closures: Sequence[RoadClosure], now: datetime) -> ClosureState:
    """Close all at once; one that the present ground has no place for must not keep others open."""
    wanted = [_as_closure(each) for each in closures]
    try:
        return router.set_closures(wanted, now)
    except ClosureError:
        placed = [each for each in wanted if _can_be_placed(router, each, now)]
        return router.set_closures(placed, now)


def _can_be_placed(router: Router, closure: Closure, now: datetime) -> bool:
    try:
        router.set_closures([closure], now)
    except ClosureError as error:
        _log.warning("closure %s has no place on this ground: %s", closure.key, error)
        return False
    return True


def _as_closure(closure: RoadClosure) -> Closure:
    geometry = closure.geometry
    place: ClosedArea | ClosedStretch
    if geometry["type"] == "Polygon":
        place = ClosedArea.from_geojson(geometry)
    else:
        points = tuple((lon, lat) for lon, lat in geometry["coordinates"])
        place = ClosedStretch(points, ClosedDirections(closure.direction))
    return Closure(str(closure.id), place, closure.from_at, closure.until_at)


def _stretch(router: Router, points: Sequence[LonLat]) -> list[LonLat]:
    snaps = router.snap(points)
    for number, edge in enumerate(snaps.edge, 1):
        if edge < 0:
            message = N_("point %(number)s is on no road: there is none within %(limit_m)s m")
            limit_m = round(router.snap_limit_m)
            raise InvalidInput.one("geometry", message, number=number, limit_m=limit_m)
    lines = Lines(router.network.roads)
    along = StretchFinder(router.network, lines)
    line: list[LonLat] = []
    try:
        for at in range(len(snaps) - 1):
            found = along.between(snaps[at : at + 1], snaps[at + 1 : at + 2])
            for edge, from_m, to_m in zip(found.edge, found.from_m, found.to_m, strict=True):
                line += map(tuple, lines.cut(int(edge), from_m, to_m).round(7).tolist())
    except ClosureError as error:
        message = N_("no road joins these points; mark two different places on roads that meet")
        raise InvalidInput.one("geometry", message) from error
    return [each for at, each in enumerate(line) if at == 0 or each != line[at - 1]]
