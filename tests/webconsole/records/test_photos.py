"""Photos through the HTTP API: who may, what is taken, how pictures come back."""

import hashlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import Engine
from sqlalchemy import text
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse
from werkzeug.test import encode_multipart

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.limits import MOST_WAITING_PHOTOS
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import csrf_token
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told
from webconsole.serving.uploads import TakingTurns

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
Programs = Callable[[Actor], Program]
JPEG = encoded(drawn())


def send(
    program: Program, incident_id: int, content: bytes = JPEG, name: str = "p.jpg", **form: str
) -> TestResponse:
    """Send a photo as a form does."""
    file = FileStorage(io.BytesIO(content), name, "photo")
    boundary, body = encode_multipart({"photo": file, **form})
    return program.client.post(
        f"/api/v1/incidents/{incident_id}/photos",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        headers=program.headers,
    )


def test_a_photo_comes_back_as_a_clean_jpeg_that_cannot_act(
    desk: Program, pin: Pin, services: Services
) -> None:
    """Whole and small, for this person only, and caged even when opened by itself."""
    incident_id = pin(2, 2)["id"]

    received = told(send(desk, incident_id, caption="The valve"))
    decode_waiting(services)
    (photo,) = told(desk.get(f"/api/v1/incidents/{incident_id}/photos"))["photos"]
    whole = desk.get(photo["url"])
    small = desk.get(photo["thumbnail_url"])

    assert hashlib.sha256(whole.data).hexdigest() == photo["sha256"]
    assert Image.open(io.BytesIO(whole.data)).size == (640, 480)
    assert Image.open(io.BytesIO(small.data)).size == (320, 240)
    for answer in (whole, small):
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"].startswith("private")
        assert {"Cookie", "Authorization"} <= set(answer.vary)
        assert 'inline; filename="incident-' in answer.headers["Content-Disposition"]
    again = desk.get(photo["url"], headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert (received["id"], received["state"]) == (photo["id"], "received")
    assert told(desk.get(f"/api/v1/incidents/{incident_id}"))["photos_count"] == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF", "gas.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "a.svg"),
        (encoded(drawn(), "GIF"), "a.gif"),
        (b"", "empty.jpg"),
        (b"\xff\xd8\xff", "three.jpg"),
    ],
    ids=["pdf", "svg", "gif", "empty", "three bytes"],
)
def test_what_is_no_picture_is_refused_by_name(
    desk: Program, pin: Pin, content: bytes, name: str
) -> None:
    """Its first bytes tell, whatever it is called."""
    incident_id = pin(2, 2)["id"]

    answer = send(desk, incident_id, content, name=name)

    assert list(refused_fields(answer)) == ["photo"]
    assert told(desk.get(f"/api/v1/incidents/{incident_id}/photos"))["photos"] == []


@pytest.mark.parametrize("by", ["length", "cookie"])
def test_twenty_megabytes_are_refused_by_name(
    desk: Program, pin: Pin, browser: Callable[[str], FlaskClient], by: str
) -> None:
    """For programs and for people, whose form is looked into for its token before anything else."""
    incident_id = pin(2, 2)["id"]
    huge = JPEG + b"\x00" * 20_000_000
    if by == "cookie":
        client = browser("dora")
        desk = Program(client, {"X-CSRF-Token": csrf_token(client, "/")})

    answer = send(desk, incident_id, huge)

    assert answer.status_code == 413
    assert answer.mimetype == "application/problem+json"
    assert told(answer)["errors"] == [{"field": "photo", "message": "may have at most 10 MB"}]
    assert "10 MB" in told(answer)["detail"]


