"""A crew on scene that says nothing: its phone rings, the desk is alarmed, then the supervisor."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from dispatch.access.permissions import Role
from dispatch.alarms.states import AlarmKind
from dispatch.alarms.types import AcknowledgeAlarm
from dispatch.assignments.states import Action
from dispatch.core.errors import NotAllowed
from dispatch.core.instants import instant
from dispatch.merging.types import MergeIncident
from dispatch.outcomes.types import Complete
from dispatch.safety.states import WorkPlace
from dispatch.safety.types import SayWell
from dispatch.safety.types import SetCheckInRule
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People
from tests.dispatch.safety.conftest import Cellar
from tests.dispatch.safety.conftest import Pin

pytestmark = pytest.mark.postgis
EVERY_S, GRACE_S, SUPERVISOR_S = 900, 120, 180
"""As shipped for a gas leak where nobody said that it is outdoors."""


def test_a_check_in_begins_with_the_arrival_and_ends_with_the_order(cellar: Cellar) -> None:
    """Nobody is asked while it drives, and nothing falls due after it has left."""
    assert cellar.safety() is None
    cellar.arrive()

    check_in = cellar.check_in()
    due_at = cellar.clock() + timedelta(seconds=EVERY_S)
    assert (check_in["state"], check_in["due_at"]) == ("well", instant(due_at))
    wanted = Complete(outcome="repaired")
    cellar.services.assignments.act(cellar.crew, cellar.order["id"], Action.COMPLETE, wanted)
    assert cellar.safety() is None
    assert cellar.pass_time(24 * 3600) == 0


def test_a_silent_crew_is_rung_then_missed_then_escalated_each_once(cellar: Cellar) -> None:
    """At 15:00, 17:00 and 20:00 minutes; the desk learns where it was last, and until when well."""
    cellar.arrive()
    arrived_at = cellar.clock()
    steps = []
    for seconds in (EVERY_S - 1, 1, GRACE_S, SUPERVISOR_S, 3600):
        acted = cellar.pass_time(seconds)
        steps.append((acted, cellar.check_in()["state"]))

    assert steps == [(0, "well"), (1, "due"), (1, "missed"), (1, "escalated"), (0, "escalated")]
    kinds = [each["kind"] for each in cellar.events("check_in")]
    assert kinds == ["check_in.started", "check_in.due", "check_in.missed", "check_in.escalated"]
    missed = cellar.events("check_in.missed")[0]["data"]
    assert missed["well_at"] == instant(arrived_at)
    assert missed["fixed_at"] == instant(arrived_at)
    assert len(missed["last_lonlat"]) == 2
    assert cellar.check_in()["missed_at"] == instant(arrived_at + timedelta(seconds=1020))


def test_a_sign_of_life_quietens_everything_and_begins_anew(cellar: Cellar) -> None:
    """Whichever step it had come to."""
    cellar.arrive()
    cellar.pass_time(EVERY_S)
    cellar.pass_time(GRACE_S)
    cellar.say_well()

    check_in = cellar.check_in()
    assert (check_in["state"], check_in["missed_at"]) == ("well", None)
    assert cellar.pass_time(EVERY_S - 1) == 0
    assert cellar.pass_time(1) == 1
    (well,) = cellar.events("crew.well")
    assert (well["data"]["was"], well["data"]["clears"]) == ("missed", True)
    assert "late_s" not in well["data"]


def test_what_a_phone_without_signal_sends_late_shows_what_is_known_and_alarms_on(
    cellar: Cellar,
) -> None:
    """Tapped after 3 min, sent after 20: well at 3 min, overdue since 18; the alarm stays."""
    cellar.arrive()
    tapped_at = cellar.clock() + timedelta(minutes=3)
    cellar.pass_time(EVERY_S)
    cellar.pass_time(GRACE_S)
    cellar.pass_time(SUPERVISOR_S)

    cellar.say_well(occurred_at=tapped_at, client_id="late")

    check_in = cellar.check_in()
    assert check_in["state"] == "escalated"
    assert check_in["well_at"] == instant(tapped_at)
    assert check_in["heard_at"] == instant(cellar.clock())
    (well,) = cellar.events("crew.well")
    assert well["data"]["clears"] is False
    assert well["data"]["late_s"] == 17 * 60
    assert well["data"]["well_at"] == well["occurred_at"] == instant(tapped_at)


def test_the_same_tap_sent_twice_counts_once(cellar: Cellar) -> None:
    """A phone repeats what it got no answer to."""
    cellar.arrive()
    for _ in range(2):
        cellar.say_well(client_id="tap", occurred_at=cellar.clock.now)

    assert len(cellar.events("crew.well")) == 1


def test_who_works_outdoors_reports_less_often(cellar: Cellar) -> None:
    """Until somebody says so, a crew may be in a cellar: the stricter rule holds."""
    cellar.arrive()
    cellar.say_well(place=WorkPlace.OUTDOORS)

    check_in = cellar.check_in()
    assert (check_in["place"], check_in["every_s"]) == ("outdoors", 1800)
    assert cellar.pass_time(1799) == 0
    assert cellar.pass_time(1) == 1


def test_a_rule_holds_for_those_that_arrive_after_it_was_changed(
    cellar: Cellar,
    people: People,
    shipped_check_in_rules: None,  # noqa: ARG001
) -> None:
    """What has begun goes on as it was begun; who may not change rules is refused."""
    supervisor = people.sign_up("sue", Role.SUPERVISOR)
    cellar.arrive()
    rules = cellar.services.check_in_rules
    wanted = SetCheckInRule(every_s=300, grace_s=60, supervisor_s=60)
    with pytest.raises(NotAllowed):
        rules.set(cellar.dispatcher, "gas_leak", WorkPlace.INDOORS, wanted)
    rules.set(supervisor, "gas_leak", WorkPlace.INDOORS, wanted)

    assert cellar.check_in()["every_s"] == EVERY_S
    listed = rules.all(supervisor)["rules"]
    every_s = {(each["kind"], each["place"]): each["every_s"] for each in listed}
    assert every_s["gas_leak", WorkPlace.INDOORS] == 300
    rules.retire(supervisor, "gas_leak", WorkPlace.INDOORS)
    rules.retire(supervisor, "gas_leak", WorkPlace.OUTDOORS)
    listed_kinds = {each["kind"] for each in rules.all(supervisor)["rules"]}
    assert "gas_leak" not in listed_kinds


def test_a_recall_ends_the_check_in(cellar: Cellar) -> None:
    """Nobody is alarmed of a crew that was called back."""
    cellar.arrive()
    order_id = cellar.order["id"]
    cellar.services.assignments.act(cellar.dispatcher, order_id, Action.WITHDRAW, Step(reason="x"))

    assert cellar.pass_time(24 * 3600) == 0


def test_a_check_in_goes_with_its_order_into_the_incident_that_it_is_merged_into(
    cellar: Cellar, pin: Pin
) -> None:
    """The crew stands where it stood, and who looks after it looks there."""
    cellar.arrive()
    other = pin(1, 2)["id"]

    wanted = MergeIncident(into=other, orders="move")
    cellar.services.merging.merge(cellar.dispatcher, cellar.incident["id"], wanted)

    assert cellar.pass_time(EVERY_S) == 1
    told = cellar.services.incidents.timeline(cellar.dispatcher, other)["events"]
    assert "check_in.due" in [each["kind"] for each in told]


def test_the_desk_may_say_it_for_a_crew_that_it_reached_and_no_other_crew_may(
    cellar: Cellar, people: People, yard: CrewYard
) -> None:
    """By radio; the event says who said it."""
    other = people.sign_up("berta", Role.CREW, crew_id=yard.put("Berta", 2, 2))
    cellar.arrive()
    with pytest.raises(NotAllowed):
        cellar.services.safety.say_well(other, cellar.crew_id, SayWell())
    cellar.services.safety.say_well(cellar.dispatcher, cellar.crew_id, SayWell())

    (well,) = cellar.events("crew.well")
    assert well["actor"] == "dora"


def test_a_missed_check_in_can_be_acknowledged_like_every_alarm(cellar: Cellar) -> None:
    """For a short while, under a name."""
    cellar.arrive()
    cellar.pass_time(EVERY_S)
    cellar.pass_time(GRACE_S)
    wanted = AcknowledgeAlarm(alarm=AlarmKind.CHECK_IN_MISSED)
    seen, _ = cellar.services.alarms.acknowledge(cellar.dispatcher, cellar.incident["id"], wanted)

    assert seen["by"] == "dora"


@pytest.mark.parametrize("attempt", range(5))
def test_a_check_in_at_the_instant_of_its_deadline_leaves_one_truth(
    cellar: Cellar,
    attempt: int,  # noqa: ARG001
) -> None:
    """Deadline and tap race: afterwards it is well, with exactly one deadline ahead."""
    cellar.arrive()
    cellar.clock.forward(EVERY_S)
    together = Barrier(3)

    def tap() -> None:
        together.wait()
        cellar.say_well()

    def fall_due() -> None:
        together.wait()
        cellar.services.deadlines.run_due()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(tap), pool.submit(fall_due), pool.submit(fall_due)]:
            done.result()

    assert cellar.check_in()["state"] == "well"
    assert len(cellar.events("check_in.due")) <= 1
    assert cellar.pass_time(EVERY_S) == 1
