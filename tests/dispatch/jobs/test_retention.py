"""What has been kept long enough goes; what is younger, and what happened, stays."""

from collections.abc import Callable
from collections.abc import Iterator
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import ProgrammingError

from dispatch.access.permissions import Actor
from dispatch.bootstrap import Services
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import ChangeIncident
from dispatch.jobs.retention import KeptDays
from dispatch.jobs.retention import Retention
from dispatch.messages.types import SendMessage
from dispatch.records.types import AddNote
from dispatch.records.types import AddPhoto
from dispatch.writes.command import Step
from tests.pictures import decode_waiting
from tests.pictures import drawn
from tests.pictures import encoded
from tests.pictures import exif

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
KEPT = KeptDays(positions=30, photos=60, personal_data=90)
SECRETS = (
    "Wang",
    "13800138000",
    "Smell in the yard",
    "It hisses",
    "12345-77",
    "porter",
    "Valve 7",
    "Rossi",
)


@pytest.fixture
def retention(services: Services) -> Retention:
    """Return the jobs of a house that keeps little."""
    return Retention(services.work, KEPT)


@pytest.fixture
def old_days(owner_engine: Engine) -> Iterator[list[str]]:
    """Make tables of positions of some days; return their days ago, and drop what is left."""
    ages = (400, 33, 32, 31, 30, 29)
    named = {age: (datetime.now(UTC).date() - timedelta(days=age)) for age in ages}
    with owner_engine.begin() as connection:
        for day in named.values():
            connection.execute(text("SELECT ensure_position_day(:day)"), {"day": day})
    yield [f"position_report_{day:%Y%m%d}" for day in named.values()]
    with owner_engine.begin() as connection:
        for day in named.values():
            connection.execute(text(f"DROP TABLE IF EXISTS position_report_{day:%Y%m%d}"))


def tables(engine: Engine, names: list[str]) -> list[str]:
    """Return which of these tables are there."""
    asked = text("SELECT to_regclass(:name) IS NOT NULL")
    with engine.connect() as connection:
        return [name for name in names if connection.scalar(asked, {"name": name})]


def everything(owner_engine: Engine) -> str:
    """Return all that is stored of incidents and events, as one text."""
    asked = "SELECT coalesce(string_agg(t::text, ' '), '') FROM {} AS t"
    kept = ("incident", "incident_report", "incident_note", "message", "event", "photo")
    with owner_engine.connect() as connection:
        return " ".join(str(connection.scalar(text(asked.format(name)))) for name in kept)


def test_days_older_than_the_setting_are_dropped_and_a_day_of_grace_is_kept(
    retention: Retention, owner_engine: Engine, old_days: list[str]
) -> None:
    """30 days: those of 33 and 32 days ago go, that of 31 may still get a fix at midnight."""
    retention.drop_old_positions()

    assert tables(owner_engine, old_days) == old_days[3:]
    assert retention.drop_old_positions() == 0


def test_a_day_that_somebody_reads_is_dropped_later(
    retention: Retention, owner_engine: Engine, old_days: list[str]
) -> None:
    """An export that takes long is not waited for: positions would have to wait behind it."""
    with owner_engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM position_report"))
        assert retention.drop_old_positions() == 0
    assert tables(owner_engine, old_days) == old_days

    assert retention.drop_old_positions() >= 3


@pytest.mark.parametrize(
    "asked",
    [
        "drop_oldest_position_day(0)",
        "drop_oldest_position_day(-400)",
        "erase_photos(29, 1)",
        "erase_personal_data(29, 1)",
    ],
)
def test_the_database_erases_nothing_young_whoever_asks(app_engine: Engine, asked: str) -> None:
    """The role that serves may ask for no more than the functions allow."""
    with app_engine.connect() as connection, pytest.raises(DBAPIError, match="at least"):
        connection.execute(text(f"SELECT {asked}"))


def test_the_serving_role_cannot_drop_a_day_by_itself(
    app_engine: Engine, old_days: list[str]
) -> None:
    """Only through the function."""
    with app_engine.connect() as connection, pytest.raises(ProgrammingError, match="owner"):
        connection.execute(text(f"DROP TABLE {old_days[0]}"))


