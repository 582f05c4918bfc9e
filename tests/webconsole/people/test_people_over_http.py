"""Accounts over HTTP: invited, signed out elsewhere; and numbers that some may not see."""

from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Programs = Callable[[Actor], Program]
INVITED = {"username": "dora", "display_name": "Dora", "roles": ["dispatcher"]}
CHOSEN = "chosen by its owner"
NUMBER = "13800001234"


@pytest.fixture
def admin(program: Programs, administrator: Actor) -> Program:
    """Return the administrator's program."""
    return program(administrator)


def test_whoever_is_invited_chooses_a_password_and_signs_in(
    app: APIFlask, admin: Program, client: FlaskClient
) -> None:
    """On a page that asks for it twice, once."""
    invited = told(admin.post("/api/v1/accounts/invitations", INVITED))
    path = f"/invitation/{invited['secret']}"
    before = told(admin.get(f"/api/v1/accounts/{invited['account_id']}"))

    page = client.get(path)
    form = {"csrf_token": csrf_token(client, path), "password": CHOSEN, "again": CHOSEN}
    short = client.post(path, data={**form, "password": "short", "again": "short"})
    typo = client.post(path, data={**form, "again": CHOSEN + "!"})
    chosen = client.post(path, data=form)

    assert "Dora" in page.text
    assert (short.status_code, typo.status_code) == (422, 422)
    assert "not the same" in typo.text
    assert (chosen.status_code, chosen.location) == (303, "/sign-in?chosen=1")
    assert client.get(path).status_code == 404
    token = csrf_token(client)
    signed_in = client.post(
        "/sign-in", data={"csrf_token": token, "username": "dora", "password": CHOSEN}
    )
    assert signed_in.status_code == 303
    after = told(admin.get(f"/api/v1/accounts/{invited['account_id']}"))
    assert (before["has_password"], before["link"]["purpose"]) == (False, "invite")
    assert (after["has_password"], after["link"]) == (True, None)
    assert app.test_client().get("/invitation/guessed").status_code == 404


def test_an_account_is_named_with_what_it_may_do_and_why(admin: Program, people: People) -> None:
    """Each permission with the roles through which the account has it."""
    dora = people.sign_up("dora", Role.CALL_TAKER, Role.PLANNER)

    access = told(admin.get(f"/api/v1/accounts/{dora.account_id}/access"))

    through = {each["permission"]: each["roles"] for each in access["permissions"]}
    assert through["incident.read"] == ["call_taker", "planner"]
    assert through["incident.write"] == ["call_taker"]
    assert through["replay.read"] == ["planner"]
    assert "assignment.send" not in through


def test_everybody_ends_their_other_sign_ins(
    program: Programs, browser: Callable[[str], FlaskClient], dispatcher: Actor
) -> None:
    """The one that asks stays; what ended is refused at its next request."""
    other = browser("dora")
    mine = program(dispatcher)

    listed = told(mine.get("/api/v1/me/sign-ins"))["sign_ins"]
    ended = mine.post("/api/v1/me/sign-ins/end-others")

    assert sorted((each["kind"], each["current"]) for each in listed) == [
        ("session", False),
        ("token", True),
    ]
    assert ended.status_code == 204
    assert other.get("/api/v1/me").status_code == 401
    assert mine.get("/api/v1/me").status_code == 200


def test_roles_and_scopes_that_cannot_be_are_named(admin: Program, integration: Actor) -> None:
    """By field, as any other input."""
    path = f"/api/v1/accounts/{integration.account_id}"

    unknown = admin.put(f"{path}/roles", {"roles": ["dragon"]})
    crewless = admin.put(f"{path}/roles", {"roles": ["crew"]})
    beyond = admin.post(f"{path}/tokens", {"name": "x", "scopes": ["incident.write"]})
    lost = admin.patch("/api/v1/roles/administrator", {"permissions": []})

    assert refused_fields(unknown) == {"roles": "There is no role dragon."}
    assert set(refused_fields(crewless)) == {"crew_id"}
    assert set(refused_fields(beyond)) == {"scopes"}
    assert (lost.status_code, told(lost)["code"]) == (409, "last_administrator")


@pytest.mark.parametrize(
    ("role", "shown"),
    [(Role.CALL_TAKER, NUMBER), (Role.PLANNER, "138••••••34"), (Role.MANAGER, "138••••••34")],
)
def test_callers_numbers_are_hidden_from_who_may_not_see_them(
    program: Programs, people: People, desk: Program, role: Role, shown: str
) -> None:
    """In the list, the incident, its reports, its log, the callers and the table of them."""
    leak: dict[str, Any] = {"kind": "gas_leak", "lon": 116.4, "lat": 39.9}
    place = told(desk.get("/api/v1/ground"))["center"]
    leak |= {"lon": place[0], "lat": place[1], "caller_phone": NUMBER}
    incident = told(desk.post("/api/v1/incidents", leak))
    path = f"/api/v1/incidents/{incident['id']}"
    reads = program(people.sign_up("reader", role))

    answers = [
        reads.get(each).text
        for each in (
            "/api/v1/incidents",
            path,
            f"{path}/reports",
            f"{path}/timeline",
            f"{path}/call-backs",
            "/api/v1/history/incidents",
        )
    ]

    assert [shown in each for each in answers[:3]] == [True] * 3
    assert any(NUMBER in each for each in answers) == (shown == NUMBER)
    if role is Role.MANAGER:
        table = reads.get(f"{path}/call-backs.csv")
        assert shown in table.text
        assert NUMBER not in table.text
