"""An order that goes over to another incident is not forgotten: its chain goes on there."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.escalation.models import OrderChain
from dispatch.incidents.types import IncidentAnswer
from dispatch.merging.types import MergeIncident
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis


def test_the_chain_of_a_moved_order_goes_on(
    services: Services,
    dispatcher: Actor,
    pin: Callable[..., IncidentAnswer],
    yard: CrewYard,
    clock: SettableClock,
) -> None:
    """It waits for the answer as before, and its next step is done at the other incident."""
    duplicate, known = pin(3, 3)["id"], pin(3, 4)["id"]
    crew_id = yard.put("A", 1, 1)
    order, _ = services.sending.send(dispatcher, duplicate, SendCrew(crew_id=crew_id))

    services.merging.merge(dispatcher, duplicate, MergeIncident(into=known, orders="move"))

    with services.work.reading() as session:
        chain = session.scalars(select(OrderChain)).one()
    assert (chain.assignment_id, chain.incident_id) == (order["id"], known)
    assert chain.waiting == "answer"
    assert chain.next_at is not None
    clock.now = chain.next_at
    assert services.deadlines.run_due() >= 1
    events = [each for each in services.events.read_after(0) if each["incident_id"] == known]
    assert events[-1]["assignment_id"] == order["id"]
