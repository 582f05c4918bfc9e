"""A crew while a simulation runs: where it is, and whether it can be sent."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dispatch.shifts.duty_hours import UNPLANNED
from dispatch.shifts.duty_hours import DutyHours
from dispatch.shifts.duty_hours import shift_ends_in_s
from scripts.studies.inputs.points import FloatArray
from scripts.studies.simulation.scenario import DAY_S
from scripts.studies.simulation.scenario import SimulatedCrew
from scripts.studies.simulation.travel_table import Times

Position = tuple[tuple[int, float], ...]
"""Places with weights that sum to 1: one place, or a point on the way between some.

A crew that is a share f of its drive from A to B needs t(C) with
``t(A, C) - f t(A, B) <= t(C) <= (1 - f) t(A, B) + t(B, C)``. The mean of ``t(A, C)`` and ``t(B,
C)`` by these weights lies between the two bounds for every C, and is exact at both ends. It is what
a table of places can say of a point between them.
"""


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive back to a post, or to where a crew is moved up."""

    begin: Position
    to: int
    began_s: float
    lasts_s: float

    @property
    def ends_s(self) -> float:
        """When it is there."""
        return self.began_s + self.lasts_s


@dataclass(eq=False)
class CrewState:
    """A crew at an instant.

    ``stand`` is where it stands or drives to when idle; ``moved`` whether that was asked of it.
    ``break_due_s`` is the length of a break that began while it worked.
    """

    number: int
    crew: SimulatedCrew
    place: int
    stand: int
    on_duty: bool = True
    on_break: bool = False
    busy: bool = False
    moved: bool = False
    leg: Leg | None = None
    leaves: bool = False
    break_due_s: float = 0.0
    break_ends_s: float = 0.0
    _day: int = 0
    _orders: int = 0

    @property
    def free(self) -> bool:
        """Whether it is on duty and has nothing to do."""
        return self.on_duty and not self.on_break and not self.busy

    def settle(self, now_s: float) -> None:
        """Note that a drive has ended, if it has."""
        if self.leg is not None and self.leg.ends_s <= now_s:
            self.place, self.leg = self.leg.to, None

    def position(self, now_s: float) -> Position:
        """Return where it is; it has been settled."""
        leg = self.leg
        if leg is None:
            return ((self.place, 1.0),)
        share = (now_s - leg.began_s) / leg.lasts_s
        begun = tuple((place, weight * (1.0 - share)) for place, weight in leg.begin)
        return (*begun, (leg.to, share))

    def nearest_place(self, now_s: float) -> int:
        """Return the place that it is at, or nearest to on its way."""
        return max(self.position(now_s), key=lambda each: each[1])[0]

    def orders_today(self, now_s: float) -> int:
        """Return how often it was sent since the last midnight of the simulation."""
        return self._orders if int(now_s // DAY_S) == self._day else 0

    def count_order(self, now_s: float) -> None:
        """Count an order of today."""
        self._orders = self.orders_today(now_s) + 1
        self._day = int(now_s // DAY_S)

    def hours(self, now_s: float) -> DutyHours:
        """Return what the rota says, as the desk sees it."""
        if not self.crew.shifts_s:
            return UNPLANNED
        spans = [(begins - now_s, ends - now_s) for begins, ends in self.crew.shifts_s]
        return DutyHours(has_rota=True, ends_in_s=shift_ends_in_s(spans))


def travel_s(position: Position, to: int, times_s: Times) -> float:
    """Return how long a drive from a position to a place takes; ``inf`` where no road leads."""
    if len(position) == 1:
        return float(times_s[position[0][0], to])
    return float(sum(weight * float(times_s[place, to]) for place, weight in position if weight))


def point_of(position: Position, lonlat: FloatArray) -> NDArray[np.float64]:
    """Return where a position is drawn, longitude first, shape ``(2,)``."""
    if len(position) == 1:
        point: NDArray[np.float64] = lonlat[position[0][0]]
        return point
    places = [place for place, _ in position]
    return np.asarray([weight for _, weight in position] @ lonlat[places])


def on_duty_at(crew: SimulatedCrew, now_s: float) -> bool:
    """Return whether a crew's shifts say that it is on duty; without shifts it always is."""
    return not crew.shifts_s or any(begins <= now_s < ends for begins, ends in crew.shifts_s)


def joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans in order, those that touch as one: between two shifts in a row nobody leaves."""
    together: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if together and begins <= together[-1][1]:
            together[-1] = (together[-1][0], max(ends, together[-1][1]))
        else:
            together.append((begins, ends))
    return together
