"""Decide what a simulated crew does next; clock, network and randomness are passed in.

The board's view of the crew (`Sight`) is the truth and is looked at again every second. So there
is nothing to keep in step: after a restart, a withdrawn order or a person's visit the driver goes
on from whatever the board says. Of its own it remembers only the drive it is on and when it meant
to do the next thing.
"""

from dataclasses import dataclass
from dataclasses import replace
from random import Random

from dispatch.positions.device_rules import FASTEST_MPS
from geodata.crs.great_circle import LonLat
from scripts.simulator import crew_texts
from scripts.simulator.plan import Act
from scripts.simulator.plan import AskWay
from scripts.simulator.plan import AskWayToOrder
from scripts.simulator.plan import BoardOrder
from scripts.simulator.plan import Habit
from scripts.simulator.plan import Home
from scripts.simulator.plan import Manners
from scripts.simulator.plan import Sight
from scripts.simulator.plan import Step
from scripts.simulator.trip import Trip
from scripts.simulator.trip import Whereabouts
from scripts.simulator.trip import distance_m
from scripts.simulator.trip import place_from

_HOME_M = 200.0
_YARD_M = 100.0
_OUTING_M = (400.0, 3_000.0)
_SILENT_S = 60.0
_TRY_AGAIN_S = 5.0
_LOOK_ELSEWHERE_S = 2.0
_PLACES_TO_TRY = 20
# The console takes a faster crew's fixes for errors; a fix is stamped a little after it is taken.
_DRIVEN_MPS = 0.85 * FASTEST_MPS


@dataclass(slots=True)
class _Drive:
    trip: Trip
    began_at_s: float
    order_id: int | None
    pace: float

    def elapsed_s(self, now_s: float) -> float:
        """Return the driving time so far, in simulated seconds."""
        return (now_s - self.began_at_s) * self.pace

    def is_over(self, now_s: float) -> bool:
        """Return whether the drive is finished."""
        return self.trip.is_over(self.elapsed_s(now_s))


