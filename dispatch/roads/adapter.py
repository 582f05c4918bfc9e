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

from dispatch.core.running import Runner
from dispatch.ground.service import GroundService
from dispatch.roads import closing
from dispatch.roads import network_loading
from dispatch.roads import questions
from dispatch.roads.types import LonLat
from dispatch.roads.types import RoadClosure
from dispatch.roads.types import RoadRoute
from dispatch.roads.types import RoadTimes
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
            network = self._native(network_loading.load_file, path)
            if network is None:
                data = self._ground.roads(active.id)
                network = self._native(network_loading.build, data, path)
            router = self._native(network_loading.make_router, network, self._cache_dir)
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
        times: RoadTimes | None = self._native(questions.travel_times, router, origins, target)
        return times

    def way_lengths_to(self, origins: Sequence[LonLat], target: LonLat) -> Sequence[float] | None:
        """Return the lengths of the fastest ways, metres, ``inf`` where there is none.

        Each is a search of its own: for the few that somebody looks at. None as above.
        """
        router = self._router
        if router is None:
            return None
        lengths_m: Sequence[float] | None = self._native(
            questions.way_lengths, router, origins, target
        )
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
        route: RoadRoute = self._native(
            questions.route, router, origin, target, language, alternatives
        )
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
        line: Sequence[LonLat] = self._native(questions.stretch, router, points)
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
        next_at: datetime | None = self._native(closing.close_roads, router, closures, now)
        return None if next_at is None else max(0.0, (next_at - self._clock()).total_seconds())
