"""Orders that nobody answers: the chain runs by the clock, once, and an answer ends it."""

from typing import Any

import pytest

from dispatch.assignments.states import Action
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import RoadsUnavailable
from dispatch.escalation.types import KeepWaiting
from dispatch.merging.types import MergeIncident
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import SettableClock
from tests.dispatch.escalation.conftest import Night

pytestmark = pytest.mark.postgis


def test_the_shipped_chain_rings_again_seeks_the_next_and_calls_the_supervisor(
    night: Night,
) -> None:
    """P1: after 20 s, 40 s, 60 s and 120 s; nobody else has to be awake for it."""
    night.send()
    before = night.order()["chain"]
    night.after(19)
    quiet = night.told()
    for _ in range(4):
        night.after(21)
    proposed = night.order()["chain"]
    night.after(20)

    assert quiet == ["offered"]
    assert before["waiting"] == "answer"
    assert before["next_action"] == "ring_again"
    assert night.told() == [
        *("offered", "rung_again", "rung_again", "next_found", "supervisor_called")
    ]
    assert proposed["next_best"]["crew_name"] == "Far"
    assert proposed["next_best"]["travel_time_s"] > 0
    assert proposed["supervisor_at"] is None
    assert night.order()["chain"]["supervisor_at"] is not None
    assert night.order()["state"] == "offered"


def test_a_second_round_follows_the_first_and_there_is_no_third(night: Night) -> None:
    """P1 has two rounds of 120 s: rung twice in each, the supervisor called twice."""
    night.send()
    for _ in range(40):
        night.after(10)

    told = night.told()
    assert told.count("rung_again") == 2 * 2
    assert told.count("supervisor_called") == 2
    assert night.order()["chain"]["next_at"] is None
    assert night.order()["chain"]["alarm_at"] is not None


@pytest.mark.parametrize("by_radio", [False, True])
def test_an_answer_cancels_the_rest_in_its_own_transaction(night: Night, *, by_radio: bool) -> None:
    """The phone's, or what the desk writes for a crew that it reached by radio."""
    night.send()
    night.after(25)
    answered = night.act(Action.ACCEPT, night.desk if by_radio else None)
    for action in (Action.DEPART,):
        night.act(action)
    night.after(10_000)

    assert answered["state"] == "accepted"
    assert night.told() == ["offered", "rung_again", "accepted", "departed"]
    assert night.order()["chain"]["waiting"] is None
    marks = [(each["mark"], each["channel"]) for each in night.order()["marks"]]
    assert marks == [("queued", "page"), ("accepted", "desk" if by_radio else "page")]


def test_who_accepted_and_does_not_set_out_is_rung_then_the_desk_then_the_supervisor(
    night: Night,
) -> None:
    """P1: 60 s after accepting, 120 s, 240 s; no further round once it set out."""
    night.send()
    night.act(Action.ACCEPT)
    for _ in range(25):
        night.after(10)
    night.act(Action.DEPART)
    night.after(1_000)

    assert night.told() == [
        *("offered", "accepted", "rung_again", "desk_alarmed", "supervisor_called", "departed")
    ]


def test_a_decline_goes_on_with_the_chain_at_once(night: Night) -> None:
    """Not 60 s after it was sent but now; and the supervisor as long after that as ever."""
    night.send()
    night.after(25)
    night.act(Action.DECLINE, reason="vehicle")
    night.after(0)
    proposed = night.order()["chain"]["next_best"]
    night.after(59)
    quiet = night.told()
    night.after(1)

    assert proposed["crew_name"] == "Far"
    assert quiet == ["offered", "rung_again", "declined", "next_found"]
    assert night.told() == [*quiet, "supervisor_called"]


def test_where_so_set_the_next_best_is_sent_and_the_order_expires_in_one_step(
    night: Night,
) -> None:
    """The first phone is told that it is too late; the second chain begins."""
    night.set_chain(auto_reoffer=True, rounds=2)
    night.send()
    night.after(60)

    assert night.orders() == [
        (night.near, "expired", "dora"),
        (night.far, "offered", "Nearcrew"),
    ]
    with pytest.raises(Conflict) as refused:
        night.act(Action.ACCEPT)
    assert refused.value.code == "order_expired"
    assert night.told() == ["offered", "next_found", "expired", "offered"]


def test_the_supervisor_is_not_put_off_by_each_crew_that_is_tried(night: Night) -> None:
    """Sent at 0, the next at 60: called at 120 all the same, not 60 + 120."""
    night.set_chain(auto_reoffer=True, rounds=2)
    night.send()
    night.after(60)
    night.after(59)
    before = night.told()
    night.after(1)

    assert "supervisor_called" not in before
    assert night.told().count("supervisor_called") == 1


def test_no_more_crews_are_tried_than_there_are_rounds(night: Night) -> None:
    """Two rounds: two crews; the third is proposed and the desk decides."""
    night.yard.put("Third", 0, 4)
    night.set_chain(auto_reoffer=True, rounds=2)
    night.send()
    for _ in range(40):
        night.after(10)

    incident: Any = night.services.incidents.get(night.desk, night.incident["id"])
    first, last = incident["assignments"]
    assert (first["state"], last["state"]) == ("expired", "offered")
    proposed = last["chain"]["next_best"]["crew_id"]
    assert proposed not in {first["crew_id"], last["crew_id"]}


def test_an_order_can_expire_by_the_chain_and_the_incident_waits_again(night: Night) -> None:
    """Then the next best is proposed and the supervisor called, though the order is over."""
    steps = [
        {"action": "ring_again", "wait_s": 30},
        {"action": "expire", "wait_s": 30},
        {"action": "supervisor", "wait_s": 60},
    ]
    night.set_chain(answer_steps=steps)
    night.send()
    night.after(30)
    night.after(30)
    waiting = night.services.incidents.get(night.desk, night.incident["id"])["state"]
    night.after(60)

    assert waiting == "open"
    assert night.told() == ["offered", "rung_again", "expired", "supervisor_called"]


