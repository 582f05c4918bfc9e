"""A progress bar for a model: how much of its time is gone, and how near the bound is."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn
from rich.progress import Progress
from rich.progress import TextColumn
from rich.progress import TimeRemainingColumn

from scripts.studies.siting import Progress as Seen
from scripts.studies.siting.solving.clock import Watch


@contextmanager
def proving(time_limit_s: float) -> Iterator[Watch]:
    """Give what a model tells its progress to; the estimate is the time that it may still take.

    On something that is not a terminal, one line is printed instead of a moving picture.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"Choosing sites (at most {time_limit_s:g} s) …", highlight=False)
        yield lambda _seen: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Choosing sites", total=time_limit_s)

        def show(seen: Seen) -> None:
            gap = ""
            if seen.objective and seen.bound is not None:
                gap = f", gap {100.0 * abs(seen.bound - seen.objective) / seen.objective:.2f} %"
            bar.update(task, completed=seen.seconds, description=f"Choosing sites{gap}")

        yield show
