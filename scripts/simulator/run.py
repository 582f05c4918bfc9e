"""Run the simulated crews; started by `nearcrew demo` beside the console.

Every crew is a phone of its own, with its own token; what the board shows of all of them is asked
for once a second, as the dispatcher. A crew whose page a person has open is left to that person.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from random import Random
from typing import Annotated
from typing import Any

import httpx
import typer

from scripts.demo.demo_seed import CREWS
from scripts.demo.demo_seed import DISPATCHER
from scripts.demo.demo_seed import PASSWORD
from scripts.demo.demo_seed import TRIED
from scripts.demo.demo_seed import crew_username
from scripts.doctor.machine_checks import is_loopback
from scripts.simulator.console_client import Console
from scripts.simulator.console_client import ConsoleUnreachableError
from scripts.simulator.console_client import Credentials
from scripts.simulator.console_client import RefusedError
from scripts.simulator.crew import Clocks
from scripts.simulator.crew import SimulatedCrew
from scripts.simulator.driver import Driver
from scripts.simulator.plan import Habit
from scripts.simulator.plan import Home
from scripts.simulator.plan import Manners

_log = logging.getLogger(__name__)
BEAT_S = 1.0
_LONGEST_WAIT_S = 8.0


class Simulation:
    """All crews of a demo city, each at its own offset within the second."""

    def __init__(
        self, console: Console, clocks: Clocks, *, seed: int, pace: float, manners: Manners
    ) -> None:
        """Prepare the crews; no request is made before `run`.

        Parameters
        ----------
        console
            Where the crews work.
        clocks
            What time it is.
        seed
            The same seed gives every crew the same chances.
        pace
            How many times faster than life everything goes.
        manners
            How long crews take for things.
        """
        self._console = console
        self._clocks = clocks
        self._seed = seed
        self._pace = pace
        self._manners = manners
        self._desk = Credentials(DISPATCHER, PASSWORD)
        self._board: dict[int, dict[str, Any]] = {}
        self._bounds = (-180.0, -90.0, 180.0, 90.0)
        self._stations: dict[int, tuple[float, float]] = {}
        self._away_until_s: float | None = None
        self._wait_s = BEAT_S

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch())
            for number in range(1, CREWS + 1):
                tasks.create_task(self._live(number))

    async def _watch(self) -> None:
        """Keep the board fresh, and learn when the console is back."""
        async for _ in self._beats(0.0):
            if self._away_until_s is not None and self._clocks.forward_s() < self._away_until_s:
                continue
            with self._patience():
                if not self._stations:
                    await self._learn_the_city()
                crews = (await self._console.get(self._desk, "/crews"))["crews"]
                self._board = {each["id"]: each for each in crews}
                self._note_back()

    async def _learn_the_city(self) -> None:
        west, south, east, north = (await self._console.get(self._desk, "/ground"))["bounds"]
        self._bounds = (west, south, east, north)
        stations = (await self._console.get(self._desk, "/stations"))["stations"]
        self._stations = {each["id"]: (each["lon"], each["lat"]) for each in stations}

    async def _live(self, number: int) -> None:
        """Be one crew, for as long as its account may sign in."""
        crew: SimulatedCrew | None = None
        async for _ in self._beats(number / CREWS):
            if self._away_until_s is not None:
                if crew is not None:
                    crew.note_fix()
            elif self._board:
                with self._patience():
                    try:
                        crew = crew or await self._man(number)
                        if crew is None:
                            return
                        await crew.beat(self._board)
                    except RefusedError as refusal:
                        if refusal.status != httpx.codes.UNAUTHORIZED:
                            raise
                        # Trying again each second would soon have nobody of this machine signed in.
                        _log.warning("%s: the account may not sign in", crew_username(number))
                        return

    async def _man(self, number: int) -> SimulatedCrew | None:
        """Sign a crew in; None if it has no station."""
        account = Credentials(crew_username(number), PASSWORD)
        crew_id = (await self._console.get(account, "/me"))["crew_id"]
        station_id = self._board.get(crew_id, {}).get("station_id")
        if station_id not in self._stations:
            return None
        shown = self._board[crew_id]
        home = Home(
            station=self._stations[station_id],
            bounds=self._bounds,
            habit=Habit.STANDS if number % 2 else Habit.PATROLS,
        )
        waits_at = (shown["lon"], shown["lat"])
        if number == TRIED and shown["lon"] is not None and home.contains(waits_at):
            home = replace(home, station=waits_at)
        rng = Random(f"{self._seed}/{number}")  # noqa: S311  (plays, guards nothing)
        driver = Driver(home, rng, self._manners, self._pace)
        return SimulatedCrew(crew_id, account, driver, self._console, self._clocks)

    async def _beats(self, phase_s: float) -> AsyncIterator[None]:
        """Yield once a second; seconds that were missed stay missed."""
        next_s = self._clocks.forward_s() + phase_s
        while True:
            late_s = self._clocks.forward_s() - next_s
            if late_s > BEAT_S:
                next_s += late_s // BEAT_S * BEAT_S
            await asyncio.sleep(max(0.0, next_s - self._clocks.forward_s()))
            yield
            next_s += BEAT_S

    @contextlib.contextmanager
    def _patience(self) -> Iterator[None]:
        """Retry while the console restarts, is busy or refuses."""
        try:
            yield
        except ConsoleUnreachableError as error:
            if self._away_until_s is None:
                _log.warning("the console is away (%s); the crews drive on", error)
                self._wait_s = BEAT_S
            self._wait(self._wait_s)
            self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
        except RefusedError as refusal:
            _log.warning("the console refuses: %s", refusal)
            if refusal.status == httpx.codes.TOO_MANY_REQUESTS:
                self._wait(refusal.retry_after_s)

    def _wait(self, seconds: float) -> None:
        self._away_until_s = self._clocks.forward_s() + seconds

    def _note_back(self) -> None:
        if self._away_until_s is not None:
            _log.warning("the console is back")
        self._away_until_s = None


def simulate(
    url: Annotated[str, typer.Option(help="Where the demo's console is.")],
    seed: Annotated[int, typer.Option(help="Same seed, same chances.")] = 1,
    pace: Annotated[
        float, typer.Option(min=0.1, max=20, help="How many times faster than life they work.")
    ] = 1.0,
    work_s: Annotated[
        float, typer.Option(min=0, help="How long the longest work on scene takes, in seconds.")
    ] = 40.0,
) -> None:
    """Simulate the demo's crews until stopped."""
    logging.basicConfig(level=logging.WARNING, format="simulator: %(message)s")
    host = httpx.URL(url).host
    clocks = Clocks(time.monotonic, lambda: datetime.now(UTC))
    manners = Manners(work_s=(work_s / 2, work_s))

    async def live() -> None:
        # This machine's own certificate may be signed by an authority that it does not know.
        console = Console(url, verify=not is_loopback(host))
        try:
            await Simulation(console, clocks, seed=seed, pace=pace, manners=manners).run()
        finally:
            await console.close()

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(live())


if __name__ == "__main__":
    typer.run(simulate)
