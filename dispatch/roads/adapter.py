"""The only adapter to routing: keeps the network of the ground in use loaded, and asks it.

Each network comes with a native thread of its own, whatever the web server does with greenlets:
searches run there, one at a time, and a new network is loaded in its thread while the former one
goes on answering in its own. Nobody waits for an engine without a limit.
"""

import logging
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dispatch.core.errors import N_
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.running import Runner
from dispatch.ground.service import GroundService
from dispatch.roads import closing
from dispatch.roads import network_loading
from dispatch.roads import preparation
from dispatch.roads import questions
from dispatch.roads import route_asking
from dispatch.roads.engine_thread import EngineRetiredError
from dispatch.roads.engine_thread import EngineThread
from dispatch.roads.engine_thread import EngineUnavailableError
from dispatch.roads.metric_version import MetricVersion
from dispatch.roads.origin_streets import OriginStreets
from dispatch.roads.post_reach import PostReached
from dispatch.roads.post_reach import joined
from dispatch.roads.preparation import Preparation
from dispatch.roads.preparation import PreparationFailedError
from dispatch.roads.roads_files import FileOf
from dispatch.roads.roads_files import RoadsFiles
from dispatch.roads.route_asking import RouteWish
from dispatch.roads.slices import in_slices
from dispatch.roads.types import DrivingProfile
from dispatch.roads.types import LonLat
from dispatch.roads.types import Origin
from dispatch.roads.types import PostsReached
from dispatch.roads.types import ReachWish
from dispatch.roads.types import RoadClosure
from dispatch.roads.types import RoadMatrix
from dispatch.roads.types import RoadRoute
from dispatch.roads.types import RoadsFile
from dispatch.roads.types import RoadsVersion
from dispatch.roads.types import RoadTimes
from dispatch.roads.types import Via
from geodata.ground.service import GroundInfo
from routing.router import Router

_log = logging.getLogger(__name__)
_CLOSING_WAIT_S = 30.0
_LOST_AFTER = 3
"""So many times as long as anybody waits for it, a search is waited for by others."""
_TRY_AGAIN = timedelta(seconds=60)
_GIVEN_UP = timedelta(seconds=60)
_AHEAD = timedelta(minutes=5)
"""So long before it begins, the weights of the next hour are made."""
_NO_NETWORK = N_("No road network is loaded yet.")
_NO_ANSWER = N_("The road network does not answer at the moment. Try again.")
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Network:
    """A loaded network, the thread that searches it, and the streets of crews on it."""

    ground_id: int
    network_hash: str
    router: Router
    thread: EngineThread
    streets: OriginStreets


