"""Proposals over HTTP: made, shown, sent; stale rows are told in the reader's language."""

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
API = "/api/v1/proposals"


def test_a_proposal_is_made_and_sent_and_stale_rows_are_named(
    desk: Program, yard: CrewYard, pin: Pin
) -> None:
    """The second time both rows are stale; what is wrong with a body is named by field."""
    yard.put("A", 2.5, 3)
    yard.put("B", 9.5, 9)
    pin(3, 3)
    pin(9, 8)

    made = desk.post(API, {"client_id": "p"})
    proposal = told(made)
    rows = [
        {
            "incident_id": row["incident_id"],
            "crew_id": row["crew"]["crew_id"],
            "expected_version": row["incident_version"],
        }
        for row in proposal["rows"]
    ]
    path = f"{API}/{proposal['id']}"
    sent = told(desk.post(f"{path}/send", {"rows": rows, "client_id": "s"}))
    again = told(desk.post(f"{path}/send", {"rows": rows}))

    assert made.status_code == 201
    assert made.headers["Location"].endswith(path)
    assert [len(sent["sent"]), sent["stale"]] == [2, []]
    assert [each["code"] for each in again["stale"]] == ["already_assigned"] * 2
    assert again["stale"][0]["detail"].startswith("A is already sent")
    assert len(told(desk.get(path))["sendings"]) == 2
    twice = [rows[0], {**rows[1], "crew_id": rows[0]["crew_id"]}]
    assert set(refused_fields(desk.post(f"{path}/send", {"rows": twice}))) == {"rows"}
    assert set(refused_fields(desk.post(f"{path}/send", {"rows": []}))) == {"rows"}
    assert desk.post(f"{API}/4711/send", {"rows": rows}).status_code == 404


def test_crews_make_no_proposals(program: Programs, people: People, yard: CrewYard) -> None:
    """Who goes where is the desk's to say."""
    phone = program(people.sign_up("alba", Role.CREW, crew_id=yard.put("A", 1, 1)))

    assert phone.post(API, {}).status_code == 403
    assert phone.get(f"{API}/1").status_code == 403
