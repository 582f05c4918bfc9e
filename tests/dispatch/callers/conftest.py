"""A leak that somebody reported, and what follows until it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.callers.types import CaseTold
from dispatch.callers.types import SendCallerLink
from dispatch.core.scope import NOTHING
from dispatch.core.scope import within
from dispatch.gateways.types import AddGateway
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import IncidentAnswer
from dispatch.links.states import LinkPurpose
from dispatch.links.types import Link
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.own_loop import run_to_its_end

PHONE = "+86 138 0000 1234"
_TAKE = text("DELETE FROM procrastinate_jobs WHERE task_name = 'callers:send_link' RETURNING args")


@dataclass
class Calls:
    """Callers, their links, and the desk that sees to what they reported."""

    services: Services
    desk: Actor
    yard: CrewYard
    clock: SettableClock
    owner: Engine
    pin: Callable[..., IncidentAnswer]
    crews: int = field(default=0)

    def report(self, column: float = 1, row: float = 1, **told: Any) -> tuple[int, int]:  # noqa: ANN401
        """Have something reported; return the incident and its report."""
        incident = self.pin(column, row, **{"caller_phone": PHONE, **told})["id"]
        return incident, self.services.reports.list(self.desk, incident)["reports"][0]["id"]

    def report_again(self, incident_id: int) -> int:
        """Have the same reported by somebody else; return the report."""
        wanted = AddReport(channel="call", caller_phone="+86 139 1111 2222")
        return self.services.reports.add(self.desk, incident_id, wanted)[0]["id"]

    def link(self, incident_id: int, report_id: int) -> str:
        """Make a link that is read out; return its token."""
        wanted = SendCallerLink(sms=False)
        made = self.services.callers.send(self.desk, incident_id, report_id, wanted, "http://x/")
        return made["link"].removeprefix("http://x/t/")

    def reported(self, column: float = 1, row: float = 1, **told: Any) -> tuple[int, str]:  # noqa: ANN401
        """Have something reported; return the incident and its caller's token."""
        incident, report = self.report(column, row, **told)
        return incident, self.link(incident, report)

    def opened(self, token: str) -> Link:
        """Open a link, as nobody."""
        with within(NOTHING):
            return self.services.links.open(token, LinkPurpose.CALLER)

    def look(self, token: str) -> CaseTold:
        """Return what a caller sees."""
        link = self.opened(token)
        with within(link.scope):
            return self.services.caller_pages.look(link)

    def say(self, act: Callable[[Link, Any], None], token: str, said: object) -> None:
        """Have a caller say something."""
        link = self.opened(token)
        with within(link.scope):
            act(link, said)

    def send(self, incident_id: int, column: float, row: float) -> tuple[int, int]:
        """Send a new crew that stands there; return its order and its id."""
        self.crews += 1
        crew_id = self.yard.put(f"Crew {self.crews}", column, row)
        order, _ = self.services.sending.send(self.desk, incident_id, SendCrew(crew_id=crew_id))
        return order["id"], crew_id

    def act(self, order_id: int, *actions: Action, outcome: str = "repaired") -> None:
        """Take steps of an order, a minute apart."""
        for action in actions:
            self.clock.forward(60)
            step = Complete(outcome=outcome) if action is Action.COMPLETE else Step()
            self.services.assignments.act(self.desk, order_id, action, step)

    def add_gateway(self, url: str, page_url: str | None = "https://crews.example") -> int:
        """Add a gateway for SMS."""
        wanted = {"name": "SMS", "kind": "sms", "url": url, "secret": "a secret of the gateway"}
        read = AddGateway.model_validate({**wanted, "page_url": page_url})
        administrator = self.yard.administrator
        return self.services.gateways.add(administrator, read)["id"]

    def run_jobs(self) -> int:
        """Run the jobs that send links; return how many there were."""
        with self.owner.begin() as connection:
            jobs = connection.execute(_TAKE).scalars().all()
        for args in jobs:
            run_to_its_end(self.services.caller_sending.send(args["report_id"]))
        return len(jobs)


@pytest.fixture
def calls(
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    clock: SettableClock,
    owner_engine: Engine,
    pin: Callable[..., IncidentAnswer],
) -> Calls:
    """Return callers and a desk."""
    return Calls(services, dispatcher, yard, clock, owner_engine, pin)
