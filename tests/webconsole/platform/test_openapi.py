"""The API's description is valid, complete and browsable from our own server."""

import ast
import re
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.conftest import CHECKOUT
from tests.webconsole.conftest import told
from webconsole.platform.answers import answer

_SERVED = {"TypedDict", "StrEnum", "Command"}
FIXED_NAMES = {
    ("post", "/api/v1/login"),
    ("get", "/api/v1/incidents"),
    ("post", "/api/v1/incidents"),
    ("get", "/api/v1/incidents/{incident_id}"),
    ("patch", "/api/v1/incidents/{incident_id}"),
    ("post", "/api/v1/incidents/{incident_id}/close"),
    ("post", "/api/v1/incidents/{incident_id}/cancel"),
    ("post", "/api/v1/incidents/{incident_id}/reopen"),
    ("get", "/api/v1/incidents/{incident_id}/candidates"),
    ("post", "/api/v1/incidents/{incident_id}/assignments"),
    ("post", "/api/v1/assignments/{assignment_id}/accept"),
    ("post", "/api/v1/assignments/{assignment_id}/decline"),
    ("post", "/api/v1/assignments/{assignment_id}/depart"),
    ("post", "/api/v1/assignments/{assignment_id}/arrive"),
    ("post", "/api/v1/assignments/{assignment_id}/complete"),
    ("post", "/api/v1/assignments/{assignment_id}/withdraw"),
    ("get", "/api/v1/assignments/{assignment_id}/route"),
    ("get", "/api/v1/outcomes"),
    ("put", "/api/v1/outcomes/{kind}/{code}"),
    ("delete", "/api/v1/outcomes/{kind}/{code}"),
    ("get", "/api/v1/crews"),
    ("put", "/api/v1/crews/{crew_id}/duty"),
    ("post", "/api/v1/positions"),
    ("get", "/api/v1/crews/{crew_id}/track"),
    ("get", "/api/v1/stream"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
}
_SIGNED_IN: list[dict[str, list[str]]] = [{"bearer": []}, {"session": []}]
_SECURITY: dict[str, list[dict[str, list[str]]]] = {
    **{path: [{}] for path in ("/api/v1/login", "/healthz", "/readyz")},
    "/api/v1/gateways/{gateway_id}/callback": [{}],  # signed
    "/api/v1/deliveries/{delivery_id}/receipt": [{}],  # with a token of that delivery
    "/metrics": [{"metrics": []}, {}],
}


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    """Return the description as anybody reads it."""
    found: dict[str, Any] = told(client.get("/api/v1/openapi.json"))
    return found


def operations(description: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return all operations by method and path."""
    return {
        (method, path): operation
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    }


def test_it_is_valid_openapi_3_1(description: dict[str, Any]) -> None:
    """By the specification's own schema."""
    assert description["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_the_fixed_names_are_all_there(description: dict[str, Any]) -> None:
    """Clients are written against them."""
    assert set(operations(description)) >= FIXED_NAMES


def test_every_route_of_the_api_is_described(app: APIFlask, description: dict[str, Any]) -> None:
    """A route that is not described does not exist for integrators."""
    routes = {
        (method.lower(), re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "openapi.spec"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert routes <= set(operations(description))


def test_every_operation_tells_its_answer_its_problems_and_who_may(
    description: dict[str, Any],
) -> None:
    """Each with a summary, a shape for what goes well, and problem+json for what does not."""
    for (method, path), operation in operations(description).items():
        where = f"{method} {path}"
        assert operation["summary"], where
        assert operation["security"] == _SECURITY.get(path, _SIGNED_IN), where
        good = [status for status in operation["responses"] if status.startswith("2")]
        assert len(good) == 1, where
        for status, response in operation["responses"].items():
            if status.startswith("4"):
                assert list(response["content"]) == ["application/problem+json"], where
        if path.startswith("/api/"):
            assert "401" in operation["responses"], where
        if "requestBody" in operation:
            assert {"400", "413", "415", "422"} <= set(operation["responses"]), where


def test_the_stretch_of_a_closure_takes_its_two_ends_and_nothing_else(
    description: dict[str, Any],
) -> None:
    """A parameter that does nothing is a promise broken."""
    parameters = description["paths"]["/api/v1/closures/stretch"]["get"]["parameters"]

    assert {each["name"] for each in parameters} == {"from", "to"}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"status": "ok", "since": "noon"}, "'since' was unexpected"),
        ({}, "'status' is a required property"),
        ({"status": 1}, r"\$.status: 1 is not of type 'string'"),
    ],
)
def test_an_answer_that_is_not_as_described_is_noticed(
    app: APIFlask,
    client: FlaskClient,
    body: dict[str, object],
    wrong: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the clients of all tests here, whatever they ask for."""
    views: dict[str, Any] = app.view_functions
    monkeypatch.setitem(views, "health.alive", lambda: answer(body))

    with pytest.raises(AssertionError, match=wrong):
        client.get("/healthz")


def test_a_body_without_a_required_field_may_be_left_out(description: dict[str, Any]) -> None:
    """A step needs nothing; a photo needs its file."""
    paths = description["paths"]

    def required(path: str) -> bool:
        return bool(paths[path]["post"]["requestBody"]["required"])

    assert not required("/api/v1/assignments/{assignment_id}/accept")
    assert required("/api/v1/incidents")
    photo = paths["/api/v1/incidents/{incident_id}/photos"]["post"]["requestBody"]
    assert (list(photo["content"]), photo["required"]) == (["multipart/form-data"], True)


def test_shapes_are_named_once(description: dict[str, Any]) -> None:
    """Generated clients get one class for an incident, not one for each place it appears."""
    names = list(description["components"]["schemas"])

    assert [name for name in names if "." in name] == []
    assert {"Incident", "Assignment", "Candidate", "Crew", "Problem"} <= set(names)


def test_the_browsable_page_needs_no_other_server(client: FlaskClient) -> None:
    """Swagger UI comes from npm, its start from a script of ours."""
    page = client.get("/api/docs").text

    assert "gen/swagger.js" in page
    assert "js/pages/api_docs.js" in page
    assert 'data-openapi="/api/v1/openapi.json"' in page


def _name(base: ast.expr) -> str:
    return base.id if isinstance(base, ast.Name) else ""


def test_no_two_values_of_the_interface_share_a_name() -> None:
    """The description has one list of names: the second would silently stand for the first."""
    named: dict[str, list[str]] = {}
    for path in sorted(CHECKOUT.glob("dispatch/**/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and {_name(each) for each in node.bases} & _SERVED:
                named.setdefault(node.name, []).append(path.parent.name)

    assert {name: rooms for name, rooms in named.items() if len(rooms) > 1} == {}
