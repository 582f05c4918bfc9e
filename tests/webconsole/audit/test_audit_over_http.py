"""The audit trail through the HTTP API, its page, and readings of numbers in every answer."""

import csv
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.incidents.types import IncidentAnswer
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import told
from webconsole.platform.caller_numbers import MASK

API = "/api/v1"
NUMBER = "13800138000"
Programs = Callable[[Actor], Program]
Pin = Callable[..., IncidentAnswer]


@pytest.fixture
def supervisor(people: People) -> Actor:
    """Return a supervisor."""
    return people.sign_up("sue", Role.SUPERVISOR)


@pytest.fixture
def called(pin: Pin, services: Services) -> int:
    """Return an incident whose caller left a number, as yet read by nobody."""
    made = pin(1, 1, caller_name="Wang", caller_phone=NUMBER)["id"]
    services.readings.begin_anew()
    return made


def readings(services: Services, engine: Engine) -> list[tuple[str, str, list[int]]]:
    """Return who read what how."""
    services.readings.flush()
    asked = text("SELECT actor, way, subject_ids FROM reading ORDER BY id")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(asked)]


def shapes_with_a_number(node: Any, described: dict[str, Any], seen: frozenset[str]) -> bool:  # noqa: ANN401
    """Tell whether a schema can hold a caller's number."""
    if isinstance(node, list):
        return any(shapes_with_a_number(each, described, seen) for each in node)
    if not isinstance(node, dict):
        return False
    if "caller_phone" in node.get("properties", {}):
        return True
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        return shapes_with_a_number(described[name], described, seen | {name})
    return any(shapes_with_a_number(each, described, seen) for each in node.values())


def test_answers_that_can_hold_a_number_are_known(client: FlaskClient) -> None:
    """A new one is noted by itself; whether it opens one record or lists many is looked at here."""
    description = told(client.get(f"{API}/openapi.json"))
    schemas = description["components"]["schemas"]
    found = {
        path.removeprefix(API)
        for path, methods in description["paths"].items()
        for code, answer in methods.get("get", {}).get("responses", {}).items()
        if code == "200" and shapes_with_a_number(answer.get("content"), schemas, frozenset())
    }

    assert found == READ_THROUGH


READ_THROUGH = {
    "/incidents",
    "/incidents/{incident_id}",
    "/incidents/{incident_id}/reports",
    "/incidents/{incident_id}/merge",
    "/incidents/{incident_id}/merged",
    "/incidents/near",
    "/history/incidents",
    "/crews/{crew_id}/assignments",
    "/callers/call-backs",
    "/public-reports",
}


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/incidents/{id}", "opened"),
        ("/incidents/{id}/reports", "opened"),
        ("/incidents/{id}/call-backs", "opened"),
        ("/incidents/{id}/call-backs.csv", "opened"),
        ("/incidents/{id}/timeline", ""),
        ("/history/incidents?state=open", "opened"),
        ("/incidents/{id}/candidates", ""),
    ],
)
def test_a_number_in_an_answer_is_a_reading(
    desk: Program, called: int, services: Services, owner_engine: Engine, path: str, way: str
) -> None:
    """Whichever answer it is; without a number nothing is noted."""
    answer = desk.get(API + path.format(id=called))

    assert answer.status_code == 200
    assert (NUMBER in answer.text) == bool(way)
    assert readings(services, owner_engine) == ([("dora", way, [called])] if way else [])


def test_the_desks_list_and_the_stream_are_one_reading_an_hour(  # noqa: PLR0917  (who, where, how)
    desk: Program,
    called: int,
    pin: Pin,
    app: APIFlask,
    services: Services,
    dispatcher: Actor,
    owner_engine: Engine,
) -> None:
    """However often the board loads again."""
    other = pin(2, 2, caller_phone="139")["id"]
    services.readings.begin_anew()
    hub = app.extensions["nearcrew.stream"]

    for _ in range(2):
        assert len(told(desk.get(f"{API}/incidents"))["incidents"]) == 2
    stream = hub.open(dispatcher, 0, still=lambda: dispatcher, cut=lambda: None)
    sent = [next(stream).decode() for _ in range(3)]
    stream.close()

    assert NUMBER in "".join(sent)
    assert readings(services, owner_engine) == [("dora", "desk", [called, other])]


def test_the_crew_that_is_sent_reads_the_number_and_others_do_not(  # noqa: PLR0917  (who, where)
    program: Programs,
    people: People,
    yard: CrewYard,
    called: int,
    services: Services,
    dispatcher: Actor,
    owner_engine: Engine,
) -> None:
    """Its order page is a reading, too."""
    crew_id = yard.put("Gas 1", 1, 1)
    crew = program(people.sign_up("cruz", Role.CREW, crew_id=crew_id))
    services.sending.send(dispatcher, called, SendCrew(crew_id=crew_id))
    services.readings.begin_anew()

    orders = crew.get(f"{API}/crews/{crew_id}/assignments")

    assert NUMBER in orders.text
    assert readings(services, owner_engine) == [("cruz", "crew", [called])]


