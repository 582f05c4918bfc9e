"""Clocks of incidents that become one, and two again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.assignments.states import Action
from dispatch.core.instants import instant
from dispatch.events.models import Event
from dispatch.merging.types import MarkCalledBack
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from dispatch.pledge_clocks.log_replay import replayed
from dispatch.pledge_clocks.models import PledgeClock
from tests.dispatch.pledge_clocks.conftest import Town

pytestmark = pytest.mark.postgis
MIN = 60.0


def merge(town: Town, incident_id: int, into: int) -> None:
    """Merge an incident into another; its orders go over."""
    wanted = MergeIncident.model_validate({"into": into, "orders": "move"})
    town.services.merging.merge(town.dispatcher, incident_id, wanted)


def unmerge(town: Town, incident_id: int) -> None:
    """Take an incident out again."""
    town.services.merging.unmerge(town.dispatcher, incident_id, UnmergeIncident())


def as_the_log_says(town: Town, incident_id: int) -> bool:
    """Return whether the stored clocks are those that follow from the log."""
    with town.services.work.reading() as session:
        query = select(Event).where(Event.incident_id == incident_id).order_by(Event.id)
        computed = replayed(session.scalars(query).all())
        rows = session.scalars(select(PledgeClock).where(PledgeClock.incident_id == incident_id))
        return {
            row.id: (row.state, row.verdict, row.started_at, row.stopped_at) for row in rows
        } == {
            number: (each.state, each.verdict, each.course.started_at, each.stopped_at)
            for number, each in computed.items()
        }


def test_a_merge_keeps_the_earliest_clock_and_unmerging_gives_each_its_own_back(
    town: Town,
) -> None:
    """Reported ten minutes apart, they are due with the first; two again, each with its own."""
    town.promise()
    start = town.clock.now
    first = town.pin(1, 1)["id"]
    town.clock.forward(10 * MIN)
    second = town.pin(1, 1)["id"]

    merge(town, first, second)

    (ended,), (kept,) = town.clocks(first), town.clocks(second)
    assert (ended["end_reason"], ended["verdict"]) == ("merged", None)
    assert kept["due_at"] == instant(start + timedelta(minutes=30))
    assert [each["why"] for each in kept["trace"]] == ["merged"]

    unmerge(town, first)

    (one,), (two,) = town.clocks(first), town.clocks(second)
    assert (one["state"], one["due_at"]) == ("running", instant(start + timedelta(minutes=30)))
    assert (two["state"], two["due_at"]) == ("running", instant(start + timedelta(minutes=40)))
    assert as_the_log_says(town, first)
    assert as_the_log_says(town, second)
    town.clock.forward(25 * MIN)
    town.services.deadlines.run_due()
    assert [bool(town.clocks(each)[0]["breached_at"]) for each in (first, second)] == [True, False]


def test_what_only_one_of_them_owes_goes_over(town: Town) -> None:
    """A goal that the other has no clock for."""
    town.promise(kinds=["gas_leak"])
    leak, outage = town.pin(1, 1)["id"], town.pin(1, 1, kind="gas_outage")["id"]
    started = town.clocks(leak)[0]["started_at"]

    merge(town, leak, outage)

    assert [(each["state"], each["started_at"]) for each in town.clocks(outage)] == [
        ("running", started)
    ]
    unmerge(town, leak)
    assert [each["state"] for each in (*town.clocks(leak), *town.clocks(outage))] == [
        *("running", "ended"),
    ]
    assert as_the_log_says(town, leak)
    assert as_the_log_says(town, outage)


def test_calling_back_is_done_when_nobody_waits_for_it_any_more(town: Town) -> None:
    """Of two callers one is called back, then not, then both."""
    town.promise(stop="called_back", limit_s=7200.0)
    first = town.pin(1, 1, caller_phone="+377 1")["id"]
    second = town.pin(1, 1, caller_phone="+377 2")["id"]
    merge(town, first, second)
    reports = town.services.reports.list(town.dispatcher, second)["reports"]
    states = []
    for called, report in ((True, 0), (False, 0), (True, 1), (True, 0)):
        wanted = MarkCalledBack(called=called)
        town.services.call_backs.call_back(town.dispatcher, second, reports[report]["id"], wanted)
        states += [each["state"].value for each in town.clocks(second)]

    assert states == ["running", "running", "running", "stopped"]
    assert as_the_log_says(town, second)


def test_a_crew_on_the_scene_of_one_is_on_that_of_the_other(town: Town) -> None:
    """Its order goes over with the merge, and nobody else need come."""
    town.promise()
    first, second = town.pin(1, 1)["id"], town.pin(1, 1)["id"]
    order_id = town.send(first, town.yard.put("Crew", 1, 1))
    town.act(order_id, Action.ACCEPT, Action.DEPART, Action.ARRIVE)
    town.clock.forward(5 * MIN)

    merge(town, first, second)

    assert [(each["state"], each["verdict"]) for each in town.clocks(second)] == [
        ("stopped", "kept")
    ]
    assert as_the_log_says(town, first)
    assert as_the_log_says(town, second)
