"""Progress shown to the one who waits."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn
from rich.progress import Progress
from rich.progress import TaskID
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn

from geodata.progress import Progress as Teller
from geodata.progress import silent


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show a moving bar and the time gone by while something of unknown length runs.

    On something that is not a terminal, one line is printed instead of a moving picture.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"{what} …", highlight=False, soft_wrap=True)
        yield
        return
    with _bar(console) as progress:
        progress.add_task(what, total=None)
        yield


@contextmanager
def stages() -> Iterator[Teller]:
    """Give a function that work of several stages tells how far it is; one bar per stage."""
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print("Loading the map …", highlight=False, soft_wrap=True)
        yield silent
        return
    with _bar(console) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    progress.update(earlier, visible=False)
                tasks[stage] = progress.add_task(stage, total=total)
            progress.update(tasks[stage], completed=done, total=total)

        yield tell


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)
