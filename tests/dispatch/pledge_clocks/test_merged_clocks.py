"""What was promised to callers of an incident that is merged, and taken out again."""

from datetime import timedelta

import pytest

from dispatch.assignments.states import Action
from dispatch.core.instants import instant
from dispatch.incidents.types import AddReport
from dispatch.merging.types import MarkCalledBack
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from tests.dispatch.pledge_clocks.conftest import Town

pytestmark = pytest.mark.postgis
MIN = 60.0


def two(town: Town) -> tuple[int, int]:
    """Pin one incident, and another five minutes later."""
    town.promise()
    one = town.pin(3, 3)["id"]
    town.clock.forward(5 * MIN)
    return one, town.pin(3, 3.2)["id"]


def merge(town: Town, one: int, into: int) -> None:
    """Merge one into the other; orders go over."""
    wanted = MergeIncident(into=into, orders="move")
    town.services.merging.merge(town.dispatcher, one, wanted)


def test_the_earlier_promise_counts_for_both_and_comes_back_with_its_own(town: Town) -> None:
    """One clock for one burst, from the first call on; taken out, each has its own again."""
    one, other = two(town)

    merge(town, one, other)

    first = instant(town.clock.now - timedelta(minutes=5))
    assert [each["state"] for each in town.clocks(one)] == ["ended"]
    assert [(each["state"], each["started_at"]) for each in town.clocks(other)] == [
        ("running", first)
    ]
    town.services.merging.unmerge(town.dispatcher, one, UnmergeIncident())
    assert [(each["state"], each["started_at"]) for each in town.clocks(one)] == [
        ("running", first)
    ]


def test_a_crew_that_is_on_scene_is_there_for_the_other_too(town: Town) -> None:
    """Its order goes over, and whoever waits for a crew there waits no more."""
    one, other = two(town)
    order = town.send(one, town.yard.put("Crew", 1, 1))
    town.act(order, Action.ACCEPT, Action.DEPART, Action.ARRIVE)

    merge(town, one, other)

    (clock,) = town.clocks(other)
    assert (clock["state"], clock["verdict"]) == ("stopped", "kept")


def test_a_tick_that_is_taken_away_reaches_no_goal(town: Town) -> None:
    """Only who was called back was."""
    town.promise(stop="called_back")
    one = town.pin(3, 3)["id"]
    told = AddReport(channel="call", caller_phone="12")
    report = town.services.reports.add(town.dispatcher, one, told)[0]["id"]
    states = []

    for called in (False, True):
        mark = MarkCalledBack(called=called)
        town.services.call_backs.call_back(town.dispatcher, one, report, mark)
        states += [each["state"] for each in town.clocks(one)]

    assert states == ["running", "stopped"]
