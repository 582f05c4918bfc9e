"""How long work tells how far it is, whoever shows it."""

from typing import Protocol


class Progress(Protocol):
    """Called now and then while an extract is read and stored."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Tell that ``done`` of ``total`` steps of a stage are behind us.

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
    """Show nothing."""
    del stage, done, total
