"""Photos that were taken in: decoded apart, with limits, then shown or refused."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.core.errors import TooMany
from dispatch.core.limits import MOST_WAITING_PHOTOS
from dispatch.records.decoder import DecoderLimits
from dispatch.records.decoder_process import decode_apart
from dispatch.records.decoding_jobs import DECODE_PHOTO
from dispatch.records.kept_picture import Picture
from dispatch.records.states import PhotoRefusal
from dispatch.records.types import AddPhoto
from dispatch.records.types import PhotoAnswer
from tests.conftest import SettableClock
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif
from tests.pictures import plain_png

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
JPEG = encoded(drawn())
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
_WAITING = "SELECT args ->> 'photo_id', lock FROM procrastinate_jobs WHERE task_name = :task"


def add(services: Services, actor: Actor, incident_id: int, content: bytes = JPEG) -> PhotoAnswer:
    """Take a photo in."""
    photo, _ = services.photos.add(actor, incident_id, AddPhoto(photo=content))
    return photo


def only_photo(services: Services, actor: Actor, incident_id: int) -> PhotoAnswer:
    """Return what is known of an incident's only photo."""
    (photo,) = services.photos.list(actor, incident_id)["photos"]
    return photo


def test_a_photo_is_received_with_its_job_and_shown_when_that_has_run(
    services: Services, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """Each step raises the version and leaves an event; the file goes when it is decoded."""
    incident_id = pin(2, 2)["id"]

    received = add(services, dispatcher, incident_id)
    with owner_engine.connect() as connection:
        jobs = connection.execute(text(_WAITING), {"task": DECODE_PHOTO}).all()
    decode_waiting(services)

    shown = only_photo(services, dispatcher, incident_id)
    account = f"photos of account {dispatcher.account_id}"
    assert [tuple(row) for row in jobs] == [(str(received["id"]), account)]
    assert (received["state"], received["url"], received["width"]) == ("received", None, None)
    assert (shown["state"], shown["refusal"]) == ("shown", None)
    assert (shown["width"], shown["height"]) == (640, 480)
    assert shown["url"] == f"/api/v1/photos/{shown['id']}"
    told = services.incidents.timeline(dispatcher, incident_id)["events"][1:]
    assert [each["kind"] for each in told] == ["incident.photographed", "incident.photo_shown"]
    assert {each["data"]["entry_id"] for each in told} == {shown["id"]}
    incident = services.incidents.get(dispatcher, incident_id)
    assert (incident["version"], incident["photos_count"]) == (3, 1)
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM photo_file")) == 0


def test_a_file_that_is_cut_off_is_refused_with_the_reason(
    services: Services, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """Its header was in order; nothing of it is kept, and it is not counted."""
    incident_id = pin(2, 2)["id"]
    add(services, dispatcher, incident_id, JPEG[: len(JPEG) // 2])

    decode_waiting(services)

    photo = only_photo(services, dispatcher, incident_id)
    assert (photo["state"], photo["refusal"], photo["url"]) == ("refused", "damaged", None)
    last = services.incidents.timeline(dispatcher, incident_id)["events"][-1]
    assert (last["kind"], last["data"]["refusal"]) == ("incident.photo_refused", "damaged")
    assert services.incidents.get(dispatcher, incident_id)["photos_count"] == 0
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM photo_file")) == 0


def test_what_the_file_says_of_time_and_place_counts_before_what_its_sender_says(
    services: Services, dispatcher: Actor, pin: Pin, clock: SettableClock
) -> None:
    """And the sender is believed where the file is silent."""
    first, second = pin(2, 2)["id"], pin(3, 3)["id"]
    told_at = clock() - timedelta(hours=1)
    written = encoded(drawn(), exif=exif(lonlat=(7.5, 43.5)))
    for incident_id, content in ((first, written), (second, JPEG)):
        said = {"photo": content, "lon": 7.4, "lat": 43.7, "taken_at": told_at}
        services.photos.add(dispatcher, incident_id, AddPhoto.read(said))

    decode_waiting(services)

    from_file, from_sender = (only_photo(services, dispatcher, each) for each in (first, second))
    assert from_file["lon"] == pytest.approx(7.5, abs=1e-5)
    assert (from_sender["lon"], from_sender["lat"]) == (7.4, 43.7)
    assert from_sender["taken_at"] == from_file["taken_at"] is not None


def test_a_job_that_runs_twice_tells_once(services: Services, dispatcher: Actor, pin: Pin) -> None:
    """A worker that stood still goes on beside the one that took its job."""
    incident_id = pin(2, 2)["id"]
    photo = add(services, dispatcher, incident_id)

    for _ in range(2):
        services.decoding.decode(photo["id"])

    told = services.incidents.timeline(dispatcher, incident_id)["events"]
    assert [each["kind"] for each in told].count("incident.photo_shown") == 1


def test_a_photo_whose_job_is_lost_is_taken_up_again(
    services: Services, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """Once, however often one looks."""
    photo = add(services, dispatcher, pin(2, 2)["id"])
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))

    for _ in range(2):
        services.decoding.take_up_waiting()

    with owner_engine.connect() as connection:
        jobs = connection.execute(text(_WAITING), {"task": DECODE_PHOTO}).all()
    assert [row[0] for row in jobs] == [str(photo["id"])]


def test_a_file_without_a_photo_is_dropped_after_an_hour_and_one_that_waits_is_not(
    services: Services, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """Its request broke off, or repeated another; nobody will decode it."""
    add(services, dispatcher, pin(2, 2)["id"])
    with owner_engine.begin() as connection:
        connection.execute(text("INSERT INTO photo_file (content) VALUES ('left'), ('young')"))
        aged = "UPDATE photo_file SET received_at = now() - interval '2 hours'"
        connection.execute(text(f"{aged} WHERE content <> 'young'"))

    services.decoding.take_up_waiting()

    with owner_engine.connect() as connection:
        kept = connection.scalars(text("SELECT content FROM photo_file ORDER BY id")).all()
    assert kept == [JPEG, b"young"]


def test_one_account_has_few_photos_waiting(
    services: Services, dispatcher: Actor, administrator: Actor, pin: Pin
) -> None:
    """The next one is taken when one of them is decoded; others are not held up."""
    incident_id = pin(2, 2)["id"]
    first, *_ = [add(services, dispatcher, incident_id) for _ in range(MOST_WAITING_PHOTOS)]

    with pytest.raises(TooMany) as error:
        add(services, dispatcher, incident_id)

    assert error.value.code == "too_many_photos_wait"
    assert add(services, administrator, incident_id)["state"] == "received"
    services.decoding.decode(first["id"])
    assert add(services, dispatcher, incident_id)["state"] == "received"
    assert services.photos.backlog().count == MOST_WAITING_PHOTOS + 1


def test_a_decoder_is_ended_by_its_limits_and_answers_within_them() -> None:
    """The same picture, with as much memory and time as pictures need, and with less."""
    large = plain_png(3000, 3000)

    enough = decode_apart(large, UTC_ZONE, NOW, DecoderLimits())
    little_memory = decode_apart(large, UTC_ZONE, NOW, DecoderLimits(memory_bytes=90_000_000))
    no_time = decode_apart(large, UTC_ZONE, NOW, DecoderLimits(wall_s=0.001))

    assert isinstance(enough, Picture)
    assert (enough.width, enough.height) == (2048, 2048)
    assert little_memory is no_time is PhotoRefusal.TOO_COSTLY


def test_what_a_decoder_answers_is_what_was_read(clock: SettableClock) -> None:
    """Time and place come over, and the small picture apart from the large one."""
    taken = datetime(2026, 2, 1, 10, 30)  # noqa: DTZ001  (a camera's clock shows no zone)
    content = encoded(drawn(1000, 500), exif=exif(taken_at=taken, lonlat=(7.4, 43.7)))
    shanghai = ZoneInfo("Asia/Shanghai")

    picture = decode_apart(content, shanghai, NOW, DecoderLimits())

    assert isinstance(picture, Picture)
    assert picture.taken_at == datetime(2026, 2, 1, 2, 30, tzinfo=UTC) < clock()
    assert picture.lonlat == pytest.approx((7.4, 43.7), abs=1e-5)
    for part in (picture.image, picture.thumbnail):
        assert part.startswith(b"\xff\xd8")
        assert part.endswith(b"\xff\xd9")
