"""`nearcrew serve` and `demo`: when they refuse, what they keep running, and how they end."""

import os
import signal
import socket
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_mark import claim_for_demo
from scripts.serving.serving_record import read_records
from tests.scripts.command_line import Nearcrew
from tests.scripts.serving.processes_seen import is_alive
from tests.scripts.serving.served_product import Serving
from tests.scripts.serving.served_product import unused_port
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until
from tests.workers import workers_of

pytestmark = pytest.mark.postgis


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Give a port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """Give a port that nobody listens on."""
    return unused_port()


def test_a_taken_port_is_said_before_anything_starts(nearcrew: Nearcrew, taken_port: int) -> None:
    """With the setting that chooses another."""
    answer = nearcrew("serve", NEARCREW_PORT=str(taken_port))

    assert answer.code == 1
    assert f"Port {taken_port} on 127.0.0.1 is in use" in answer.err
    assert f"NEARCREW_PORT={taken_port + 1}" in answer.err


def test_an_address_of_another_machine_is_refused(nearcrew: Nearcrew) -> None:
    """192.0.2.0/24 is reserved for documentation: nobody has it."""
    answer = nearcrew("serve", NEARCREW_HOST="192.0.2.1")

    assert answer.code == 1
    assert "192.0.2.1 is not an address of this machine" in answer.err


def test_a_certificate_that_cannot_be_read_is_named(nearcrew: Nearcrew, tmp_path: Path) -> None:
    """Better now than at the first handshake."""
    gone = tmp_path / "gone.pem"

    answer = nearcrew("serve", NEARCREW_TLS_CERT=str(gone), NEARCREW_TLS_KEY=str(gone))

    assert answer.code == 2
    assert f"NEARCREW_TLS_CERT names {gone}" in answer.err


def test_the_demo_is_not_served_as_the_real_thing(nearcrew: Nearcrew, migrated: Path) -> None:
    """Everybody knows its passwords."""
    claim_for_demo(cluster.ensure_running(migrated).owner())

    answer = nearcrew("serve")

    assert answer.code == 1
    assert "This is a demo database" in answer.err


def test_the_demo_leaves_a_database_in_real_use_alone(
    nearcrew: Nearcrew, migrated: Path, free_port: int
) -> None:
    """Also when it is named outright."""
    nearcrew("crew", "add", "Real")
    urls = cluster.ensure_running(migrated)

    answer = nearcrew(
        "demo",
        DATABASE_URL=urls.app(),
        DATABASE_ADMIN_URL=urls.owner(),
        NEARCREW_PORT=str(free_port),
    )

    assert answer.code == 1
    assert "in real use: it holds 0 incidents, 1 crews, 0 accounts" in answer.err


@pytest.mark.parametrize("command", ["demo", "serve"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - refused, not bound
def test_the_demo_serves_this_machine_only(nearcrew: Nearcrew, command: str, host: str) -> None:
    """Its passwords are printed on its sign-in page, whichever command serves it."""
    answer = nearcrew(command, NEARCREW_DEMO="1", NEARCREW_HOST=host)

    assert answer.code == 2
    assert f"not {host}" in answer.err


@pytest.fixture
def start_serving(
    worn_var_dir: Path, free_port: int, tmp_path: Path
) -> Iterator[Callable[[], Serving]]:
    """Return a function that starts `nearcrew serve`; none outlives the test."""
    started: list[Serving] = []

    def serve() -> Serving:
        started.append(Serving(worn_var_dir, free_port, tmp_path / "serve.log"))
        return started[-1]

    cluster.stop(worn_var_dir)
    yield serve
    for each in started:
        if each.process.poll() is None:
            each.process.terminate()
            each.process.wait(PATIENCE_S)


CHILDREN = ("database", "web server", "job worker")


@pytest.mark.real_time
def test_whatever_is_killed_comes_back_and_ctrl_c_ends_all(
    start_serving: Callable[[], Serving], worn_var_dir: Path
) -> None:
    """Nobody has to type a command; and at the end nothing is left of it, database included."""
    serving = start_serving()
    wait_until(serving.works)
    web_worker = workers_of(serving.pid_of("web server"))[0]
    os.kill(web_worker, signal.SIGKILL)
    wait_until(lambda: web_worker not in workers_of(serving.pid_of("web server")))
    wait_until(serving.works)
    killed = [serving.pid_of(name) for name in CHILDREN]
    orphan = workers_of(serving.pid_of("web server"))[0]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not {0, *killed} & {serving.pid_of(name) for name in CHILDREN})
    wait_until(serving.works)
    wait_until(serving.runs_jobs)
    wait_until(lambda: not is_alive(orphan))  # it has served on until the next one was there
    kept = [serving.pid_of(name) for name in CHILDREN]

    os.killpg(serving.process.pid, signal.SIGINT)
    code = serving.process.wait(PATIENCE_S)

    assert code == 0, serving.said()
    assert not any(map(is_alive, kept))
    assert cluster.status(worn_var_dir).running is False
    assert read_records(worn_var_dir) == []


@pytest.mark.real_time
def test_a_second_serve_takes_over_from_one_that_was_killed(
    start_serving: Callable[[], Serving], worn_var_dir: Path
) -> None:
    """Its children end by themselves, but for the database, which goes on."""
    killed = start_serving()
    wait_until(lambda: killed.pid_of("job worker"))
    orphans = [killed.pid_of(name) for name in CHILDREN]
    os.kill(killed.process.pid, signal.SIGKILL)
    killed.process.wait(PATIENCE_S)

    successor = start_serving()
    wait_until(lambda: successor.pid_of("job worker"))
    wait_until(successor.works)
    wait_until(lambda: not any(map(is_alive, orphans[1:])))
    database = successor.pid_of("database")
    os.killpg(successor.process.pid, signal.SIGTERM)
    code = successor.process.wait(PATIENCE_S)

    assert database == orphans[0]
    assert code == 0, successor.said()
    assert cluster.status(worn_var_dir).running is False
