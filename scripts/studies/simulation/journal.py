"""A journal of one run: everything that a replay of it needs, in the order in which it happened."""

from dataclasses import dataclass
from dataclasses import field
from enum import StrEnum


class Happening(StrEnum):
    """What happened."""

    REPORTED = "reported"
    SENT = "sent"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    DONE = "done"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened; ``duty`` only where that changed."""

    at_s: float
    what: Happening
    call: int | None = None
    crew: int | None = None
    duty: str | None = None


@dataclass(frozen=True, slots=True)
class Drive:
    """A crew's drive.

    ``begin`` are places with weights (`crew_state.Position`); one that was broken off ends before
    it is there: the crew's next drive begins earlier.
    """

    crew: int
    begin: tuple[tuple[int, float], ...]
    to: int
    began_s: float
    ends_s: float


@dataclass(eq=False)
class Journal:
    """What happened in one run."""

    entries: list[Entry] = field(default_factory=list)
    drives: list[Drive] = field(default_factory=list)

    def note(
        self,
        at_s: float,
        what: Happening,
        call: int | None = None,
        crew: int | None = None,
        duty: str | None = None,
    ) -> None:
        """Write down that something happened."""
        self.entries.append(Entry(at_s, what, call, crew, duty))
