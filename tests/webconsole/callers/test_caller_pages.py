"""The caller's page over HTTP: plain, unlinked, in both languages, and proof against nonsense."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.orders import step_for
from tests.pictures import drawn
from tests.pictures import encoded
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
SENT_ONCE = 303


@pytest.fixture
def leak(pin: Callable[..., IncidentAnswer]) -> int:
    """Return a leak that somebody reported by telephone."""
    return pin(1, 1, caller_phone="+86 138 0000 1234", address="Own Street 1")["id"]


@pytest.fixture
def link(desk: Program, leak: int) -> str:
    """Return the path of its caller's page."""
    (report,) = told(desk.get(f"/api/v1/incidents/{leak}/reports"))["reports"]
    made = desk.post(f"/api/v1/incidents/{leak}/reports/{report['id']}/caller-link", {"sms": False})
    assert made.status_code == 201
    return str(told(made)["link"]).removeprefix("http://localhost")


def _finish(services: Services, dispatcher: Actor, yard: CrewYard, incident_id: int) -> None:
    crew = yard.put("Crew", 2, 2)
    order, _ = services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew))
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE):
        services.assignments.act(dispatcher, order["id"], action, step_for(action))


def test_the_page_needs_no_script_and_leaves_no_trace(client: FlaskClient, link: str) -> None:
    """Not in indexes, caches, or the logs of other sites; and no cookie."""
    page = client.get(link)

    assert page.status_code == 200
    assert "<script" not in page.text
    assert 'http-equiv="refresh"' in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers


def test_the_page_speaks_the_browsers_language_or_the_one_chosen(
    client: FlaskClient, link: str
) -> None:
    """Without either, that of the message."""
    asked = [
        client.get(link, headers={"Accept-Language": "en-GB, zh;q=0.5"}).text,
        client.get(link, headers={"Accept-Language": "fr"}).text,
        client.get(f"{link}?lang=en", headers={"Accept-Language": "zh-CN"}).text,
        client.get(f"{link}?lang=xx", headers={"Accept-Language": "zh-CN"}).text,
    ]

    assert [re.findall(r'<html lang="([^"]+)"', each)[0] for each in asked] == [
        *("en", "zh-CN", "en", "zh-CN")
    ]
    assert "Open windows and doors." in asked[0]
    assert "打开门窗通风" in asked[1]


def test_addresses_that_lead_nowhere_all_say_the_same(
    client: FlaskClient, desk: Program, link: str, leak: int
) -> None:
    """Never made, revoked, or of something else; on every page."""
    (report,) = told(desk.get(f"/api/v1/incidents/{leak}/reports"))["reports"]
    path = f"/api/v1/incidents/{leak}/reports/{report['id']}/caller-link/revoke"
    assert desk.post(path, {}).status_code == 200
    answers = [
        client.get(each) for each in (link, "/t/unknown", "/t/%00%ff", f"{link}/here", f"{link}x")
    ]
    posted = [client.post(f"{each}/rating", data={"rating": "5"}) for each in (link, "/t/unknown")]

    assert {each.status_code for each in [*answers, *posted]} == {404}
    assert len({each.text for each in [*answers, *posted]}) == 1
    assert all(each.headers["Referrer-Policy"] == "no-referrer" for each in answers)


