"""The only adapter to routing: loads the network of the ground in use and asks it.

The engine underneath belongs to one native thread, whatever the web server does with greenlets:
every call goes through ``native``, which runs a function there and waits.
"""

import logging
import threading
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.errors import N_
from dispatch.errors import Conflict
from dispatch.ground import GroundService
from dispatch.ports import LonLat
from dispatch.ports import RoadRoute
from dispatch.ports import RoadTimes
from geodata.roads import RoadData
from routing.errors import NetworkFileError
from routing.errors import OutsideNetworkError
from routing.errors import UnreachableError
from routing.network import RoadNetwork
from routing.router import Router

_log = logging.getLogger(__name__)
Native = Callable[..., Any]


class Roads:
    """Travel times and routes on the ground in use; nothing until `refresh` loaded it."""

    def __init__(self, ground: GroundService, native: Native, cache_dir: Path) -> None:
        self._ground = ground
        self._native = native
        self._cache_dir = cache_dir
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
            self._router = self._native(self._make_router, network)
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

    def route(
        self, origin: LonLat, target: LonLat, *, language: str | None = None
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
        route: RoadRoute = self._native(_route, router, origin, target, language)
        return route

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


def _route(router: Router, origin: LonLat, target: LonLat, language: str | None) -> RoadRoute:
    try:
        route = router.route(origin, target)
    except OutsideNetworkError as error:
        message = N_("The nearest road is %(distance_m)s m away: there is no way by road.")
        raise Conflict("off_road", message, {"distance_m": round(error.distance_m)}) from error
    except UnreachableError as error:
        message = N_("No road leads there.")
        raise Conflict("unreachable", message) from error
    return RoadRoute(
        line=[(lon, lat) for lon, lat in route.line.tolist()],
        length_m=route.length_m,
        travel_time_s=route.travel_time_s,
        steps=None if language is None else router.guide(route, language).as_dicts(),
    )
