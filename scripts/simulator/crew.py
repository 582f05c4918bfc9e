"""One simulated crew as an API client: board, phone and tracker."""

import logging
from collections import deque
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scripts.simulator import crew_texts
from scripts.simulator.console_client import Console
from scripts.simulator.console_client import Credentials
from scripts.simulator.console_client import RefusedError
from scripts.simulator.crew_phone import CrewPhone
from scripts.simulator.driver import Driver
from scripts.simulator.plan import Act
from scripts.simulator.plan import AskWay
from scripts.simulator.plan import AskWayToOrder
from scripts.simulator.plan import BoardOrder
from scripts.simulator.plan import Sight
from scripts.simulator.plan import Step
from scripts.simulator.trip import Trip

_log = logging.getLogger(__name__)
_STEPS_AT_ONCE = 3
_KEPT_FIXES = 300
_ACCURACY_M = 5.0
_READS_AFTER_S = 8.0
"""How long somebody at the wheel takes to read a message."""
# Asking again later may help with everything else that routes are refused for.
_NO_WAY_EVER = frozenset({"off_road", "unreachable"})


@dataclass(frozen=True, slots=True)
class Clocks:
    """A monotonic clock (s), and the wall clock of fixes."""

    forward_s: Callable[[], float]
    utc: Callable[[], datetime]


class SimulatedCrew:
    """Once a second reads the board, takes the next step and reports the position."""

    def __init__(
        self, crew_id: int, account: Credentials, driver: Driver, console: Console, clocks: Clocks
    ) -> None:
        self.crew_id = crew_id
        self._account = account
        self._driver = driver
        self._console = console
        self._clocks = clocks
        # As a tracker does: what could not be sent waits, and the track has no hole afterwards.
        self._unsent: deque[dict[str, Any]] = deque(maxlen=_KEPT_FIXES)
        self._read_at_s: dict[int, float] = {}
        """When it will have read what the desk wrote, by incident."""
        self._phone = CrewPhone(crew_id, account, console)

    def note_fix(self) -> None:
        """Queue a fix, to be sent now or when the console is back."""
        here = self._driver.whereabouts(self._clocks.forward_s())
        if here is None:
            self._unsent.clear()
            return
        fix = {
            "lon": round(here.lonlat[0], 7),
            "lat": round(here.lonlat[1], 7),
            "fixed_at": self._clocks.utc().isoformat(timespec="milliseconds"),
            "accuracy_m": _ACCURACY_M,
            "speed_mps": round(here.speed_mps, 1),
        }
        if here.heading_deg is not None:
            fix["heading_deg"] = here.heading_deg
        self._unsent.append(fix)

    async def beat(self, board: Mapping[int, Mapping[str, Any]]) -> None:
        """Live one second.

        Parameters
        ----------
        board
            Crews by id, as the console shows them.

        Raises
        ------
        UnreachableError
            If the console is away; the next beat goes on.
        RefusedError
            If something was refused for a reason other than the order's state.
        """
        sight = await self._look(board)
        for _ in range(_STEPS_AT_ONCE):
            step = self._driver.next_step(sight, self._clocks.forward_s())
            if step is None:
                break
            await self._take(step)
            sight = await self._look(board) if isinstance(step, Act) else sight
        self.note_fix()
        await self._report()
        await self._answer_messages()
        await self._phone.beat(sight, self._clocks.forward_s())

    async def _look(self, board: Mapping[int, Mapping[str, Any]]) -> Sight:
        mine = board[self.crew_id]
        orders: list[dict[str, Any]] = []
        if mine["workload"]["active"] and not mine["human"]:
            path = f"/crews/{self.crew_id}/assignments"
            orders = (await self._console.get(self._account, path))["assignments"]
        unread = {each["incident_id"] for each in orders if each["unread_from_desk"]}
        due_s = self._clocks.forward_s() + _READS_AFTER_S
        self._read_at_s = {number: self._read_at_s.get(number, due_s) for number in unread}
        idle = sum(each["state"] == "idle" for each in board.values())
        return Sight(
            duty=mine["duty"],
            human=mine["human"],
            lonlat=None if mine["lon"] is None else (mine["lon"], mine["lat"]),
            fix_age_s=mine["fix_age_s"],
            orders=tuple(
                BoardOrder(each["id"], each["state"], each["rank"], each["incident"]["utility"])
                for each in sorted(orders, key=lambda each: each["rank"])
            ),
            alone=idle == 0,
        )

    async def _take(self, step: Step) -> None:
        if isinstance(step, Act):
            await self._act(step)
        else:
            await self._ask_way(step)

    async def _act(self, step: Act) -> None:
        body: dict[str, Any] = {
            # The same step asked for twice, because the first answer was lost, is one step.
            "client_id": f"simulator-{step.order_id}-{step.action}",
            "occurred_at": self._clocks.utc().isoformat(timespec="milliseconds"),
        }
        body |= {"reason": step.reason} if step.reason else {}
        body |= {"outcome": step.outcome, "result": step.result} if step.outcome else {}
        try:
            await self._console.post(
                self._account, f"/assignments/{step.order_id}/{step.action}", body
            )
        except RefusedError as refusal:
            if refusal.code != "wrong_state":
                raise
            # Somebody was faster; the board shows what is true now.
            _log.info("crew %s: %s came too late", self.crew_id, step.action)

    async def _ask_way(self, step: AskWay | AskWayToOrder) -> None:
        try:
            if isinstance(step, AskWayToOrder):
                path = f"/assignments/{step.order_id}/route"
                feature = await self._console.get(self._account, path)
            else:
                ends = {"from": _pair(step.origin), "to": _pair(step.target)}
                feature = await self._console.get(self._account, "/routes", **ends)
        except RefusedError as refusal:
            ever = refusal.code in _NO_WAY_EVER
            self._driver.no_way(step, self._clocks.forward_s(), ever=ever)
            return
        trip = Trip(feature["geometry"]["coordinates"], feature["properties"]["travel_time_s"])
        self._driver.take_way(step, trip, self._clocks.forward_s())

    async def _answer_messages(self) -> None:
        """Read what the desk wrote a while ago, and say so."""
        now_s = self._clocks.forward_s()
        for incident_id in [number for number, at_s in self._read_at_s.items() if at_s <= now_s]:
            del self._read_at_s[incident_id]
            path = f"/incidents/{incident_id}/messages"
            newest = (await self._console.get(self._account, path))["messages"][-1]["id"]
            await self._console.post(self._account, f"{path}/read", {"up_to": newest})
            answer = {"words": crew_texts.UNDERSTOOD, "client_id": f"simulator-read-{newest}"}
            await self._console.post(self._account, path, answer)

    async def _report(self) -> None:
        if self._unsent:
            body = {"positions": list(self._unsent)}
            await self._console.post(self._account, "/positions", body)
            self._unsent.clear()


def _pair(lonlat: tuple[float, float]) -> str:
    return f"{lonlat[0]:.7f},{lonlat[1]:.7f}"
