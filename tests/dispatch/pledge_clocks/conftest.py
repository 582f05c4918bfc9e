"""A utility that has pledged something, and an order taken from step to step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.board.types import EventAnswer
from dispatch.bootstrap import Services
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.types import Complete
from dispatch.pledge_clocks.types import WholeClockAnswer
from dispatch.pledges.types import PledgeAnswer
from dispatch.pledges.types import SetPledge
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

_THERE = {
    "name_en": "There in 30 min",
    "name_zh": "30 分钟到场",
    "utility": "gas",
    "start": "pinned",
    "stop": "on_scene",
    "limit_s": 1800.0,
}


@pytest.fixture
def supervisor(people: People) -> Actor:
    """Return somebody who may set rules."""
    return people.sign_up("sue", Role.SUPERVISOR)


def pledge(**fields: Any) -> SetPledge:  # noqa: ANN401  (any field)
    """Return "a crew is there within 30 min of the pin of any gas incident", but for fields."""
    return SetPledge.model_validate({**_THERE, **fields})


@dataclass(frozen=True, slots=True)
class Town:
    """A utility with a desk, a yard of crews, and what was pledged."""

    services: Services
    dispatcher: Actor
    supervisor: Actor
    pin: Callable[..., IncidentAnswer]
    yard: CrewYard
    clock: SettableClock

    def promise(self, **fields: object) -> PledgeAnswer:
        """Add a pledge: as `pledge` has it, but for fields."""
        return self.services.pledges.add(self.supervisor, pledge(**fields))[0]

    def clocks(self, incident_id: int) -> list[WholeClockAnswer]:
        """Return the clocks of an incident."""
        return self.services.pledge_clocks.of_incident(self.dispatcher, incident_id)["clocks"]

    def timeline(self, incident_id: int) -> list[EventAnswer]:
        """Return all events of an incident."""
        return self.services.incidents.timeline(self.dispatcher, incident_id)["events"]

    def send(self, incident_id: int, crew_id: int) -> int:
        """Send a crew and return its order's id."""
        wanted = SendCrew(crew_id=crew_id, queue=True)
        return self.services.sending.send(self.dispatcher, incident_id, wanted)[0]["id"]

    def act(self, order_id: int, *actions: Action, outcome: str | None = None) -> None:
        """Take an order through steps; an outcome completes it."""
        for action in actions:
            said = Complete(outcome=outcome) if action is Action.COMPLETE else Step()
            self.services.assignments.act(self.dispatcher, order_id, action, said)


@pytest.fixture
def town(
    services: Services,
    dispatcher: Actor,
    supervisor: Actor,
    pin: Callable[..., IncidentAnswer],
    yard: CrewYard,
    clock: SettableClock,
) -> Town:
    """Return a utility that has pledged nothing yet."""
    return Town(services, dispatcher, supervisor, pin, yard, clock)
