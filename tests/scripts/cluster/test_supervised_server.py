"""The server under supervision: a child, or one that was there before; never two of them."""

import os
import signal
import threading
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.server_process import running_server
from scripts.cluster.supervised_server import SupervisedServer
from tests.scripts.cluster.busy_backend import compute_for_ever
from tests.scripts.cluster.busy_backend import wait_for_computing
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis
Make = Callable[..., SupervisedServer]


@pytest.fixture
def make(worn_var_dir: Path) -> Iterator[Make]:
    """Return a function that makes a supervised server; all are stopped after the test."""
    made: list[SupervisedServer] = []

    def supervised(left_behind: Collection[int] = ()) -> SupervisedServer:
        made.append(SupervisedServer(worn_var_dir, left_behind))
        return made[-1]

    cluster.stop(worn_var_dir)
    yield supervised
    for each in made:
        each.stop()
    cluster.stop(worn_var_dir)


def _keep(server: SupervisedServer) -> None:
    """Do what a supervisor does in each of its rounds."""
    if not server.is_running():
        server.start()


def _answers(urls: cluster.ClusterUrls) -> bool:
    try:
        with urls.connect() as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def _is_child(pid: int | None) -> bool:
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="ascii")
    return str(pid) in children.split()


def test_a_killed_server_comes_back_beside_a_backend_that_outlives_it(make: Make) -> None:
    """As a child that is reaped: a zombie would stand in the way of the next start."""
    server = make()
    urls = server.ensure_running()
    first = server.pid
    busy = threading.Thread(target=compute_for_ever, args=(urls,))
    busy.start()
    wait_for_computing(urls)
    _kill(first)
    wait_until(lambda: not server.is_running())
    how = server.how_it_ended()

    _keep(server)

    wait_until(lambda: server.is_running() and _answers(urls))
    busy.join(60)
    assert how == "killed by signal 9"
    assert server.pid != first
    assert _is_child(server.pid)


def test_commands_find_the_server_that_is_supervised(make: Make, worn_var_dir: Path) -> None:
    """Also one that has just begun to start: whoever comes waits for it and starts no second."""
    server = make()
    server.ensure_running()
    _kill(server.pid)
    wait_until(lambda: not server.is_running())
    server.start()
    found: list[cluster.ClusterUrls] = []
    command = threading.Thread(target=lambda: found.append(cluster.ensure_running(worn_var_dir)))
    command.start()

    wait_until(lambda: server.is_running() and bool(found))

    command.join(60)
    seen = running_server(find_layout(worn_var_dir))
    assert seen is not None
    assert seen.pid == server.pid


def test_one_that_runs_already_is_adopted_replaced_when_killed_and_left_at_the_end(
    make: Make, worn_var_dir: Path
) -> None:
    """Somebody typed `nearcrew db start`: it is theirs to stop, but must not stay away."""
    urls = cluster.ensure_running(worn_var_dir)
    adopting = make()
    adopting.ensure_running()
    adopted = adopting.pid
    was_child = _is_child(adopted)
    left = adopting.stop()
    went_on = _answers(urls)

    _kill(adopted)
    wait_until(lambda: not adopting.is_running())
    _keep(adopting)

    wait_until(lambda: adopting.is_running() and _answers(urls))
    assert left is not None
    assert (was_child, went_on, _is_child(adopting.pid)) == (False, True, True)


def test_the_server_of_a_killed_supervisor_is_its_successors_to_stop(
    make: Make, worn_var_dir: Path
) -> None:
    """It goes on meanwhile, for others may work with it; the next one takes it over."""
    cluster.ensure_running(worn_var_dir)
    orphan = running_server(find_layout(worn_var_dir))
    assert orphan is not None
    successor = make({orphan.pid})
    successor.ensure_running()

    left = successor.stop()

    assert left is None
    assert cluster.status(worn_var_dir).running is False


def test_a_server_that_others_use_is_left_to_them(make: Make, worn_var_dir: Path) -> None:
    """Tests, or a second `nearcrew`, share the cluster of a checkout."""
    server = make()
    urls = server.ensure_running()

    with urls.connect() as other:
        left = server.stop()
        assert other.execute("SELECT 1").fetchone() == (1,)

    assert left is not None
    assert "others use it" in left
    assert server.stop() is None
    assert cluster.status(worn_var_dir).running is False
