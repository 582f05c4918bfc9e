"""A child process ends with its parent, and takes with it what it has started."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.serving.child_process import ChildProcess
from tests.scripts.serving.processes_seen import is_alive
from tests.scripts.serving.processes_seen import noted_pid
from tests.waiting import wait_until


def _note_and_sleep(note: Path) -> str:
    """Return a program that writes down its process id and stays."""
    return (
        f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid()) + ' '); time.sleep(600)"
    )


def _with_a_worker(own: Path, workers: Path) -> str:
    """Return a program that starts another one and stays with it."""
    return (
        "import subprocess, sys;"
        f" subprocess.Popen([sys.executable, '-c', {_note_and_sleep(workers)!r}]);"
        f" {_note_and_sleep(own)}"
    )


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Give two files for process ids; whoever is noted there is gone after the test."""
    files = tmp_path / "own", tmp_path / "worker"
    yield files
    for file in files:
        if file.is_file() and is_alive(noted_pid(file)):
            os.kill(noted_pid(file), signal.SIGKILL)


def _started(notes: tuple[Path, Path], *, leaves_workers: bool) -> tuple[ChildProcess, int, int]:
    command = [sys.executable, "-c", _with_a_worker(*notes)]
    child = ChildProcess("child", command, os.environ, leaves_workers=leaves_workers)
    child.start()
    return child, noted_pid(notes[0]), noted_pid(notes[1])


def test_one_that_was_killed_takes_its_workers_with_it(notes: tuple[Path, Path]) -> None:
    """Left alone they would go on beside those of the next."""
    child, own, worker = _started(notes, leaves_workers=False)

    os.kill(own, signal.SIGKILL)

    wait_until(lambda: not child.is_running())
    wait_until(lambda: not is_alive(worker))
    assert child.how_it_ended() == "killed by signal 9"


def test_workers_that_may_go_on_end_when_all_is_stopped(notes: tuple[Path, Path]) -> None:
    """The web server's answer until the next one's are there, but not beyond the end."""
    child, own, worker = _started(notes, leaves_workers=True)
    os.kill(own, signal.SIGKILL)
    wait_until(lambda: not child.is_running())
    went_on = is_alive(worker)

    child.stop()

    assert went_on
    assert not is_alive(worker)


def test_children_end_with_a_parent_that_is_killed_outright(notes: tuple[Path, Path]) -> None:
    """Otherwise the port stays taken, and the next `make run` refuses."""
    parent = (
        "import os, sys, time\n"
        "from scripts.serving.child_process import ChildProcess\n"
        f"command = [sys.executable, '-c', {_note_and_sleep(notes[0])!r}]\n"
        "ChildProcess('child', command, os.environ).start()\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as process:  # noqa: S603 - our own words
        child = noted_pid(notes[0])
        process.kill()

    wait_until(lambda: not is_alive(child))
