"""`nearcrew serve` and `demo`: when they refuse, and that Ctrl-C ends what was started."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from scripts.cluster import private_cluster as cluster
from scripts.demo.demo_mark import claim_for_demo
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis
PATIENCE_S = 60.0


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Give a port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture
def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


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


@pytest.mark.real_time
def test_serve_answers_and_ctrl_c_ends_it_whole(
    nearcrew: Nearcrew, migrated: Path, free_port: int
) -> None:
    """A terminal sends Ctrl-C to arbiter and workers alike."""
    del nearcrew  # it has made the database
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.cli", "serve"],
        env={**os.environ, "NEARCREW_VAR": str(migrated), "NEARCREW_PORT": str(free_port)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        status = _first_answer(f"http://127.0.0.1:{free_port}/healthz", process)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE_S)

    assert status == httpx.codes.OK
    assert process.returncode == 0
    assert "Traceback" not in said


def _first_answer(url: str, process: subprocess.Popen[str]) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return httpx.get(url, timeout=5).status_code
        except httpx.HTTPError:
            time.sleep(0.1)
    return 0
