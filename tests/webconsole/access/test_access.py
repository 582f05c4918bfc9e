"""Who gets in, by cookie or by token, and what roles may do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from tests.conftest import PASSWORD
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told
from webconsole.access.sessions import OPEN_DOORS
from webconsole.platform import openapi

Browser = Callable[[str], FlaskClient]
Programs = Callable[[Actor], Program]


def test_every_door_is_closed_unless_it_is_listed_as_open(
    app: APIFlask, client: FlaskClient
) -> None:
    """A new route is closed by default, whatever its author forgot."""
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_DOORS:
            continue
        with app.test_request_context():
            values = dict.fromkeys(rule.arguments, 1)
            path = app.url_map.bind("localhost").build(rule.endpoint, values)
        for method in {"GET"} & (rule.methods or set()):
            answer = client.open(path, method=method)
            assert answer.status_code in {303, 401}, path
            tried += 1

    assert tried > 15


def test_login_gives_a_token_that_works_and_says_when_it_ends(
    client: FlaskClient, dispatcher: Actor
) -> None:
    """Programs sign in without a cookie."""
    body = {"username": dispatcher.username, "password": PASSWORD}

    answer = client.post("/api/v1/login", json=body)

    assert answer.status_code == 200
    assert told(answer)["expires_at"].endswith("Z")
    assert "Set-Cookie" not in answer.headers
    headers = {"Authorization": f"Bearer {told(answer)['token']}"}
    assert told(client.get("/api/v1/me", headers=headers))["username"] == dispatcher.username


@pytest.mark.parametrize("username", ["dora", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_alike(
    client: FlaskClient, dispatcher: Actor, username: str
) -> None:
    """Nobody can find out which names exist."""
    del dispatcher
    answer = client.post("/api/v1/login", json={"username": username, "password": "wrong"})

    assert answer.status_code == 401
    assert told(answer)["code"] == "sign_in_refused"
    assert told(answer)["detail"] == "The user name or the password is wrong."


@pytest.mark.parametrize("username", ["a\x00b", "x" * 101])
def test_a_name_that_no_account_can_have_is_just_a_wrong_name(
    client: FlaskClient, username: str
) -> None:
    """In the sign-in form; programs are told which field is wrong."""
    form = {"csrf_token": csrf_token(client), "username": username, "password": PASSWORD}

    page = client.post("/sign-in", data=form)
    answer = client.post("/api/v1/login", json={"username": username, "password": PASSWORD})

    assert page.status_code == 401
    assert "The user name or the password is wrong." in page.text
    assert set(refused_fields(answer)) == {"username"}


def test_guessing_is_slowed_down_at_both_doors_and_right_answers_do_not_count(
    client: FlaskClient, dispatcher: Actor
) -> None:
    """Page and API count together; a shift signing in at eight o'clock is no attack."""
    wrong = {"username": dispatcher.username, "password": "wrong"}
    form = {"csrf_token": csrf_token(client), **wrong}

    statuses = [client.post("/api/v1/login", json=wrong).status_code for _ in range(5)]
    statuses += [client.post("/sign-in", data=form).status_code for _ in range(6)]
    refused = client.post("/api/v1/login", json={**wrong, "password": PASSWORD})
    page = client.post("/sign-in", data=form)

    assert statuses == [401] * 10 + [429]
    assert (refused.status_code, told(refused)["code"]) == (429, "too_many_requests")
    assert told(refused)["detail"] == "Too many wrong passwords. Try again in 5 s."
    assert refused.headers["Retry-After"] == page.headers["Retry-After"] == "5"
    assert "Too many wrong passwords. Try again in 5 s." in page.text
    assert f'value="{dispatcher.username}"' in page.text
    other = {"username": "somebody-else", "password": "wrong"}
    assert client.post("/api/v1/login", json=other).status_code == 401


def test_the_device_that_signed_in_before_is_let_in_while_others_guess(
    app: APIFlask, dispatcher: Actor
) -> None:
    """By a cookie of its own, which outlives the session and says nothing of who holds it."""
    desk, guesser = app.test_client(), app.test_client()
    right = {"username": dispatcher.username, "password": PASSWORD}
    first = desk.post("/sign-in", data={"csrf_token": csrf_token(desk), **right})
    desk.post("/sign-out", data={"csrf_token": csrf_token(desk, "/")})
    while guesser.post("/api/v1/login", json={**right, "password": "wrong"}).status_code == 401:
        pass

    stranger = guesser.post("/sign-in", data={"csrf_token": csrf_token(guesser), **right})
    again = desk.post("/sign-in", data={"csrf_token": csrf_token(desk), **right})

    assert (first.status_code, stranger.status_code, again.status_code) == (303, 429, 303)
    (cookie,) = [each for each in first.headers.getlist("Set-Cookie") if "device" in each]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/sign-in"))
    assert dispatcher.username not in cookie


