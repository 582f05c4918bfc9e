"""Clocks of incidents: started, warned, missed, stopped, paused, ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy import event

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.crews.states import Duty
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import ChangeIncident
from dispatch.pledge_clocks.states import BreachCause
from dispatch.pledge_clocks.types import GiveCause
from dispatch.pledge_clocks.types import PauseClock
from dispatch.pledge_clocks.types import ResumeClock
from dispatch.pledges.states import PauseReason
from dispatch.writes.command import Step
from tests.dispatch.pledge_clocks.conftest import Town
from tests.dispatch.pledge_clocks.conftest import pledge

pytestmark = pytest.mark.postgis
MIN = 60.0
ON_SITE = (Action.ACCEPT, Action.DEPART, Action.ARRIVE)


def kinds(services: Services) -> list[str]:
    """Return the kinds of all events of clocks, in order."""
    told = [each["kind"] for each in services.events.read_after(0)]
    return [each.removeprefix("clock.") for each in told if each.startswith("clock.")]


def test_a_clock_starts_with_the_pin_and_stops_when_a_crew_is_there(town: Town) -> None:
    """Frozen with its source, shown with the incident; 20 of 30 minutes keep it."""
    town.promise(source="DVGW GW 1200", target_share=0.97)
    pinned = town.pin(1, 1)
    shown = town.services.incidents.get(town.yard.administrator, pinned["id"])["clocks"]
    town.clock.forward(20 * MIN)

    town.act(town.send(pinned["id"], town.yard.put("Crew", 1, 1)), *ON_SITE)

    (found,) = town.clocks(pinned["id"])
    started = town.clock.now - timedelta(minutes=20)
    assert [each["due_at"] for each in shown] == [instant(started + timedelta(minutes=30))]
    assert shown[0]["warn_at"] == instant(started + timedelta(minutes=22.5))
    assert (found["state"], found["verdict"], found["used_s"]) == ("stopped", "kept", 1200)
    assert found["rule"]["source"] == "DVGW GW 1200"
    assert kinds(town.services) == ["started", "stopped"]
    town.clock.forward(3600)
    town.services.deadlines.run_due()
    assert kinds(town.services) == ["started", "stopped"]


def test_it_warns_once_and_is_missed_once(town: Town) -> None:
    """At three quarters and at the limit; however often the worker looks."""
    town.promise()
    incident_id = town.pin(1, 1)["id"]
    seen = []
    for minutes in (22, 1, 6, 1, 60):
        town.clock.forward(minutes * MIN)
        town.services.deadlines.run_due()
        town.services.deadlines.run_due()
        seen.append(kinds(town.services)[1:])

    warned = ["warned"]
    assert seen == [[], warned, warned, [*warned, "breached"], [*warned, "breached"]]
    (found,) = town.clocks(incident_id)
    assert (found["state"], found["verdict"], found["cause"]) == ("running", None, "nobody_free")


@pytest.mark.parametrize(
    ("steps", "cause"),
    [
        ((), "not_answered"),
        ((Action.ACCEPT,), "set_out_late"),
        ((Action.ACCEPT, Action.DEPART), "long_way"),
    ],
)
def test_a_miss_has_its_cause_from_what_happened(
    town: Town, steps: tuple[Action, ...], cause: str
) -> None:
    """Sent at once; then 30 minutes pass in one phase."""
    town.promise()
    incident_id = town.pin(1, 1)["id"]
    order_id = town.send(incident_id, town.yard.put("Crew", 1, 1))
    if steps:
        town.act(order_id, *steps)
    town.clock.forward(31 * MIN)

    town.services.deadlines.run_due()

    assert [each["cause"] for each in town.clocks(incident_id)] == [cause]


def test_nobody_sent_is_nobody_free_only_if_nobody_was(town: Town) -> None:
    """A crew without the skill, or off duty, is not free."""
    town.yard.put("Water only", 1, 1, skills=("water",))
    town.yard.put("At home", 1, 1, duty=Duty.OFF_DUTY)
    town.promise()
    first = town.pin(1, 1)["id"]
    town.clock.forward(31 * MIN)
    town.services.deadlines.run_due()
    town.yard.put("Free", 1, 1)
    second = town.pin(1, 1)["id"]
    town.clock.forward(31 * MIN)
    town.services.deadlines.run_due()

    found = [town.clocks(each)[0]["cause"] for each in (first, second)]
    assert found == ["nobody_free", "sent_late"]


def test_a_phone_that_reports_late_was_there_in_time(town: Town) -> None:
    """It arrived after 20 minutes and had no signal until 40: missed, and kept after all."""
    town.promise()
    incident_id = town.pin(1, 1)["id"]
    order_id = town.send(incident_id, town.yard.put("Crew", 1, 1))
    town.act(order_id, Action.ACCEPT, Action.DEPART)
    arrived_at = town.clock.now + timedelta(minutes=20)
    town.clock.forward(40 * MIN)
    town.services.deadlines.run_due()

    town.services.assignments.act(
        town.dispatcher, order_id, Action.ARRIVE, Step(occurred_at=arrived_at)
    )

    (found,) = town.clocks(incident_id)
    assert (found["verdict"], found["used_s"]) == ("kept", 1200)
    assert kinds(town.services)[1:] == ["breached", "stopped"]  # the worker slept until the limit


def test_a_late_arrival_is_missed_although_no_worker_ran(town: Town) -> None:
    """The verdict follows from times, not from when a deadline was acted on."""
    town.promise()
    incident_id = town.pin(1, 1)["id"]
    town.clock.forward(45 * MIN)

    town.act(town.send(incident_id, town.yard.put("Crew", 1, 1)), *ON_SITE)
    town.services.deadlines.run_due()

    (found,) = town.clocks(incident_id)
    assert (found["verdict"], found["cause"]) == ("breached", "sent_late")
    assert kinds(town.services) == ["started", "breached", "stopped"]


def test_editing_or_retiring_a_pledge_changes_no_running_clock(
    town: Town, supervisor: Actor
) -> None:
    """And not through another change of the incident either."""
    made = town.promise()
    incident_id = town.pin(1, 1)["id"]
    before = town.clocks(incident_id)
    town.services.pledges.change(supervisor, made["id"], pledge(limit_s=60.0))
    after_edit = town.clocks(incident_id)
    town.services.incidents.update(supervisor, incident_id, ChangeIncident(priority=2))
    after_change = town.clocks(incident_id)
    other = town.clocks(town.pin(2, 1)["id"])

    assert before == after_edit == after_change
    assert [each["limit_s"] for each in other] == [60.0]


def test_another_kind_freezes_the_rule_anew_and_leaves_a_trace(town: Town) -> None:
    """It counts from the same start; a limit that is past is missed because of the change."""
    town.promise(kinds=["gas_leak"])
    town.promise(kinds=["gas_outage"], limit_s=900.0, name_en="15 min")
    incident_id = town.pin(1, 1)["id"]
    (before,) = town.clocks(incident_id)
    town.clock.forward(20 * MIN)

    town.services.incidents.update(town.dispatcher, incident_id, ChangeIncident(kind="gas_outage"))
    town.services.deadlines.run_due()

    (found,) = town.clocks(incident_id)
    assert (found["id"], found["started_at"]) == (before["id"], before["started_at"])
    assert (found["name_en"], found["limit_s"], found["cause"]) == ("15 min", 900, "changed_late")
    (trace,) = found["trace"]
    assert (trace["why"], trace["limit_s"], trace["by"]) == ("changed", 1800, "dora")
    assert kinds(town.services) == ["started", "changed", "breached"]


def test_a_change_to_what_nothing_is_promised_for_ends_the_clock(town: Town) -> None:
    """And a change to what something is promised for starts one, from the town.pin."""
    town.promise()
    incident_id = town.pin(1, 1)["id"]
    started = town.clocks(incident_id)[0]["started_at"]

    town.services.incidents.update(town.dispatcher, incident_id, ChangeIncident(kind="water_leak"))
    ended = town.clocks(incident_id)
    town.services.incidents.update(town.dispatcher, incident_id, ChangeIncident(kind="gas_outage"))

    assert [(each["state"], each["end_reason"]) for each in ended] == [("ended", "no_pledge")]
    assert [each["state"] for each in town.clocks(incident_id)] == ["ended", "running"]
    assert town.clocks(incident_id)[1]["started_at"] == started


def test_a_clock_is_paused_and_resumed_for_a_reason_that_the_pledge_allows(town: Town) -> None:
    """Ten minutes without access move the limit by ten; a paused one is never missed."""
    town.promise(pauses=["no_access"])
    incident_id = town.pin(1, 1)["id"]
    (running,) = town.clocks(incident_id)
    town.clock.forward(10 * MIN)
    wanted = PauseClock(reason=PauseReason.NO_ACCESS, note="nobody opens", client_id="p1")

    paused = town.services.pledge_clocks.pause(town.dispatcher, incident_id, running["id"], wanted)
    again = town.services.pledge_clocks.pause(town.dispatcher, incident_id, running["id"], wanted)
    town.clock.forward(60 * MIN)
    acted = town.services.deadlines.run_due()
    with pytest.raises(Conflict, match="paused"):
        town.services.pledge_clocks.pause(
            town.dispatcher, incident_id, running["id"], PauseClock(reason=PauseReason.NO_ACCESS)
        )
    resumed = town.services.pledge_clocks.resume(
        town.dispatcher, incident_id, running["id"], ResumeClock()
    )
    with pytest.raises(Conflict, match="running"):
        town.services.pledge_clocks.resume(
            town.dispatcher, incident_id, running["id"], ResumeClock()
        )

    assert paused == again
    assert (paused["left_s"], paused["due_at"], paused["paused_by"]) == (1200, None, "no_access")
    assert acted == 0
    assert resumed["due_at"] == instant(town.clock.now + timedelta(minutes=20))
    assert kinds(town.services) == ["started", "paused", "resumed"]
    with pytest.raises(InvalidInput, match="none that this pledge allows: no_access"):
        town.services.pledge_clocks.pause(
            town.dispatcher, incident_id, running["id"], PauseClock(reason=PauseReason.UNSAFE)
        )
    with pytest.raises(NotFound):
        town.services.pledge_clocks.resume(town.dispatcher, incident_id, 999, ResumeClock())


def test_the_desk_says_why_a_pledge_was_missed(town: Town, crew_actor: Actor) -> None:
    """Only of one that was; something else needs words."""
    town.promise()
    incident_id = town.pin(1, 1)["id"]
    clock_id = town.clocks(incident_id)[0]["id"]
    other = GiveCause(cause=BreachCause.OTHER, note="the bridge was up")
    with pytest.raises(Conflict, match="not missed"):
        town.services.pledge_clocks.give_cause(town.dispatcher, incident_id, clock_id, other)
    town.clock.forward(31 * MIN)
    town.services.deadlines.run_due()

    with pytest.raises(InvalidInput, match="note"):
        town.services.pledge_clocks.give_cause(
            town.dispatcher, incident_id, clock_id, GiveCause(cause=BreachCause.OTHER)
        )
    with pytest.raises(NotAllowed):
        town.services.pledge_clocks.give_cause(crew_actor, incident_id, clock_id, other)
    given = town.services.pledge_clocks.give_cause(town.dispatcher, incident_id, clock_id, other)

    assert (given["cause"], given["cause_note"], given["cause_by"]) == (
        *("other", "the bridge was up", "dora"),
    )


def test_what_is_cancelled_is_not_missed_unless_it_was(town: Town) -> None:
    """Before the limit it is not needed any more; after it the miss stands."""
    town.promise()
    early, late = town.pin(1, 1)["id"], town.pin(2, 1)["id"]
    town.services.decisions.cancel(town.dispatcher, early, Step(reason="false alarm"))
    town.clock.forward(31 * MIN)
    town.services.deadlines.run_due()
    town.services.decisions.cancel(town.dispatcher, late, Step(reason="false alarm"))

    (first,), (second,) = town.clocks(early), town.clocks(late)
    assert (first["state"], first["end_reason"], first["verdict"]) == ("ended", "cancelled", None)
    assert (second["state"], second["verdict"]) == ("ended", "breached")
    assert town.services.incidents.get(town.dispatcher, early)["clocks"] == []


def test_reopened_by_mistake_it_goes_on_and_after_work_it_begins_anew(town: Town) -> None:
    """Who was cancelled wrongly has waited since the pin; who had a crew waits since now."""
    town.promise()
    mistaken, worked = town.pin(1, 1)["id"], town.pin(2, 1)["id"]
    town.act(
        town.send(worked, town.yard.put("Crew", 1, 1)),
        *ON_SITE,
        Action.COMPLETE,
        outcome="repaired",
    )
    town.services.decisions.cancel(town.dispatcher, mistaken, Step(reason="oops"))
    town.clock.forward(10 * MIN)

    for incident_id in (mistaken, worked):
        town.services.decisions.reopen(town.dispatcher, incident_id, Step(reason="again"))

    (revived,) = town.clocks(mistaken)
    kept, anew = town.clocks(worked)
    assert revived["due_at"] == instant(town.clock.now + timedelta(minutes=20))
    assert (kept["state"], kept["verdict"]) == ("stopped", "kept")
    assert anew["due_at"] == instant(town.clock.now + timedelta(minutes=30))


def test_what_was_made_safe_owes_its_restoration_in_the_follow_up(town: Town) -> None:
    """The clock goes on there, from the first report; nobody promises to be there in 30 min."""
    town.promise()
    town.promise(stop="made_safe", limit_s=7200.0, name_en="Safe in 2 h")
    town.promise(stop="restored", limit_s=43_200.0, name_en="Gas back in 12 h")
    incident_id = town.pin(1, 1)["id"]
    crew_id = town.yard.put("Crew", 1, 1)
    town.clock.forward(20 * MIN)

    town.act(town.send(incident_id, crew_id), *ON_SITE, Action.COMPLETE, outcome="made_safe")

    before = {each["stop"].value: each for each in town.clocks(incident_id)}
    follow_up_id = town.services.incidents.get(town.yard.administrator, incident_id)["follow_up_id"]
    assert follow_up_id is not None
    (carried,) = town.clocks(follow_up_id)
    assert before["made_safe"]["verdict"] == "kept"
    assert before["restored"]["end_reason"] == "follow_up"
    assert (carried["stop"], carried["started_at"]) == (
        "restored",
        before["restored"]["started_at"],
    )
    town.act(town.send(follow_up_id, crew_id), *ON_SITE, Action.COMPLETE, outcome="repaired")
    assert [(each["stop"], each["verdict"]) for each in town.clocks(follow_up_id)] == [
        ("restored", "kept")
    ]


def test_supply_is_back_when_the_last_crew_is_done(town: Town) -> None:
    """Not when the first of two is; and calling back counts from then."""
    town.promise(stop="restored", limit_s=43_200.0)
    town.promise(stop="called_back", start="restored", limit_s=7200.0)
    incident_id = town.pin(1, 1)["id"]
    orders = [town.send(incident_id, town.yard.put(name, 1, 1)) for name in ("One", "Two")]
    seen = []
    for order_id in orders:
        town.act(order_id, *ON_SITE, Action.COMPLETE, outcome="repaired")
        seen.append(
            [(each["stop"].value, each["state"].value) for each in town.clocks(incident_id)]
        )

    assert seen == [
        [("restored", "running")],
        [("restored", "stopped"), ("called_back", "running")],
    ]


def test_an_earlier_call_that_is_heard_of_later_counts_where_calls_count(town: Town) -> None:
    """As in Italy; a pledge from the pin stays as it is."""
    town.promise(start="call_started")
    town.promise(stop="restored", limit_s=43_200.0)
    incident_id = town.pin(1, 1)["id"]
    called_at = town.clock.now - timedelta(minutes=10)

    town.services.reports.add(
        town.dispatcher,
        incident_id,
        AddReport(channel="hotline", reference="12345-7", told_at=called_at),
    )

    called, pinned = town.clocks(incident_id)
    assert called["started_at"] == instant(called_at)
    assert [each["why"] for each in called["trace"]] == ["earlier_call"]
    assert pinned["started_at"] == instant(town.clock.now)


def test_where_nothing_is_pledged_a_report_costs_three_questions_more(town: Town) -> None:
    """Two for its clocks, one for its caller; whoever has an event waits meanwhile."""
    heard: list[str] = []

    @event.listens_for(town.services.engine, "before_cursor_execute")
    def hear(_: Connection, __: object, statement: str, *___: object) -> None:
        heard.append(statement)

    town.pin(1, 1)
    event.remove(town.services.engine, "before_cursor_execute", hear)

    (first, *_) = (at for at, each in enumerate(heard) if "INSERT INTO event" in each)
    assert len(heard[first + 1 :]) == 3


def test_a_call_that_began_before_the_pin_counts_from_its_beginning(town: Town) -> None:
    """By the call taker's clock; it cannot begin in the future."""
    town.promise(start="call_started")
    began_at = town.clock.now - timedelta(minutes=4)

    incident_id = town.pin(1, 1, told_at=began_at)["id"]

    assert town.clocks(incident_id)[0]["started_at"] == instant(began_at)
    with pytest.raises(InvalidInput, match="told_at: must not be in the future"):
        town.pin(1, 1, told_at=town.clock.now + timedelta(minutes=1))


