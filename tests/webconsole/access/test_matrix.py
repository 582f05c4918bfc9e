"""Who may do what: as documented, and as every route answers every shipped role."""

import re
from collections.abc import Callable

import pytest
from apiflask import APIFlask

from dispatch.access.permissions import PERMISSIONS
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.access.write_matrix import DOCUMENT
from tests.webconsole.conftest import Program
from webconsole.access.matrix import access_document
from webconsole.access.matrix import guarded_routes
from webconsole.platform.route_rights import RightsFirst

pytestmark = pytest.mark.postgis
_PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
_NEVER_ASKED = frozenset({"access.logout", "people.sign_out", "stream.open_stream"})
"""They end what the test asks with, or never end."""
_OWN_ANSWER = frozenset(
    {"people.console", "people.crew", "administration_pages.first", "administration_pages.subject"}
)
"""Pages that look at who asks: they lead on, or say that there is none for this account."""


def test_the_document_is_made_from_the_code(app: APIFlask) -> None:
    """`python -m tests.webconsole.access.write_matrix` makes it anew."""
    assert DOCUMENT.read_text(encoding="utf-8") == access_document(app)


def test_no_route_is_left_out(app: APIFlask) -> None:
    """A blueprint of Flask's own asks for nothing, and would stand in no table."""
    plain = {name for name, each in app.blueprints.items() if not isinstance(each, RightsFirst)}

    assert plain <= {"openapi"}


@pytest.mark.parametrize("role", Role)
def test_every_route_refuses_whom_it_is_said_to_refuse_and_nobody_else(
    app: APIFlask,
    program: Callable[[Actor], Program],
    people: People,
    yard: CrewYard,
    role: Role,
) -> None:
    """403 for who lacks what a route needs; for all others something else, whatever they send."""
    crew_id = yard.put("Gas 1", 1, 1)
    sender = program(people.sign_up("somebody", role, crew_id=crew_id))
    wrong, refused_at = [], 0
    for route in guarded_routes(app):
        if route.endpoint in _NEVER_ASKED | _OWN_ANSWER:
            continue
        address = _PLACE.sub(lambda place: _filled(place.group(1), crew_id), route.address)
        answer = sender.client.open(
            f"{address}?from=x&radius_m=x",
            method=route.method,
            headers=sender.headers,
            data=b"\xff{",
            content_type="application/json",
        )
        expected = bool(route.needs) and PERMISSIONS[role].isdisjoint(route.needs or ())
        refused_at += expected
        answer.close()
        if expected != (answer.status_code == 403):
            wrong.append((route.method, route.address, answer.status_code))

    assert wrong == []
    assert refused_at > (2 if role is Role.ADMINISTRATOR else 30)


def _filled(name: str, crew_id: int) -> str:
    return str(crew_id) if name == "crew_id" else "999"
