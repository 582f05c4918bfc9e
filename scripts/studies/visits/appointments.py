"""Visits and crews of one day; times are whole seconds from the day's beginning."""

from dataclasses import dataclass
from typing import TypeAlias

LonLat: TypeAlias = tuple[float, float]

HIGHEST_PRIORITY, LOWEST_PRIORITY = 1, 5


@dataclass(frozen=True, slots=True)
class Window:
    """When work may begin, both included."""

    from_s: int
    until_s: int


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment.

    Attributes
    ----------
    name
        Unique among the day's visits.
    windows
        At least one; work begins within one of them.
    skills
        What the crew has to have, all of it.
    priority
        1 is dropped last, 5 first.
    crew
        The only crew that may go; None: any.
    where
        File and row it was read from.
    """

    name: str
    lonlat: LonLat
    duration_s: int
    windows: tuple[Window, ...]
    skills: frozenset[str] = frozenset()
    priority: int = 3
    crew: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A break at a place: begins at ``from_s`` at the earliest, ends by ``until_s``."""

    lonlat: LonLat
    duration_s: int
    from_s: int
    until_s: int


@dataclass(frozen=True, slots=True)
class Crew:
    """A crew from the moment on at which it is free.

    Attributes
    ----------
    start, free_s
        Where and when it is free: at the beginning of its shift, or after what it has done already.
    until_s
        End of its shift: it is at ``end`` by then.
    end
        Where it goes in the end; None: it stays where its last visit was.
    pause
        Its break, or None.
    """

    name: str
    start: LonLat
    free_s: int
    until_s: int
    skills: frozenset[str] = frozenset()
    end: LonLat | None = None
    pause: Break | None = None
    where: str = ""

    def may_do(self, visit: Visit) -> bool:
        """Return whether it has the skills, and is the crew that the visit wants."""
        return visit.skills <= self.skills and visit.crew in {None, self.name}