def test_a_caller_says_where_he_is_and_nothing_typed_is_lost_when_it_is_refused(
    client: FlaskClient, desk: Program, link: str, leak: int
) -> None:
    """A file that is no picture is refused with what was written still there."""
    words = 'third gate, left of the "bakery" <b>'
    wrong = {"words": words, "photo": (BytesIO(b"no picture"), "x.jpg")}
    refused = client.post(f"{link}/here", data=wrong)
    right = {
        "words": words,
        "lon": "7.4001",
        "lat": "43.7001",
        "unknown": "x",
        "photo": (BytesIO(encoded(drawn())), "spot.jpg"),
    }
    sent = client.post(f"{link}/here?lang=en", data=right)
    again = client.post(f"{link}/here", data={"words": "elsewhere"})

    assert refused.status_code == 422
    assert "third gate, left of the &#34;bakery&#34; &lt;b&gt;" in refused.text
    assert (sent.status_code, again.status_code) == (SENT_ONCE, 409)
    assert "The crew sees where you are." in client.get(sent.headers["Location"]).text
    (place,) = told(desk.get(f"/api/v1/incidents/{leak}/caller-places"))["places"]
    assert (place["words"], place["lon"]) == (words, 7.4001)
    assert len(told(desk.get(f"/api/v1/incidents/{leak}/photos"))["photos"]) == 1


def test_a_case_that_is_over_is_rated_once_and_the_caller_is_called_back(  # noqa: PLR0917
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    client: FlaskClient,
    desk: Program,
    link: str,
    leak: int,
) -> None:
    """The list of those who asked for it names them until somebody ticks it."""
    _finish(services, dispatcher, yard, leak)
    page = client.get(f"{link}?lang=en").text
    empty = client.post(f"{link}/rating", data={})
    sent = client.post(f"{link}/rating", data={"rating": "4", "call_back": "yes"})
    again = client.post(f"{link}/rating", data={"rating": "1"})

    assert "The work is finished." in page
    assert 'http-equiv="refresh"' not in page
    assert [each.status_code for each in (empty, sent, again)] == [422, SENT_ONCE, 409]
    (asked,) = told(desk.get("/api/v1/callers/call-backs?open=true"))["call_backs"]
    assert (asked["incident_id"], asked["rating"]) == (leak, 4)
    path = f"/api/v1/incidents/{leak}/reports/{asked['report_id']}/call-back"
    assert desk.post(path, {"called": True}).status_code == 200
    assert told(desk.get("/api/v1/callers/call-backs?open=true"))["call_backs"] == []


def test_the_words_for_a_kind_are_the_companys_own_until_it_gives_them_up(
    client: FlaskClient, program: Callable[[Actor], Program], administrator: Actor, link: str
) -> None:
    """In both languages, each line a thing to do."""
    office = program(administrator)
    own = {"words_en": "Run.\nCall from outside.", "words_zh": "快跑。"}

    changed = office.put("/api/v1/safety-texts/gas_leak", own)
    page = client.get(f"{link}?lang=en").text
    back = office.put("/api/v1/safety-texts/gas_leak", {"words_en": None, "words_zh": None})

    assert (changed.status_code, back.status_code) == (200, 200)
    assert "<li>Run.</li><li>Call from outside.</li>" in page
    assert told(back)["own"] is False
    assert "Open windows" in client.get(f"{link}?lang=en").text


def test_too_many_requests_with_one_link_are_refused(client: FlaskClient, link: str) -> None:
    """Others' links go on working."""
    answers = [client.post(f"{link}/here", data={}).status_code for _ in range(12)]

    assert answers == [422] * 10 + [429] * 2
    assert client.get(link).status_code == 200


_TEXT = st.text(max_size=30) | st.sampled_from(["", "nan", "1e999", "\x00", "5", "-1", "yes"])
_FORM = st.dictionaries(
    st.sampled_from(["lon", "lat", "words", "rating", "call_back", "photo", "csrf_token", "x"]),
    _TEXT | st.binary(max_size=60).map(lambda content: (BytesIO(content), "f.jpg")),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_FORM, st.sampled_from(["here", "rating"]), _TEXT)
def test_no_form_whatever_it_holds_is_our_fault(
    client: FlaskClient, link: str, form: dict[str, Any], page: str, language: str
) -> None:
    """Refused, or taken; never a fault of the server."""
    for limiter in client.application.extensions["limiter"]:
        limiter.reset()

    answer = client.post(f"{link}/{page}", data=form, query_string={"lang": language})

    assert answer.status_code < 500