def test_who_read_too_many_sees_masks_and_can_still_send(  # noqa: PLR0917  (who, where, how)
    desk: Program,
    program: Programs,
    supervisor: Actor,
    called: int,
    app: APIFlask,
    services: Services,
    dispatcher: Actor,
) -> None:
    """Lists of numbers and tables are refused; a supervisor lifts it, with a reason."""
    assert not services.readings.note(dispatcher, dict.fromkeys(range(1_000, 1_100), True))
    lift = f"{API}/audit/reading-blocks/{dispatcher.account_id}/lift"
    boss = program(supervisor)
    hub = app.extensions["nearcrew.stream"]
    stream = hub.open(dispatcher, 0, still=lambda: dispatcher, cut=lambda: None)
    streamed = "".join(next(stream).decode() for _ in range(2))
    stream.close()

    shown = told(desk.get(f"{API}/incidents/{called}"))
    refused = [
        desk.get(f"{API}{path}")
        for path in (
            "/history/incidents",
            f"/incidents/{called}/call-backs",
            f"/incidents/{called}/call-backs.csv",
        )
    ]
    (listed,) = told(boss.get(f"{API}/audit/reading-blocks"))["blocks"]

    assert (shown["caller_name"], shown["caller_phone"]) == (MASK, MASK)
    assert NUMBER not in desk.get(f"{API}/incidents/{called}/reports").text
    assert NUMBER not in streamed
    assert MASK in streamed
    assert [(each.status_code, told(each)["code"]) for each in refused] == (
        [(403, "reading_blocked")] * 3
    )
    assert listed["username"] == "dora"
    assert desk.post(lift, {"reason": "me"}).status_code == 403
    assert boss.post(lift, {"reason": ""}).status_code == 422
    assert boss.post(lift, {"reason": "yesterday's outage"}).status_code == 204
    assert told(desk.get(f"{API}/incidents/{called}"))["caller_phone"] == NUMBER


def test_exports_are_in_the_trail_and_callers_only_for_whoever_may_export_them(  # noqa: PLR0917  (who, where)
    desk: Program,
    program: Programs,
    supervisor: Actor,
    administrator: Actor,
    called: int,
    services: Services,
    owner_engine: Engine,
) -> None:
    """With what was asked for, and the records that were in it."""
    path = f"{API}/history/incidents.csv?state=open&from=2026-01-01"
    without = desk.get(path).text
    with_callers = program(supervisor).get(path).text
    desk.get(f"{API}/exports/incidents/{called}?format=gpx")

    trail = told(program(administrator).get(f"{API}/audit?kind=export"))["entries"]

    assert NUMBER not in without
    assert NUMBER in with_callers
    assert readings(services, owner_engine) == [("sue", "exported", [called])]
    assert [(each["actor"], each["subject"].rpartition(".")[2]) for each in trail] == [
        *(("dora", "gpx"), ("sue", "csv"), ("dora", "csv")),
    ]
    assert trail[1]["after"] == {"from": "2026-01-01", "state": ["open"]}


def test_the_trail_is_found_by_who_what_when_and_which(
    desk: Program, program: Programs, administrator: Actor, called: int
) -> None:
    """The newest first, page by page, and as a table."""
    desk.get(f"{API}/incidents/{called}")
    admin = program(administrator)

    def found(query: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = told(admin.get(f"{API}/audit?{query}"))["entries"]
        return entries

    (read,) = found(f"kind=reading&actor=DOR&subject=incident&subject_id={called}")
    page = told(admin.get(f"{API}/audit?limit=2"))
    older = found(f"limit=200&before={page['next_before']}")
    everything = found("limit=200")
    table = list(
        csv.DictReader(admin.get(f"{API}/audit/entries.csv?kind=reading").text.splitlines())
    )

    assert (read["action"], read["subject_ids"]) == ("opened", [str(called)])
    assert [*page["entries"], *older] == everything
    assert found("to=2020-01-01") == []
    assert [row["number"] for row in table] == [str(called)]
    assert set(told(admin.get(f"{API}/audit?from=x&kind=y"))["errors"][0]) == {"field", "message"}
    assert desk.get(f"{API}/audit").status_code == desk.get("/audit").status_code == 403


def test_the_page_shows_old_and_new_and_lifts_blocks(
    browser: Callable[[str], FlaskClient],
    administrator: Actor,
    supervisor: Actor,
    dispatcher: Actor,
    services: Services,
    owner_engine: Engine,
) -> None:
    """The supervisor sees who is blocked and not the trail."""
    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE account SET display_name = 'Dora <D>' WHERE id = :id"),
            {"id": dispatcher.account_id},
        )
    services.readings.note(dispatcher, dict.fromkeys(range(1_000, 1_100), True))
    admins, supervisors = browser(administrator.username), browser(supervisor.username)

    page = admins.get("/audit?kind=change&subject=account").text
    bad = admins.get("/audit?from=yesterday").text
    form = {"csrf_token": csrf_token(supervisors, "/audit"), "reason": "night shift"}
    blocked = supervisors.get("/audit").text
    lifted = supervisors.post(f"/audit/reading-blocks/{dispatcher.account_id}", data=form)

    assert "<del>dora</del>" in page
    assert f"Times are those of {services.settings.time_zone}." in page
    assert "<ins>Dora &lt;D&gt;</ins>" in page
    assert 'aria-invalid="true"' in bad
    assert "100 records" in blocked
    assert 'id="found"' not in blocked
    assert lifted.status_code == 303
    assert "Nobody is blocked." in supervisors.get("/audit").text
