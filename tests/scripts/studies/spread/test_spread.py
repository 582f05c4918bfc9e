"""Large studies: the same numbers in this process, in two others, and after one was killed."""

import gc
import os
import signal
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
from distributed import Client
from distributed import WorkerPlugin
from typing_extensions import override

from routing.network.road_network import RoadNetwork
from routing.router import Router
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.studies.coverage.cover_study import study_coverage
from scripts.studies.inputs.points import Points
from scripts.studies.roads.study_roads import Placed
from scripts.studies.roads.study_roads import StudyRoads
from scripts.studies.spread.nearest_posts import find_nearest
from scripts.studies.spread.processes import Processes
from scripts.studies.spread.reach_counts import count_reach
from scripts.studies.spread.road_sums import sum_on_roads
from scripts.studies.spread.running import Spread
from scripts.studies.spread.spread_roads import SpreadRoads
from tests.cities import GridCity

CITY = GridCity()
LIMITS_S = (60.0, 120.0)

# Nobody closes the socket to a killed worker: the garbage collector does, and Python warns of that.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> StudyRoads:
    """Return a grid of 12 × 12 blocks."""
    extract = CITY.write(tmp_path_factory.mktemp("grid") / "grid.osm")
    return StudyRoads(Router(RoadNetwork.from_osm(extract)))


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Client]:
    """Start two processes for all tests here: starting them takes seconds."""
    with Processes(workers=2).connected() as client:
        assert client is not None
        yield client
    del client
    gc.collect()


class StoppedError(Exception):
    """The planner has pressed Ctrl-C."""


def _stop() -> None:
    raise StoppedError


class Steps:
    """A progress that counts, and does something after so many steps."""

    def __init__(self, at: int = -1, then: Callable[[], None] = _stop) -> None:
        self.missing, self.done = 0, 0
        self._at, self._then = at, then

    @contextmanager
    def __call__(self, missing: int) -> Iterator[Callable[[], None]]:
        """Give what is called after each step."""
        self.missing = missing
        yield self._step

    def _step(self) -> None:
        self.done += 1
        if self.done == self._at:
            self._then()


def _random_points(seed: int, count: int) -> Points:
    rng = np.random.default_rng(seed)
    places = [CITY.at(*place) for place in rng.uniform(0, CITY.blocks, (count, 2))]
    return Points.at_places(places, rng.uniform(0, 9, count))


@pytest.fixture(scope="module")
def sites(roads: StudyRoads) -> Placed:
    """Return 40 sites."""
    return roads.place(_random_points(1, 40))


@pytest.fixture(scope="module")
def demand(roads: StudyRoads) -> Placed:
    """Return 300 customers of different weight."""
    return roads.place(_random_points(2, 300))


def test_a_site_counts_the_demand_that_the_matrix_puts_within_its_limits(
    roads: StudyRoads, sites: Placed, demand: Placed
) -> None:
    """To the last bit, without ever making the matrix."""
    times_s = roads.times(sites, demand)

    found = count_reach(roads, sites, demand, LIMITS_S)

    weights = demand.points.weights
    expected = [[weights[row <= limit].sum() for limit in LIMITS_S] for row in times_s]
    np.testing.assert_array_equal(found.demand, expected)
    np.testing.assert_array_equal(found.points[:, 0], (times_s <= 60.0).sum(axis=1))
    assert 0 < found.points[:, 0].max() < found.points[:, 1].max() < 300


def test_two_processes_count_what_one_counts(
    roads: StudyRoads, sites: Placed, demand: Placed, two_workers: Client
) -> None:
    """Both have a share of the work, and the joined shards are the same bits."""
    here = count_reach(roads, sites, demand, LIMITS_S)

    spread = Spread(two_workers)
    there = count_reach(roads, sites, demand, LIMITS_S, spread, sites_per_shard=3)

    np.testing.assert_array_equal(there.demand, here.demand)
    np.testing.assert_array_equal(there.points, here.points)


def test_two_processes_find_the_nearest_posts_that_the_plain_study_finds(
    roads: StudyRoads, sites: Placed, demand: Placed, two_workers: Client
) -> None:
    """Of equally fast posts the first listed, though a later shard may be ready before."""
    twice = roads.place(
        Points.at_places(np.concatenate((sites.points.lonlat, sites.points.lonlat)))
    )
    plain = roads.nearest(twice, demand, 45.0)

    spread = find_nearest(roads, twice, demand, 45.0, Spread(two_workers), posts_per_shard=7)

    np.testing.assert_array_equal(spread.travel_time_s, plain.travel_time_s)
    np.testing.assert_array_equal(spread.post, plain.post)
    assert plain.post.max() < 40
    assert (plain.post < 0).any()


def test_the_study_of_cover_is_the_same_in_two_processes(
    roads: StudyRoads, sites: Placed, demand: Placed, two_workers: Client
) -> None:
    """Without a limit, with what each post alone covers, and from no post at all."""
    posts = sites.points.only(np.arange(len(sites)) < 20)
    plain = study_coverage(roads, posts, demand, LIMITS_S, turnout_s=15.0)

    spread_roads = SpreadRoads(roads.router, Spread(two_workers))
    spread = study_coverage(spread_roads, posts, demand, LIMITS_S, turnout_s=15.0)

    np.testing.assert_array_equal(spread.response_s, plain.response_s)
    np.testing.assert_array_equal(spread.post, plain.post)
    assert repr(spread.by_post) == repr(plain.by_post)  # NaN is not itself
    assert repr(spread.rates) == repr(plain.rates)
    nobody = posts.only(np.zeros(20, dtype=np.bool_))
    assert np.isinf(study_coverage(spread_roads, nobody, demand, LIMITS_S).response_s).all()


