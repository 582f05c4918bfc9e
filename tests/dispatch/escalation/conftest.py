"""An emergency at night, two crews, and nobody who answers."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.escalation.types import SetChain
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

Pin = Callable[..., dict[str, Any]]


class Night:
    """Two crews, one emergency, and the near crew sent to it."""

    def __init__(
        self,
        *,
        services: Services,
        dispatcher: Actor,
        administrator: Actor,
        people: People,
        pin: Pin,
        yard: CrewYard,
        clock: SettableClock,
    ) -> None:
        self.services, self.desk, self.clock, self.yard = services, dispatcher, clock, yard
        self.administrator = administrator
        self.near = yard.put("Near", 2, 3)
        self.far = yard.put("Far", 0, 0)
        self.crew = people.sign_up("nell", Role.CREW, crew_id=self.near)
        self.other = people.sign_up("faye", Role.CREW, crew_id=self.far)
        self.pin = pin
        self.incident = pin(3, 3, priority=1)
        self.order_id = 0

    def send(self) -> None:
        """Send the near crew."""
        wanted = SendCrew(crew_id=self.near)
        order, _ = self.services.sending.send(self.desk, self.incident["id"], wanted)
        self.order_id = order["id"]

    def set_chain(self, **fields: object) -> None:
        """Set the chain of emergencies."""
        steps = [{"action": "next_best", "wait_s": 60}, {"action": "supervisor", "wait_s": 60}]
        ready = [{"action": "desk", "wait_s": 60}]
        wanted = {"priority": 1, "answer_steps": steps, "setting_out_steps": ready, **fields}
        self.services.chains.set(self.administrator, SetChain.model_validate(wanted))

    def after(self, seconds: float) -> None:
        """Let time pass and do what has fallen due."""
        self.clock.forward(seconds)
        self.services.deadlines.run_due()

    def act(self, action: Action, actor: Actor | None = None, **step: object) -> Any:  # noqa: ANN401  (JSON)
        """Take a step with the order."""
        wanted = Step.model_validate(step)
        return self.services.assignments.act(actor or self.crew, self.order_id, action, wanted)

    def order(self, order_id: int | None = None) -> Any:  # noqa: ANN401  (JSON)
        """Return the order as the desk sees it."""
        return self.services.assignments.get(self.desk, order_id or self.order_id)

    def told(self) -> list[str]:
        """Return what the log says of the chain, in order."""
        timeline = self.services.incidents.timeline(self.desk, self.incident["id"])
        return [
            each["kind"].removeprefix("assignment.")
            for each in sorted(timeline["events"], key=lambda each: each["id"])
            if each["kind"].startswith("assignment.")
        ]

    def orders(self) -> list[tuple[int, str, str | None]]:
        """Return the incident's orders: crew, state, by whom."""
        incident = self.services.incidents.get(self.desk, self.incident["id"])
        return [
            (each["crew_id"], each["state"], each["sent_by"]) for each in incident["assignments"]
        ]


@pytest.fixture
def shipped_chains(owner_engine: Engine) -> Iterator[None]:
    """Have the chains as they were shipped again after a test that edits them."""
    with owner_engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept_chain AS TABLE escalation_chain"))
    yield
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM escalation_chain"))
        connection.execute(
            text("INSERT INTO escalation_chain OVERRIDING SYSTEM VALUE TABLE kept_chain")
        )
        connection.execute(text("DROP TABLE kept_chain"))


@pytest.fixture
def night(
    *,
    services: Services,
    dispatcher: Actor,
    administrator: Actor,
    people: People,
    pin: Pin,
    yard: CrewYard,
    clock: SettableClock,
    shipped_chains: None,  # noqa: ARG001  (restores them)
) -> Night:
    """Return an emergency at night."""
    return Night(
        services=services,
        dispatcher=dispatcher,
        administrator=administrator,
        people=people,
        pin=pin,
        yard=yard,
        clock=clock,
    )
