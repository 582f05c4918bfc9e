"""A world for one simulated crew: a board kept by hand, straight roads, time by the second."""

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from random import Random

from geodata.crs.great_circle import LonLat
from scripts.simulator.driver import Driver
from scripts.simulator.plan import Act
from scripts.simulator.plan import AskWay
from scripts.simulator.plan import AskWayToOrder
from scripts.simulator.plan import BoardOrder
from scripts.simulator.plan import Habit
from scripts.simulator.plan import Home
from scripts.simulator.plan import Manners
from scripts.simulator.plan import Sight
from scripts.simulator.trip import Trip

STATION = (7.40, 43.70)
ELSEWHERE = (7.41, 43.70)  # 806 m east
INCIDENT = (7.41, 43.71)
BOUNDS = (7.3, 43.6, 7.5, 43.8)
DRIVE_S = 100.0
NEXT = {
    "accept": "accepted",
    "decline": "declined",
    "depart": "en_route",
    "arrive": "on_scene",
    "complete": "completed",
}
ALIVE = {"offered", "accepted", "en_route", "on_scene"}


@dataclass
class World:
    """A board with one crew, whose ways are all straight and take 100 s; time goes by seconds."""

    driver: Driver
    sight: Sight
    now_s: float = 0.0
    acts: list[tuple[float, str]] = field(default_factory=list)
    asked: list[AskWay | AskWayToOrder] = field(default_factory=list)
    told: list[Act] = field(default_factory=list)
    roads: bool = True

    def live(self, seconds: int) -> None:
        """Let time pass."""
        for _ in range(seconds):
            self.now_s += 1
            step = self.driver.next_step(self.sight, self.now_s)
            if isinstance(step, Act):
                self._apply(step)
            elif step is not None:
                self._answer(step)

    def here(self) -> LonLat:
        """Return where the crew says that it is."""
        found = self.driver.whereabouts(self.now_s)
        assert found is not None
        return found.lonlat

    def offer(self, order_id: int = 1, rank: int = 0) -> None:
        """Send the crew an order."""
        order = BoardOrder(order_id, "offered", rank, "gas")
        self.sight = replace(self.sight, orders=(*self.sight.orders, order))

    def withdraw(self) -> None:
        """Take all orders back."""
        self.sight = replace(self.sight, orders=())

    def done(self) -> list[str]:
        """Return what the crew did with its orders."""
        return [action for _, action in self.acts]

    def _apply(self, act: Act) -> None:
        self.acts.append((self.now_s, act.action))
        self.told.append(act)
        orders = [
            replace(each, state=NEXT[act.action]) if each.id == act.order_id else each
            for each in self.sight.orders
        ]
        alive = [each for each in orders if each.state in ALIVE]
        self.sight = replace(
            self.sight,
            orders=tuple(replace(each, rank=rank) for rank, each in enumerate(alive)),
        )

    def _answer(self, step: AskWay | AskWayToOrder) -> None:
        self.asked.append(step)
        if not self.roads:
            self.driver.no_way(step, self.now_s, ever=True)
            return
        found = self.driver.whereabouts(self.now_s)
        origin = found.lonlat if found else STATION
        target = step.target if isinstance(step, AskWay) else INCIDENT
        self.driver.take_way(step, Trip([origin, target], DRIVE_S), self.now_s)


def chance(seed: int) -> Random:
    """Return a crew's own chance."""
    return Random(seed)  # noqa: S311  (plays, guards nothing)


def world(
    habit: Habit = Habit.STANDS,
    *,
    seed: int = 1,
    pace: float = 1.0,
    manners: Manners | None = None,
    lonlat: LonLat | None = STATION,
) -> World:
    """Return a world with a crew that is on duty at its station."""
    home = Home(STATION, BOUNDS, habit)
    driver = Driver(home, chance(seed), manners or Manners(), pace)
    return World(driver, Sight("on_duty", human=False, lonlat=lonlat))
