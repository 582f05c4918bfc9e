"""A chain under real transactions: two workers, answers at the last moment, failures."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.assignments.states import Action
from dispatch.bootstrap import deadline_watch
from dispatch.core.errors import Conflict
from dispatch.deadlines.states import DeadlineKind
from dispatch.escalation.firing import StepHandler
from dispatch.escalation.following import ChainFollower
from dispatch.escalation.next_best import NextBestSearch
from dispatch.events.followers import follow_with
from dispatch.writes.command import Step
from tests.dispatch.escalation.conftest import Night
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis
_CHAINS = text(
    "SELECT a.state, c.waiting FROM assignment a JOIN order_chain c ON c.assignment_id = a.id"
    " WHERE a.incident_id = :incident ORDER BY a.id"
)


def chains(engine: Engine, incident_id: int) -> list[tuple[str, str | None]]:
    """Return state and what is waited for, of each order of an incident."""
    with engine.connect() as connection:
        rows = connection.execute(_CHAINS, {"incident": incident_id}).all()
    return [(row.state, row.waiting) for row in rows]


def race(night: Night, pool: ThreadPoolExecutor) -> str:
    """Let a crew answer in the instant in which two workers find its time over."""
    begin = Barrier(3)

    def work() -> None:
        begin.wait()
        night.services.deadlines.run_due()

    def accept() -> str:
        begin.wait()
        try:
            night.act(Action.ACCEPT)
        except Conflict as late:
            return late.code
        return "accepted"

    workers = [pool.submit(work) for _ in range(2)]
    answer = pool.submit(accept).result()
    for worker in workers:
        worker.result()
    night.services.deadlines.run_due()
    return answer


@pytest.mark.parametrize("rounds", [10, pytest.param(50, marks=pytest.mark.long)])
def test_an_answer_at_the_last_moment_and_two_workers_make_one_order(
    night: Night, owner_engine: Engine, rounds: int
) -> None:
    """Either it is accepted and nothing else happens, or it has expired and another is asked."""
    night.set_chain(auto_reoffer=True, rounds=2)
    expected = {
        "accepted": [("accepted", "setting_out")],
        "order_expired": [("expired", None), ("offered", "answer")],
    }
    with ThreadPoolExecutor(3) as pool:
        for _ in range(rounds):
            night.incident = night.pin(3, 3, priority=1)
            night.send()
            night.clock.forward(60)

            answer = race(night, pool)

            assert chains(owner_engine, night.incident["id"]) == expected[answer]
            incident = night.services.incidents.get(night.desk, night.incident["id"])
            [alive] = [each["id"] for each in incident["assignments"] if not each["ended_at"]]
            night.services.assignments.act(night.desk, alive, Action.WITHDRAW, Step())
            assert {each for _, each in chains(owner_engine, night.incident["id"])} == {None}


class Calls:
    """Keeps what a chain asks of the channels, and fails as often as told before."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str | None, str | None]] = []
        self.failures = 0

    def __call__(
        self,
        session: Session,  # noqa: ARG002  (as the real one)
        *,
        purpose: str,
        role: str | None = None,
        channel: str | None = None,
        **_: object,
    ) -> None:
        """Note it, or fail after it was noted: what was noted then must not count."""
        if self.failures:
            self.failures -= 1
            message = "the worker is gone"
            raise RuntimeError(message)
        self.made.append((purpose, role, channel))


@pytest.fixture
def calls(night: Night) -> Iterator[Calls]:
    """Have the night's chains ask these channels."""
    services, calls = night.services, Calls()
    search = NextBestSearch(services.work, services.candidates)
    kept_info, kept_handlers = dict(services.work.session_info), services.deadlines._handlers
    follow_with(services.work, [ChainFollower(calls)])
    handler: Any = StepHandler(services.work, search, calls)
    services.deadlines.handle_with({**kept_handlers, DeadlineKind.CHAIN_STEP: handler})
    yield calls
    services.deadlines.handle_with(kept_handlers)
    services.work.session_info.update(kept_info)


def test_with_every_console_closed_and_the_phone_off_the_supervisor_is_reached(
    night: Night, calls: Calls
) -> None:
    """Told at once outside the page, which is not open; then by the best and a second way."""
    night.send()
    for _ in range(6):
        night.after(20)

    assert calls.made == [
        ("order", None, None),
        ("order", None, None),
        ("order", None, "second"),
        ("supervisor", "supervisor", None),
    ]


def test_a_worker_that_dies_half_way_leaves_nothing_and_the_step_is_done_once(
    night: Night, calls: Calls
) -> None:
    """Its transaction is gone, the deadline stands, and the next attempt does all of it."""
    night.send()
    calls.made.clear()
    calls.failures = 1
    night.after(20)
    after_the_fault = (night.told(), night.order()["chain"]["next_action"])
    night.after(2)

    assert after_the_fault == (["offered"], "ring_again")
    assert night.told() == ["offered", "rung_again"]
    assert calls.made == [("order", None, None)]


def test_a_watching_worker_needs_nobody_to_ask_it(night: Night) -> None:
    """As `nearcrew worker` runs it: asleep until the next step is due."""
    stop = threading.Event()
    watch = deadline_watch(night.services)
    thread = threading.Thread(target=watch.run, args=(stop,))
    thread.start()
    try:
        night.send()
        night.clock.forward(125)  # as after a long absence: all that is due is done, in order
        wait_until(lambda: "supervisor_called" in night.told())
    finally:
        stop.set()
        thread.join()

    assert night.told() == [
        *("offered", "rung_again", "rung_again", "next_found", "supervisor_called")
    ]
