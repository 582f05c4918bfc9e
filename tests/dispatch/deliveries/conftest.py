"""A crew with an order, gateways that are real servers, and a worker that is run by hand."""

import asyncio
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import select
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.deliveries.delivery_rows import request_delivery
from dispatch.deliveries.models import Delivery
from dispatch.deliveries.types import DeliveryReportAnswer
from dispatch.deliveries.types import GatewayReport
from dispatch.deliveries.types import SetContacts
from dispatch.gateways.types import AddGateway
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.dispatch.deliveries.receiver import Receiver
from tests.dispatch.deliveries.receiver import receiving
from tests.own_loop import run_to_its_end

SECRET = "a secret of the gateway"  # noqa: S105  (of gateways that live for one test)
_TAKE = text("""
    DELETE FROM procrastinate_jobs WHERE task_name = 'deliveries:send'
        AND (scheduled_at IS NULL OR scheduled_at <= :now) RETURNING id, args
""")


@dataclass
class Desk:
    """Asks for deliveries about one order, and runs the worker's jobs."""

    services: Services
    administrator: Actor
    clock: SettableClock
    owner_engine: Engine
    order: dict[str, Any]

    @property
    def crew_id(self) -> int:
        """The crew of the order."""
        return int(self.order["crew_id"])

    def add_gateway(self, url: str, *, name: str = "SMS", timeout_s: float = 5.0) -> int:
        """Add a gateway and return its id."""
        wanted = {"name": name, "kind": "sms", "url": url, "secret": SECRET}
        read = AddGateway.model_validate({**wanted, "timeout_s": timeout_s})
        return self.services.gateways.add(self.administrator, read)["id"]

    def set_contacts(self, *addresses: tuple[int, str], role: bool = False) -> None:
        """Set the ways of the crew, or of supervisors."""
        given = [{"gateway_id": gateway, "address": address} for gateway, address in addresses]
        wanted = SetContacts.read({"contacts": given})
        if role:
            self.services.contacts.set_of_supervisor(self.administrator, wanted)
        else:
            self.services.contacts.set_of_crew(self.administrator, self.crew_id, wanted)

    def ask(self, purpose: str = "order", **wanted: Any) -> int:  # noqa: ANN401
        """Ask for one delivery about the order and return its id."""
        whom: dict[str, Any] = {} if "role" in wanted else {"crew_id": self.crew_id}
        with self.services.work.writing() as session:
            ids = request_delivery(
                session,
                self.services.jobs,
                purpose=purpose,
                assignment_id=self.order["id"],
                now=self.clock(),
                **whom,
                **wanted,
            )
        return ids[0]

    def accept(self) -> None:
        """Have the order accepted, on whichever way."""
        dispatcher = Actor(None, "dora", "dora", frozenset({Role.DISPATCHER}))
        self.services.assignments.act(dispatcher, self.order["id"], Action.ACCEPT, Step())

    def run_jobs(self) -> int:
        """Run what is due, once; return how many jobs that were."""
        with self.owner_engine.begin() as connection:
            jobs = connection.execute(_TAKE, {"now": self.clock()}).all()

        async def run() -> None:
            sending = self.services.delivery_sending
            await asyncio.gather(*(sending.send(args["delivery_id"]) for _, args in sorted(jobs)))

        run_to_its_end(run())
        return len(jobs)

    def delivery(self, delivery_id: int) -> Delivery:
        """Return what a delivery is now."""
        with self.services.work.reading() as session:
            return session.get_one(Delivery, delivery_id)

    def ways(self) -> list[tuple[str, str, str | None]]:
        """Return all deliveries: purpose, state, failure."""
        with self.services.work.reading() as session:
            rows = session.scalars(select(Delivery).order_by(Delivery.id))
            return [(each.purpose, each.state, each.failure) for each in rows]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a server that takes posts."""
    with receiving() as made:
        yield made


@pytest.fixture
def desk(  # noqa: PLR0917  (fixtures, by name)
    services: Services,
    administrator: Actor,
    dispatcher: Actor,
    clock: SettableClock,
    owner_engine: Engine,
    yard: CrewYard,
    pin: Callable[..., Any],
) -> Desk:
    """Return a desk with one order that its crew has not answered."""
    crew_id = yard.put("Crew 1", 2, 2)
    incident = pin(3, 3, address="12 Harbour Street")
    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    forget_deliveries(owner_engine)
    return Desk(services, administrator, clock, owner_engine, dict(order))


def forget_deliveries(owner_engine: Engine) -> None:
    """Forget that the order's chain found no way to its crew: tests ask by themselves."""
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM delivery"))


@pytest.fixture
def report(services: Services) -> Callable[..., DeliveryReportAnswer]:
    """Return a function that reports as a gateway does, its signature checked already."""

    def reporting(
        gateway_id: int, delivery_id: int, state: str, **more: str
    ) -> DeliveryReportAnswer:
        wanted = GatewayReport.read({"delivery_id": delivery_id, "state": state, **more})
        return services.delivery_answers.report(gateway_id, wanted)

    return reporting
