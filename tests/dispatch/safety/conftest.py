"""A crew that works on a gas leak, and how it gets there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.safety.types import OrderSafetyAnswer
from dispatch.safety.types import SayWell
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.looking import looking

_ACTED = text(
    "SELECT count(*) FROM deadline WHERE how = 'acted'"
    " AND kind IN ('check_in', 'roll_call', 'sos_untaken')"
)
Pin = Callable[..., dict[str, Any]]


@dataclass
class Cellar:
    """One crew, its phone's account, and the incident at which it works."""

    services: Services
    clock: SettableClock
    dispatcher: Actor
    crew: Actor
    crew_id: int
    incident: Any
    order: AssignmentAnswer

    def act(self, *actions: Action) -> None:
        """Take steps of the order as the crew."""
        for action in actions:
            self.services.assignments.act(self.crew, self.order["id"], action, Step())

    def arrive(self) -> None:
        """Be on scene."""
        self.act(Action.ACCEPT, Action.DEPART, Action.ARRIVE)

    def pass_time(self, seconds: float) -> int:
        """Let time pass, then act on what is due; return how many deadlines of safety were."""
        before = self._acted()
        self.clock.forward(seconds)
        self.services.deadlines.run_due()
        return self._acted() - before

    def _acted(self) -> int:
        with looking(self.services.engine) as connection:
            return int(connection.execute(_ACTED).scalar_one())

    def say_well(self, **fields: Any) -> None:  # noqa: ANN401  (of a command)
        """Report as the crew."""
        self.services.safety.say_well(self.crew, self.crew_id, SayWell(**fields))

    def safety(self) -> OrderSafetyAnswer | None:
        """Return what the desk sees at the order."""
        return self.services.assignments.get(self.dispatcher, self.order["id"])["safety"]

    def check_in(self) -> Any:  # noqa: ANN401  (JSON)
        """Return the check-in that the desk sees."""
        found = self.safety()
        return found and found["check_in"]

    def events(self, start: str = "") -> list[Any]:
        """Return the incident's events of some kinds."""
        told = self.services.incidents.timeline(self.dispatcher, self.incident["id"])
        return [each for each in told["events"] if each["kind"].startswith(start)]


@pytest.fixture
def cellar(
    services: Services,
    clock: SettableClock,
    dispatcher: Actor,
    people: People,
    pin: Pin,
    yard: CrewYard,
) -> Cellar:
    """Return a crew that was sent to a gas leak."""
    crew_id = yard.put("Alba", 1, 1)
    crew = people.sign_up("alba", Role.CREW, crew_id=crew_id)
    incident = pin(3, 3)
    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    return Cellar(services, clock, dispatcher, crew, crew_id, incident, order)
