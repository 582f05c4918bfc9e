"""Whether a crew can be reached stands beside its position, wherever crews are listed."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import NotAllowed
from dispatch.reach.types import ReportReach
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


def sign(*, page: str = "open", sound: bool = True) -> ReportReach:
    """Return a sign of one page."""
    return ReportReach.read({"device": "phone", "page": page, "sound": sound})


def test_the_best_reached_crew_is_recommended_before_a_little_faster_one(
    services: Services,
    dispatcher: Actor,
    people: People,
    pin: Pin,
    yard: CrewYard,
    clock: SettableClock,
) -> None:
    """A is 1 block (20 s) away and its page was closed 46 s ago; B is 4 blocks away and hears."""
    near, far = yard.put("A", 2, 3), yard.put("B", 7, 3)
    actors = {crew: people.sign_up(f"crew{crew}", Role.CREW, crew_id=crew) for crew in (near, far)}
    services.reach.report(actors[near], near, sign())
    services.reach.report(actors[near], near, sign(page="closed"))
    clock.forward(46)
    services.reach.report(actors[far], far, sign())

    answer = services.candidates.for_incident(dispatcher, pin(3, 3)["id"])

    first, second = answer["candidates"]
    assert (first["crew_name"], first["verdict"]) == ("B", "recommended")
    assert first["reasons"] == ["fastest_reachable"]
    assert first["reachable"]["channels"] == ["page"]
    assert (second["crew_name"], second["verdict"]) == ("A", "possible")
    assert second["reasons"] == ["not_reachable"]
    assert second["reachable"]["channels"] == []
    listed = {each["name"]: each for each in services.crews.list(dispatcher)["crews"]}
    assert listed["A"]["reachable"] == second["reachable"]
    assert services.crews.get(dispatcher, far)["reachable"]["channels"] == ["page"]
    told = services.reach.everybody()
    assert [list(told[crew].channels) for crew in (near, far)] == [[], ["page"]]


def test_a_crew_that_only_a_tracker_shows_is_said_to_be_that(
    services: Services, dispatcher: Actor, yard: CrewYard
) -> None:
    """Its positions come in, and no page of its was ever open."""
    crew_id = yard.put("A", 2, 3)

    found = services.crews.get(dispatcher, crew_id)["reachable"]

    assert found == {"channels": ["tracker"], "since": None}


def test_nobody_speaks_for_another_crews_page(
    services: Services, dispatcher: Actor, people: People, yard: CrewYard
) -> None:
    """Neither the desk nor a colleague."""
    crew_id, other_id = yard.put("A", 1, 1), yard.put("B", 2, 2)
    other = people.sign_up("other", Role.CREW, crew_id=other_id)

    for actor in (dispatcher, other):
        with pytest.raises(NotAllowed):
            services.reach.report(actor, crew_id, sign())