@pytest.mark.parametrize("cookie", ["", "x" * 101])
def test_a_device_cookie_that_we_never_gave_is_replaced(
    client: FlaskClient, dispatcher: Actor, cookie: str
) -> None:
    """Whatever is in it is not stored."""
    client.set_cookie("nearcrew_device", cookie, path="/sign-in")
    form = {
        "csrf_token": csrf_token(client),
        "username": dispatcher.username,
        "password": PASSWORD,
    }

    answer = client.post("/sign-in", data=form)

    (given,) = [each for each in answer.headers.getlist("Set-Cookie") if "device" in each]
    assert 40 < len(given.partition(";")[0]) < 100


def test_head_asks_for_the_sign_in_page_as_get_does(client: FlaskClient) -> None:
    """Monitors ask so; nobody has tried a password."""
    asked = client.head("/sign-in?next=/crew")
    page = client.get("/sign-in?next=/crew")

    assert (asked.status_code, asked.data) == (200, b"")
    assert asked.headers["Content-Type"] == page.headers["Content-Type"]


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"username": ' + "7" * 5_000 + "}", "[]", '{"username": null}', "\xff"]
)
def test_what_is_no_sign_in_is_refused_by_what_it_is(client: FlaskClient, body: str) -> None:
    """The door is open to everybody, and counts whatever is tried."""
    answer = client.post("/api/v1/login", data=body, content_type="application/json")

    assert answer.status_code in {400, 422}
    assert told(answer)["code"] in {"malformed_json", "invalid_input"}


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "bearer \u00e4"])
def test_a_wrong_token_is_401_even_beside_a_good_cookie(
    browser: Browser, dispatcher: Actor, header: str
) -> None:
    """Who sends a token is judged by the token alone."""
    signed_in = browser(dispatcher.username)

    answer = signed_in.get("/api/v1/me", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_is_not_read(
    client: FlaskClient, services: Services, dispatcher: Actor
) -> None:
    """Addresses end up in logs and histories."""
    token = services.accounts.issue_token(dispatcher)["token"]

    for name in ("token", "auth_token", "access_token"):
        assert client.get(f"/api/v1/me?{name}={token}").status_code == 401


def test_a_token_expires(program: Programs, dispatcher: Actor, clock: SettableClock) -> None:
    """A token left in a script is not a key for ever."""
    mine = program(dispatcher)
    assert mine.get("/api/v1/me").status_code == 200

    clock.forward(timedelta(hours=13).total_seconds())

    assert mine.get("/api/v1/me").status_code == 401


def test_who_brings_a_token_that_has_expired_can_still_sign_in(
    program: Programs, dispatcher: Actor, clock: SettableClock
) -> None:
    """Clients set the header once, for every request; doors that need no token do not judge it."""
    mine = program(dispatcher)
    clock.forward(timedelta(hours=13).total_seconds())
    body = {"username": dispatcher.username, "password": PASSWORD}

    statuses = [mine.get(path).status_code for path in ("/readyz", openapi.PATH, "/api/v1/me")]
    again = mine.post("/api/v1/login", body)

    assert statuses == [200, 200, 401]
    assert again.status_code == 200
    fresh = {"Authorization": f"Bearer {told(again)['token']}"}
    assert mine.get("/api/v1/me", headers=fresh).status_code == 200


def test_logging_out_revokes_the_token(desk: Program) -> None:
    """At once, not at its expiry."""
    assert desk.post("/api/v1/logout").status_code == 204

    assert desk.get("/api/v1/me").status_code == 401


def test_a_session_ends_on_the_server_not_only_in_the_browser(
    app: APIFlask, browser: Browser, dispatcher: Actor
) -> None:
    """A copied cookie is worth nothing after sign-out."""
    signed_in = browser(dispatcher.username)
    stolen = signed_in.get_cookie("nearcrew_session")
    assert stolen is not None

    signed_in.post("/sign-out", data={"csrf_token": csrf_token(signed_in, "/")})

    thief = app.test_client()
    thief.set_cookie("nearcrew_session", stolen.value)
    assert thief.get("/api/v1/me").status_code == 401


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(
    client: FlaskClient, dispatcher: Actor
) -> None:
    """HttpOnly and SameSite, whatever the scheme."""
    form = {
        "csrf_token": csrf_token(client),
        "username": dispatcher.username,
        "password": PASSWORD,
    }

    cookies = client.post("/sign-in", data=form).headers.getlist("Set-Cookie")

    assert {each.partition("=")[0] for each in cookies} == {"nearcrew_device", "nearcrew_session"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie  # on http the browser would drop it


def test_the_cookie_is_secure_on_https(client: FlaskClient) -> None:
    """The flag follows the scheme of the request."""
    answer = client.get("/sign-in", base_url="https://nearcrew.example")

    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_cookie_alone_changes_nothing(
    browser: Browser, dispatcher: Actor, services: Services
) -> None:
    """Another site can make a browser post with its cookie, but cannot read our token."""
    signed_in = browser(dispatcher.username)
    center = services.ground.info()["center"]
    assert center is not None
    lon, lat = center
    body = {"kind": "gas_leak", "lon": lon, "lat": lat}

    forged = signed_in.post("/api/v1/incidents", json=body)
    ours = signed_in.post(
        "/api/v1/incidents", json=body, headers={"X-CSRF-Token": csrf_token(signed_in, "/")}
    )

    assert (forged.status_code, told(forged)["code"]) == (400, "csrf_failed")
    assert ours.status_code == 201


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("cookie", [None, "expired"])
def test_who_is_not_signed_in_is_told_so_before_anything_else(
    client: FlaskClient, method: str, cookie: str | None
) -> None:
    """A phone keeps its work on 401; a missing CSRF token would be a refusal for good."""
    if cookie is not None:
        client.set_cookie("nearcrew_session", cookie)
    path = {"PUT": "crews/1/duty", "PATCH": "incidents/1"}.get(method, "positions")

    answer = client.open(f"/api/v1/{path}", method=method, json={})

    assert (answer.status_code, told(answer)["code"]) == (401, "not_signed_in")


def test_logging_out_with_a_cookie_ends_the_session_and_needs_our_token(
    app: APIFlask, browser: Browser, dispatcher: Actor
) -> None:
    """The API's door out is as good as the page's."""
    signed_in = browser(dispatcher.username)
    stolen = signed_in.get_cookie("nearcrew_session")
    assert stolen is not None
    headers = {"X-CSRF-Token": csrf_token(signed_in, "/")}

    forged = signed_in.post("/api/v1/logout")
    still = signed_in.get("/api/v1/me")
    ours = signed_in.post("/api/v1/logout", headers=headers)

    assert (forged.status_code, told(forged)["code"]) == (400, "csrf_failed")
    assert still.status_code == 200
    assert ours.status_code == 204
    thief = app.test_client()
    thief.set_cookie("nearcrew_session", stolen.value)
    assert thief.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/language"])
def test_every_form_needs_its_token(browser: Browser, dispatcher: Actor, path: str) -> None:
    """Signing in and out included."""
    assert browser(dispatcher.username).post(path, data={"language": "zh"}).status_code == 400


def test_a_csrf_token_of_another_session_does_not_count(
    app: APIFlask, browser: Browser, dispatcher: Actor
) -> None:
    """A token fetched by an attacker opens nobody else's door."""
    foreign = csrf_token(app.test_client())

    answer = browser(dispatcher.username).post("/sign-out", data={"csrf_token": foreign})

    assert answer.status_code == 400


def test_crews_may_not_send_and_not_read_the_desk(
    program: Programs, people: People, yard: CrewYard, pin: Callable[..., dict[str, object]]
) -> None:
    """A crew sees its own orders; an incident it was not sent to does not exist for it."""
    crew_id = yard.put("Gas 1", 1, 1)
    crew = program(people.sign_up("gas1", Role.CREW, crew_id=crew_id))
    incident_id = pin(2, 2)["id"]

    assert crew.get("/api/v1/incidents").status_code == 403
    assert crew.get(f"/api/v1/incidents/{incident_id}/candidates").status_code == 403
    refused = crew.post(f"/api/v1/incidents/{incident_id}/assignments", {"crew_id": crew_id})
    assert (refused.status_code, told(refused)["code"]) == (403, "not_allowed")
    assert crew.get(f"/api/v1/incidents/{incident_id}").status_code == 404


def test_a_crew_changes_its_own_duty_only(
    program: Programs, people: People, yard: CrewYard
) -> None:
    """The desk may change everybody's."""
    mine, other = yard.put("Gas 1", 1, 1), yard.put("Gas 2", 2, 1)
    crew = program(people.sign_up("gas1", Role.CREW, crew_id=mine))

    own = crew.put(f"/api/v1/crews/{mine}/duty", {"duty": "on_break"})
    foreign = crew.put(f"/api/v1/crews/{other}/duty", {"duty": "off_duty"})

    assert told(own)["duty"] == "on_break"
    assert foreign.status_code == 403


def test_an_integration_reports_positions_and_sends_nobody(
    program: Programs, integration: Actor, pin: Callable[..., dict[str, object]]
) -> None:
    """A tracker's token is kept on many devices."""
    tracker = program(integration)

    refused = tracker.post(f"/api/v1/incidents/{pin(2, 2)['id']}/assignments", {"crew_id": 1})

    assert refused.status_code == 403
    assert tracker.get("/api/v1/crews").status_code == 200
