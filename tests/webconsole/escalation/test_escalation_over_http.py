"""Chains, marks and patience through the HTTP API alone."""

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
CHAIN: dict[str, Any] = {
    "kind": "gas_leak",
    "priority": 4,
    "answer_steps": [{"action": "ring_again", "wait_s": 30}, {"action": "next_best", "wait_s": 30}],
    "setting_out_steps": [{"action": "desk", "wait_s": 300}],
}


def test_a_supervisor_sets_and_removes_a_chain_and_everybody_at_the_desk_reads_it(
    desk: Program, program: Programs, people: People
) -> None:
    """The chain for all stays; a repeated PUT changes nothing; each wrong step is named."""
    boss = program(people.sign_up("sue", Role.SUPERVISOR))

    made = told(boss.put(f"{API}/chains", CHAIN))
    again = told(boss.put(f"{API}/chains", CHAIN))
    listed = told(desk.get(f"{API}/chains"))["chains"]
    gone = told(boss.delete(f"{API}/chains/{made['id']}"))

    assert made == again == gone == listed[-1]
    assert {name: made[name] for name in ("rounds", "auto_reoffer")} == {
        "rounds": 1,
        "auto_reoffer": False,
    }
    assert [(each["kind"], each["priority"]) for each in listed[:-1]] == [
        *((None, None), (None, 1), (None, 2))
    ]
    assert desk.put(f"{API}/chains", CHAIN).status_code == 403
    wrong = {**CHAIN, "kind": "fire", "answer_steps": [{"action": "desk", "wait_s": 1}]}
    assert set(refused_fields(boss.put(f"{API}/chains", wrong))) == {"answer_steps.0.wait_s"}
    wrong["answer_steps"] = [{"action": "ring_again", "wait_s": 30}]
    assert set(refused_fields(boss.put(f"{API}/chains", wrong))) == {"answer_steps"}
    assert set(refused_fields(boss.put(f"{API}/chains", {**CHAIN, "kind": "fire"}))) == {"kind"}
    last = boss.delete(f"{API}/chains/{listed[0]['id']}")
    assert (last.status_code, told(last)["code"]) == (409, "last_chain")
    assert boss.delete(f"{API}/chains/{made['id']}").status_code == 404


@pytest.mark.postgis
def test_a_phone_tells_how_far_its_order_got_and_the_desk_keeps_waiting(
    *,
    desk: Program,
    program: Programs,
    people: People,
    yard: CrewYard,
    pin: Callable[..., dict[str, Any]],
) -> None:
    """The first time counts; another crew has no such order; who answered is waited for no more."""
    crew_id = yard.put("Gas 1", 1, 1)
    phone = program(people.sign_up("gas1", Role.CREW, crew_id=crew_id))
    other = program(people.sign_up("gas2", Role.CREW, crew_id=yard.put("Gas 2", 2, 1)))
    incident = pin(1, 2)
    order = told(desk.post(f"{API}/incidents/{incident['id']}/assignments", {"crew_id": crew_id}))
    path = f"{API}/assignments/{order['id']}"
    marks = {"marks": [{"mark": "delivered"}, {"mark": "rang"}]}

    first = told(phone.post(f"{path}/marks", marks))
    again = told(phone.post(f"{path}/marks", marks))
    kept = told(desk.post(f"{path}/wait", {"wait_s": 90, "client_id": "a"}))

    assert first == again
    assert [each["mark"] for each in first["marks"]] == ["queued", "delivered", "rang"]
    assert kept["chain"]["waiting"] == "answer"
    assert other.post(f"{path}/marks", marks).status_code == 404
    assert set(refused_fields(phone.post(f"{path}/marks", {"marks": []}))) == {"marks"}
    assert phone.post(f"{path}/wait", {}).status_code == 403
    for step in ("accept", "depart"):
        phone.post(f"{path}/{step}", {})
    refused = desk.post(f"{path}/wait", {})
    assert (refused.status_code, told(refused)["code"]) == (409, "wrong_state")
