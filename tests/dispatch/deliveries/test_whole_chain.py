"""With every console closed and the phone off, somebody is reached all the same."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.dispatch.deliveries.conftest import Desk
from tests.dispatch.deliveries.receiver import Receiver

pytestmark = pytest.mark.postgis
LIMIT_S = 15 * 60


def test_the_supervisor_is_reached_when_neither_page_nor_gateway_reaches_the_crew(
    desk: Desk,
    receiver: Receiver,
    dispatcher: Actor,
    yard: CrewYard,
    pin: Callable[..., Any],
) -> None:
    """The crew's gateway refuses; by the shipped chain the supervisor's takes the call in time."""
    closed = desk.add_gateway("http://127.0.0.1:1/", name="Closed")
    works = desk.add_gateway(receiver.url, name="Works")
    crew_id = yard.put("Crew 2", 1, 1)
    desk.order = {"crew_id": crew_id}
    desk.set_contacts((closed, "+2"))
    desk.set_contacts((works, "+9"), role=True)

    desk.services.sending.send(dispatcher, pin(3, 2)["id"], SendCrew(crew_id=crew_id))
    for _ in range(LIMIT_S // 15):
        desk.run_jobs()
        desk.services.deadlines.run_due()
        desk.clock.forward(15)

    told = [json.loads(got.body) for got in receiver.got]
    assert {each["to"] for each in told} == {"+9"}
    assert any("Crew 2" in each["text"] for each in told)
    assert ("order", "failed", "unreachable") in desk.ways()
