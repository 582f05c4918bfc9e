"""Processes that start together and end together."""

import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.serving.processes import Child
from scripts.serving.processes import household

PATIENCE_S = 20.0


def _alive(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[
            0
        ] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def _appears(file: Path) -> int:
    deadline = time.monotonic() + PATIENCE_S
    while not (file.is_file() and file.read_text(encoding="ascii").strip()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return int(file.read_text(encoding="ascii"))


def test_when_one_ends_the_household_is_told_and_the_others_end_too(tmp_path: Path) -> None:
    """A demo without its console is none."""
    note = tmp_path / "pid"
    noting = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    with household() as home:
        home.start(Child("sleeper", [sys.executable, "-c", noting], os.environ))
        sleeper = _appears(note)
        home.start(Child("quitter", [sys.executable, "-c", "raise SystemExit(7)"], os.environ))
        gone = home.wait()

    assert gone == ("quitter", 7)
    assert not _alive(sleeper)


def test_children_end_with_a_parent_that_is_killed_outright(tmp_path: Path) -> None:
    """Otherwise the port stays taken, and the next `make run` refuses."""
    note = tmp_path / "pid"
    noting = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    parent = (
        "import os, sys\n"
        "from scripts.serving.processes import Child, household\n"
        "with household() as home:\n"
        f"    home.start(Child('child', [sys.executable, '-c', {noting!r}], os.environ))\n"
        "    home.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as process:  # noqa: S603 - our own words
        child = _appears(note)
        process.kill()

    deadline = time.monotonic() + PATIENCE_S
    while _alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _alive(child)
