"""Response plans through the HTTP API alone."""

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
REPAIR = {
    "task": "repair",
    "level": 1,
    "crews": 1,
    "role": "lead",
    "skills": ["gas"],
    "name_en": "Repair crew",
    "name_zh": "抢修班组",
}


def test_a_plan_is_proposed_sent_and_led_on(
    desk: Program, program: Programs, people: People, yard: CrewYard, pin: Callable[..., Any]
) -> None:
    """Raise the level, ask, send all: what cannot be sent says why, in the reader's language."""
    incident = pin(2, 2)
    path = f"{API}/incidents/{incident['id']}"
    gas, cordon = (
        yard.put("Gas", 2, 1, skills=("gas",)),
        yard.put("Cordon", 2, 1, skills=("cordon",)),
    )
    assert set(refused_fields(desk.post(f"{path}/level", {"level": 2}))) == {"reason"}
    assert set(refused_fields(desk.post(f"{path}/level", {"level": 9, "reason": "x"}))) == {"level"}

    raised = told(desk.post(f"{path}/level", {"level": 2, "reason": "smell in the cellar"}))
    proposal = told(desk.post(f"{path}/plan", {}))
    body: dict[str, Any] = {
        "rows": [
            {"crew_id": each["proposed"]["crew_id"], "task": each["task"]}
            for each in proposal["openings"]
        ],
        "client_id": "once",
    }
    sent = told(desk.post(f"{path}/plan/send", body))
    again = told(desk.post(f"{path}/plan/send", body))
    late = told(
        desk.post(
            f"{path}/plan/send",
            {"rows": [{"crew_id": yard.put("Late", 2, 1), "task": "cordon"}]},
            headers={"Accept-Language": "zh"},
        )
    )
    order = sent["rows"][1]["assignment"]
    led = told(desk.post(f"{API}/assignments/{order['id']}/role", {"role": "lead"}))

    assert raised["attendance"]["missing"][1]["name_zh"] == "警戒班组"
    assert [row["crew_id"] for row in body["rows"]] == [gas, cordon]
    assert again["rows"] == sent["rows"]
    assert sent["incident"]["attendance"]["assigned"] == 2
    assert late["rows"][0]["assignment"] is None
    assert late["rows"][0]["refused"]["code"] == "task_filled"
    assert "Cordon" in late["rows"][0]["refused"]["detail"]
    assert led["role"] == "lead"
    phone = program(people.sign_up("gas1", Role.CREW, crew_id=gas))
    mine = told(phone.get(f"{API}/crews/{gas}/assignments"))["assignments"][0]
    assert (mine["role"], mine["task_name_zh"]) == ("support", "燃气班组")
    others = {each["crew_name"]: each["role"] for each in mine["incident"]["assignments"]}
    assert others == {"Gas": "support", "Cordon": "lead"}
    assert phone.post(f"{path}/plan", {}).status_code == 403
    assert phone.post(f"{API}/assignments/{order['id']}/role", {"role": "lead"}).status_code == 403


@pytest.mark.usefixtures("shipped_plans")
def test_supervisors_set_plans_and_dispatchers_read_them(
    desk: Program, program: Programs, people: People
) -> None:
    """PUT puts a whole plan in place; what is wrong with it is said at the field."""
    chief = program(people.sign_up("sun", Role.SUPERVISOR))
    path = f"{API}/plans/gas_leak"

    made = told(chief.put(path, {"tasks": [REPAIR]}))

    assert made == told(desk.get(path)) == {"kind": "gas_leak", "tasks": [REPAIR]}
    assert made in told(desk.get(f"{API}/plans"))["plans"]
    assert desk.put(path, {"tasks": [REPAIR]}).status_code == 403
    for wrong in ([], [REPAIR, REPAIR], [{**REPAIR, "role": "support"}]):
        assert set(refused_fields(chief.put(path, {"tasks": wrong}))) == {"tasks"}
    assert set(refused_fields(chief.put(f"{API}/plans/fire", {"tasks": [REPAIR]}))) == {"kind"}
    assert set(refused_fields(desk.get(f"{API}/plans/fire"))) == {"kind"}
