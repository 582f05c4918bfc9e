"""Simultaneous sends with real transactions: no crew twice, no acknowledged order lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
SENDS, CREWS, INCIDENTS = 20, 5, 5
LIVE = "state IN ('offered', 'accepted', 'en_route', 'on_scene')"


def _check_constraints(engine: Engine) -> None:
    """Look for what may never be, without trusting the code that should prevent it."""
    with engine.connect() as connection:
        for columns in ("incident_id, crew_id", "crew_id, rank"):
            doubled = connection.execute(
                text(
                    f"SELECT {columns} FROM assignment WHERE {LIVE}"  # noqa: S608  (constants)
                    f" GROUP BY {columns} HAVING count(*) > 1"
                )
            ).all()
            assert doubled == []
        gaps = connection.execute(
            text(
                f"SELECT crew_id FROM assignment WHERE {LIVE} GROUP BY crew_id"  # noqa: S608  (constants)
                " HAVING max(rank) <> count(*) - 1"
            )
        ).all()
        assert gaps == []


@pytest.mark.parametrize("rounds", [10, pytest.param(50, marks=pytest.mark.long)])
def test_twenty_simultaneous_sends_of_five_crews_to_five_incidents(
    services: Services,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    owner_engine: Engine,
    rounds: int,
) -> None:
    """Every acknowledged order is there, live, exactly once; every refusal says who was faster."""
    random = Random(20)  # noqa: S311  (a repeatable shuffle, no secret)
    crew_ids = [yard.put(f"Crew {number}", number, 1) for number in range(CREWS)]
    acknowledged = refused = 0
    with ThreadPoolExecutor(SENDS) as pool:
        for _ in range(rounds):
            incidents = [pin(column, 5)["id"] for column in range(INCIDENTS)]
            start = Barrier(SENDS)

            def send(incident_id: int, crew_id: int, queue: bool, start: Barrier = start) -> Any:  # noqa: ANN401, FBT001
                start.wait()
                try:
                    wanted = SendCrew(crew_id=crew_id, queue=queue)
                    return services.sending.send(dispatcher, incident_id, wanted)[0]
                except Conflict as conflict:
                    return conflict

            calls = [
                (random.choice(incidents), random.choice(crew_ids), random.random() < 0.3)
                for _ in range(SENDS)
            ]
            answers = list(pool.map(lambda call: send(*call), calls))

            _check_constraints(owner_engine)
            sent = [each for each in answers if not isinstance(each, Conflict)]
            for loser in (each for each in answers if isinstance(each, Conflict)):
                refused += 1
                assert loser.code in {"crew_taken", "already_assigned"}
                assert loser.code != "crew_taken" or loser.extra["by"] == "dora"
            with owner_engine.connect() as connection:
                stored = connection.execute(
                    text(f"SELECT id FROM assignment WHERE {LIVE}")  # noqa: S608  (constants)
                ).scalars()
                assert sorted(stored) == sorted(each["id"] for each in sent)
            acknowledged += len(sent)
            for incident_id in incidents:
                services.decisions.cancel(dispatcher, incident_id, Step(reason="next round"))

    # At least one order a crew that was named; and with 20 wishes for 5 crews many must lose.
    assert acknowledged >= rounds
    assert refused >= rounds


def test_one_key_pressed_twenty_times_at_once_sends_once(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """All twenty hear the same order."""
    incident, crew_id = pin(3, 3), yard.put("A", 1, 1)
    start = Barrier(SENDS)

    def send(_: int) -> tuple[AssignmentAnswer, bool]:
        start.wait()
        return services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id), "same")

    with ThreadPoolExecutor(SENDS) as pool:
        answers = list(pool.map(send, range(SENDS)))

    assert {order["id"] for order, _ in answers} == {answers[0][0]["id"]}
    assert sum(not replayed for _, replayed in answers) == 1


def test_crossing_cancellations_and_queues_do_not_deadlock_or_leave_gaps(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, owner_engine: Engine
) -> None:
    """Cancel incidents while crews are queued for them and move up elsewhere."""
    random = Random(7)  # noqa: S311  (a repeatable shuffle, no secret)
    crew_ids = [yard.put(f"Crew {number}", number, 1) for number in range(3)]

    def attempt(action: Callable[[], object]) -> str:
        try:
            action()
        except Conflict as conflict:
            return conflict.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        for _ in range(15):
            incidents = [pin(column, 5)["id"] for column in range(4)]
            actions: list[Callable[[], object]] = []
            for incident_id in incidents:
                actions.extend(
                    lambda i=incident_id, c=crew_id: services.sending.send(  # type: ignore[misc]  # bound now
                        dispatcher, i, SendCrew(crew_id=c, queue=True)
                    )
                    for crew_id in crew_ids
                )
                actions.append(
                    lambda i=incident_id: services.decisions.cancel(  # type: ignore[misc]  # bound now
                        dispatcher, i, Step()
                    )
                )
            random.shuffle(actions)
            outcomes = set(pool.map(attempt, actions))
            _check_constraints(owner_engine)
            assert outcomes <= {"done", "incident_ended", "already_assigned"}
            for incident_id in incidents:
                attempt(lambda i=incident_id: services.decisions.cancel(dispatcher, i, Step()))  # type: ignore[misc]  # bound now


def test_a_reader_that_follows_the_log_by_number_misses_nothing(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Writers race; numbers become visible in rising order, because they are taken under a lock."""
    seen: list[int] = []
    writers = 6

    def write(number: int) -> None:
        for _ in range(15):
            pin(number, 2)

    with ThreadPoolExecutor(writers) as pool:
        running = [pool.submit(write, number) for number in range(writers)]
        while not all(each.done() for each in running):
            last = seen[-1] if seen else 0
            seen.extend(event["id"] for event in services.events.read_after(last))
        for each in running:
            each.result()
    seen.extend(event["id"] for event in services.events.read_after(seen[-1] if seen else 0))

    everything = [event["id"] for event in services.events.read_after(0)]
    assert [number for number in everything if number not in set(seen)] == []
    assert seen == everything
    assert dispatcher.may("incident.write")