class Driver:
    """The decisions of one crew. Times are seconds of a monotonic clock, passed in."""

    def __init__(self, home: Home, rng: Random, manners: Manners, pace: float = 1.0) -> None:
        """Start without a plan.

        Parameters
        ----------
        home
            Where it belongs.
        rng
            Its own source of chance: the same seed gives the same decisions.
        manners
            How long things take.
        pace
            How many times faster than life everything goes; drives at most as fast as a console
            believes.
        """
        self._home = home
        self._rng = rng
        self._manners = manners
        self._pace = pace
        self._stands_at: LonLat | None = None
        self._parked_at: LonLat | None = None
        self._heading_deg: float | None = None
        self._drive: _Drive | None = None
        self._due: dict[tuple[int | None, str], float] = {}
        self._reachable: dict[int, bool] = {}
        self._present = False
        self._has_taken_one = False

    def next_step(self, sight: Sight, now_s: float) -> Step | None:
        """Return the next step by what the board shows, if there is one."""
        if sight.human:
            self._leave()
            self._parked_at = self._parked(sight)
            return None
        self._parked_at = None
        if self._stands_at is None:
            self._stands_at = self._begin_at(sight)
        self._present = sight.duty != "off_duty" or bool(sight.orders)
        self._forget_what_ended(sight, now_s)
        for order in sight.orders:
            step = self._answer(order, sight, now_s) if order.state == "offered" else None
            if step is not None:
                return step
        if sight.orders:
            return self._go_on(sight.orders[0], now_s)
        if sight.duty == "on_duty":
            return self._pass_time(now_s)
        self._stop(now_s)
        return None

    def _parked(self, sight: Sight) -> LonLat | None:
        """Return where the vehicle of a person's crew is to be reported, if its phone does not.

        People try the crew page on a machine that tells no position, or one in another country;
        their crew would soon be too old to be sent.
        """
        silent = sight.fix_age_s is not None and sight.fix_age_s > _SILENT_S
        if not silent or sight.duty == "off_duty" or sight.lonlat is None:
            return None
        return sight.lonlat if self._home.contains(sight.lonlat) else None

    def _begin_at(self, sight: Sight) -> LonLat:
        """Return the position on the board, or the station if that is outside this city.

        People try the crew page with a real phone, which is wherever they are.
        """
        if sight.lonlat is None or not self._home.contains(sight.lonlat):
            return self._home.station
        return sight.lonlat

    def whereabouts(self, now_s: float) -> Whereabouts | None:
        """Return the fix to report now; None while another device does or the tracker is off."""
        if self._parked_at is not None:
            return Whereabouts(self._parked_at, 0.0, None)
        if not self._present or self._stands_at is None:
            return None
        if self._drive is None:
            return Whereabouts(self._stands_at, 0.0, self._heading_deg)
        return self._look_at(self._drive, now_s)

    def take_way(self, step: AskWay | AskWayToOrder, trip: Trip, now_s: float) -> None:
        """Start driving a requested route, unless it was only requested to see if there is one."""
        if isinstance(step, AskWay):
            self._drive = self._set_out(trip, now_s, None)
        elif step.rehearsal:
            self._reachable[step.order_id] = True
        else:
            self._drive = self._set_out(trip, now_s, step.order_id)

    def _set_out(self, trip: Trip, now_s: float, order_id: int | None) -> _Drive:
        at_most = _DRIVEN_MPS / trip.cruise_mps if trip.cruise_mps else self._pace
        return _Drive(trip, now_s, order_id, min(self._pace, at_most))

    def no_way(self, step: AskWay | AskWayToOrder, now_s: float, *, ever: bool) -> None:
        """Record that there is no route: permanently, or while the roads are being loaded."""
        if isinstance(step, AskWay):
            self._due[None, "rest"] = now_s + _LOOK_ELSEWHERE_S
        elif step.rehearsal:
            self._reachable[step.order_id] = not ever
        else:
            self._due[step.order_id, "way"] = now_s + _TRY_AGAIN_S

    def _answer(self, order: BoardOrder, sight: Sight, now_s: float) -> Step | None:
        """Return the answer to a new order: stop, check the route, accept or decline it."""
        in_time = self._is_time(order.id, "answer", self._manners.answer_s, now_s)
        if order.rank == 0:
            self._stop(now_s)
            if order.id not in self._reachable:
                return AskWayToOrder(order.id, rehearsal=True)
        if not in_time:
            return None
        self._try_later(order.id, "answer", now_s)
        if not self._reachable.get(order.id, True):
            return Act(order.id, "decline", reason=crew_texts.NO_WAY)
        if self._may_decline(sight) and self._rng.random() < self._manners.decline_share:
            return Act(order.id, "decline", reason=crew_texts.reason(self._rng))
        self._has_taken_one = True
        return Act(order.id, "accept")

    def _may_decline(self, sight: Sight) -> bool:
        """Return whether another crew can go; the first orders of a demo are never declined."""
        return self._has_taken_one and not sight.alone

    def _go_on(self, order: BoardOrder, now_s: float) -> Step | None:
        """Return the next step of the current order."""
        if order.state == "accepted":
            self._stop(now_s)
            return self._after(order, "depart", self._manners.set_out_s, now_s)
        if order.state == "en_route":
            return self._drive_to(order, now_s)
        if order.state == "on_scene":
            self._stop(now_s)
            return self._after(order, "complete", self._manners.work_s, now_s)
        return None

    def _after(
        self, order: BoardOrder, action: str, wait_s: tuple[float, float], now_s: float
    ) -> Act | None:
        if not self._is_time(order.id, action, wait_s, now_s):
            return None
        self._try_later(order.id, action, now_s)
        if action != "complete":
            return Act(order.id, action)
        words = crew_texts.result(order.utility, self._rng)
        return Act(order.id, action, outcome=crew_texts.REPAIRED, result=words)

    def _drive_to(self, order: BoardOrder, now_s: float) -> Step | None:
        drive = self._drive
        if drive is None or drive.order_id != order.id:
            self._stop(now_s)
            if now_s < self._due.get((order.id, "way"), now_s):
                return None
            return AskWayToOrder(order.id)
        if not drive.is_over(now_s):
            return None
        if now_s < self._due.get((order.id, "arrive"), now_s):
            return None
        self._try_later(order.id, "arrive", now_s)
        return Act(order.id, "arrive")

    def _pass_time(self, now_s: float) -> Step | None:
        if self._drive is not None:
            if not self._drive.is_over(now_s):
                return None
            self._stop(now_s)
        here = self._stands_at or self._home.station
        if self._home.habit is Habit.STANDS and distance_m(here, self._home.station) <= _HOME_M:
            return None
        if not self._is_time(None, "rest", self._manners.rest_s, now_s):
            return None
        del self._due[None, "rest"]
        return AskWay(here, self._somewhere())

    def _somewhere(self) -> LonLat:
        """Return a corner of the yard, or for patrols any position a few streets away."""
        reach_m = (0.0, _YARD_M) if self._home.habit is Habit.STANDS else _OUTING_M
        for _ in range(_PLACES_TO_TRY):
            bearing_deg, metres = self._rng.uniform(0, 360), self._rng.uniform(*reach_m)
            place = place_from(self._home.station, bearing_deg, metres)
            if self._home.contains(place):
                return place
        return self._home.station

    def _is_time(
        self, order_id: int | None, what: str, wait_s: tuple[float, float], now_s: float
    ) -> bool:
        """Return whether a pause is over; the first call starts it."""
        if (order_id, what) not in self._due:
            self._due[order_id, what] = now_s + self._rng.uniform(*wait_s) / self._pace
        return now_s >= self._due[order_id, what]

    def _try_later(self, order_id: int, what: str, now_s: float) -> None:
        """Delay the next attempt, until the board shows the success of this one."""
        self._due[order_id, what] = now_s + _TRY_AGAIN_S

    def _stop(self, now_s: float) -> None:
        """Stop at the current position and drop the rest of the route."""
        if self._drive is not None:
            self._stands_at = self._look_at(self._drive, now_s).lonlat
            self._drive = None

    def _look_at(self, drive: _Drive, now_s: float) -> Whereabouts:
        """Return the position on a drive; the heading is kept where the line has none."""
        here = drive.trip.at(drive.elapsed_s(now_s))
        here = replace(here, speed_mps=here.speed_mps * drive.pace)
        if here.heading_deg is None:
            return replace(here, heading_deg=self._heading_deg)
        self._heading_deg = here.heading_deg
        return here

    def _leave(self) -> None:
        """Hand the crew over to a person; continue later from wherever it is."""
        self._present = False
        self._stands_at = self._drive = None
        self._due.clear()
        self._reachable.clear()

    def _forget_what_ended(self, sight: Sight, now_s: float) -> None:
        alive = {order.id for order in sight.orders} | {None}
        self._due = {key: due for key, due in self._due.items() if key[0] in alive}
        self._reachable = {key: yes for key, yes in self._reachable.items() if key in alive}
        if sight.orders:
            self._due.pop((None, "rest"), None)
        if self._drive is not None and self._drive.order_id not in alive:
            self._stop(now_s)
