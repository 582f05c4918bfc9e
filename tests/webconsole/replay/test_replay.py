"""Replay and exports through the HTTP API."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]


@pytest.fixture
def sent(services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard) -> tuple[int, int]:
    """Send a crew to an incident; return both."""
    incident_id, crew_id = pin(2, 2)["id"], yard.put("A", 5, 5)
    services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
    return incident_id, crew_id


@pytest.mark.parametrize("path", ["", "/incidents/{0}", "/crews/{1}"])
def test_every_replay_has_the_shape_that_is_described(
    desk: Program, sent: tuple[int, int], path: str
) -> None:
    """Clients are made from the description."""
    answer = desk.get(f"/api/v1/replay{path.format(*sent)}")

    replay = told(answer)
    assert [each["id"] for each in replay["crews"]] == [sent[1]]
    assert [each["state"] for each in replay["incidents"][0]["frames"]] == ["open", "assigned"]
    assert len(replay["decisions"]) == 1
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("area", ["incidents", "crews"])
@pytest.mark.parametrize(
    ("format_", "mimetype"),
    [("gpx", "application/gpx+xml"), ("geojson", "application/geo+json")],
)
def test_exports_are_files_with_a_name(
    desk: Program, sent: tuple[int, int], area: str, format_: str, mimetype: str
) -> None:
    """Saved by the browser, not shown."""
    number = sent[0] if area == "incidents" else sent[1]

    answer = desk.get(f"/api/v1/exports/{area}/{number}?format={format_}")

    assert (answer.status_code, answer.mimetype) == (200, mimetype)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="nearcrew-{area[:-1]}-{number}-')
    assert disposition.endswith(f'.{format_}"')


def test_wrong_questions_are_refused_by_name(desk: Program, sent: tuple[int, int]) -> None:
    """The parameter, and what it should be."""
    incident_id, crew_id = sent

    for query, named in (("from=now", "from"), ("to=2026-01-01T00:00:00", "to")):
        answer = desk.get(f"/api/v1/replay/crews/{crew_id}?{query}")
        assert set(refused_fields(answer)) == {named}
    path = f"/api/v1/exports/incidents/{incident_id}?format=kml"
    assert refused_fields(desk.get(path))["format"].startswith("must be one of")
    assert desk.get("/api/v1/replay/incidents/999999").status_code == 404


def test_pages_are_for_the_desk_and_for_the_crew_itself(
    browser: Callable[[str], FlaskClient], people: People, sent: tuple[int, int], yard: CrewYard
) -> None:
    """A crew may look at its own shift, at no other's and at no incident as a whole."""
    incident_id, crew_id = sent
    people.sign_up("own", Role.CREW, crew_id=crew_id)
    other = yard.put("B", 1, 1)
    desk, crew = browser("dora"), browser("own")

    for path in ("/replay", f"/replay/incident/{incident_id}", f"/replay/crew/{crew_id}"):
        assert desk.get(path).status_code == 200
    assert desk.get("/replay/station/1").status_code == 404
    assert crew.get(f"/replay/crew/{crew_id}").status_code == 200
    for path in ("/replay", f"/replay/incident/{incident_id}", f"/replay/crew/{other}"):
        assert crew.get(path).status_code == 403
