"""Offers over HTTP: made by the desk, answered by the crews' phones."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Programs = Callable[[Actor], Program]
Pin = Callable[..., dict[str, Any]]
API = "/api/v1"


def test_an_offer_is_made_seen_declined_taken_and_refused_to_the_late(
    desk: Program, program: Programs, people: People, yard: CrewYard, pin: Pin
) -> None:
    """409 with who was faster; what is wrong is named; a crew may not withdraw."""
    ids = {name: yard.put(name, 4, row) for row, name in enumerate("ABC")}
    phones = {
        name: program(people.sign_up(name.lower(), Role.CREW, crew_id=crew_id))
        for name, crew_id in ids.items()
    }
    path = f"{API}/incidents/{pin(3, 3)['id']}/offers"

    refused = desk.post(path, {"accept_within_s": 1, "crew_ids": [4711], "radius": 3})
    assert set(refused_fields(refused)) == {"accept_within_s", "radius"}
    refused = desk.post(path, {"accept_within_s": 60, "crew_ids": [4711]})
    assert "4711" in refused_fields(refused)["crew_ids"]
    body = {"accept_within_s": 60, "client_id": "k"}
    made = [desk.post(path, body) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    assert made[1].headers["Idempotent-Replay"] == "true"
    offer = f"{API}/offers/{told(made[0])['id']}"
    mine = told(phones["A"].get(f"{API}/crews/{ids['A']}/offers"))["offers"]
    assert [(each["state"], each["asked"]) for each in mine] == [("open", 3)]
    assert phones["A"].post(f"{offer}/seen", {}).status_code == 200
    assert phones["B"].post(f"{offer}/decline", {"reason": "vehicle"}).status_code == 200
    assert told(phones["B"].get(f"{API}/crews/{ids['B']}/offers"))["offers"] == []

    taken = phones["A"].post(f"{offer}/accept", {"client_id": "mine"})
    late = phones["C"].post(f"{offer}/accept", {})

    assert (taken.status_code, told(taken)["state"]) == (201, "accepted")
    assert late.status_code == 409
    assert (late.get_json()["code"], late.get_json()["by"]) == ("offer_taken", "A")
    listed = told(desk.get(f"{API}/offers?incident_id={told(taken)['incident_id']}"))["offers"]
    states = {each["crew_name"]: each["state"] for each in listed[0]["crews"]}
    assert states == {"A": "accepted", "B": "declined", "C": "asked"}
    assert told(desk.get(f"{API}/offers?open=true"))["offers"] == []
    assert phones["A"].post(f"{offer}/withdraw", {}).status_code == 403
    assert desk.post(f"{offer}/withdraw", {}).status_code == 409
    assert desk.post(f"{API}/offers/4711/withdraw", {}).status_code == 404
