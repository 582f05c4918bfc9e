"""Show progress on the terminal."""

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn
from rich.progress import MofNCompleteColumn
from rich.progress import Progress
from rich.progress import TaskID
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn
from rich.progress import TimeRemainingColumn


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show a progress bar and the elapsed time while an operation of unknown length runs.

    On something that is not a terminal, one line is printed instead of a moving picture.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"{what} …", highlight=False, soft_wrap=True)
        yield
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task(what, total=None)
        yield


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar with an estimate of the time left; call what is given after each step.

    On something that is not a terminal, one line is printed instead of a moving picture.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"{what} ({total:,}) …", highlight=False, soft_wrap=True)
        yield lambda: None
        return
    with _estimating(console) as progress:
        task = progress.add_task(what, total=total)
        yield lambda: progress.advance(task)


@contextmanager
def narrowing(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar whose end is found on the way; tell it how many are done and in all.

    On something that is not a terminal, one line is printed instead of a moving picture.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"{what} …", highlight=False, soft_wrap=True)
        yield lambda _done, _total: None
        return
    with _estimating(console) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def telling_stages() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what is called with a stage, how much of it is done, and of how much.

    On something that is not a terminal, one line a stage is printed instead of moving pictures.
    """
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    if not console.is_terminal:

        def line(what: str, _done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = TaskID(len(tasks))
                console.print(f"Working on {of:,} {what} …", highlight=False, soft_wrap=True)

        yield line
        return
    with _estimating(console) as progress:

        def bar(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=of)
            progress.update(tasks[what], completed=done)

        yield bar


def _estimating(console: Console) -> Progress:
    """Return a bar with counts and an estimate of the time left, gone when it is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)
