"""Who read callers' numbers, in batches; and whoever reads too many is stopped."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from dispatch import bootstrap
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.audit.blocks import ReadingBlocked
from dispatch.audit.reading_windows import ReadingLimit
from dispatch.audit.readings import ReadingLog
from dispatch.audit.states import ReadingWay
from dispatch.audit.types import LiftBlock
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log
from geodata.db import make_engine
from tests.conftest import CHEAP_HASHER
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
LIMIT = 60


@pytest.fixture
def other_worker(services: Services, clock: SettableClock) -> Iterator[Services]:
    """Return the services of another process that serves the same people."""
    built = bootstrap.build(services.settings, clock=clock, hasher=CHEAP_HASHER)
    yield built
    built.close()


@pytest.fixture
def supervisor(people: People) -> Actor:
    """Return a supervisor."""
    return people.sign_up("sue", Role.SUPERVISOR)


def stored(engine: Engine) -> list[tuple[str, str, list[int], list[int]]]:
    """Return who read what how, and what of it counts."""
    asked = text("SELECT actor, way, subject_ids, counted_ids FROM reading ORDER BY id")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(asked)]


def test_readings_are_collected_and_written_together(
    services: Services, dispatcher: Actor, supervisor: Actor, owner_engine: Engine
) -> None:
    """One row for each person and way; a number on the desk's list once an hour."""
    readings = services.readings
    for _ in range(2):
        readings.note(dispatcher, {1: False, 2: False, 3: True}, listed=True)
        readings.note(supervisor, {2: True})
    readings.note(dispatcher, {1: False})
    waiting = stored(owner_engine)
    readings.flush()
    readings.note(dispatcher, {1: False, 2: False}, listed=True)
    readings.flush()

    assert waiting == []
    assert stored(owner_engine) == [
        ("dora", "opened", [1, 3], [3]),
        ("dora", "desk", [1, 2], []),
        ("sue", "opened", [2], [2]),
    ]


def test_readings_wait_for_no_send_that_holds_the_log(
    services: Services, dispatcher: Actor, owner_engine: Engine
) -> None:
    """Their chain has a head of its own."""
    services.readings.note(dispatcher, {1: False})
    with services.work.writing() as session:
        log.take_turn(session)
        services.readings.flush()

        assert len(stored(owner_engine)) == 1


def test_what_cannot_be_written_is_kept_and_written_later(
    services: Services, dispatcher: Actor, clock: SettableClock, owner_engine: Engine
) -> None:
    """The database may be away for a while."""
    away = make_engine("postgresql+psycopg://nobody@/nowhere?host=/nowhere")
    work = UnitOfWork(away)
    limit = ReadingLimit(LIMIT, timedelta(minutes=10))
    readings = ReadingLog(work, clock, services.reading_blocks, limit)
    readings.note(dispatcher, {1: False})

    with pytest.raises(OperationalError):
        readings.flush()
    readings._work = services.work
    readings.close()

    assert stored(owner_engine) == [("dora", "opened", [1], [])]
    away.dispose()


def test_whoever_looks_up_one_old_incident_after_another_is_stopped_at_the_limit(
    services: Services, dispatcher: Actor, supervisor: Actor, clock: SettableClock
) -> None:
    """The same ones again, and those of long ago, do not count; nobody else is stopped."""
    readings = services.readings
    assert readings.note(dispatcher, {999: True})
    clock.forward(601)
    told = [readings.note(dispatcher, {number: True}) for number in range(1, LIMIT + 1)]
    again = readings.note(dispatcher, {1: True, 2: True})
    one_more = readings.note(dispatcher, {LIMIT + 1: True})

    assert all(told)
    assert again
    assert not one_more
    assert not readings.note(dispatcher, {1: False})
    assert readings.note(supervisor, {LIMIT + 1: True})
    with pytest.raises(ReadingBlocked):
        readings.require(dispatcher)
    (event,) = [each for each in services.events.read_after(0) if each["kind"] == "reading.blocked"]
    assert (event["data"]["username"], event["data"]["records"]) == ("dora", LIMIT + 1)
    assert services.events.for_actor(supervisor, event)
    assert not services.events.for_actor(dispatcher, event)


def test_a_shift_at_the_desk_is_no_mass_reading(
    services: Services, dispatcher: Actor, clock: SettableClock
) -> None:
    """Five hundred live incidents looked through in a storm, and an old one every half minute."""
    for number in range(500):
        assert services.readings.note(dispatcher, {number: False})
    for number in range(1_000, 1_960):
        clock.forward(30)
        assert services.readings.note(dispatcher, {number: True})
    services.readings.flush()
    assert services.readings.note(dispatcher, {1_960: True})


def test_two_workers_count_together(
    services: Services, other_worker: Services, dispatcher: Actor
) -> None:
    """Whichever answers: as soon as both have written, and a block holds at both."""
    for number in range(LIMIT):
        worker = (services, other_worker)[number % 2]
        assert worker.readings.note(dispatcher, {number: True})
    services.readings.flush()
    services.readings.note(dispatcher, {LIMIT + 1: True})
    services.readings.flush()
    other_worker.readings.flush()
    services.reading_blocks.forget()
    other_worker.reading_blocks.forget()

    assert not services.readings.note(dispatcher, {1: False})
    assert not other_worker.readings.note(dispatcher, {1: False})


def test_somebody_else_lifts_a_block_and_counting_begins_anew(
    services: Services,
    supervisor: Actor,
    dispatcher: Actor,
    administrator: Actor,
    clock: SettableClock,
) -> None:
    """With a reason; nobody lifts their own, and that it was lifted is in the trail."""
    readings, blocks = services.readings, services.reading_blocks
    assert not readings.note(supervisor, dict.fromkeys(range(LIMIT + 1), True))
    wanted = LiftBlock(reason="Looked up yesterday's outage")
    assert supervisor.account_id is not None

    (listed,) = blocks.list(administrator)["blocks"]
    with pytest.raises(Conflict):
        blocks.lift(supervisor, supervisor.account_id, wanted)
    with pytest.raises(NotAllowed):
        blocks.lift(dispatcher, supervisor.account_id, wanted)
    clock.forward(1)
    blocks.lift(administrator, supervisor.account_id, wanted)
    with pytest.raises(NotFound):
        blocks.lift(administrator, supervisor.account_id, wanted)

    assert (listed["username"], listed["records"]) == ("sue", LIMIT + 1)
    assert readings.note(supervisor, {1: True})
    kinds = [each["kind"] for each in services.events.read_after(0)]
    assert kinds.count("reading.unblocked") == 1


def test_an_export_of_callers_does_not_count_for_whoever_may_make_it(
    services: Services, supervisor: Actor, owner_engine: Engine
) -> None:
    """It is in the trail, record by record."""
    many = dict.fromkeys(range(1, 5 * LIMIT), True)

    assert services.readings.note(supervisor, many, way=ReadingWay.EXPORTED)
    services.readings.flush()

    ((who, way, ids, counted),) = stored(owner_engine)
    assert (who, way, len(ids), counted) == ("sue", "exported", 5 * LIMIT - 1, [])
