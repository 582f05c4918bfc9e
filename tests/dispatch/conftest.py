"""People that tests of the job need."""

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People


@pytest.fixture
def crew_actor(people: People, yard: CrewYard) -> Actor:
    """Return somebody of a crew that is on duty."""
    return people.sign_up("cruz", Role.CREW, crew_id=yard.put("Crew of Cruz", 1, 1))
