"""A crew whose gas ticket expires, and what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from datetime import timedelta
from typing import Any

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.crews.types import AddMember
from dispatch.crews.types import CrewAnswer
from dispatch.skills.types import AddTicket
from dispatch.skills.types import TicketAnswer
from tests.conftest import CrewYard
from tests.conftest import SettableClock

A_DAY_S = 86_400.0


@dataclass
class Depot:
    """Crews of the grid with their people and tickets."""

    services: Services
    administrator: Actor
    yard: CrewYard
    clock: SettableClock

    @property
    def today(self) -> date:
        """The local day, which is UTC's."""
        return self.clock().date()

    def crew(self, name: str, column: float = 0, row: float = 0, **fields: Any) -> int:  # noqa: ANN401  (of the yard)
        """Put a crew on the grid that can do nothing of its own."""
        return self.yard.put(name, column, row, **{"skills": (), **fields})

    def member(self, crew_id: int, name: str, **fields: Any) -> int:  # noqa: ANN401  (of a command)
        """Put somebody into a crew; return the person's id."""
        wanted = AddMember(name=name, **fields)
        return self.services.members.add(self.administrator, crew_id, wanted)["person_id"]

    def ticket(
        self, person_id: int, skill: str = "gas", *, days_left: int | None = 100
    ) -> TicketAnswer:
        """Give a person a ticket that is valid for some days after today."""
        until = None if days_left is None else self.today + timedelta(days=days_left)
        first = self.today - timedelta(days=300)
        wanted = AddTicket(skill=skill, number="T-1", valid_from=first, valid_until=until)
        return self.services.tickets.add(self.administrator, person_id, wanted)

    def of(self, crew_id: int) -> CrewAnswer:
        """Return a crew as it is."""
        return self.services.crews.get(self.administrator, crew_id)

    def pass_days(self, days: int) -> None:
        """Let days pass, and act on what is due at each midnight."""
        for _ in range(days):
            self.clock.forward(A_DAY_S)
            self.services.deadlines.run_due()

    def candidate(self, incident_id: int, crew_id: int) -> Mapping[str, Any]:
        """Return a crew as it is judged for an incident."""
        answer = self.services.candidates.for_incident(self.administrator, incident_id)
        return next(each for each in answer["candidates"] if each["crew_id"] == crew_id)
