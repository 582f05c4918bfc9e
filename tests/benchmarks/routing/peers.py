"""Runs the peers of routing: an environment apart, a process each; none of them ends the run."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from rich.console import Console

from routing.network.arrays import IntArray
from routing.router import Router
from scripts.cluster import private_cluster as cluster
from scripts.cluster.urls import OWNER_ROLE
from tests.benchmarks.routing import asked as routing_asked
from tests.benchmarks.routing.asked import Places
from tests.benchmarks.routing.asked import Scale

PEERS = ("scipy", "networkx", "pandana", "pgrouting", "osrm", "valhalla")
_OWN_ROADS = ("osrm", "valhalla")
_LOCK = cluster.CHECKOUT / "requirements" / "bench.txt"
_INSTALL_LOCKED = cluster.CHECKOUT / "scripts" / "setup" / "install_locked.sh"
_NEEDS = (3, 12)
_LONGEST_S = 1200
_ASK_VERSION = "import sys; print(sys.version_info >= (3, 12))"


@dataclass
class Answers:
    """What one peer answered.

    Attributes
    ----------
    seconds
        By question.
    remark
        Why it is left out, broke off or is no comparison; empty when all went well.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    remark: str = ""


class MissingEnvironmentError(Exception):
    """No environment for the peers; says why."""


def ask_all(
    router: Router,
    places: Places,
    scale: Scale,
    *,
    extract: Path,
    var_dir: Path,
    wanted: tuple[str, ...] = PEERS,
    console: Console,
) -> dict[str, Answers]:
    """Return what each peer answered to the same questions, or why it did not."""
    try:
        python = environment(var_dir, console)
    except MissingEnvironmentError as error:
        return {peer: Answers(remark=f"left out: {error}") for peer in wanted}
    with tempfile.TemporaryDirectory(prefix="nearcrew-peers-") as made, _database() as database:
        folder = Path(made)
        cache = cache_of(extract, var_dir)
        ours_ms = routing_asked.write(
            folder, router, places, scale, extract=extract.resolve(), cache=cache, database=database
        )
        answers = {}
        for peer in wanted:
            console.print(f"Asking {peer} …")
            answers[peer] = ask(python, peer, folder, ours_ms)
        return answers


def cache_of(extract: Path, var_dir: Path) -> Path:
    """Return the folder in which peers keep what they have built from an extract."""
    cache = var_dir / "bench" / "peers" / _digest(extract)
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def ask(python: Path, peer: str, folder: Path, ours_ms: IntArray) -> Answers:
    """Return what one peer answered in a process of its own."""
    command = [str(python), "-m", f"tests.benchmarks.routing.road_peers.{peer}_peer", str(folder)]
    try:
        finished = subprocess.run(  # noqa: S603 - our own module
            command, cwd=cluster.CHECKOUT, capture_output=True, timeout=_LONGEST_S, check=False
        )
        said, complaint, code = finished.stdout, finished.stderr, finished.returncode
    except subprocess.TimeoutExpired as late:
        said, complaint, code = late.stdout or b"", b"took too long", -1
    answers = Answers()
    for answer in _objects(said):
        _take(answers, answer, ours_ms)
    if code:
        last = complaint.decode(errors="replace").strip().splitlines()[-1:]
        answers.remark = f"broke off ({code}): {' '.join(last)[:200]}"
    return answers


def environment(var_dir: Path, console: Console) -> Path:
    """Return the Python of the peers' environment, made or renewed when its lock is another.

    Raises
    ------
    MissingEnvironmentError
        If there is no Python that their wheels are for, or they cannot be installed.
    """
    home = var_dir / "bench-venv"
    python, stamp = home / "bin" / "python", home / "lock"
    key = _digest(_LOCK)
    if python.exists() and stamp.is_file() and stamp.read_text(encoding="utf-8") == key:
        return python
    newer = newer_python()
    if newer is None:
        message = f"their wheels need Python {_NEEDS[0]}.{_NEEDS[1]} or newer, and there is none"
        raise MissingEnvironmentError(message)
    console.print("Installing the peers …")
    for command in (
        (newer, "-m", "venv", "--clear", home),
        (_INSTALL_LOCKED, python, _LOCK),
    ):
        made = subprocess.run(  # noqa: S603 - names are ours
            [str(part) for part in command], capture_output=True, check=False
        )
        if made.returncode:
            last = made.stderr.decode(errors="replace").strip().splitlines()[-1:]
            message = f"their packages cannot be installed: {' '.join(last)}"
            raise MissingEnvironmentError(message)
    stamp.write_text(key, encoding="utf-8")
    return python


def newer_python() -> Path | None:
    """Return a Python that is new enough for the peers' wheels, pyenv's included."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    named = [shutil.which(f"python3.{minor}") for minor in (13, 12)]
    found = [sys.executable, *filter(None, named)]
    for minor in (13, 12):
        found += map(str, sorted(pyenv.glob(f"versions/3.{minor}.*/bin/python")))
    for one in found:
        answer = subprocess.run(  # noqa: S603 - an interpreter of this machine
            [one, "-c", _ASK_VERSION], capture_output=True, check=False
        )
        if answer.stdout.strip() == b"True":
            return Path(one)
    return None


@contextmanager
def _database() -> Iterator[str]:
    """Give an empty database with pgRouting in the private cluster; empty text without it."""
    name = f"nearcrew_bench_{os.getpid()}"
    urls = cluster.create_database(name)
    try:
        with urls.connect(name) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'pgrouting'"
            ).fetchone()
            if known is not None:
                connection.execute(sql.SQL("CREATE EXTENSION pgrouting"))
        plain = psycopg.conninfo.make_conninfo(
            host=str(urls.socket_dir), user=OWNER_ROLE, dbname=name
        )
        yield "" if known is None else plain
    finally:
        cluster.drop_database(name)


def _objects(said: bytes) -> Iterator[dict[str, Any]]:
    """Yield the answers among whatever else an engine prints."""
    for line in said.decode(errors="replace").splitlines():
        if line.startswith("{"):
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue


def _take(answers: Answers, answer: dict[str, Any], ours_ms: IntArray) -> None:
    if "skipped" in answer:
        answers.remark = f"left out: {answer['skipped']}"
    elif "found_ms" in answer:
        if not routing_asked.same_times(ours_ms, answer["found_ms"]):
            answers.remark = "finds other times than ours on the same network"
    else:
        answers.seconds[answer["question"]] = answer["seconds"]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
