"""The pages: who sees which, where people are sent, and what browsers are told not to do."""

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any
from typing import NoReturn

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from dispatch import bootstrap
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.assignments.states import ASSIGNMENT_STATE_LABELS
from dispatch.assignments.states import LIVE_STATES
from dispatch.assignments.states import AssignmentState
from dispatch.bootstrap import Services
from dispatch.core import limits
from dispatch.crews.states import CREW_STATE_LABELS
from dispatch.crews.states import DUTY_LABELS
from dispatch.crews.states import IDLE
from dispatch.crews.states import Duty
from dispatch.incidents.states import INCIDENT_STATE_LABELS
from dispatch.incidents.states import PRIORITY_LABELS
from dispatch.incidents.states import IncidentState
from dispatch.settings import Settings
from tests.conftest import PASSWORD
from tests.conftest import CrewYard
from tests.conftest import People
from tests.shared_vectors import vectors
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import told
from webconsole import create_app
from webconsole.access.redirects import own_path
from webconsole.board import labels

Browser = Callable[[str], FlaskClient]
_ASSET = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def test_strangers_are_sent_to_sign_in_and_back(
    client: FlaskClient, people: People, yard: CrewYard
) -> None:
    """To the very page they wanted."""
    people.sign_up("gas1", Role.CREW, crew_id=yard.put("Gas 1", 1, 1))
    turned_away = client.get("/crew?order=7")
    assert turned_away.headers["Location"] == "/sign-in?next=/crew?order%3D7"
    form = {
        "csrf_token": csrf_token(client, turned_away.headers["Location"]),
        "username": "gas1",
        "password": PASSWORD,
        "next": "/crew?order=7",
    }

    answer = client.post("/sign-in", data=form)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/crew?order=7")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_nobody_is_sent_to_another_site(target: str | None) -> None:
    """However the address is disguised."""
    assert own_path(target) is None


def test_paths_of_ours_are_kept() -> None:
    """With their query."""
    assert own_path("/crew?a=1&b=https://x") == "/crew?a=1&b=https://x"


def test_desk_and_crew_each_get_their_own_page(
    browser: Browser, people: People, yard: CrewYard, dispatcher: Actor
) -> None:
    """Whoever opens the other's is led to their own."""
    people.sign_up("gas1", Role.CREW, crew_id=yard.put("Gas 1", 1, 1))
    desk, crew = browser(dispatcher.username), browser("gas1")

    assert desk.get("/").status_code == 200
    assert desk.get("/crew").headers["Location"] == "/"
    assert crew.get("/crew").status_code == 200
    assert crew.get("/").headers["Location"] == "/crew"


def test_a_page_knows_what_its_scripts_need(
    browser: Browser, dispatcher: Actor, services: Services
) -> None:
    """So that the first view needs no round trip."""
    page = browser(dispatcher.username).get("/").text

    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    boot = json.loads(found.group(1))
    assert boot["roles"] == ["dispatcher"]
    assert boot["bounds"] == services.ground.info()["bounds"]
    assert boot["head_id"] == services.events.head_id()
    assert "gas_leak" in {kind["code"] for kind in boot["kinds"]}
    assert boot["csrf_token"]
    assert list(boot["labels"]["crew_state"]) == list(CREW_STATE_LABELS), "in the order of lists"


def test_names_with_html_in_them_stay_text(
    browser: Browser, people: People, services: Services
) -> None:
    """In the page and in the data its scripts read."""
    services.accounts.create(
        CreateAccount(
            username="mallory",
            password=PASSWORD,
            roles=(Role.DISPATCHER,),
            display_name="</script><script>alert(1)</script>",
        )
    )
    del people

    page = browser("mallory").get("/").text

    assert "<script>alert" not in page
    assert "</script><script>" not in page.replace("</script>\n", "")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/api/docs", "/nothing-here"])
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(
    browser: Browser, client: FlaskClient, dispatcher: Actor, path: str
) -> None:
    """What the content security policy forbids is not tried."""
    visitor = client if path == "/sign-in" else browser(dispatcher.username)

    page = visitor.get(path).text

    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page)
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son\w+=", page)


def test_everything_a_page_names_is_there(
    browser: Browser, client: FlaskClient, dispatcher: Actor
) -> None:
    """And may be kept for ever under its version."""
    named = set()
    for path in ("/", "/api/docs"):
        named |= set(_ASSET.findall(browser(dispatcher.username).get(path).text))
    assert any(name.endswith("/gen/vendor.js") for name in named)

    for path in named:
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers


