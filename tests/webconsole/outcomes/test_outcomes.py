"""Outcomes through the HTTP API alone."""

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

API = "/api/v1"
Programs = Callable[[Actor], Program]


def test_crews_and_desk_read_the_outcomes_of_a_kind(
    desk: Program, program: Programs, people: People, yard: CrewYard, integration: Actor
) -> None:
    """In the documented shape; a program that only reports positions has no use for them."""
    phone = program(people.sign_up("gas1", Role.CREW, crew_id=yard.put("Gas 1", 1, 1)))
    path = f"{API}/outcomes?kind=gas_leak"

    listed = told(desk.get(path))

    assert listed.keys() == {"outcomes"}
    assert listed["outcomes"][0] == {
        "code": "repaired",
        "name_en": "Repaired",
        "name_zh": "已修复",
        "effect": "done",
    }
    assert told(phone.get(path)) == listed
    assert program(integration).get(path).status_code == 403
    assert set(refused_fields(desk.get(f"{API}/outcomes?kind=fire"))) == {"kind"}
    assert set(refused_fields(desk.get(f"{API}/outcomes"))) == {"kind"}


@pytest.mark.usefixtures("shipped_outcomes")
def test_an_administrator_edits_them_and_nobody_else(
    desk: Program, program: Programs, administrator: Actor
) -> None:
    """PUT adds or changes, DELETE retires; the last of a meaning stays."""
    admin, path = program(administrator), f"{API}/outcomes/gas_leak/key_missing"
    body = {"name_en": "Key missing", "name_zh": "没有钥匙", "effect": "not_done"}

    made = told(admin.put(path, body))
    gone = told(admin.delete(path))

    assert made == gone == {"code": "key_missing", **body}
    assert desk.put(path, body).status_code == desk.delete(path).status_code == 403
    wrong = admin.put(path, {**body, "effect": "green"})
    assert set(refused_fields(wrong)) == {"effect"}
    assert set(refused_fields(admin.put(f"{API}/outcomes/fire/x", body))) == {"kind"}
    assert admin.delete(f"{API}/outcomes/gas_leak/unheard_of").status_code == 404
    done = ("repaired", "put_right", "nothing_found", "false_alarm", "part_replaced")
    answers = [admin.delete(f"{API}/outcomes/gas_leak/{each}") for each in done]
    assert [each.status_code for each in answers] == [200, 200, 200, 200, 409]
    assert told(answers[-1])["code"] == "last_outcome"


def test_an_unknown_outcome_is_refused_with_those_that_are_possible(
    desk: Program, yard: CrewYard, pin: Callable[..., dict[str, Any]]
) -> None:
    """By its field; the order is still alive, and ends with one that is known."""
    incident = pin(2, 2)
    sent = desk.post(
        f"{API}/incidents/{incident['id']}/assignments", {"crew_id": yard.put("A", 1, 1)}
    )
    path = f"{API}/assignments/{told(sent)['id']}"
    for step in ("accept", "depart", "arrive"):
        desk.post(f"{path}/{step}", {})

    refused = refused_fields(desk.post(f"{path}/complete", {"outcome": "burnt_down"}))
    ended = told(
        desk.post(f"{path}/complete", {"outcome": "no_access", "result": "neighbour has key"})
    )

    assert "no_access" in refused["outcome"]
    assert (ended["outcome_effect"], ended["result"]) == ("not_done", "neighbour has key")
    assert told(desk.get(f"{API}/incidents/{incident['id']}"))["state"] == "open"
