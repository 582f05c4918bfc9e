"""A crew is sent and sets out whatever the road engine does; its time is unknown then."""

from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Decision
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import RoadsUnavailable
from dispatch.core.instants import instant
from dispatch.sending.types import SendCrew
from dispatch.settings import Settings
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.dispatch.roads.held_threads import HeldThread
from tests.dispatch.roads.held_threads import HeldThreads
from tests.dispatch.roads.held_threads import build_worker
from tests.looking import looking

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
IMPATIENT_S = 0.1


@pytest.fixture
def worker(
    services: Services,  # noqa: ARG001  (the ground's files are in the cache)
    settings: Settings,
    clock: SettableClock,
    threads: HeldThreads,
) -> Iterator[Services]:
    """Return a worker that does not wait long for its engine."""
    impatient = settings.model_copy(update={"roads_wait_s": IMPATIENT_S})
    built = build_worker(impatient, clock, threads)
    built.roads.refresh()
    yield built
    threads.open_all()
    built.close()


def get_stuck(thread: HeldThread) -> None:
    """Let the engine never answer."""
    thread.gate.clear()


def panic(thread: HeldThread) -> None:
    """Let the engine panic at every question."""
    thread.panics = True


WAYS = pytest.mark.parametrize("go_wrong", [get_stuck, panic])


@WAYS
def test_candidates_are_listed_by_distance_and_say_that_road_times_are_missing(
    worker: Services,
    threads: HeldThreads,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    go_wrong: Callable[[HeldThread], None],
) -> None:
    """200 m and 600 m away: nobody is recommended, everybody can be sent."""
    yard.put("Three", 6.5, 3)
    yard.put("One", 4.5, 3)
    incident = pin(3.5, 3)
    go_wrong(threads.made[0])

    answer = worker.candidates.for_incident(dispatcher, incident["id"])

    assert answer["travel_times"] == "unavailable"
    assert [
        (each["crew_name"], each["verdict"], each["reasons"], each["travel_time_s"])
        for each in answer["candidates"]
    ] == [
        ("One", "possible", ["no_road_time"], None),
        ("Three", "possible", ["no_road_time"], None),
    ]


@WAYS
def test_a_crew_is_sent_and_sets_out_with_its_time_unknown(
    worker: Services,
    threads: HeldThreads,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    go_wrong: Callable[[HeldThread], None],
) -> None:
    """The record says why there was none."""
    crew_id, incident = yard.put("One", 4.5, 3), pin(3.5, 3)
    go_wrong(threads.made[0])

    order, _ = worker.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    worker.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())
    left = worker.assignments.act(dispatcher, order["id"], Action.DEPART, Step())

    assert (order["state"], order["travel_time_s"], order["eta_at"]) == ("offered", None, None)
    assert (left["state"], left["travel_time_s"]) == ("en_route", None)
    with looking(worker.engine) as connection:
        kept = connection.execute(select(Decision.candidates)).scalar_one()
    assert kept["travel_times"] == "unavailable"
    assert kept["candidates"][0]["reasons"] == ["no_road_time"]


def test_a_request_that_is_repeated_is_answered_without_the_engine(
    worker: Services, threads: HeldThreads, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The first answer counts, road times included; no question is put to the network again."""
    wanted = SendCrew(crew_id=yard.put("One", 4.5, 3))
    incident, step = pin(3.5, 3), Step(client_id="leaving")
    sent, _ = worker.sending.send(dispatcher, incident["id"], wanted, "once")
    worker.assignments.act(dispatcher, sent["id"], Action.ACCEPT, Step())
    left = worker.assignments.act(dispatcher, sent["id"], Action.DEPART, step)
    asked = threads.made[0].asked
    get_stuck(threads.made[0])

    again, replayed = worker.sending.send(dispatcher, incident["id"], wanted, "once")
    left_again = worker.assignments.act(dispatcher, sent["id"], Action.DEPART, step)

    assert (again, replayed, left_again) == (sent, True, left)
    assert sent["travel_time_s"] is not None
    assert threads.made[0].asked == asked


def test_a_path_that_cannot_be_computed_is_a_refusal_with_a_reason(
    worker: Services, threads: HeldThreads, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """There is nothing to show instead, so it is said: no fault of the server's."""
    crew_id, incident = yard.put("One", 4.5, 3), pin(3.5, 3)
    panic(threads.made[0])

    with pytest.raises(RoadsUnavailable) as refused:
        worker.paths.of_crew(dispatcher, incident["id"], crew_id)

    assert refused.value.code == "no_road_time"


def test_a_stuck_engine_is_asked_once_and_everybody_is_answered(
    worker: Services, threads: HeldThreads, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Only the first question reaches the thread; after some time nobody even waits for it."""
    yard.put("One", 4.5, 3)
    incident = pin(3.5, 3)
    get_stuck(threads.made[0])
    asked = threads.made[0].asked

    answers = [worker.candidates.for_incident(dispatcher, incident["id"]) for _ in range(20)]

    assert {each["travel_times"] for each in answers} == {"unavailable"}
    assert threads.made[0].asked == asked + 1


def test_an_engine_that_stays_stuck_is_replaced(
    worker: Services,
    threads: HeldThreads,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
    clock: SettableClock,
) -> None:
    """Not at the first look, which may have met a long search; a minute later it is given up."""
    yard.put("One", 4.5, 3)
    incident = pin(3.5, 3)
    get_stuck(threads.made[0])
    worker.candidates.for_incident(dispatcher, incident["id"])

    assert not worker.roads.refresh()
    clock.forward(60)
    assert worker.roads.refresh()

    answer = worker.candidates.for_incident(dispatcher, incident["id"])
    assert answer["travel_times"] == "known"
    assert len(threads.made) == 2


def test_a_crew_that_sets_out_then_is_expected_after_the_time_it_was_chosen_by(
    services: Services,
    worker: Services,
    threads: HeldThreads,
    dispatcher: Actor,
    pin: Pin,
    yard: CrewYard,
) -> None:
    """One block is 20 s, judged when it was sent; five minutes later that has passed."""
    incident, crew_id = pin(2.5, 1), yard.put("A", 1.5, 1)
    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))
    worker.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())
    yard.clock.forward(300)
    get_stuck(threads.made[0])

    departed = worker.assignments.act(dispatcher, order["id"], Action.DEPART, Step())

    assert order["travel_time_s"] == pytest.approx(20, abs=1)
    expected = yard.clock() + timedelta(seconds=order["travel_time_s"] or 0)
    assert departed["eta_at"] == instant(expected)