def test_an_asset_of_another_version_is_served_but_not_kept(
    client: FlaskClient,
) -> None:
    """A page loaded before an update still works after it."""
    answer = client.get("/static/0123456789abcdef/js/pages/theme.js", buffered=True)

    assert answer.status_code == 200
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../access.py", "%2e%2e/access.py", "gen/.lock/../../../x"])
def test_static_serves_nothing_outside_its_folder(client: FlaskClient, name: str) -> None:
    """Climbing out finds nothing."""
    assert client.get(f"/static/x/{name}").status_code == 404


@pytest.mark.parametrize(
    "path", ["/sign-in", "/api/v1/me", "/healthz", "/static/x/js/pages/theme.js"]
)
def test_security_headers_are_on_every_answer(client: FlaskClient, path: str) -> None:
    """Pages, problems, health and files alike."""
    headers = client.get(path, buffered=True).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_strict_transport_only_over_https(client: FlaskClient) -> None:
    """On http it would be ignored, or lock people out."""
    plain = client.get("/sign-in")
    secure = client.get("/sign-in", base_url="https://nearcrew.example")

    assert "Strict-Transport-Security" not in plain.headers
    assert "Strict-Transport-Security" in secure.headers


def test_the_demo_shows_its_accounts_and_nothing_else_does(
    app: APIFlask, services: Services
) -> None:
    """A real installation shows no names."""
    demo_services = dataclasses.replace(
        services, settings=services.settings.model_copy(update={"demo": True})
    )

    demo = create_app(services=demo_services).test_client().get("/sign-in").text
    real = app.test_client().get("/sign-in").text

    assert "nearcrew-demo" in demo
    assert "crew24" in demo
    assert "nearcrew-demo" not in real


def test_a_refused_sign_in_keeps_the_name_and_says_why(client: FlaskClient) -> None:
    """Only the password is typed again."""
    form = {"csrf_token": csrf_token(client), "username": "dora", "password": "wrong"}

    answer = client.post("/sign-in", data=form)

    assert answer.status_code == 401
    assert 'value="dora"' in answer.text
    assert "The user name or the password is wrong." in answer.text


def test_faults_are_told_without_a_trace(
    app: APIFlask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log has it; the answer does not."""

    def fault() -> NoReturn:
        inner = "what only we should know"
        raise RuntimeError(inner)

    views: dict[str, Any] = app.view_functions
    for endpoint in ("people.sign_in", "access.login"):
        monkeypatch.setitem(views, endpoint, fault)

    page = client.get("/sign-in")
    problem = client.post("/api/v1/login", json={})

    assert page.status_code == 500
    assert "only we" not in page.text
    assert told(problem)["code"] == "internal_error"
    assert "only we" not in problem.text


def test_without_a_database_the_console_says_so_and_lives(settings: Settings) -> None:
    """It may be restarting: health stays, readiness does not, callers are told to try again."""
    nowhere = settings.model_copy(update={"database_url": "postgresql+psycopg://x@127.0.0.1:1/x"})
    services = bootstrap.build(nowhere)
    client = create_app(services=services).test_client()

    problem = client.get("/api/v1/crews", headers={"Authorization": "Bearer any"})

    assert (problem.status_code, told(problem)["code"]) == (503, "not_ready")
    assert problem.headers["Retry-After"] == "2"
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, told(ready)["database"]) == (503, False)
    services.close()


def test_the_pages_are_told_the_limits_that_commands_hold() -> None:
    """The scripts are tested with the same."""
    assert dict(limits.FOR_PAGES) == vectors("limits")


def test_the_pages_are_told_the_words_of_every_state_priority_and_duty() -> None:
    """The scripts are tested with the same."""
    assert json.dumps(dict(labels.FOR_PAGES)) == json.dumps(vectors("labels")), "order included"
    assert set(INCIDENT_STATE_LABELS) == set(IncidentState)
    assert set(ASSIGNMENT_STATE_LABELS) == set(AssignmentState)
    assert set(DUTY_LABELS) == set(Duty)
    assert set(CREW_STATE_LABELS) == {IDLE, *LIVE_STATES, *set(Duty) - {Duty.ON_DUTY}}
    assert list(PRIORITY_LABELS) == limits.FOR_PAGES["priorities"]