class Roads:
    """Travel times and routes on the ground in use; nothing until `refresh` loaded it."""

    def __init__(
        self,
        ground: GroundService,
        new_thread: Callable[[], Executor],
        cache_dir: Path,
        closures: Callable[[], Sequence[RoadClosure]],
        clock: Clock,
        *,
        prepare: Preparation,
        wait_s: float,
        profiles: Sequence[DrivingProfile] = (DrivingProfile.NORMAL,),
        speeds_file: Path | None = None,
        blocking: Runner | None = None,
    ) -> None:
        """Know where to ask.

        Parameters
        ----------
        ground
            Which network is in use.
        new_thread
            Starts a native thread; each network has one.
        cache_dir
            Where networks are kept between starts.
        closures
            Reads the closures that hold or will.
        clock
            What time it is.
        prepare
            Makes the files of a network that is not in the cache.
        wait_s
            How long a question may wait for its answer.
        profiles
            Those that are in use: their weights are made before they are needed.
        speeds_file
            Speed factors by road class and hour of the week; None: free flow at all hours.
        blocking
            Runs what any thread may calculate; None: where it is asked for.

        Raises
        ------
        InvalidInput
            If there are no speed factors in that file.
        """
        self._ground = ground
        self._new_thread = new_thread
        self._cache_dir = cache_dir
        self._closures = closures
        self._clock = clock
        self._prepare = prepare
        self._wait_s = wait_s
        self._profiles = tuple(profiles)
        self._speeds = network_loading.load_speeds(speeds_file)
        self._speeds_known = speeds_file is not None
        self._metric = MetricVersion(speeds_file)
        self._files = RoadsFiles(blocking)
        self._known_closures: Sequence[RoadClosure] = ()
        self._closing = threading.Lock()
        self._network: _Network | None = None
        self._loading = threading.Lock()
        self._stuck_at: datetime | None = None
        self._failed: tuple[int, datetime] | None = None  # which ground, and when to try it again

    @property
    def ready(self) -> bool:
        """Whether a network is loaded."""
        return self._network is not None

    @property
    def ground_id(self) -> int | None:
        """Which ground the loaded network is of."""
        return None if self._network is None else self._network.ground_id

    @property
    def version(self) -> RoadsVersion | None:
        """What is asked at present."""
        network = self._network
        if network is None:
            return None
        return RoadsVersion(network.network_hash, self._metric.at(self._clock()))

    def refresh(self) -> bool:
        """Load the network of the ground in use if another, or none, or a stuck one is loaded.

        The former network answers until the new one is ready; then they are swapped at once. If
        the new one cannot be prepared it goes on answering, and a later call tries again.

        Returns
        -------
        changed
            Whether another network answers from now on.
        """
        if not self._loading.acquire(blocking=False):
            return False
        try:
            active = self._ground.active()
            if active is None or self._waits_for(active):
                return False
            if active.id == self.ground_id and not self._is_given_up():
                return False
            try:
                self._load(active)
            except (EngineUnavailableError, PreparationFailedError):
                _log.exception("no road network of ground %s yet; it is tried again", active.id)
                self._failed = active.id, self._clock() + _TRY_AGAIN
                return False
            _log.info("road network of ground %s is ready", active.id)
            return True
        finally:
            self._loading.release()

    def close(self) -> None:
        """Let go of the network; its thread ends."""
        former, self._network = self._network, None
        if former is not None:
            former.thread.retire()

    def travel_times_to(
        self,
        origins: Sequence[Origin],
        target: LonLat,
        profiles: Sequence[DrivingProfile] | None = None,
    ) -> RoadTimes | None:
        """Return travel times; see `RoadPort`, here and below."""
        times: RoadTimes | None = self._ask(
            questions.travel_times, self._clock(), origins, target, _each(profiles, origins)
        )
        return times

    def times_between(
        self,
        origins: Sequence[Origin],
        targets: Sequence[LonLat],
        profiles: Sequence[DrivingProfile] | None = None,
    ) -> RoadMatrix:
        """Return the travel times between many places, asked in slices."""
        now, each = self._clock(), _each(profiles, origins)

        def ask(some: Sequence[LonLat]) -> RoadMatrix:
            found: RoadMatrix = self._ask(questions.time_matrix, now, origins, some, each)
            return found

        return in_slices(len(origins), targets, ask)

    def street_points(self) -> tuple[int, NDArray[np.float64]]:
        """Return points spread evenly over the streets, and the ground that they are of."""
        lonlat: NDArray[np.float64] = self._ask(questions.street_points)
        return self.ground_id or 0, lonlat

    def points_reached(
        self, groups: Sequence[Sequence[Origin]], limit_s: float
    ) -> NDArray[np.bool_]:
        """Return which points each group of origins reaches, one question a group."""
        now = self._clock()
        return np.array([self._ask(questions.points_reached, now, g, limit_s) for g in groups])

    @property
    def hours_differ(self) -> bool:
        """Whether speeds are known by hour of the week."""
        return self._speeds_known

    def posts_reached(self, posts: Sequence[LonLat], wish: ReachWish) -> PostsReached:
        """Return what standby points reach, a few searched at a time; see `ReachPort`."""
        found: dict[LonLat, PostReached] = {}
        while rest := [each for each in dict.fromkeys(posts) if each not in found]:
            found |= self._ask(questions.posts_reached, rest, wish)
        each = [found[post] for post in posts]
        area, off_road = self._ask(questions.posts_area, [post.cells for post in each], wish)
        return joined(each, area, off_road)

    def way_lengths_to(
        self,
        origins: Sequence[Origin],
        target: LonLat,
        profiles: Sequence[DrivingProfile] | None = None,
    ) -> Sequence[float] | None:
        """Return the lengths of the fastest ways, metres."""
        found: Sequence[float] | None = self._ask(
            questions.way_lengths, self._clock(), origins, target, _each(profiles, origins)
        )
        return found

    def route(
        self,
        origin: Origin,
        target: LonLat,
        *,
        profile: DrivingProfile = DrivingProfile.NORMAL,
        language: str | None = None,
        alternatives: bool = False,
        via: Via | None = None,
    ) -> RoadRoute:
        """Return the fastest way, with its steps in a language."""
        wish = RouteWish(profile, language, alternatives, via)
        found: RoadRoute = self._ask(route_asking.route, self._clock(), (origin, target), wish)
        return found

    def kept_roads(
        self, place: LonLat, radius_m: float, profile: DrivingProfile, known_tag: str | None = None
    ) -> RoadsFile:
        """Return the roads around a place for a phone."""
        now = self._clock()
        router: Router = self._ask(questions.router_of, now, profile)
        column = self._speeds.column(now)
        what = FileOf((round(place[0], 3), round(place[1], 3)), radius_m, profile, column)
        return self._files.file(router, what, self._known_closures, now, known_tag)

    def stretch(self, points: Sequence[LonLat]) -> Sequence[LonLat]:
        """Return the line of the road between points."""
        line: Sequence[LonLat] = self._ask(questions.stretch, points)
        return line

    def apply_closures(self) -> float | None:
        """Close what is closed now, open everything else, and say when to ask again.

        One at a time, reading included: whoever read later also closes later, so an old list
        never overwrites a newer one.

        Returns
        -------
        wait_s
            Seconds until the next closure begins or ends; None when none will.

        Raises
        ------
        EngineUnavailableError
            If the engine failed or did not answer in time.
        """
        with self._one_closing():
            return None if self._network is None else self._close(self._network)

    def _load(self, active: GroundInfo) -> None:
        """Load another network in a thread of its own, and put it in place of the former one."""
        thread = EngineThread(self._new_thread(), lost_after_s=_LOST_AFTER * self._wait_s)
        wanted = (network_loading.load_router, self._cache_dir, active.network_hash, self._speeds)
        try:
            router = preparation.load_prepared(
                lambda: thread.run(*wanted, wait_s=None), self._prepare, self._cache_dir, active
            )
            fresh = _Network(active.id, active.network_hash, router, thread, OriginStreets(router))
            with self._one_closing():  # the first answer of the new network knows what is closed
                self._close(fresh)
                former, self._network = self._network, fresh
        except BaseException:
            thread.retire()
            raise
        if former is not None:
            former.thread.retire()

    def _is_given_up(self) -> bool:
        """Tell whether the engine was stuck when looked at a while ago, and ever since."""
        if self._network is None or not self._network.thread.stuck:
            self._stuck_at = None
            return False
        self._stuck_at = self._stuck_at or self._clock()
        given_up = self._clock() - self._stuck_at >= _GIVEN_UP
        if given_up:
            self._stuck_at = None
            _log.error("the road engine does not answer any more: it is replaced")
        return given_up

    def _waits_for(self, active: GroundInfo) -> bool:
        """Tell whether this ground failed just now; another one is tried at once."""
        if self._failed is None:
            return False
        ground_id, again_at = self._failed
        return ground_id == active.id and self._clock() < again_at

    def _close(self, network: _Network) -> float | None:
        closures, now = self._closures(), self._clock()
        self._metric.close(closures)
        self._known_closures = closures
        next_at: datetime | None = network.thread.run(
            closing.close_roads, network.router, closures, now, wait_s=_CLOSING_WAIT_S
        )
        network.streets.forget_reach()
        for at in (now, now + _AHEAD):
            network.thread.run(
                questions.get_ready, network.router, at, self._profiles, wait_s=_CLOSING_WAIT_S
            )
        return None if next_at is None else max(0.0, (next_at - self._clock()).total_seconds())

    @contextmanager
    def _one_closing(self) -> Iterator[None]:
        if not self._closing.acquire(timeout=_CLOSING_WAIT_S):
            message = "closures are being applied"
            raise EngineUnavailableError(message)
        try:
            yield
        finally:
            self._closing.release()

    def _ask(self, question: Runner, *args: object) -> Any:  # noqa: ANN401  (as the question)
        while (network := self._network) is not None:
            try:
                return network.thread.run(question, network.streets, *args, wait_s=self._wait_s)
            except EngineRetiredError:  # another took its place between these two lines
                continue
            except EngineUnavailableError as error:
                _log.warning("no answer by road: %s", error, exc_info=error.__cause__)
                raise RoadsUnavailable(_NO_ANSWER) from error
        raise RoadsUnavailable(_NO_NETWORK)


def _each(
    profiles: Sequence[DrivingProfile] | None, origins: Sequence[Origin]
) -> Sequence[DrivingProfile]:
    return [DrivingProfile.NORMAL] * len(origins) if profiles is None else profiles
