"""The interface by which long operations report their progress."""

from typing import Protocol


class Progress(Protocol):
    """Called repeatedly while an extract is read and stored."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Report that ``done`` of ``total`` steps of a stage are done.

        Parameters
        ----------
        stage
            Short English name of what is being done; a new name means the stage before is over.
        done
            Steps done so far; never falls within one stage.
        total
            Steps in all, or None while that is unknown.
        """


def silent(stage: str, done: int, total: int | None) -> None:
    """Ignore the progress."""
    del stage, done, total
