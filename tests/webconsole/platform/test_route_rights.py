"""Who may not use a route hears that first, whatever they send."""

from collections.abc import Callable
from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from dispatch.access.permissions import PERMISSIONS
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import told
from webconsole.access.sessions import OPEN_DOORS
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import EXTENSION

Programs = Callable[[Actor], Program]
RUBBISH: dict[str, Any] = {"data": b"\xff{", "content_type": "application/json"}
_METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def operations(client: FlaskClient) -> list[tuple[str, str, dict[str, Any]]]:
    """Return every operation of the API's description: method, path and the rest."""
    paths = told(client.get("/api/v1/openapi.json"))["paths"]
    return [
        (method, path.replace("{", "").replace("}", ""), operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method in _METHODS
    ]


def asked(
    operations: list[tuple[str, str, dict[str, Any]]], crew_id: int = 999
) -> Iterator[tuple[str, str, set[str]]]:
    """Yield method, address with a query that is rubbish, and permissions of which one is needed.

    But for the crew, what is asked for is not there either; that too is said later.
    """
    for method, path, operation in operations:
        there = path.replace("crew_id", str(crew_id))
        steps = ["999" if step.endswith("_id") else step for step in there.split("/")]
        yield method, f"{'/'.join(steps)}?from=x&radius_m=x", set(operation.get(EXTENSION, ()))


def test_who_is_not_signed_in_is_told_so_before_anything_else(
    client: FlaskClient, operations: list[tuple[str, str, dict[str, Any]]]
) -> None:
    """On every route but the open ones, with a body that is no JSON."""
    closed = [
        (method, path, client.open(path, method=method.upper(), **RUBBISH).status_code)
        for method, path, _ in asked([each for each in operations if {} not in each[2]["security"]])
    ]

    assert len(closed) > 40
    assert [each for each in closed if each[2] != 401] == []


@pytest.mark.parametrize("role", Role)
def test_who_may_not_is_told_so_before_the_body_is_read(
    program: Programs,
    people: People,
    yard: CrewYard,
    operations: list[tuple[str, str, dict[str, Any]]],
    role: Role,
) -> None:
    """And who may is told what is wrong with it."""
    crew_id = yard.put("Gas 1", 1, 1)
    sender = program(people.sign_up("somebody", role, crew_id=crew_id))
    wrong = []
    for method, path, needed in asked(operations, crew_id):
        if not needed:
            continue
        answer = sender.client.open(path, method=method.upper(), headers=sender.headers, **RUBBISH)
        refused = needed.isdisjoint(PERMISSIONS[role])
        if refused != (answer.status_code == 403 and "permission" in told(answer)["detail"]):
            wrong.append((method, path, answer.status_code))

    assert wrong == []


def test_each_role_is_kept_from_something(
    operations: list[tuple[str, str, dict[str, Any]]],
) -> None:
    """The test above would pass if no route needed anything."""
    needed = [needs for _, _, needs in asked(operations) if needs]
    kept_from = {
        role: sum(needs.isdisjoint(PERMISSIONS[role]) for needs in needed) for role in Role
    }

    assert len(needed) > 40
    assert kept_from[Role.INTEGRATION] > kept_from[Role.CREW] > kept_from[Role.DISPATCHER] > 2


def test_a_route_that_does_not_say_what_it_needs_is_a_mistake() -> None:
    """Found when the application is loaded, not when somebody gets in."""
    area = Area("forgotten", __name__)

    with pytest.raises(KeyError, match="needs"):
        area.get("/forgotten")(lambda: "")


def test_only_the_open_doors_need_nobody(app: APIFlask) -> None:
    """They are listed once more, where everything else is closed."""
    needing_nobody = {
        endpoint
        for area in app.blueprints.values()
        if isinstance(area, Area)
        for endpoint, needs in area.needs.items()
        if needs is ANYBODY
    }

    assert needing_nobody == {
        *("access.login", "health.alive", "health.ready", "health.numbers"),
        *("gateways.callback", "deliveries.receipt"),
    }
    assert needing_nobody <= OPEN_DOORS


def test_the_description_names_the_permission(
    operations: list[tuple[str, str, dict[str, Any]]],
) -> None:
    """Integrators need not find out by trying."""
    (described,) = [
        operation
        for method, path, operation in operations
        if (method, path) == ("post", "/api/v1/closures")
    ]

    assert described[EXTENSION] == [Permission.CLOSURE_WRITE]
    assert described["responses"]["403"]["description"].endswith("permission closure.write")
