"""A busy crew leaves less urgent work: what it did waits behind, and nobody says it is on scene."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import instant
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
WORKED_S = 600


@dataclass
class Work:
    """A crew on scene at a dripping meter, and a gas leak for which it could leave."""

    services: Services
    clock: SettableClock
    dispatcher: Actor
    crew: Actor
    crew_id: int
    meter: Any
    leak: Any
    order: AssignmentAnswer

    def act(self, order_id: int, *actions: Action) -> None:
        """Take steps as the crew."""
        for action in actions:
            step = Complete(outcome="repaired") if action is Action.COMPLETE else Step()
            self.services.assignments.act(self.crew, order_id, action, step)

    def interrupt(self, incident: Any = None, **fields: Any) -> AssignmentAnswer:  # noqa: ANN401
        """Send the crew to the leak at once."""
        given = {"crew_id": self.crew_id, "interrupt": True, "reason": "gas in a cellar", **fields}
        wanted = SendCrew(**given)
        where = (incident or self.leak)["id"]
        return self.services.sending.send(self.dispatcher, where, wanted)[0]

    def state(self, incident: Any) -> str:  # noqa: ANN401
        """Return an incident's state."""
        return self.services.incidents.get(self.dispatcher, incident["id"])["state"]

    def orders(self) -> list[tuple[int, str, int]]:
        """Return the crew's live orders: incident, state, rank."""
        listed = self.services.assignments.list_for_crew(self.crew, self.crew_id)["assignments"]
        return [(each["incident_id"], each["state"], each["rank"]) for each in listed]

    def meter_order(self) -> AssignmentAnswer:
        """Return the order that was interrupted."""
        return self.services.assignments.get(self.dispatcher, self.order["id"])


@pytest.fixture
def work(
    services: Services,
    clock: SettableClock,
    dispatcher: Actor,
    people: People,
    pin: Pin,
    yard: CrewYard,
) -> Work:
    """Return a crew that has worked at a meter for ten minutes."""
    crew_id = yard.put("Alba", 5, 3)
    crew = people.sign_up("alba", Role.CREW, crew_id=crew_id)
    meter, leak = pin(5, 3, priority=4), pin(3, 3, priority=1)
    order, _ = services.sending.send(dispatcher, meter["id"], SendCrew(crew_id=crew_id))
    made = Work(services, clock, dispatcher, crew, crew_id, meter, leak, order)
    made.act(order["id"], Action.ACCEPT, Action.DEPART, Action.ARRIVE)
    clock.forward(WORKED_S)
    yard.move(crew_id, 5, 3)
    return made


def test_what_it_did_goes_back_to_rank_1_and_is_not_on_scene_any_more(work: Work) -> None:
    """The crew is told why, on a notice that it confirms; the log says who did it and for what."""
    before = work.state(work.meter)
    order = work.interrupt()

    assert before == "on_scene"
    assert (order["rank"], order["asked_at"]) == (0, instant(work.clock()))
    assert work.orders() == [(work.leak["id"], "offered", 0), (work.meter["id"], "accepted", 1)]
    assert work.state(work.meter) == "assigned"
    suspended = work.meter_order()["suspended"]
    assert suspended == {
        "at": instant(work.clock()),
        "was": "on_scene",
        "for_incident_id": work.leak["id"],
        "worked_s": WORKED_S,
    }
    assert work.meter_order()["arrived_at"] is None
    (notice,) = work.services.notices.open_for_crew(work.crew, work.crew_id)["notices"]
    assert (notice["kind"], notice["reason"]) == ("interrupted", "gas in a cellar")
    told = work.services.incidents.timeline(work.dispatcher, work.meter["id"])["events"]
    (event,) = [each for each in told if each["kind"] == "assignment.interrupted"]
    assert event["actor"] == "dora"
    assert event["data"]["for_incident_id"] == work.leak["id"]


def test_when_the_urgent_one_is_done_the_crew_returns_and_finishes(work: Work) -> None:
    """It sets out and arrives again; from then on the work is as any other."""
    order = work.interrupt()
    work.act(order["id"], Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)
    back = work.meter_order()
    work.act(work.order["id"], Action.DEPART)
    driving = work.meter_order()
    work.act(work.order["id"], Action.ARRIVE)
    there = work.state(work.meter)
    work.act(work.order["id"], Action.COMPLETE)

    assert (back["rank"], back["state"]) == (0, "accepted")
    assert back["suspended"] is not None
    assert driving["suspended"] is None
    assert there == "on_scene"
    assert work.state(work.meter) == "resolved"


def test_declined_or_recalled_the_interruption_is_over(work: Work) -> None:
    """The crew goes on with what it did."""
    order = work.interrupt()
    work.act(order["id"], Action.DECLINE)

    assert work.orders() == [(work.meter["id"], "accepted", 0)]


def test_only_less_urgent_work_is_interrupted(work: Work, pin: Pin) -> None:
    """Refused with what it does; the second of two urgent ones does not take the first's crew."""
    work.interrupt()
    other = pin(4, 4, priority=1)
    with pytest.raises(Conflict) as refused:
        work.interrupt(other)

    assert refused.value.code == "not_interruptible"
    assert refused.value.extra["incident_id"] == work.leak["id"]
    assert work.orders()[0][0] == work.leak["id"]


