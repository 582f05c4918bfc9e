"""Deadlines act once each, or are cancelled, whoever else is at work."""

import threading
from collections.abc import Callable
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from enum import StrEnum
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.deadlines.models import Deadline
from dispatch.deadlines.service import DeadlineService
from dispatch.deadlines.states import DeadlineKind
from dispatch.deadlines.watch import DeadlineWatch
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.events.models import Event
from dispatch.incidents.types import IncidentAnswer
from dispatch.writes import row_locks
from tests.conftest import SettableClock
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis


class _Trial(StrEnum):
    NOTE = "trial_note"


NOTE: DeadlineKind = _Trial.NOTE  # type: ignore[assignment]


class Note(PlainHandler):
    """Leaves an event, or fails as often as told before."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures

    def act(
        self, session: Session, due: Due, held: row_locks.Scope, prepared: None, now: object
    ) -> None:
        """Write the number of the deadline into the log."""
        assert prepared is None
        assert due.incident_id in held.incidents
        events.append(
            session,
            EventKind.INCIDENT_NOTED,
            SYSTEM,
            at=due.due_at,
            incident_id=due.incident_id,
            data={"deadline": due.id, "now": str(now)},
        )
        if self.failures:
            self.failures -= 1
            message = "trial"
            raise RuntimeError(message)


@pytest.fixture
def deadlines(services: Services, clock: SettableClock) -> DeadlineService:
    """Return a service whose deadlines leave a note."""
    made = DeadlineService(services.work, clock)
    made.handle_with({NOTE: Note()})
    return made


@pytest.fixture
def incident(pin: Callable[..., IncidentAnswer]) -> int:
    """Return an incident."""
    return pin(1, 1)["id"]


def _set(services: Services, incident_id: int, after_s: float) -> int:
    now = services.clock()
    with services.work.writing() as session:
        return deadline_rows.set_deadline(
            session, NOTE, now + timedelta(seconds=after_s), now, incident_id=incident_id
        )


def _acted(services: Services) -> list[int]:
    with services.work.reading() as session:
        found = session.scalars(
            select(Event.data).where(Event.kind == EventKind.INCIDENT_NOTED).order_by(Event.id)
        )
        return [each["deadline"] for each in found]


def test_each_acts_once_when_it_is_due_and_not_before(
    services: Services, deadlines: DeadlineService, incident: int, clock: SettableClock
) -> None:
    """In the order in which they are due."""
    later, sooner = _set(services, incident, 60), _set(services, incident, 30)
    assert deadlines.run_due() == 0
    assert deadlines.next_at() == clock() + timedelta(seconds=30)

    clock.forward(60)

    assert deadlines.run_due() == 2
    assert deadlines.run_due() == 0
    assert _acted(services) == [sooner, later]
    assert deadlines.next_at() is None


def test_a_cancelled_one_never_acts(
    services: Services, deadlines: DeadlineService, incident: int, clock: SettableClock
) -> None:
    """And cancelling says of how many."""
    _set(services, incident, 30)
    with services.work.writing() as session:
        assert deadline_rows.cancel(session, [NOTE], clock(), incident_id=incident) == 1
        assert deadline_rows.cancel(session, [NOTE], clock(), incident_id=incident) == 0
    clock.forward(60)

    assert deadlines.run_due() == 0
    assert _acted(services) == []


def test_to_cancel_one_must_be_named(services: Services, clock: SettableClock) -> None:
    """Else all of a kind would go."""
    with services.work.writing() as session, pytest.raises(ValueError, match="name what"):
        deadline_rows.cancel(session, [NOTE], clock())


def test_one_that_fails_leaves_nothing_and_is_tried_again_while_others_act(
    services: Services, deadlines: DeadlineService, incident: int, clock: SettableClock
) -> None:
    """A fault in one of a thousand holds up none of the others."""
    first, second = _set(services, incident, 1), _set(services, incident, 2)
    deadlines.handle_with({NOTE: Note(failures=1)})
    clock.forward(5)

    assert deadlines.run_due() == 1
    assert _acted(services) == [second]

    clock.forward(1)

    assert deadlines.run_due() == 1
    assert _acted(services) == [second, first]


def test_one_of_an_unknown_kind_waits_for_a_newer_release(
    services: Services, deadlines: DeadlineService, incident: int, clock: SettableClock
) -> None:
    """It is neither dropped nor in anybody's way."""
    deadlines.handle_with({})
    waiting = _set(services, incident, 1)
    clock.forward(5)
    assert deadlines.run_due() == 0

    deadlines.handle_with({NOTE: Note()})
    clock.forward(1)

    assert deadlines.run_due() == 1
    assert _acted(services) == [waiting]


def test_a_clock_set_back_an_hour_delays_by_the_wait_itself_at_most(
    services: Services, deadlines: DeadlineService, incident: int, clock: SettableClock
) -> None:
    """It would otherwise be silent for an hour."""
    _set(services, incident, 30)
    clock.forward(-3600)
    assert deadlines.run_due() == 0

    clock.forward(30)

    assert deadlines.run_due() == 1


def test_many_workers_act_once_on_each(
    services: Services, deadlines: DeadlineService, incident: int, clock: SettableClock
) -> None:
    """All look at the same moment, and some deadlines are cancelled while they do."""
    made = [_set(services, incident, 1) for _ in range(40)]
    clock.forward(5)
    begin = threading.Barrier(5)

    def work() -> int:
        begin.wait()
        return deadlines.run_due()

    def cancel() -> int:
        begin.wait()
        with services.work.writing() as session:
            row_locks.lock(session, [incident], [])
            return deadline_rows.cancel(
                session, [NOTE], clock(), incident_id=incident, deadline_ids=made[::2]
            )

    with ThreadPoolExecutor(5) as threads:
        ends = [threads.submit(work) for _ in range(4)]
        cancelled = threads.submit(cancel).result()
        acted = sum(end.result() for end in ends)
    acted += deadlines.run_due()

    assert acted + cancelled == 40
    assert len(set(_acted(services))) == len(_acted(services)) == acted


@pytest.fixture
def watched(deadlines: DeadlineService, services: Services) -> Iterator[SettableClock]:
    """Run a watch in a thread, by the clock that is returned."""
    stop = threading.Event()
    watch = DeadlineWatch(deadlines, services.listen, services.clock)
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    yield cast("SettableClock", services.clock)
    stop.set()
    thread.join()


def test_a_watch_sees_what_is_set_and_what_falls_due(
    services: Services, watched: SettableClock, incident: int
) -> None:
    """Without being asked."""
    at_once, later = _set(services, incident, 0), _set(services, incident, 3600)
    wait_until(lambda: _acted(services) == [at_once])

    watched.forward(3600)

    wait_until(lambda: _acted(services) == [at_once, later])
    with services.work.reading() as session:
        assert {each.how for each in session.scalars(select(Deadline))} == {"acted"}