def test_whoever_is_sent_instead_ends_the_chain_of_the_one_before(night: Night) -> None:
    """The desk sends the next best with one click: nothing of the first chain fires any more."""
    night.send()
    night.after(60)
    wanted = SendCrew(crew_id=night.far, replaces=night.order_id)
    second, _ = night.services.sending.send(night.desk, night.incident["id"], wanted)
    night.services.assignments.act(night.other, second["id"], Action.ACCEPT, Step())
    night.services.assignments.act(night.other, second["id"], Action.DEPART, Step())
    told = night.told()
    night.after(10_000)

    assert night.told() == told


def test_the_desk_keeps_waiting_and_the_chain_goes_on_later(
    night: Night, clock: SettableClock
) -> None:
    """At 70 s for 90 s more: the next best is sought anew at 160, the supervisor 60 s later."""
    night.set_chain()
    night.send()
    night.after(60)
    clock.forward(10)
    wanted = KeepWaiting(wait_s=90, client_id="a")
    for _ in range(2):
        night.services.asking.keep_waiting(night.desk, night.order_id, wanted)
    night.after(89)
    quiet = night.told()
    night.after(1)
    sought = night.told()

    assert quiet == ["offered", "next_found", "waited_for"]
    assert sought == [*quiet, "next_found"]
    assert night.order()["chain"]["next_action"] == "supervisor"


def test_a_queued_order_begins_its_chain_when_it_moves_up(night: Night) -> None:
    """Its chain is the one of when it was sent, though that was edited meanwhile."""
    night.send()
    second = night.pin(4, 3, priority=1)
    wanted = SendCrew(crew_id=night.near, queue=True)
    order, _ = night.services.sending.send(night.desk, second["id"], wanted)
    waiting = night.order(order["id"])["chain"]["waiting"]
    night.set_chain(answer_steps=[{"action": "supervisor", "wait_s": 7_000}])
    night.act(Action.WITHDRAW, night.desk)
    moved_up = night.order(order["id"])["chain"]
    night.after(20)

    assert waiting is None
    assert (moved_up["waiting"], moved_up["next_action"]) == ("answer", "ring_again")
    assert night.order(order["id"])["chain"]["next_action"] == "second_channel"


def test_a_chain_that_is_edited_changes_no_order_that_is_under_way(night: Night) -> None:
    """It was frozen when the order was sent; the next order has the new one."""
    night.send()
    night.set_chain(answer_steps=[{"action": "supervisor", "wait_s": 300}])
    night.after(20)
    night.act(Action.WITHDRAW, night.desk)
    frozen = night.told()
    night.send()

    assert frozen[:3] == ["offered", "rung_again", "withdrawn"]
    assert night.order()["chain"]["next_action"] == "supervisor"


def test_a_clock_set_back_by_an_hour_loses_no_step_and_fires_none_twice(night: Night) -> None:
    """Set back after the first step: the others come as long after it as they should have."""
    night.send()
    night.after(20)
    night.clock.forward(-3_600)
    night.services.deadlines.run_due()
    for _ in range(3):
        night.after(20)
    night.after(60)

    assert night.told() == [
        *("offered", "rung_again", "rung_again", "next_found", "supervisor_called")
    ]


def test_without_roads_the_next_best_is_the_nearest_and_that_is_said(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order itself was sent while they answered."""
    night.send()

    def down(*_: object, **__: object) -> Any:  # noqa: ANN401  (never returns)
        raise RoadsUnavailable(N_("The road network is not loaded."))

    monkeypatch.setattr(night.services.roads, "travel_times_to", down)
    for _ in range(3):
        night.after(20)

    best = night.order()["chain"]["next_best"]
    assert best["crew_name"] == "Far"
    assert best["travel_time_s"] is None
    assert best["distance_m"] > 0


def test_when_nobody_else_is_free_the_chain_says_so_and_goes_on(night: Night) -> None:
    """The far crew is busy elsewhere."""
    elsewhere = night.pin(0, 0)
    night.services.sending.send(night.desk, elsewhere["id"], SendCrew(crew_id=night.far))
    night.send()
    for _ in range(3):
        night.after(20)
    chain = night.order()["chain"]
    night.after(60)

    assert chain["sought_at"] is not None
    assert chain["next_best"] is None
    assert night.told()[-1] == "supervisor_called"


def test_an_order_that_goes_over_to_another_incident_is_still_waited_for(night: Night) -> None:
    """Two reports of one leak are merged while the crew is silent: the chain goes on there."""
    other = night.pin(3, 3, priority=1)
    night.send()
    night.after(20)
    wanted = MergeIncident(into=other["id"], orders="move")
    night.services.merging.merge(night.desk, night.incident["id"], wanted)
    night.incident = other
    for _ in range(5):
        night.after(20)

    told = night.told()
    assert told[-3:] == ["rung_again", "next_found", "supervisor_called"]
    assert night.order()["incident_id"] == other["id"]


def test_whatever_ends_the_incident_ends_what_went_on_for_lack_of_a_crew(night: Night) -> None:
    """Declined, and the incident turns out to be none."""
    night.send()
    night.act(Action.DECLINE, reason="vehicle")
    night.services.decisions.cancel(night.desk, night.incident["id"], Step(reason="false alarm"))
    night.after(10_000)

    assert night.told() == ["offered", "declined"]
    assert night.order()["chain"]["waiting"] is None