def test_it_needs_a_reason_and_the_permission(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """And cannot wait as well."""
    with pytest.raises(InvalidInput, match="reason"):
        work.interrupt(reason=None)
    with pytest.raises(InvalidInput, match="queue"):
        work.interrupt(queue=True)
    may = Actor.may
    monkeypatch.setattr(
        Actor,
        "may",
        lambda self, each: each != Permission.ASSIGNMENT_INTERRUPT and may(self, each),
    )
    with pytest.raises(NotAllowed):
        work.interrupt()


def test_a_crew_that_has_become_free_is_simply_sent(work: Work) -> None:
    """It finished between the list and the click."""
    work.act(work.order["id"], Action.COMPLETE)
    order = work.interrupt()

    assert order["rank"] == 0
    assert work.meter_order()["suspended"] is None


def test_an_order_that_was_only_asked_waits_as_asked_and_rings_again_later(
    work: Work, pin: Pin, yard: CrewYard, people: People
) -> None:
    """Nothing was begun: there is nothing to confirm."""
    berta = yard.put("Berta", 6, 6)
    people.sign_up("berta", Role.CREW, crew_id=berta)
    wait = pin(6, 7, priority=3)
    services = work.services
    first, _ = services.sending.send(work.dispatcher, wait["id"], SendCrew(crew_id=berta))
    urgent = SendCrew(crew_id=berta, interrupt=True, reason="gas")
    second, _ = services.sending.send(work.dispatcher, work.leak["id"], urgent)
    waiting = services.assignments.get(work.dispatcher, first["id"])
    notices = services.notices.open_for_crew(work.dispatcher, berta)["notices"]
    step = Step(reason="x")
    services.assignments.act(work.dispatcher, second["id"], Action.WITHDRAW, step)
    again = services.assignments.get(work.dispatcher, first["id"])

    assert (waiting["state"], waiting["rank"], waiting["asked_at"]) == ("offered", 1, None)
    assert notices == []
    assert (again["state"], again["rank"]) == ("offered", 0)
    assert again["asked_at"] is not None


def test_candidates_say_when_a_busy_crew_could_be_there_if_interrupted(
    work: Work, pin: Pin
) -> None:
    """Two blocks from the meter at 20 s each; not for what is as urgent as its work."""
    found = work.services.candidates.for_incident(work.dispatcher, work.leak["id"])
    (alba,) = found["candidates"]
    as_urgent = pin(5, 5, priority=4)
    others = work.services.candidates.for_incident(work.dispatcher, as_urgent["id"])

    assert alba["interrupt"] is not None
    assert alba["interrupt"]["travel_time_s"] == pytest.approx(40, abs=1)
    assert alba["free_in_s"] > 300
    assert others["candidates"][0]["interrupt"] is None


def test_what_was_worked_counts_when_it_is_judged_when_the_crew_is_free(
    work: Work, pin: Pin
) -> None:
    """Of 30 min ten are done: 20 remain, and no more than before the interruption."""
    order = work.interrupt()
    work.act(order["id"], Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)
    third = pin(5, 4, priority=3)
    found = work.services.candidates.for_incident(work.dispatcher, third["id"])["candidates"]

    assert found[0]["free_in_s"] == pytest.approx(1800 - WORKED_S, abs=60)


@pytest.mark.parametrize("attempt", range(10))
def test_interrupt_against_complete_leaves_one_order_in_front(
    work: Work,
    attempt: int,  # noqa: ARG001
) -> None:
    """Whichever is first: the leak has rank 0, the meter is done or waits behind it."""
    together = Barrier(2)

    def complete() -> str | None:
        together.wait()
        try:
            work.act(work.order["id"], Action.COMPLETE)
        except Conflict as refused:
            return refused.code
        return None

    def interrupt() -> int:
        together.wait()
        return work.interrupt()["rank"]

    with ThreadPoolExecutor(2) as pool:
        done, rank = pool.submit(complete), pool.submit(interrupt)
        refused = done.result()
        assert rank.result() == 0

    expected = [(work.leak["id"], "offered", 0)]
    if refused is None:
        assert work.state(work.meter) == "resolved"
    else:
        assert refused == "wrong_state"
        expected.append((work.meter["id"], "accepted", 1))
    assert work.orders() == expected


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_desks_that_interrupt_one_crew_one_wins(
    work: Work,
    pin: Pin,
    attempt: int,  # noqa: ARG001
) -> None:
    """The other is told for what the crew has left."""
    other = pin(4, 4, priority=1)
    together = Barrier(2)

    def interrupt(incident: Any) -> str:  # noqa: ANN401
        together.wait()
        try:
            work.interrupt(incident)
        except Conflict as refused:
            return refused.code
        return "sent"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(interrupt, [work.leak, other]))

    assert answers == ["not_interruptible", "sent"]
    assert [rank for _, _, rank in work.orders()] == [0, 1]


def test_replay_shows_what_the_desk_saw(work: Work) -> None:
    """Nobody on scene at the meter from then on, and the leak in front."""
    order = work.interrupt()
    work.act(order["id"], Action.ACCEPT)
    work.clock.forward(60)
    told = work.services.replay.incident(work.dispatcher, work.meter["id"])
    (incident,) = told["incidents"]

    states = [frame["state"] for frame in incident["frames"]]
    assert states[-2:] == ["on_scene", "assigned"]
