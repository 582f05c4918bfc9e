"""Preparing the files of a new road network: by one process, away from those that answer.

Finding the contraction order of a large city takes more than a minute, and Python's lock is held
meanwhile: done in a web worker, whatever thread, it would stop every request. ``python -m
dispatch.roads.preparation`` does it in a process of its own, which the others wait for.
"""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.ground.service import GroundService
from dispatch.roads import network_loading
from geodata.db import make_engine
from geodata.ground.service import GroundInfo
from routing.router import Router

Preparation = Callable[[int, str], None]
"""Makes the files of a ground's network, given the ground's id and the network's hash."""

_DATABASE_URL = "DATABASE_URL"
_LOOK_AGAIN_S = 0.25
_LONGEST_S = 3600.0
_POLITENESS = 10
_SAID = 2_000


class PreparationFailedError(Exception):
    """The files of a network could not be made; says why."""


def prepare_here(ground: GroundService, cache_dir: Path) -> Preparation:
    """Return what makes the files in this process, where nobody waits for anything else."""

    def prepare(ground_id: int, network_hash: str) -> None:
        network_loading.make_files(cache_dir, network_hash, ground.roads(ground_id))

    return prepare


def prepare_apart(database_url: str, cache_dir: Path) -> Preparation:
    """Return what makes the files in a process of its own and waits for it.

    Under gevent it must be called in the main thread, where child processes can be waited for.
    """

    def prepare(ground_id: int, network_hash: str) -> None:
        command = [sys.executable, "-m", __name__, str(cache_dir), str(ground_id), network_hash]
        # In the environment, not among the arguments: everybody can read those.
        environment = {**os.environ, _DATABASE_URL: database_url}
        try:
            ended = subprocess.run(  # noqa: S603  (ourselves)
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=_LONGEST_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PreparationFailedError(str(error)) from error
        if ended.returncode:
            said = ended.stderr.decode(errors="replace")[-_SAID:].strip()
            message = f"it ended with {ended.returncode}: {said or 'it said nothing'}"
            raise PreparationFailedError(message)

    return prepare


def load_prepared(
    load: Callable[[], Router | None], prepare: Preparation, cache_dir: Path, active: GroundInfo
) -> Router:
    """Return what is loaded of a ground's network, prepared before if it has to be.

    Parameters
    ----------
    load
        Loads it; None while its files are missing.
    prepare
        Makes its files.
    cache_dir
        Where they are kept.
    active
        The ground.

    Raises
    ------
    PreparationFailedError
        If the files could not be made or read back.
    """
    router = load()
    if router is not None:
        return router
    with alone(cache_dir, active.network_hash):
        router = load()  # another process may have made them meanwhile
        if router is None:
            prepare(active.id, active.network_hash)
            router = load()
    if router is None:
        message = "its files cannot be read back"
        raise PreparationFailedError(message)
    return router


@contextmanager
def alone(cache_dir: Path, network_hash: str) -> Iterator[None]:
    """Be the only one, of all processes that share the folder, to prepare a network.

    The system lets go of the lock when its holder dies.
    """
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / f"roads-{network_hash}.lock").open("w") as file:
        while not _locked(file.fileno()):
            threading.Event().wait(_LOOK_AGAIN_S)
        yield


def _locked(descriptor: int) -> bool:
    # Never waiting in the system call: under gevent that would stop every request.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main() -> None:
    """Make the files of one network, letting those who answer requests go first."""
    folder, ground_id, network_hash = sys.argv[1:]
    os.nice(_POLITENESS)
    engine = make_engine(os.environ[_DATABASE_URL])
    try:
        prepare_here(GroundService(engine), Path(folder))(int(ground_id), network_hash)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
