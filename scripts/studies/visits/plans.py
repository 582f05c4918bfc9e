"""What a day plan says: who is where when, and which visits nobody makes."""

from dataclasses import dataclass

from scripts.studies.visits.appointments import LonLat


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit or a break of a crew; times are seconds from the day's beginning.

    Attributes
    ----------
    name
        Of the visit; None: the break.
    drive_s
        From the place before to this one.
    arrive_s, begin_s, end_s
        There may be a wait between arriving and beginning.
    """

    name: str | None
    lonlat: LonLat
    drive_s: int
    arrive_s: int
    begin_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Tour:
    """The day of one crew; ``home_drive_s`` leads to its end place, 0 where it has none."""

    crew: str
    leave_s: int
    stops: tuple[Stop, ...]
    home_drive_s: int
    home_s: int

    @property
    def drive_s(self) -> int:
        """All driving."""
        return self.home_drive_s + sum(stop.drive_s for stop in self.stops)

    @property
    def visits(self) -> tuple[Stop, ...]:
        """The stops that are visits."""
        return tuple(stop for stop in self.stops if stop.name is not None)


@dataclass(frozen=True, slots=True)
class Plan:
    """The best plan that a search found; nothing says how far it is from the best there is.

    Attributes
    ----------
    tours
        One for each crew, in the crews' order; crews that stay have no stops.
    dropped
        Visits that are possible, but not beside the others.
    missed_breaks
        Crews that cannot take their break.
    iterations, seconds
        What the search did and took.
    """

    tours: tuple[Tour, ...]
    dropped: tuple[str, ...]
    missed_breaks: tuple[str, ...]
    iterations: int
    seconds: float

    @property
    def drive_s(self) -> int:
        """All driving."""
        return sum(tour.drive_s for tour in self.tours)
