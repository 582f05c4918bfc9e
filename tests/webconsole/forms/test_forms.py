"""Forms, measurements, codes and parts through the HTTP API alone."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.dispatch.forms.conftest import shipped_forms
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

API = "/api/v1"
Programs = Callable[[Actor], Program]
NOTE = {"code": "note", "name_en": "Note", "name_zh": "备注", "type": "text"}
GASKET = {"name_en": "Gasket", "name_zh": "密封垫", "unit_en": "pcs", "unit_zh": "个", "sort": 30}
__all__ = ["shipped_forms"]


def sent(desk: Program, crew_id: int, incident_id: int) -> str:
    """Send a crew, bring it on scene, and return its order's address."""
    order = told(desk.post(f"{API}/incidents/{incident_id}/assignments", {"crew_id": crew_id}))
    for step in ("accept", "depart", "arrive"):
        desk.post(f"{API}/assignments/{order['id']}/{step}", {})
    return f"{API}/assignments/{order['id']}"


@pytest.mark.usefixtures("shipped_forms")
def test_a_crew_reads_its_sheet_and_measures_once_for_each_name(
    desk: Program,
    program: Programs,
    people: People,
    yard: CrewYard,
    pin: Callable[..., dict[str, Any]],
    integration: Actor,
) -> None:
    """201 both times; NaN, what is no JSON number, and other crews are refused by name."""
    crew_id = yard.put("Gas 1", 1, 1)
    phone = program(people.sign_up("gas1", Role.CREW, crew_id=crew_id))
    incident_id = pin(2, 2)["id"]
    order = sent(desk, crew_id, incident_id)
    body = {"form": "gas_reading", "version": 1, "values": {"concentration": "21,5"}}

    sheet = told(phone.get(f"{API}/work-sheets/gas_leak"))
    first = phone.post(f"{order}/measurements", {**body, "client_id": "m1"})
    again = phone.post(f"{order}/measurements", {**body, "client_id": "m1"})

    assert [each["code"] for each in sheet["forms"]] == ["gas_reading", "gas_final"]
    assert (first.status_code, again.status_code) == (201, 201)
    assert told(first) == told(again)
    assert told(first)["verdict"] == "alarm"
    listed = told(desk.get(f"{API}/incidents/{incident_id}/measurements"))["measurements"]
    assert [each["id"] for each in listed] == [told(first)["id"]]
    assert listed[0]["client_id"] is None
    huge = {**body, "values": {"concentration": 1e300}}
    assert set(refused_fields(phone.post(f"{order}/measurements", huge))) == {
        "values.concentration"
    }
    assert set(refused_fields(phone.post(f"{order}/measurements", {**body, "values": 5}))) == {
        "values"
    }
    assert phone.post(f"{API}/assignments/999999/measurements", body).status_code == 404
    assert program(integration).post(f"{order}/measurements", body).status_code == 403
    incident = told(desk.get(f"{API}/incidents/{incident_id}"))
    assert incident["assignments"][0]["breach"]["items"][0]["value"] == 21.5


@pytest.mark.usefixtures("shipped_forms")
def test_an_administrator_edits_forms_codes_and_parts_and_nobody_else(
    desk: Program, program: Programs, administrator: Actor
) -> None:
    """In the documented shapes; wrong limits are named by their place."""
    admin = program(administrator)
    form = {"name_en": "Visit", "name_zh": "回访", "kinds": ["gas_leak"], "fields": [NOTE]}

    made = told(admin.put(f"{API}/forms/visit", form))
    listed = told(admin.get(f"{API}/forms"))["forms"]

    assert (made["version"], made["asked"]) == (1, "on_scene")
    assert made in listed
    wrong = {**form, "fields": [{**NOTE, "type": "number", "least": 5, "most": 1}]}
    assert set(refused_fields(admin.put(f"{API}/forms/visit", wrong))) == {"fields.0.most"}
    twice = {**form, "fields": [NOTE, NOTE]}
    assert set(refused_fields(admin.put(f"{API}/forms/visit", twice))) == {"fields.1.code"}
    assert set(refused_fields(admin.put(f"{API}/forms/visit", {**form, "fields": []}))) == {
        "fields"
    }
    old = admin.put(f"{API}/forms/visit", {**form, "expected_version": 7})
    assert (old.status_code, told(old)["code"]) == (409, "form_changed")
    code = {"name_en": "Mouse", "name_zh": "鼠咬", "group": "cause"}
    assert told(admin.put(f"{API}/result-codes/gas_leak/mouse", code))["sort"] > 0
    assert told(admin.delete(f"{API}/result-codes/gas_leak/mouse"))["retired"]
    assert admin.delete(f"{API}/result-codes/gas_leak/cat").status_code == 404
    assert set(refused_fields(admin.put(f"{API}/result-codes/fire/x", code))) == {"kind"}
    part = {"name_en": "Elbow", "name_zh": "弯头", "unit_en": "pcs", "unit_zh": "个"}
    assert told(admin.put(f"{API}/parts/4711-20", part))["code"] == "4711-20"
    assert told(admin.get(f"{API}/parts?search=elbow"))["total"] == 1
    assert set(refused_fields(admin.put(f"{API}/parts/a b", part))) == {"code"}
    told(admin.put(f"{API}/parts/4711-20", {**part, "retired": True}))
    writes = {"forms/visit": form, "parts/x": part, "result-codes/gas_leak/x": code}
    for path, wanted in writes.items():
        assert desk.put(f"{API}/{path}", wanted).status_code == 403
    lists = [desk.get(f"{API}/{path}") for path in ("forms", "parts", "result-codes")]
    assert {each.status_code for each in lists} == {403}


def test_parts_come_out_of_a_file_and_go_into_one(program: Programs, administrator: Actor) -> None:
    """A line names a part by its code; Chinese alone is enough for a new one."""
    admin = program(administrator)
    table = "编码,名称,单位,排序\nelbow_20,弯头 DN20,个,5\ngasket,密封垫,片,30\n".encode()

    stored = admin.post(
        f"{API}/imports/parts",
        data={"file": (io.BytesIO(table), "parts.csv"), "mode": "all"},
        content_type="multipart/form-data",
    )

    counts = told(stored)
    assert (counts["new"], counts["changed"], counts["errors"]) == (1, 1, [])
    exported = admin.get(f"{API}/tables/parts.csv").data.decode("utf-8-sig")
    assert "elbow_20,弯头 DN20,弯头 DN20,个,个,5" in exported
    told(admin.put(f"{API}/parts/gasket", GASKET))
    assert told(admin.get(f"{API}/parts?search=gasket"))["parts"][0]["unit_zh"] == "个"
