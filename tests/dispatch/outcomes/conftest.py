"""A crew on scene, ready to say how it ended."""

from collections.abc import Callable

import pytest

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard

Arrive = Callable[[int, str], int]
End = Callable[..., AssignmentAnswer]


@pytest.fixture
def arrive(services: Services, dispatcher: Actor, yard: CrewYard) -> Arrive:
    """Return a function that brings a new crew to an incident and returns its order's id."""

    def bring(incident_id: int, name: str) -> int:
        wanted = SendCrew(crew_id=yard.put(name, 1, 1))
        order, _ = services.sending.send(dispatcher, incident_id, wanted)
        for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
            services.assignments.act(dispatcher, order["id"], action, Step())
        return order["id"]

    return bring


@pytest.fixture
def end(services: Services, dispatcher: Actor) -> End:
    """Return a function that completes an order with the fields of a body."""

    def complete(order_id: int, **fields: object) -> AssignmentAnswer:
        said = Complete.read(fields)
        return services.assignments.act(dispatcher, order_id, Action.COMPLETE, said)

    return complete
