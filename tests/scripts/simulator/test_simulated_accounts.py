"""The demo's crews and their accounts, which people of the demo may change."""

from collections import Counter
from datetime import UTC
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from typing_extensions import override

from scripts.demo.demo_seed import crew_username
from scripts.simulator.console_client import Console
from scripts.simulator.console_client import Credentials
from scripts.simulator.console_client import RefusedError
from scripts.simulator.crew import Clocks
from scripts.simulator.plan import Manners
from scripts.simulator.run import Simulation
from tests.own_loop import run_to_its_end

BOARDS = 60
DISABLED = crew_username(8)


class DayOverError(Exception):
    """Ends the simulation, which would go on for ever."""


class ConsoleWithADisabledAccount(Console):
    """Shows its board a number of times, then ends; one crew's account may not sign in any more."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1")
        self.requests: Counter[str] = Counter()

    @override
    async def get(self, who: Credentials, path: str, **query: str) -> dict[str, Any]:
        """Answer what the crews ask for."""
        self._admit(who)
        number = who.username.removeprefix("crew")
        if path == "/crews" and self.requests[who.username] > BOARDS:
            raise DayOverError
        off_duty = {"human": False, "duty": "off_duty", "state": "off_duty", "station_id": 1}
        nowhere = {"lon": None, "lat": None, "fix_age_s": None, "workload": {"active": 0}}
        answers: dict[str, dict[str, Any]] = {
            "/crews": {"crews": [{"id": id_, **off_duty, **nowhere} for id_ in range(1, 25)]},
            "/ground": {"bounds": (7.0, 43.0, 8.0, 44.0)},
            "/stations": {"stations": [{"id": 1, "lon": 7.4, "lat": 43.7}]},
            "/me": {"crew_id": int(number) if number.isdigit() else None},
        }
        return answers.get(path, {"notices": [], "check_ins": [], "roll_calls": []})

    @override
    async def put(self, who: Credentials, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take what a crew tells."""
        self._admit(who)
        return {}

    def _admit(self, who: Credentials) -> None:
        self.requests[who.username] += 1
        if who.username == DISABLED:
            raise RefusedError(401, "sign_in_refused", 0.0)


def test_a_crew_whose_account_is_disabled_asks_once_and_leaves_the_others_at_work() -> None:
    """Signing in again each second would use up the machine's sign-ins, and stop every crew."""
    seconds = count(step=10.0)  # each beat is due at once: nothing waits in real time
    clocks = Clocks(forward_s=lambda: next(seconds), utc=lambda: datetime.now(UTC))
    console = ConsoleWithADisabledAccount()

    city = Simulation(console, clocks, seed=1, pace=1.0, manners=Manners())

    with pytest.raises(ExceptionGroup, match="unhandled"):
        run_to_its_end(city.run())

    others = {name: n for name, n in console.requests.items() if name.startswith("crew")}
    assert others.pop(DISABLED) == 1
    assert len(others) == 23
    assert min(others.values()) > 1
