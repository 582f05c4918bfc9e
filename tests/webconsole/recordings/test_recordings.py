"""Recordings through the HTTP API: what is taken, who may play it, and how it is given out."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy import text
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse
from werkzeug.test import encode_multipart

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.recordings import MP4
from tests.recordings import OGG
from tests.recordings import WEBM
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
Programs = Callable[[Actor], Program]


def send(
    program: Program, incident_id: int, content: bytes = WEBM, kind: str = "video", **form: str
) -> TestResponse:
    """Send a recording as a phone does."""
    file = FileStorage(io.BytesIO(content), "r.webm", "recording", "text/html")
    boundary, body = encode_multipart({"recording": file, "kind": kind, **form})
    return program.client.post(
        f"/api/v1/incidents/{incident_id}/recordings",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers=program.headers,
    )


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (WEBM, "video", "video/webm"),
        (MP4, "video", "video/mp4"),
        (WEBM, "audio", "audio/webm"),
        (OGG, "audio", "audio/ogg"),
    ],
)
def test_a_recording_comes_back_as_it_was_and_cannot_act(
    desk: Program, pin: Pin, content: bytes, kind: str, media_type: str
) -> None:
    """Its type follows from its bytes, not from what it was called."""
    incident_id = pin(2, 2)["id"]

    added = told(send(desk, incident_id, content, kind, duration_s="12.5", lon="7.4", lat="43.7"))
    whole = desk.get(added["url"])

    assert (whole.data, whole.mimetype) == (content, media_type)
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert whole.headers["Cache-Control"].startswith("private")
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert (
        f'inline; filename="incident-{incident_id}-{kind}-' in whole.headers["Content-Disposition"]
    )
    again = desk.get(added["url"], headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    (listed,) = told(desk.get(f"/api/v1/incidents/{incident_id}/recordings"))["recordings"]
    assert listed == added
    assert (added["duration_s"], added["lon"], added["size_bytes"]) == (12.5, 7.4, len(content))


@pytest.mark.parametrize(
    ("asked", "first", "stop"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=100-199", 100, 200),
        ("bytes=2000-", 2000, len(WEBM)),
        ("bytes=-10", len(WEBM) - 10, len(WEBM)),
        ("bytes=10-999999", 10, len(WEBM)),
    ],
)
def test_a_player_gets_the_bytes_that_it_asks_for(
    desk: Program, pin: Pin, asked: str, first: int, stop: int
) -> None:
    """206 with where they stand in the whole."""
    url = told(send(desk, pin(2, 2)["id"]))["url"]

    answer = desk.get(url, headers={"Range": asked})

    assert answer.status_code == 206
    assert answer.data == WEBM[first:stop]
    assert answer.headers["Content-Range"] == f"bytes {first}-{stop - 1}/{len(WEBM)}"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_odd_ranges_are_answered_with_the_whole_and_impossible_ones_refused(
    desk: Program, pin: Pin
) -> None:
    """As players expect; a range of another file than it was is the whole of the new one."""
    url = told(send(desk, pin(2, 2)["id"]))["url"]

    def asked(wanted: str, **more: str) -> TestResponse:
        return desk.get(url, headers={"Range": wanted, **more})

    for odd in ("bytes=0-1,5-6", "lines=1-2", "bytes=x"):
        assert (asked(odd).status_code, asked(odd).data) == (200, WEBM)
    changed = asked("bytes=0-1", **{"If-Range": '"another"'})
    assert (changed.status_code, changed.data) == (200, WEBM)
    beyond = asked("bytes=999999-")
    assert (beyond.status_code, told(beyond)["code"]) == (416, "range_not_satisfiable")


def test_an_open_range_of_a_large_recording_is_answered_with_a_piece(
    desk: Program, pin: Pin
) -> None:
    """A million bytes at a time: nobody holds a whole film in memory for a player that seeks."""
    large = WEBM + bytes(2_500_000)
    url = told(send(desk, pin(2, 2)["id"], large))["url"]

    answer = desk.get(url, headers={"Range": "bytes=5-"})

    assert len(answer.data) == 1_000_000
    assert answer.headers["Content-Range"] == f"bytes 5-1000004/{len(large)}"


@pytest.mark.parametrize(
    ("content", "form", "named"),
    [
        (b"<html>", {}, "recording"),
        (WEBM + bytes(5_000_001), {"kind": "audio"}, "recording"),
        (WEBM, {"kind": "film"}, "kind"),
        (WEBM, {"duration_s": "40"}, "duration_s"),
        (WEBM, {"kind": "audio", "duration_s": "130"}, "duration_s"),
        (WEBM, {"duration_s": "nan"}, "duration_s"),
        (WEBM, {"lon": "7"}, "lat"),
        (WEBM, {"caption": "?"}, "caption"),
    ],
)
def test_what_cannot_be_taken_is_named(
    desk: Program, pin: Pin, content: bytes, form: dict[str, str], named: str
) -> None:
    """Too large, too long, no recording at all; nothing is kept of it."""
    incident_id = pin(2, 2)["id"]

    answer = send(desk, incident_id, content, **{"kind": "video", **form})

    assert list(refused_fields(answer)) == [named]
    assert told(desk.get(f"/api/v1/incidents/{incident_id}/recordings"))["recordings"] == []


def test_a_recording_sent_twice_is_kept_once(
    desk: Program, pin: Pin, services: Services, owner_engine: Engine
) -> None:
    """The same answer, one event; what came in for nothing is dropped later."""
    incident_id = pin(2, 2)["id"]

    first = send(desk, incident_id, client_id="r-1", recorded_at="2026-01-31T08:15:00Z")
    second = send(desk, incident_id, client_id="r-1", recorded_at="2026-01-31T08:15:00Z")
    other = send(desk, incident_id, MP4, client_id="r-1")

    assert told(first) == told(second)
    assert second.headers["Idempotent-Replay"] == "true"
    assert (other.status_code, told(other)["code"]) == (409, "idempotency_mismatch")
    with owner_engine.begin() as connection:
        connection.execute(text("INSERT INTO recording_file (content) VALUES ('left')"))
        connection.execute(text("UPDATE recording_file SET received_at = now() - interval '2 h'"))
    services.retention.erase_old_recordings()
    with owner_engine.connect() as connection:
        assert connection.scalars(text("SELECT content FROM recording_file")).all() == [WEBM]


def test_a_crew_plays_its_own_and_the_desks_and_a_stranger_none(
    desk: Program, pin: Pin, program: Programs, services: Services, people: People, yard: CrewYard
) -> None:
    """There is no such recording for anybody else."""
    dispatcher = people.sign_up("d2", Role.DISPATCHER)
    incident_id = pin(2, 2)["id"]
    crews = [
        people.sign_up(name, Role.CREW, crew_id=yard.put(name, number, 1))
        for number, name in enumerate(("north", "south", "x"), start=1)
    ]
    for crew in crews[:2]:
        services.sending.send(dispatcher, incident_id, SendCrew.read({"crew_id": crew.crew_id}))
    north, south, stranger = (program(crew) for crew in crews)

    of_desk, of_south = told(send(desk, incident_id)), told(send(south, incident_id))

    assert desk.get(of_south["url"]).status_code == 200
    assert north.get(of_desk["url"]).status_code == 200
    assert north.get(of_south["url"]).status_code == 404
    assert stranger.get(of_desk["url"]).status_code == 404
    assert send(stranger, incident_id).status_code == 404
    assert stranger.get("/api/v1/recordings/99999999999999999999").status_code == 404


def test_old_recordings_are_erased_and_that_there_was_one_stays(
    desk: Program, pin: Pin, services: Services, owner_engine: Engine
) -> None:
    """As photos are: after three years."""
    incident_id = pin(2, 2)["id"]
    url = told(send(desk, incident_id, lon="7.4", lat="43.7"))["url"]
    with owner_engine.begin() as connection:
        connection.execute(text("UPDATE recording SET received_at = now() - interval '1096 days'"))

    erased = services.retention.erase_old_recordings()

    assert erased == 1
    assert desk.get(url).status_code == 404
    (left,) = told(desk.get(f"/api/v1/incidents/{incident_id}/recordings"))["recordings"]
    assert (left["url"], left["lon"], left["kind"]) == (None, None, "video")


def test_only_the_crews_page_may_use_camera_and_microphone(
    browser: Callable[[str], FlaskClient], people: People, yard: CrewYard, dispatcher: Actor
) -> None:
    """No other page asks for them."""
    people.sign_up("gas1", Role.CREW, crew_id=yard.put("Gas 1", 1, 1))

    crew = browser("gas1").get("/crew").headers["Permissions-Policy"]
    desk = browser(dispatcher.username).get("/").headers["Permissions-Policy"]

    assert "camera=(self), microphone=(self)" in crew
    assert "camera=(), microphone=()" in desk
    assert "geolocation=(self)" in crew
