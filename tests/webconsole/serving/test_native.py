"""Native threads and child processes under gevent: the hub stays free for requests."""

import subprocess
import sys
from pathlib import Path


def test_a_gevent_worker_answers_while_its_engine_is_stuck_and_a_network_is_prepared(
    tmp_path: Path,
) -> None:
    """Tried in a process of its own: gevent replaces the standard library for good.

    Why the network could not be prepared is said.
    """
    command = [sys.executable, "-m", "tests.webconsole.serving.green_engine", str(tmp_path)]

    ended = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    assert ended.returncode == 0, ended.stderr
