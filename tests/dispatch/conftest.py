"""People, and threads that can be held, that tests of the job need."""

from collections.abc import Iterator

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.depot import Depot
from tests.dispatch.roads.held_threads import HeldThreads


@pytest.fixture
def crew_actor(people: People, yard: CrewYard) -> Actor:
    """Return somebody of a crew that is on duty."""
    return people.sign_up("cruz", Role.CREW, crew_id=yard.put("Crew of Cruz", 1, 1))


@pytest.fixture
def depot(services: Services, administrator: Actor, yard: CrewYard, clock: SettableClock) -> Depot:
    """Return crews of the grid with people and tickets."""
    return Depot(services, administrator, yard, clock)


@pytest.fixture
def threads() -> Iterator[HeldThreads]:
    """Return what makes a worker's threads; all are let go at the end."""
    made = HeldThreads()
    yield made
    made.open_all()