def test_pledges_tell_how_many_were_kept(town: Town) -> None:
    """Of the last 30 days; what ended unneeded counts for neither."""
    town.promise()
    crew_id = town.yard.put("Crew", 1, 1)
    for minutes in (10, 20, 40):
        incident_id = town.pin(1, 1)["id"]
        town.clock.forward(minutes * MIN)
        town.yard.move(crew_id, 1, 1)
        town.act(town.send(incident_id, crew_id), *ON_SITE, Action.COMPLETE, outcome="repaired")
    town.services.decisions.cancel(town.dispatcher, town.pin(2, 2)["id"], Step(reason="no"))

    (told,) = town.services.pledges.list(town.dispatcher)["pledges"]

    assert (told["kept"], told["missed"]) == (2, 1)


def test_an_arrival_and_the_limit_at_once_leave_one_verdict(town: Town) -> None:
    """Whoever is first: missed at most once, decided once, and as the times say."""
    town.promise()
    crews = [town.yard.put(f"Crew {number}", 1, 1) for number in range(8)]
    orders = [(one := town.pin(1, 1)["id"], town.send(one, crew_id)) for crew_id in crews]
    for _, order_id in orders:
        town.act(order_id, Action.ACCEPT, Action.DEPART)
    town.clock.forward(31 * MIN)
    late = Step(occurred_at=town.clock.now - timedelta(minutes=1, seconds=30))
    too_late = Step()

    def arrive(number: int) -> None:
        step = late if number % 2 else too_late
        act = town.services.assignments.act
        act(town.dispatcher, orders[number][1], Action.ARRIVE, step)

    with ThreadPoolExecutor(4) as threads:
        acted = [threads.submit(town.services.deadlines.run_due) for _ in range(2)]
        list(threads.map(arrive, range(8)))
    for each in acted:
        each.result()

    for number, (incident_id, _) in enumerate(orders):
        (found,) = town.clocks(incident_id)
        told = [each["kind"] for each in town.timeline(incident_id)]
        assert found["verdict"] == ("kept" if number % 2 else "breached")
        assert told.count("clock.stopped") == 1
        assert told.count("clock.breached") <= 1
        assert number % 2 or told.count("clock.breached") == 1
