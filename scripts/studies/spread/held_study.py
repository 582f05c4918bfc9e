"""What a worker holds: the searches of one study, opened once when it starts."""

import threading
from dataclasses import dataclass
from dataclasses import field

from distributed import Worker
from distributed import WorkerPlugin
from distributed import get_worker
from typing_extensions import override

from scripts.studies.spread.chunk_work import Work
from scripts.studies.spread.chunk_work import work_on
from scripts.studies.spread.study_folder import StudyFolder


class HeldStudy(WorkerPlugin):
    """Opens a study on every worker, replacements of killed ones included."""

    def __init__(self, folder: StudyFolder, work: Work) -> None:
        self.name = plugin_name(folder)
        self._folder, self._work = folder, work

    @override
    def setup(self, worker: Worker) -> None:
        """Open the study's files.

        Raises
        ------
        FileNotFoundError
            If this machine does not see the folder.
        """
        if not self._folder.is_reachable():
            message = f"{worker.address} does not see this study in {self._folder.path}"
            raise FileNotFoundError(message)
        _held_by(worker)[self.name] = _Held(self._folder, self._work)

    @override
    def teardown(self, worker: Worker) -> None:
        """Forget the study."""
        _held_by(worker).pop(self.name, None)


@dataclass(frozen=True, slots=True)
class _Held:
    """A study with one set of searches for each thread: each has memory that it writes to."""

    folder: StudyFolder
    work: Work
    own: threading.local = field(default_factory=threading.local)

    def write(self, number: int) -> None:
        if not hasattr(self.own, "search"):
            self.own.search = self.folder.search()
        work_on(self.folder, self.work, self.own.search, number)


def plugin_name(folder: StudyFolder) -> str:
    """Return the name under which workers hold a study."""
    return f"nearcrew-{folder.digest}"


def work_on_held(name: str, number: int) -> int:
    """Write one shard of a study that this worker holds; return its number."""
    _held_by(get_worker())[name].write(number)
    return number


def _held_by(worker: Worker) -> dict[str, _Held]:
    held: dict[str, _Held] = worker.__dict__.setdefault("nearcrew_studies", {})
    return held
