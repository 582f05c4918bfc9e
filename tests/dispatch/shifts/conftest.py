"""What tests of shifts share: who plans, who else may approve, and crews with their people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.shifts.rota_types import SetTemplate
from dispatch.shifts.types import AddShift
from dispatch.shifts.types import ShiftAnswer
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock


@pytest.fixture
def planner(people: People) -> Actor:
    """Return a supervisor, who plans the rota."""
    return people.sign_up("petra", Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Rota:
    """Crews on the grid, and their shifts in hours from now."""

    services: Services
    planner: Actor
    people: People
    yard: CrewYard
    clock: SettableClock

    def at(self, hours: float) -> datetime:
        """Return the instant so many hours from now."""
        return self.clock() + timedelta(hours=hours)

    def crew(self, name: str, column: float = 0, duty: Duty = Duty.ON_DUTY) -> Actor:
        """Put a crew on the grid, and return the account of its phone."""
        crew_id = self.yard.put(name, column, 0, duty=duty)
        return self.people.sign_up(name.lower(), Role.CREW, crew_id=crew_id)

    def shift(self, crew: Actor, begin: float, end: float, **fields: object) -> ShiftAnswer:
        """Plan a shift, in hours from now."""
        wanted = AddShift.read(
            {
                "crew_id": crew.crew_id,
                "begins_at": self.at(begin),
                "ends_at": self.at(end),
                "name": "Day",
                **fields,
            }
        )
        return self.services.shifts.add(self.planner, wanted)[0]

    def template(self, name: str, from_time: str, to_time: str, **fields: object) -> int:
        """Add a kind of shift and return its id."""
        wanted = {"name": name, "from_time": from_time, "to_time": to_time, **fields}
        made = self.services.rota.set_template(self.planner, None, SetTemplate.read(wanted))
        return made["id"]

    def set_duty(self, crew: Actor, duty: Duty) -> None:
        """Have a crew set its duty."""
        self.services.crews.set_duty(crew, crew.crew_id or 0, SetDuty(duty=duty))


@pytest.fixture
def rota(
    services: Services,
    planner: Actor,
    people: People,
    yard: CrewYard,
    clock: SettableClock,
) -> Rota:
    """Return who plans shifts of crews on the grid."""
    return Rota(services, planner, people, yard, clock)


@pytest.fixture
def verdicts(
    services: Services, dispatcher: Actor, pin: Callable[..., Any]
) -> Callable[[], dict[str, tuple[str, list[str]]]]:
    """Return a function that judges all crews for a leak at the corner of the grid."""

    def judged() -> dict[str, tuple[str, list[str]]]:
        incident = pin(0, 0)
        answer = services.candidates.for_incident(dispatcher, incident["id"])
        return {
            each["crew_name"]: (each["verdict"].value, each["reasons"])
            for each in answer["candidates"]
        }

    return judged
