"""Show progress on the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn
from rich.progress import Progress
from rich.progress import TextColumn
from rich.progress import TimeElapsedColumn


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
