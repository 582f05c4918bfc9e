"""A page's signs over HTTP: its own, well-formed, and seen by the desk."""

from collections.abc import Callable

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
API = "/api/v1"


def test_a_sign_is_taken_and_shown_to_the_desk(
    desk: Program, program: Programs, people: People, yard: CrewYard
) -> None:
    """Open with sound, then closed; what is wrong is named."""
    crew_id = yard.put("A", 1, 1)
    phone = program(people.sign_up("alba", Role.CREW, crew_id=crew_id))
    path = f"{API}/crews/{crew_id}/reach"

    answer = phone.put(path, {"device": "d", "page": "open", "sound": False})

    assert told(answer)["channels"] == ["page_mute"]
    assert told(desk.get(f"{API}/crews/{crew_id}"))["reachable"] == told(answer)
    closed = phone.put(path, {"device": "d", "page": "closed", "sound": False})
    assert told(closed)["channels"] == []
    refused = phone.put(path, {"device": "", "page": "ajar", "sound": 1})
    assert set(refused_fields(refused)) == {"device", "page", "sound"}
    assert desk.put(path, {"device": "d", "page": "open", "sound": True}).status_code == 403


def test_what_will_not_work_on_a_phone_is_kept_for_the_desk(
    desk: Program, program: Programs, people: People, yard: CrewYard
) -> None:
    """Each phone's last word, the newest first; a code that nobody knows is named."""
    crew_id, other_id = yard.put("A", 1, 1), yard.put("B", 2, 2)
    phone = program(people.sign_up("alba", Role.CREW, crew_id=crew_id))
    path = f"{API}/crews/{crew_id}/phone-check"
    phone.put(path, {"device": "old", "model": "K", "troubles": []})
    phone.put(path, {"device": "new", "troubles": ["location_denied"]})

    answer = phone.put(path, {"device": "new", "troubles": ["storage_small", "battery_saver"]})

    assert told(desk.get(path)) == told(answer)
    newest, oldest = told(answer)["phones"]
    assert newest["troubles"] == ["battery_saver", "storage_small"]
    assert (oldest["model"], oldest["troubles"]) == ("K", [])
    refused = phone.put(path, {"device": "new", "troubles": ["rain"]})
    assert set(refused_fields(refused)) == {"troubles.0"}
    assert desk.put(path, {"device": "d", "troubles": []}).status_code == 403
    others = f"{API}/crews/{other_id}/phone-check"
    assert phone.get(others).status_code == 403
    assert phone.put(others, {"device": "d", "troubles": []}).status_code == 403
    assert desk.get(f"{API}/crews/999/phone-check").status_code == 404
