"""The public report page over HTTP: off unless wanted, and proof against floods and nonsense."""

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from defusedxml import ElementTree
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.gateways.types import AddGateway
from tests.cities import GridCity
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import told
from tests.webconsole.relay.test_relay import solved_in

pytestmark = pytest.mark.postgis


@pytest.fixture
def _on(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = replace(services.report_receiving.rules, on=True, bits=4, emergency_phone="119")
    monkeypatch.setattr(services.report_receiving, "rules", rules)


@pytest.fixture
def said(grid_city: GridCity) -> dict[str, str]:
    """Return what somebody types."""
    lon, lat = grid_city.at(2, 2)
    return {"kind": "gas_leak", "phone": "+86 1", "lon": str(lon), "lat": str(lat), "words": "hiss"}


def test_there_is_no_such_page_unless_the_installation_wants_it(client: FlaskClient) -> None:
    """Off as shipped; neither read nor sent to."""
    answers = [client.get("/report"), client.post("/report", data={}), client.get("/report/thanks")]

    assert [each.status_code for each in answers] == [404] * 3


@pytest.mark.usefixtures("_on")
def test_a_small_picture_of_the_map_shows_streets_without_an_account(
    client: FlaskClient, said: dict[str, str]
) -> None:
    """Well formed; where nothing is it is empty land, and what makes no sense is named."""
    around = {"lon": said["lon"], "lat": said["lat"], "width_m": "800"}

    drawn = client.get("/report/map.svg", query_string=around)
    sea = client.get("/report/map.svg", query_string={**around, "lon": "0", "lat": "0"})
    wrong = client.get("/report/map.svg", query_string={**around, "width_m": "nan", "lat": "95"})

    assert drawn.mimetype == "image/svg+xml"
    shapes = [each.tag.rpartition("}")[2] for each in ElementTree.fromstring(drawn.text)]
    assert shapes.count("path") >= 4  # two of each street: its edges, and its surface
    assert [each.tag.rpartition("}")[2] for each in ElementTree.fromstring(sea.text)] == ["rect"]
    assert wrong.status_code == 422
    assert "width_m" in wrong.text


@pytest.mark.usefixtures("_on")
def test_who_has_worked_is_heard_and_the_desk_settles_it(
    client: FlaskClient, desk: Program, said: dict[str, str]
) -> None:
    """The emergency number comes first; what was sent twice is one report."""
    page = client.get("/report?lang=en")
    proof = solved_in(page.text)
    sent = [client.post("/report?lang=en", data={**said, **proof}) for _ in range(2)]
    (report,) = told(desk.get("/api/v1/public-reports?state=waiting"))["reports"]
    path = f"/api/v1/public-reports/{report['id']}"

    settled = desk.post(f"{path}/confirm", {})
    late = [
        desk.post(f"{path}/attach", {"incident_id": 1}),
        desk.post(f"{path}/dismiss", {"reason": "x"}),
    ]

    assert "call 119 first" in page.text
    assert (page.headers["Referrer-Policy"], page.headers["Cache-Control"]) == (
        "no-referrer",
        "private, no-store",
    )
    assert [each.status_code for each in sent] == [303, 303]
    assert "has come in" in client.get(sent[0].headers["Location"]).text
    assert settled.status_code == 200
    assert [each.status_code for each in late] == [409, 409]
    assert told(settled)["state"] == "confirmed"


@pytest.mark.usefixtures("_on")
def test_a_browser_without_a_script_gets_a_code_by_sms_or_is_told_to_call(
    client: FlaskClient, services: Services, administrator: Actor, said: dict[str, str]
) -> None:
    """Nothing typed is lost on the way."""
    none = client.post("/report?lang=en", data=said)
    wanted = {"name": "S", "kind": "sms", "url": "http://127.0.0.1:9/", "secret": "secret of it"}
    services.gateways.add(administrator, AddGateway.model_validate(wanted | {"secret": "s" * 20}))
    asked = client.post("/report?lang=en", data=said)
    token = re.findall(r'name="token" value="([^"]+)"', asked.text)[0]
    wrong = client.post("/report?lang=en", data={**said, "token": token, "code": "000000"})

    assert none.status_code == 422
    assert "Please call instead" in none.text
    assert asked.status_code == 200
    assert wrong.status_code == 422
    for page in (none, asked, wrong):
        assert "hiss" in page.text


@pytest.mark.usefixtures("_on")
def test_callers_numbers_are_hidden_from_who_may_not_see_them(
    client: FlaskClient,
    program: Callable[[Actor], Program],
    people: People,
    said: dict[str, str],
) -> None:
    """As everywhere at the desk; and a crew has no business here."""
    proof = solved_in(client.get("/report").text)
    client.post("/report", data={**said, **proof, "phone": "+86 138 0000 1234"})
    planner = program(people.sign_up("paula", Role.PLANNER))

    (report,) = told(planner.get("/api/v1/public-reports"))["reports"]

    assert "0000" not in report["caller_phone"]
    assert planner.post(f"/api/v1/public-reports/{report['id']}/confirm", {}).status_code == 403


_TEXT = st.text(max_size=30) | st.sampled_from(["", "nan", "1e999", "\x00", "gas_leak", "7.4"])
_FORM = st.dictionaries(
    st.sampled_from(
        [
            *("kind", "phone", "lon", "lat", "address", "words", "photo"),
            *("challenge", "solution", "token", "code", "x"),
        ]
    ),
    _TEXT | st.binary(max_size=60).map(lambda content: (BytesIO(content), "f.jpg")),
)


@pytest.mark.usefixtures("_on")
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_FORM, st.sampled_from(["proved", "unproved"]), _TEXT)
def test_no_form_whatever_it_holds_is_our_fault(
    client: FlaskClient, said: dict[str, str], form: dict[str, Any], how: str, language: str
) -> None:
    """Refused, or taken; never a fault of the server."""
    for limiter in client.application.extensions["limiter"]:
        limiter.reset()
    proof = solved_in(client.get("/report").text) if how == "proved" else {}

    answer = client.post("/report", data={**said, **proof, **form}, query_string={"lang": language})

    assert answer.status_code < 500
