"""Crews, people, tickets and vehicles through the HTTP API alone."""

from collections.abc import Callable

import pytest

from dispatch.access.permissions import Actor
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

API = "/api/v1"
Programs = Callable[[Actor], Program]


@pytest.fixture
def keeper(program: Programs, administrator: Actor) -> Program:
    """Return the administrator's program."""
    return program(administrator)


def test_a_crew_with_member_ticket_and_vehicle(keeper: Program, desk: Program) -> None:
    """Each step answers with what it made; the desk reads the card and the lists."""
    crew = told(keeper.post(f"{API}/crews", {"name": "Crew 1", "skills": ["heat"]}))
    path = f"{API}/crews/{crew['id']}"
    member = told(
        keeper.post(f"{path}/members", {"name": "Person A", "phone": "+86 000", "leads": True})
    )
    ticket = {"skill": "gas", "number": "G-1", "valid_from": "2020-01-01", "valid_until": None}
    made = told(keeper.post(f"{API}/people/{member['person_id']}/tickets", ticket))
    wanted = {"plate": "t 1", "crew_id": crew["id"], "equipment": ["pump"], "height_m": 3.1}
    vehicle = told(keeper.post(f"{API}/vehicles", wanted))

    card = told(desk.get(f"{path}/card"))
    assert (card["crew"]["skills"], card["crew"]["equipment"]) == (["heat", "gas"], ["pump"])
    assert [each["phone"] for each in card["members"]] == ["+86 000"]
    assert [each["plate"] for each in card["vehicles"]] == ["T 1"]
    register = told(desk.get(f"{API}/crews/register?search=person&page=1"))
    assert [(each["leader"], each["plates"]) for each in register["crews"]] == [
        ("Person A", ["T 1"])
    ]
    assert told(desk.get(f"{API}/tickets?state=valid"))["tickets"] == [made]
    assert told(desk.get(f"{API}/people?crew_id={crew['id']}"))["total"] == 1
    assert told(desk.get(f"{API}/vehicles?service=free"))["vehicles"] == []
    assert told(desk.get(f"{API}/vehicles/{vehicle['id']}"))["height_m"] == 3.1

    retired = keeper.post(f"{path}/retire")
    assert told(retired)["retired_at"]
    assert told(keeper.post(f"{path}/retire"))["code"] == "crew_retired"
    assert keeper.delete(f"{path}/members/{member['id']}").status_code == 204
    assert told(keeper.post(f"{path}/restore"))["retired_at"] is None
    changes = {"ids": [vehicle["id"]], "retire": True}
    assert told(keeper.post(f"{API}/vehicles/changes", changes)) == {"changed": 1}


def test_what_is_wrong_is_named_by_its_field(keeper: Program, desk: Program) -> None:
    """Days, periods, codes and names; and whoever may only look changes nothing."""
    crew = told(keeper.post(f"{API}/crews", {"name": "Crew 1"}))
    member = told(keeper.post(f"{API}/crews/{crew['id']}/members", {"name": "Person A"}))
    tickets = f"{API}/people/{member['person_id']}/tickets"

    assert refused_fields(keeper.post(f"{API}/crews", {"name": "", "skills": []})) == {
        "name": "is required"
    }
    wrong = {"skill": "gas", "valid_from": "2026-02-30"}
    assert refused_fields(keeper.post(tickets, wrong)) == {
        "valid_from": "must be a day such as 2026-01-31"
    }
    backwards = {"skill": "gas", "valid_from": "2026-02-02", "valid_until": "2026-02-01"}
    assert list(refused_fields(keeper.post(tickets, backwards)).values()) == [
        "must not end before it begins"
    ]
    assert set(refused_fields(keeper.put(f"{API}/skills/Großgas", _NAMES))) == {"code"}
    assert told(keeper.put(f"{API}/skills/weld", _NAMES))["sort"] == 100
    assert set(refused_fields(keeper.post(f"{API}/vehicles", {"plate": "T", "height_m": 99}))) == {
        "height_m"
    }
    assert desk.patch(f"{API}/crews/{crew['id']}", {"name": "Mine"}).status_code == 403
    assert desk.post(tickets, wrong).status_code == 403


_NAMES = {"name_en": "Welding", "name_zh": "焊接"}
