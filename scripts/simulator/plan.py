"""The types exchanged by board, driver and client of a simulated crew."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from geodata.crs.great_circle import LonLat


class Habit(Enum):
    """What a crew does between orders."""

    STANDS = "stands"
    PATROLS = "patrols"


@dataclass(frozen=True, slots=True)
class Manners:
    """Durations of the steps of crews, (least, most) seconds, and how often they decline."""

    answer_s: tuple[float, float] = (2.0, 6.0)
    set_out_s: tuple[float, float] = (1.0, 3.0)
    work_s: tuple[float, float] = (20.0, 40.0)
    rest_s: tuple[float, float] = (20.0, 60.0)
    decline_share: float = 0.03


@dataclass(frozen=True, slots=True)
class Home:
    """The station of a crew, and the bounds it drives in (west, south, east, north).

    Bounds and station are WGS 84, longitude first.
    """

    station: LonLat
    bounds: tuple[float, float, float, float]
    habit: Habit

    def contains(self, place: LonLat) -> bool:
        """Return whether a position is within the bounds."""
        west, south, east, north = self.bounds
        return west <= place[0] <= east and south <= place[1] <= north


@dataclass(frozen=True, slots=True)
class BoardOrder:
    """An order as the board shows it."""

    id: int
    state: str
    rank: int
    utility: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What the board shows of a crew now; ``alone`` when no other crew is idle.

    ``fix_age_s``: how old its position is; None without one.
    """

    duty: str
    human: bool
    lonlat: LonLat | None
    fix_age_s: float | None = None
    orders: tuple[BoardOrder, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Make a transition of an order."""

    order_id: int
    action: str
    reason: str | None = None
    outcome: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class AskWayToOrder:
    """Request the route to an order's incident; `Driver.take_way` or `no_way` gets the result.

    ``rehearsal``: only to see, before answering, whether there is one.
    """

    order_id: int
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class AskWay:
    """Request the route to a position; the result is handled likewise."""

    origin: LonLat
    target: LonLat


Step: TypeAlias = Act | AskWayToOrder | AskWay
