"""Bands of hours of the week, and what was observed in each: pure sums over drives."""

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

WORKING_DAYS = (1, 2, 3, 4, 5)
WEEKEND = (6, 7)
# Nights, the two rush hours, and what lies between them.
_HOURS = ((0, 6), (6, 7), (7, 9), (9, 16), (16, 19), (19, 22), (22, 24))
ENOUGH_DRIVES = 5
_ENOUGH_M = 200.0
_SLOWEST, _FASTEST = 0.05, 2.0


@dataclass(frozen=True, slots=True)
class Band:
    """Some hours on some days."""

    days: tuple[int, ...]
    from_hour: int
    until_hour: int

    @property
    def hours_of_week(self) -> tuple[int, ...]:
        """Hours of the week; 0 is Monday 00:00."""
        hours = range(self.from_hour, self.until_hour)
        return tuple((day - 1) * 24 + hour for day in self.days for hour in hours)


BANDS = tuple(Band(days, *hours) for days in (WORKING_DAYS, WEEKEND) for hours in _HOURS)
_BAND_OF = {hour: band for band in BANDS for hour in band.hours_of_week}


class Observation(NamedTuple):
    """One drive on roads of one class in one hour."""

    drive: int
    road_class: str
    hour_of_week: int
    length_m: float
    free_flow_s: float
    turn_s: float
    driven_s: float


@dataclass(frozen=True, slots=True)
class Observed:
    """What all drives say of one class in one band."""

    road_class: str
    band: Band
    drives: int
    driven_m: float
    observed: float
    present: float
    present_error: float
    observed_error: float

    @property
    def enough(self) -> bool:
        """Whether there are drives enough to go by."""
        return self.drives >= ENOUGH_DRIVES


def observed_speeds(
    observations: Iterable[Observation], present: Callable[[str, int], float]
) -> list[Observed]:
    """Return the median share of the free-flow speed by class and band, each drive one voice.

    What turning costs is taken off beforehand: factors are of roads. A drive of a few metres on
    a class says nothing of it.

    Parameters
    ----------
    present
        Factor in use of a class in an hour of the week.
    """
    by_band: dict[tuple[str, Band], dict[int, list[Observation]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for each in observations:
        by_band[each.road_class, _BAND_OF[each.hour_of_week]][each.drive].append(each)
    found = []
    for (road_class, band), drives in by_band.items():
        sums = [_sum(parts) for parts in drives.values()]
        sums = [each for each in sums if each.length_m >= _ENOUGH_M and each.road_s > 0]
        if sums:
            factor = present(road_class, band.hours_of_week[0])
            found.append(_observed(road_class, band, sums, factor))
    return sorted(found, key=lambda each: (-each.driven_m, each.road_class, BANDS.index(each.band)))


class _Sum(NamedTuple):
    length_m: float
    free_flow_s: float
    turn_s: float
    driven_s: float

    @property
    def road_s(self) -> float:
        return self.driven_s - self.turn_s

    @property
    def share(self) -> float:
        return min(max(self.free_flow_s / self.road_s, _SLOWEST), _FASTEST)

    def error(self, factor: float) -> float:
        predicted_s = self.free_flow_s / factor + self.turn_s
        return abs(predicted_s - self.driven_s) / self.driven_s


def _sum(parts: Sequence[Observation]) -> _Sum:
    return _Sum(
        sum(each.length_m for each in parts),
        sum(each.free_flow_s for each in parts),
        # Who drove on where turning should have cost time did not lose all of it.
        min(sum(each.turn_s for each in parts), 0.5 * sum(each.driven_s for each in parts)),
        sum(each.driven_s for each in parts),
    )


def _observed(road_class: str, band: Band, sums: Sequence[_Sum], present: float) -> Observed:
    observed = round(median(each.share for each in sums), 2)
    return Observed(
        road_class,
        band,
        len(sums),
        sum(each.length_m for each in sums),
        observed,
        present,
        median(each.error(present) for each in sums),
        median(each.error(observed) for each in sums),
    )
