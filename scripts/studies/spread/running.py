"""Run all shards of a study, here or in other processes, and survive the loss of one."""

import shutil
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import AbstractContextManager
from contextlib import contextmanager
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from routing.reach.packed_search import PackedSearch
from scripts.errors import ScriptError
from scripts.errors import UsageError
from scripts.studies.inputs.points import FloatArray
from scripts.studies.spread.chunk_work import Work
from scripts.studies.spread.chunk_work import work_on
from scripts.studies.spread.study_folder import StudyFolder

if TYPE_CHECKING:
    from distributed import Client

Progress = Callable[[int], AbstractContextManager[Callable[[], None]]]
"""Called with the number of shards that are missing; gives what to call after each."""


def _tell_nobody(_missing: int) -> AbstractContextManager[Callable[[], None]]:
    return nullcontext(lambda: None)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a large study is run.

    Attributes
    ----------
    client
        Of the processes that search, see `Processes.connected`; None: this one. Several studies
        may use the same, one after another.
    folder
        Where its files lie, kept afterwards: the same study run again goes on where it stopped.
        None: a temporary folder.
    progress
        Shows how far it is.
    """

    client: "Client | None" = None
    folder: Path | None = None
    progress: Progress = _tell_nobody


@contextmanager
def running(
    spread: Spread, work: Work, search: PackedSearch, weights: FloatArray
) -> Iterator[StudyFolder]:
    """Run the shards of a study and give the folder that holds them.

    Raises
    ------
    UsageError
        If a worker's machine does not see the folder.
    ScriptError
        If a shard has cost four workers their lives.
    """
    path = spread.folder or Path(tempfile.mkdtemp(prefix="nearcrew-study-"))
    try:
        folder = StudyFolder.prepare(path, search, weights, work.facts())
        every = range(work.shard_count(search.origin_count))
        there = folder.finished()
        missing = [number for number in every if number not in there]
        with spread.progress(len(missing)) as step:
            for _ in _run(spread.client, folder, work, missing):
                step()
        yield folder
    finally:
        if spread.folder is None:
            shutil.rmtree(path, ignore_errors=True)


def _run(
    client: "Client | None", folder: StudyFolder, work: Work, missing: list[int]
) -> Iterator[int]:
    if not missing:
        return
    if client is not None:
        yield from _run_on(client, folder, work, missing)
        return
    search = folder.search()
    for number in missing:
        work_on(folder, work, search, number)
        yield number


def _run_on(client: "Client", folder: StudyFolder, work: Work, missing: list[int]) -> Iterator[int]:
    from distributed import KilledWorker  # noqa: PLC0415 - see `Processes.connected`
    from distributed import as_completed  # noqa: PLC0415

    from scripts.studies.spread.held_study import HeldStudy  # noqa: PLC0415
    from scripts.studies.spread.held_study import plugin_name  # noqa: PLC0415
    from scripts.studies.spread.held_study import work_on_held  # noqa: PLC0415

    name = plugin_name(folder)
    try:
        client.register_plugin(HeldStudy(folder, work))
    except FileNotFoundError as error:
        message = f"A worker cannot see the study: {error}."
        raise UsageError(message, mend="Give --shards a folder that all machines share.") from error
    try:
        futures = [
            client.submit(work_on_held, name, number, key=f"{name}-{number}", pure=False)
            for number in missing
        ]
        for _, number in as_completed(futures, loop=client.loop, with_results=True):
            yield int(number)
    except KilledWorker as error:
        message = "One part of the study has ended four workers; the others are kept."
        mend = "Is memory short? Use fewer --workers; with --shards it goes on where it stopped."
        raise ScriptError(message, mend=mend) from error
    finally:
        client.unregister_worker_plugin(name)