def _record(services: Services, desk: Actor, pin: Pin) -> int:
    """Fill an incident's record with what names people, and end it."""
    incident_id: int = pin(
        2, 2, caller_name="Wang", caller_phone="13800138000", description="Smell in the yard"
    )["id"]
    services.incidents.update(desk, incident_id, ChangeIncident(caller_name="Ms Wang"))
    call = AddReport(channel="call", caller_name="Wang", words="It hisses", reference="12345-77")
    services.reports.add(desk, incident_id, call)
    services.notes.add(desk, incident_id, AddNote(words="Key at the porter's"))
    services.messages.send(desk, incident_id, SendMessage(words="Ask for Rossi"))
    picture = encoded(drawn(), exif=exif(lonlat=(7.4, 43.7)))
    services.photos.add(desk, incident_id, AddPhoto(photo=picture, caption="Valve 7"))
    decode_waiting(services)
    services.decisions.cancel(desk, incident_id, Step(reason="false alarm"))
    return incident_id


def _age(owner_engine: Engine, days: int) -> None:
    with owner_engine.begin() as connection:
        ago = {"ago": timedelta(days=days)}
        connection.execute(text("UPDATE incident SET closed_at = now() - :ago"), ago)
        connection.execute(text("UPDATE photo SET received_at = now() - :ago"), ago)


def test_personal_data_of_an_incident_that_ended_long_ago_is_erased_everywhere(
    services: Services, retention: Retention, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """In the record and in the log; what happened, when and why stays, and is said to be erased."""
    incident_id = _record(services, dispatcher, pin)
    before = services.incidents.timeline(dispatcher, incident_id)["events"]
    assert all(secret in everything(owner_engine) for secret in SECRETS)
    _age(owner_engine, 91)

    erased = retention.erase_old_personal_data()

    left = everything(owner_engine)
    assert erased == 1
    assert [secret for secret in SECRETS if secret in left] == []
    after = services.incidents.timeline(dispatcher, incident_id)["events"]
    assert [(e["id"], e["kind"], e["at"]) for e in after] == [
        (e["id"], e["kind"], e["at"]) for e in before
    ]
    incident = services.incidents.get(dispatcher, incident_id)
    assert incident["erased_at"] is not None
    assert incident["outcome_reason"] == "false alarm"
    assert (incident["notes_count"], incident["reports_count"], incident["photos_count"]) == (
        *(1, 2),
        1,
    )
    assert services.replay.incident(dispatcher, incident_id)["incidents"]
    assert retention.erase_old_personal_data() == 0


def test_what_is_younger_or_has_not_ended_keeps_its_words(
    services: Services, retention: Retention, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """One that was opened again is kept from when it ends anew."""
    incident_id = _record(services, dispatcher, pin)
    _age(owner_engine, 89)
    assert retention.erase_old_personal_data() == 0
    _age(owner_engine, 91)
    assert retention.erase_old_personal_data() == 1

    services.decisions.reopen(dispatcher, incident_id, Step())
    services.incidents.update(dispatcher, incident_id, ChangeIncident(caller_name="Li"))
    again = retention.erase_old_personal_data()

    incident = services.incidents.get(dispatcher, incident_id)
    assert again == 0
    assert (incident["caller_name"], incident["erased_at"]) == ("Li", None)


def test_old_pictures_are_erased_and_it_stays_known_that_there_were_some(
    services: Services, retention: Retention, dispatcher: Actor, pin: Pin, owner_engine: Engine
) -> None:
    """With caption and place; younger ones stay."""
    incident_id = _record(services, dispatcher, pin)
    (photo,) = services.photos.list(dispatcher, incident_id)["photos"]
    _age(owner_engine, 59)
    assert retention.erase_old_photos() == 0
    _age(owner_engine, 61)

    assert retention.erase_old_photos() == 1

    (erased,) = services.photos.list(dispatcher, incident_id)["photos"]
    assert (erased["id"], erased["author"]) == (photo["id"], photo["author"])
    assert (erased["state"], erased["url"], erased["caption"]) == ("erased", None, "")
    assert (erased["lon"], erased["lat"], erased["width"]) == (None, None, None)
    assert "Valve 7" not in everything(owner_engine)
    with owner_engine.connect() as connection:
        assert connection.scalar(text("SELECT image IS NULL FROM photo")) is True