def test_a_killed_worker_costs_time_and_not_the_study(
    roads: StudyRoads, sites: Placed, demand: Placed, two_workers: Client
) -> None:
    """It is killed with SIGKILL in the middle; its replacement opens the study again."""
    before = set(two_workers.run(os.getpid).values())
    steps = Steps(at=2, then=lambda: os.kill(min(before), signal.SIGKILL))

    spread = Spread(two_workers, progress=steps)
    found = count_reach(roads, sites, demand, LIMITS_S, spread, sites_per_shard=1)

    expected = count_reach(roads, sites, demand, LIMITS_S)
    np.testing.assert_array_equal(found.demand, expected.demand)
    assert (steps.missing, steps.done) == (40, 40)
    two_workers.wait_for_workers(2, timeout=30)
    after = set(two_workers.run(os.getpid).values())
    assert len(after) == 2
    assert min(before) not in after


class _Deadly(WorkerPlugin):
    """Every task ends its worker, on replacements too, as one for which memory is short."""

    name = "deadly"

    @override
    def transition(self, key: object, start: str, finish: str, **_: object) -> None:
        if finish == "executing" and str(key).startswith("nearcrew-"):
            os._exit(1)


@pytest.mark.long
def test_a_task_that_ends_four_workers_ends_the_study_with_what_to_do(
    roads: StudyRoads, sites: Placed, demand: Placed, two_workers: Client, tmp_path: Path
) -> None:
    """And the study that is run again without what ended them is whole."""
    two_workers.register_plugin(_Deadly())
    with pytest.raises(ScriptError, match="has ended four workers") as refusal:
        count_reach(
            roads, sites, demand, LIMITS_S, Spread(two_workers, tmp_path), sites_per_shard=20
        )
    two_workers.unregister_worker_plugin("deadly")
    two_workers.restart()

    again = count_reach(roads, sites, demand, LIMITS_S, Spread(two_workers, tmp_path))

    assert "--shards" in refusal.value.mend
    np.testing.assert_array_equal(again.demand, count_reach(roads, sites, demand, LIMITS_S).demand)


def test_a_study_goes_on_where_it_stopped(
    roads: StudyRoads, sites: Placed, demand: Placed, tmp_path: Path
) -> None:
    """The finished shards of the same study count; those of another are thrown away."""
    first = Steps(at=3, then=_stop)
    again, other = Steps(), Steps()

    with pytest.raises(StoppedError):
        count_reach(
            roads, sites, demand, LIMITS_S, Spread(None, tmp_path, first), sites_per_shard=8
        )
    resumed = count_reach(
        roads, sites, demand, LIMITS_S, Spread(None, tmp_path, again), sites_per_shard=8
    )
    elsewhere = count_reach(
        roads, sites, demand, [30.0], Spread(None, tmp_path, other), sites_per_shard=8
    )

    assert (first.missing, again.missing, other.missing) == (5, 2, 5)
    plain = count_reach(roads, sites, demand, LIMITS_S)
    np.testing.assert_array_equal(resumed.demand, plain.demand)
    assert (elsewhere.demand[:, 0] <= resumed.demand[:, 0]).all()


def test_nothing_listens_beyond_this_machine(two_workers: Client) -> None:
    """Scheduler, nannies, workers and the pages that they serve."""
    this = psutil.Process()
    listening = {
        connection.laddr.ip
        for process in (this, *this.children(recursive=True))
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }

    assert two_workers.scheduler_info()["address"].startswith("tls://127.0.0.1:")
    assert listening == {"127.0.0.1"}


def test_a_worker_that_does_not_see_the_folder_is_named(
    roads: StudyRoads, sites: Placed, demand: Placed, two_workers: Client, tmp_path: Path
) -> None:
    """As on a cluster of several machines without a shared folder."""
    gone = tmp_path / "study.json"

    @contextmanager
    def vanish(_missing: int) -> Iterator[Callable[[], None]]:
        gone.unlink()
        yield lambda: None

    with pytest.raises(UsageError, match="cannot see the study"):
        count_reach(roads, sites, demand, LIMITS_S, Spread(two_workers, tmp_path, vanish))


def test_no_scheduler_is_a_named_error() -> None:
    """With what to start."""
    with (
        pytest.raises(ScriptError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"),
        Processes(cluster="tcp://127.0.0.1:9", connect_s=0.3).connected(),
    ):
        pass


def test_demand_summed_on_the_roads_keeps_every_weight_and_zone(roads: StudyRoads) -> None:
    """It moves by half a step along the street at most, and by the walk to it."""
    points = _random_points(3, 500)
    zoned = Points(
        points.names, points.lonlat, points.weights, tuple("ab"[one % 2] for one in range(500))
    )

    summed = sum_on_roads(roads, zoned, 50.0)

    kept = roads.place(zoned).points
    assert len(summed.points) < len(kept)
    for zone in "ab":
        weight = sum(w for w, z in zip(kept.weights, kept.zones or (), strict=True) if z == zone)
        at = [z == zone for z in summed.points.zones or ()]
        assert summed.points.weights[at].sum() == pytest.approx(weight)
    walk_m = roads.router.snap(kept.lonlat).distance_m
    assert (summed.moved_m <= walk_m + 25.0 + 1.0).all()
    assert summed.points.left_out == kept.left_out