def test_a_photo_that_waits_has_no_picture_and_a_refused_one_says_why(
    desk: Program, pin: Pin, services: Services
) -> None:
    """There is nothing at its address, before and after."""
    incident_id = pin(2, 2)["id"]
    photo = told(send(desk, incident_id, JPEG[: len(JPEG) // 2]))
    path = f"/api/v1/photos/{photo['id']}"
    before = desk.get(path).status_code

    decode_waiting(services)

    (refused,) = told(desk.get(f"/api/v1/incidents/{incident_id}/photos"))["photos"]
    assert (refused["state"], refused["refusal"]) == ("refused", "damaged")
    assert before == desk.get(path).status_code == desk.get(f"{path}/thumbnail").status_code == 404


def test_who_has_many_photos_waiting_is_told_to_send_the_next_ones_later(
    desk: Program, pin: Pin
) -> None:
    """429: phones keep what they send and try again."""
    incident_id = pin(2, 2)["id"]

    answers = [send(desk, incident_id) for _ in range(MOST_WAITING_PHOTOS + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {201}
    assert (answers[-1].status_code, told(answers[-1])["code"]) == (429, "too_many_photos_wait")
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_photos_that_wait_are_counted_for_an_alarm(desk: Program, pin: Pin) -> None:
    """Where nobody decodes them, somebody should notice."""
    send(desk, pin(2, 2)["id"])

    numbers = desk.get("/metrics").text

    assert "\nnearcrew_photos_waiting 1.0\n" in numbers
    assert "\nnearcrew_oldest_waiting_photo_seconds " in numbers


def test_few_uploads_are_in_memory_at_once(app: APIFlask, desk: Program, pin: Pin) -> None:
    """All are taken, two at a time; the place is free again whatever became of one."""
    incident_id = pin(2, 2)["id"]

    def upload(number: int) -> int:
        program = Program(app.test_client(), desk.headers)
        return send(program, incident_id, JPEG if number % 3 else b"no picture").status_code

    with ThreadPoolExecutor(6) as pool:
        codes = sorted(pool.map(upload, range(12)))

    assert codes == [201] * 8 + [422] * 4


def test_a_body_is_read_in_pieces_between_which_others_have_a_turn() -> None:
    """200 000 bytes are four pieces of 65 536 at most, and the look behind the last."""
    content = bytes(range(250)) * 800
    turns: list[float] = []

    body = TakingTurns(io.BytesIO(content), turns.append)

    assert body.read(100_000) == content[:100_000]
    assert body.read() == content[100_000:]
    assert turns == [0] * (2 + 3)


def test_what_a_refused_upload_still_holds_is_read_slowly() -> None:
    """Three full pieces of 65 536, a pause behind each, and the rest: 200 000 bytes."""
    turns: list[float] = []
    body = TakingTurns(io.BytesIO(bytes(200_000)), turns.append)

    body.drain()

    assert turns == [0.1] * 3
    assert body.read(10) == b""


def test_only_this_door_takes_more_than_a_megabyte(desk: Program, pin: Pin) -> None:
    """A photo of six passes, a note of two does not."""
    incident_id = pin(2, 2)["id"]
    large = encoded(drawn(), "PNG") + b"\x00" * 6_000_000

    photo = send(desk, incident_id, large)
    note = desk.post(f"/api/v1/incidents/{incident_id}/notes", {"words": "x" * 2_000_000})

    assert len(large) > 6_000_000
    assert photo.status_code == 201
    assert note.status_code == 413


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ({"lon": "abc", "lat": "43.7"}, "lon"),
        ({"lon": "7.4"}, "lat"),
        ({"lon": "7.4", "lat": "143"}, "lat"),
        ({"lon": "nan", "lat": "43"}, "lon"),
        ({"taken_at": "yesterday"}, "taken_at"),
        ({"taken_at": "2026-01-01T10:00:00"}, "taken_at"),
        ({"caption": "x" * 301}, "caption"),
        ({"client_id": "x" * 201}, "client_id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_fields_are_named(desk: Program, pin: Pin, form: dict[str, str], named: str) -> None:
    """Forms carry texts; what they mean is checked like everywhere."""
    assert list(refused_fields(send(desk, pin(2, 2)["id"], JPEG, **form))) == [named]


def test_a_form_without_a_file_is_told_so(desk: Program, pin: Pin) -> None:
    """By the field's name."""
    path = f"/api/v1/incidents/{pin(2, 2)['id']}/photos"

    answer = desk.client.post(path, data={"caption": "?"}, headers=desk.headers)

    assert refused_fields(answer) == {"photo": "is required"}


@pytest.mark.parametrize("unknown", [0, 999_999, 2**63, 2**70])
def test_unknown_ids_are_not_found(desk: Program, unknown: int) -> None:
    """Whatever is asked of them."""
    assert send(desk, min(unknown, 999_999)).status_code == 404
    assert desk.get(f"/api/v1/photos/{unknown}").status_code == 404
    assert desk.get(f"/api/v1/photos/{unknown}/thumbnail").status_code == 404
    assert desk.get(f"/api/v1/incidents/{unknown}/photos").status_code == 404
    assert desk.get(f"/api/v1/incidents/{unknown}/notes").status_code == 404
    assert desk.get(f"/api/v1/incidents/{unknown}/reports").status_code == 404


def test_the_same_photo_sent_twice_at_once_is_kept_once(
    app: APIFlask, desk: Program, pin: Pin, owner_engine: Engine
) -> None:
    """A phone that lost the answer sends again; one picture, one event, the same answer."""
    incident_id, start = pin(2, 2)["id"], Barrier(4)

    def upload(_: int) -> TestResponse:
        start.wait()
        program = Program(app.test_client(), desk.headers)
        return send(program, incident_id, client_id="tap-1")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(upload, range(4)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({told(answer)["id"] for answer in answers}) == 1
    assert sum(answer.headers.get("Idempotent-Replay") is None for answer in answers) == 1
    with owner_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM photo")).scalar() == 1
        kinds = connection.execute(text("SELECT kind FROM event ORDER BY id")).scalars().all()
    assert kinds.count("incident.photographed") == 1


def test_another_picture_under_the_same_name_is_a_mistake(desk: Program, pin: Pin) -> None:
    """So is the same picture for another incident."""
    first, second = pin(2, 2)["id"], pin(3, 3)["id"]
    assert send(desk, first, client_id="tap-1").status_code == 201

    other_picture = send(desk, first, encoded(drawn(30, 30)), client_id="tap-1")
    other_place = send(desk, second, client_id="tap-1")

    for answer in (other_picture, other_place):
        assert (answer.status_code, told(answer)["code"]) == (409, "idempotency_mismatch")


def test_a_crew_sees_its_own_photos_always_and_the_desks_while_its_order_is_alive(
    people: People, program: Programs, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """And never those of another crew; strangers see nothing."""
    incident_id, services = pin(2, 2)["id"], people.services
    desk = program(dispatcher)
    north, south = (
        people.sign_up(name, Role.CREW, crew_id=yard.put(name, 1, 1)) for name in ("n", "s")
    )
    stranger = program(people.sign_up("x", Role.CREW, crew_id=yard.put("x", 1, 1)))
    orders = [
        services.sending.send(dispatcher, incident_id, SendCrew.read({"crew_id": each.crew_id}))[0]
        for each in (north, south)
    ]
    of_desk = told(send(desk, incident_id))
    of_north = told(send(program(north), incident_id))
    of_south = told(send(program(south), incident_id))
    decode_waiting(services)
    of_desk, of_north, of_south = (
        {**each, "url": f"/api/v1/photos/{each['id']}"} for each in (of_desk, of_north, of_south)
    )

    def seen(asking: Program) -> list[int]:
        found = told(asking.get(f"/api/v1/incidents/{incident_id}/photos"))["photos"]
        return sorted(each["id"] for each in found)

    assert seen(desk) == [of_desk["id"], of_north["id"], of_south["id"]]
    assert seen(program(north)) == [of_desk["id"], of_north["id"]]
    assert program(north).get(f"{of_desk['url']}/thumbnail").status_code == 200
    assert program(north).get(of_south["url"]).status_code == 404
    services.assignments.act(dispatcher, orders[0]["id"], Action.WITHDRAW, Step())
    assert seen(program(north)) == [of_north["id"]]
    assert program(north).get(of_desk["url"]).status_code == 404
    assert send(program(north), incident_id).status_code == 201
    assert send(stranger, incident_id).status_code == 404
    assert stranger.get(of_desk["url"]).status_code == 404


def test_one_person_cannot_send_photos_without_end(desk: Program, pin: Pin) -> None:
    """Sixty a minute are more than anybody takes."""
    incident_id = pin(2, 2)["id"]

    codes = [send(desk, incident_id, b"").status_code for _ in range(61)]

    assert codes[:60] == [422] * 60
    assert codes[60] == 429
