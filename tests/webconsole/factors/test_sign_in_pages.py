"""The pages between password and session, and what they tell whoever guesses."""

import re
from collections.abc import Callable

import pytest
from apiflask import APIFlask
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.people.types import SetPassword
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.dispatch.factors.conftest import App
from tests.dispatch.factors.conftest import Door
from tests.looking import looking
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
_SECRET = re.compile(r'<code class="secret">([A-Z2-7 ]+)</code>')
_COUNTED = text("SELECT kind, failed FROM sign_in_count ORDER BY kind")
_VARYING = re.compile(r'name="csrf_token" value="[^"]+"|value="\w+">')


def sign_in(visitor: FlaskClient, username: str = "dora", password: str = PASSWORD) -> TestResponse:
    """Send the sign-in form."""
    form = {"csrf_token": csrf_token(visitor), "username": username, "password": password}
    return visitor.post("/sign-in?next=/history", data={**form, "next": "/history"})


def send(visitor: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send the first form of a page."""
    return visitor.post(path, data={"csrf_token": csrf_token(visitor, path), **fields})


def test_half_signed_in_one_can_do_nothing_else(
    client: FlaskClient, door: Door, dispatcher: Actor
) -> None:
    """Pages lead to the sign-in, the API says 401; the code ends at the page that was wanted."""
    app, _ = door.set_up_app(dispatcher)
    led = sign_in(client)

    page, api = client.get("/history"), client.get("/api/v1/me")
    wrong = send(client, "/sign-in/verify", code="000000")
    right = send(client, "/sign-in/verify", code=app.code())

    assert led.headers["Location"] == "/sign-in/verify"
    assert page.headers["Location"].startswith("/sign-in?")
    assert api.status_code == 401
    assert wrong.status_code == 401
    assert "The code is wrong, or was used before." in wrong.text
    assert right.headers["Location"] == "/history"
    assert told(client.get("/api/v1/me"))["username"] == "dora"
    assert client.get("/sign-in/verify").status_code == 401  # over


def test_a_first_factor_is_set_up_on_the_way_in_and_its_recovery_codes_are_shown_once(
    client: FlaskClient, door: Door, dispatcher: Actor
) -> None:
    """The picture is drawn by us: no script, no style in it."""
    del dispatcher
    door.demand(Role.DISPATCHER)
    sign_in(client)
    page = client.get("/sign-in/factor")
    found = _SECRET.search(page.text)
    assert found is not None
    app = App(found[1].replace(" ", ""), door.clock)

    shown = send(client, "/sign-in/factor", code=app.code())

    assert "style=" not in page.text[page.text.index("<svg") : page.text.index("</svg>")]
    assert len(re.findall(r"<code>(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}</code>", shown.text)) == 10
    assert shown.headers["Cache-Control"] == "no-store"
    assert 'href="/history"' in shown.text
    assert client.get("/history").status_code == 200


def test_a_given_password_is_replaced_on_the_way_in(
    client: FlaskClient, services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Poor ones are refused in a sentence."""
    given = SetPassword(password="given by ada today")  # noqa: S106
    services.account_changes.set_password(administrator, dispatcher.username, given)
    led = sign_in(client, password=given.password)

    poor = send(client, "/sign-in/password", new_password="Password2026!")  # noqa: S106
    good = send(client, "/sign-in/password", new_password="a new way to say it")  # noqa: S106

    assert led.headers["Location"] == "/sign-in/password"
    assert poor.status_code == 422
    assert "New password is one of the passwords that are tried first" in poor.text
    assert good.headers["Location"] == "/history"


@pytest.mark.parametrize("password", ["wrong password", PASSWORD])
def test_unknown_names_disabled_accounts_and_wrong_passwords_get_the_same_bytes(
    app: APIFlask,
    people: People,
    administrator: Actor,
    door: Door,
    password: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a second factor and without; as much is hashed and counted for each of them."""
    services = door.services
    door.set_up_app(people.sign_up("guarded", Role.DISPATCHER))
    people.sign_up("without", Role.DISPATCHER)
    people.sign_up("disabled", Role.DISPATCHER)
    services.account_changes.disable(administrator, "disabled")
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted_verify(hasher: PasswordHasher, *given: str) -> bool:
        checked.append("hash")
        return verify(hasher, *given)

    monkeypatch.setattr(PasswordHasher, "verify", counted_verify)
    refused = ["nobody", "disabled"]
    if password != PASSWORD:
        refused += ["guarded", "without"]

    work, pages, answers = [], [], []
    for username in refused:
        checked.clear()
        with looking(services.engine) as connection:
            connection.execute(text("DELETE FROM sign_in_count"))
        body = {"username": username, "password": password}
        page, answer = (
            sign_in(app.test_client(), username, password),
            app.test_client().post("/api/v1/login", json=body),
        )
        pages.append((page.status_code, _VARYING.sub("", page.text), _headers(page)))
        answers.append((answer.status_code, answer.data, _headers(answer)))
        with looking(services.engine) as connection:
            counted = connection.execute(_COUNTED)
            work.append((len(checked), [tuple(row) for row in counted]))

    assert all(each == pages[0] for each in pages)
    assert all(each == answers[0] for each in answers)
    assert all(each == work[0] for each in work)
    assert work[0] == (2, [("account", 2), ("address", 2)])


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    return [
        (name, value if name != "Set-Cookie" else value.partition("=")[0])
        for name, value in answer.headers.items()
        if name != "Content-Length"
    ]


def test_programs_are_told_what_is_missing(
    client: FlaskClient, door: Door, dispatcher: Actor
) -> None:
    """By a code of its own; with the code in the same request they get a token."""
    app, _ = door.set_up_app(dispatcher)
    body = {"username": "dora", "password": PASSWORD}

    without = client.post("/api/v1/login", json=body)
    wrong = client.post("/api/v1/login", json={**body, "code": "000000"})
    right = client.post("/api/v1/login", json={**body, "code": app.code()})

    assert (without.status_code, told(without)["code"]) == (401, "factor_needed")
    assert (wrong.status_code, told(wrong)["code"]) == (401, "wrong_code")
    headers = {"Authorization": f"Bearer {told(right)['token']}"}
    assert told(client.get("/api/v1/me", headers=headers))["username"] == "dora"


def test_who_must_have_a_factor_is_set_and_counted_and_a_lost_one_is_reset(
    program: Callable[[Actor], Program],
    browser: Callable[[str], FlaskClient],
    administrator: Actor,
    dispatcher: Actor,
    door: Door,
) -> None:
    """By an administrator and nobody else; a reset ends the sessions."""
    admin = program(administrator)
    desk = browser("dora")
    door.set_up_app(dispatcher)

    rule = admin.put("/api/v1/factor-rules/dispatcher", {"required": True})
    unknown = admin.put("/api/v1/factor-rules/cook", {"required": True})
    shown = admin.get(f"/api/v1/accounts/{dispatcher.account_id}/factors")
    listed = admin.get("/api/v1/factors?has_factor=true&required=true&page=1")
    without = admin.get("/api/v1/factors?has_factor=false&required=false&role=administrator")
    forbidden = program(dispatcher).delete(f"/api/v1/accounts/{administrator.account_id}/factors")
    reset = admin.delete(f"/api/v1/accounts/{dispatcher.account_id}/factors")

    assert {**told(rule), "grace_until": None} == {
        "role": "dispatcher",
        "required": True,
        "grace_until": None,
        "accounts": 1,
        "with_factor": 1,
    }
    (theirs,) = told(listed)["accounts"]
    assert (theirs["username"], theirs["roles"], theirs["recovery_codes"]) == (
        "dora",
        ["dispatcher"],
        10,
    )
    assert theirs["app_since"] is not None
    assert [each["username"] for each in told(without)["accounts"]] == [administrator.username]
    assert unknown.status_code == 404
    assert told(shown)["app_since"] is not None
    assert told(shown)["recovery_codes"] == 10
    assert forbidden.status_code == 403
    assert reset.status_code == 204
    assert desk.get("/api/v1/me").status_code == 401
    assert sign_in(desk).headers["Location"] == "/sign-in/factor"


def test_ones_own_page_asks_for_the_password_before_it_changes_how_one_signs_in(
    app: APIFlask, browser: Callable[[str], FlaskClient], dispatcher: Actor, door: Door
) -> None:
    """A new password ends other sign-ins and keeps this one; the last demanded factor stays."""
    del dispatcher
    desk, other = browser("dora"), browser("dora")

    def send_own(path: str, **fields: str) -> TestResponse:
        return desk.post(path, data={"csrf_token": csrf_token(desk, "/account"), **fields})

    wrong = send_own("/account/app", password="wrong password")  # noqa: S106
    page = send_own("/account/app", password=PASSWORD)
    found = _SECRET.search(page.text)
    assert found is not None
    codes = send_own("/account/app/confirm", code=App(found[1].replace(" ", ""), door.clock).code())
    door.demand(Role.DISPATCHER)
    kept = send_own("/account/app/remove", password=PASSWORD)
    changed = send_own("/account/password", password=PASSWORD, new_password="a new way to say it")  # noqa: S106
    language = send_own("/account/language", language="zh")

    assert wrong.status_code == 422
    assert "Present password is wrong" in wrong.text
    assert "recovery-codes" in codes.text
    assert kept.status_code == 409
    assert "Your role demands a second factor: set up another one first." in kept.text
    assert changed.headers["Location"] == "/account?done=password"
    assert language.status_code == 303
    assert "我的账号" in desk.get("/account").text
    assert other.get("/api/v1/me").status_code == 401
    del app
