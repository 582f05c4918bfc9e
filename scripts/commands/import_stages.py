"""Show the stages of an import, with the time and memory of each."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn
from rich.progress import Progress
from rich.progress import TaskID
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn

from scripts.commands import memory


@dataclass(slots=True)
class Cost:
    """The cost of a stage: seconds, and peak memory of the process."""

    seconds: float = 0.0
    peak_mb: float = 0.0


class Stages:
    """Shows each stage of an import on its own line and records its cost."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}
        self._console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description:<30}"),
            BarColumn(),
            TextColumn("{task.fields[count]:>10}"),
            TimeElapsedColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._stage: str | None = None
        self._since = 0.0
        self._task: TaskID | None = None

    @property
    def peak_mb(self) -> float:
        """Peak memory of the process over all stages, megabytes."""
        return max((cost.peak_mb for cost in self.costs.values()), default=memory.peak_mb())

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Record the progress of the import."""
        if stage != self._stage:
            self._end_stage()
            memory.begin_anew()
            self._stage, self._since = stage, time.monotonic()
            self._task = self._bars.add_task(stage, total=total, count="")
            if not self._console.is_terminal:
                self._console.print(f"{stage} …", highlight=False, soft_wrap=True)
        if self._task is not None:
            count = f"{done:,}" if done else ""
            self._bars.update(self._task, completed=done, total=total, count=count)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the stages while an import runs."""
        with self._bars:
            yield
            self._end_stage()

    def table(self) -> Iterator[str]:
        """Yield the lines of a table of the costs of all stages."""
        yield "Stage                           seconds   peak MB"
        for stage, cost in self.costs.items():
            yield f"{stage:<30} {cost.seconds:>8.1f} {cost.peak_mb:>9,.0f}"

    def _end_stage(self) -> None:
        if self._stage is None or self._task is None:
            return
        cost = self.costs.setdefault(self._stage, Cost())
        cost.seconds += time.monotonic() - self._since
        cost.peak_mb = max(cost.peak_mb, memory.peak_mb())
        self._bars.update(self._task, total=1, completed=1)
        self._stage = None
