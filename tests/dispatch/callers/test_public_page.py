"""Whoever has a link sees one case: while it goes on, until it is over, and nothing else."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import text

from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.callers.states import Stage
from dispatch.callers.types import CallBackListQuery
from dispatch.callers.types import RateCase
from dispatch.callers.types import SayWhere
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.incidents.types import CreateIncident
from dispatch.merging.types import MarkCalledBack
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from dispatch.outcomes.types import Complete
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import People
from tests.dispatch.callers.conftest import Calls
from tests.dispatch.units.conftest import Group
from tests.dispatch.units.conftest import group as group  # noqa: PLC0414  (a fixture)
from tests.pictures import drawn
from tests.pictures import encoded

pytestmark = pytest.mark.postgis


def test_the_crews_place_is_told_from_its_departure_until_it_is_there_and_only_roughly(
    calls: Calls,
) -> None:
    """Neither before it sets out, nor from a fix of before, nor once it is there."""
    incident, token = calls.reported(1, 1)
    order, crew = calls.send(incident, 8, 8)
    seen = [calls.look(token)["crew"]]
    calls.act(order, Action.ACCEPT)
    seen.append(calls.look(token)["crew"])
    calls.act(order, Action.DEPART)
    seen.append(calls.look(token)["crew"])  # its last fix is of before it set out
    calls.clock.forward(10)
    calls.yard.move(crew, 5, 5)
    on_its_way = calls.look(token)
    calls.act(order, Action.ARRIVE)
    seen.append(calls.look(token)["crew"])

    assert seen == [None] * 4
    assert on_its_way["stage"] is Stage.ON_ITS_WAY
    assert on_its_way["crew"] is not None
    assert on_its_way["crew"]["about_m"] % 100 == 0
    lon, lat = calls.yard.city.at(5, 5)
    assert f"{lon:.4f}" not in json.dumps(on_its_way)
    assert f"{lat:.4f}" not in json.dumps(on_its_way)


def test_an_old_position_is_not_told(calls: Calls) -> None:
    """Where a crew was ten minutes ago says nothing."""
    incident, token = calls.reported(1, 1)
    order, crew = calls.send(incident, 8, 8)
    calls.act(order, Action.ACCEPT, Action.DEPART)
    calls.yard.move(crew, 5, 5)
    calls.clock.forward(calls.services.settings.stale_fix_s + 1)

    assert calls.look(token)["crew"] is None


def test_a_case_is_told_step_by_step_to_its_end(calls: Calls) -> None:
    """With the times of this case; a crew that could not finish has not finished."""
    incident, token = calls.reported()
    first, _ = calls.send(incident, 2, 2)
    calls.act(first, Action.ACCEPT, Action.DEPART, Action.ARRIVE)
    there = calls.look(token)
    calls.act(first, Action.COMPLETE, outcome="no_access")
    failed = calls.look(token)
    second, _ = calls.send(incident, 3, 3)
    again = calls.look(token)
    calls.act(second, Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)
    done = calls.look(token)

    assert [each["state"].value for each in there["steps"]] == ["done"] * 4 + ["next"]
    assert [each["stage"] for each in (there, failed, again, done)] == [
        Stage.THERE,
        Stage.NOT_FINISHED,
        Stage.ASKED,
        Stage.FINISHED,
    ]
    assert all(each["at"] for each in done["steps"])
    assert done["over"]
    assert not failed["over"]


def test_what_was_made_safe_is_not_finished_until_it_is_repaired(calls: Calls) -> None:
    """The caller hears by when the repair is planned, and later that it was done."""
    incident, token = calls.reported()
    order, _ = calls.send(incident, 2, 2)
    calls.act(
        order, Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE, outcome="made_safe"
    )
    safe = calls.look(token)
    with calls.services.work.reading() as session:
        repair = session.execute(
            text("SELECT id FROM incident WHERE follow_up_of = :id"), {"id": incident}
        ).scalar_one()
    later, _ = calls.send(repair, 3, 3)
    calls.act(later, Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)

    assert safe["stage"] is Stage.MADE_SAFE
    assert safe["repair_due_at"]
    assert calls.look(token)["stage"] is Stage.FINISHED


def test_of_a_merged_case_the_surviving_one_is_told_and_the_own_one_again_when_taken_out(
    calls: Calls,
) -> None:
    """Its number stays the caller's own; what the desk wrote of the other is not shown."""
    own, token = calls.reported(1, 1, address="Own Street 1")
    other, _ = calls.reported(2, 2, address="Foreign Street 9, Mrs Stranger")
    order, _ = calls.send(other, 4, 4)
    calls.act(order, Action.ACCEPT, Action.DEPART)
    calls.services.merging.merge(calls.desk, own, MergeIncident(into=other))

    merged = calls.look(token)
    calls.services.merging.unmerge(calls.desk, own, UnmergeIncident())
    apart = calls.look(token)

    assert (merged["number"], merged["stage"], merged["joined"]) == (own, Stage.ON_ITS_WAY, True)
    assert "Stranger" not in json.dumps(merged)
    assert (apart["stage"], apart["joined"]) == (Stage.SEARCHING, False)


def test_each_report_has_its_own_page_and_only_the_first_one_shows_the_address(
    calls: Calls,
) -> None:
    """What one caller said is not seen by another."""
    incident, first = calls.reported(address="Own Street 1, flat 7")
    second = calls.link(incident, calls.report_again(incident))
    here = calls.services.caller_pages.say_where

    calls.say(here, first, SayWhere(words="behind the blue door"))

    assert calls.look(first)["address"] == "Own Street 1, flat 7"
    assert calls.look(second)["address"] == ""
    assert [calls.look(each)["may_say_where"] for each in (first, second)] == [False, True]
    assert "blue door" not in json.dumps(calls.look(second))


def test_where_a_caller_is_can_be_said_once_and_is_seen_by_the_desk_and_the_crew_sent_there(
    calls: Calls, people: People
) -> None:
    """With a photo in the incident's record; by a crew only while its order is alive."""
    incident, token = calls.reported()
    order, crew = calls.send(incident, 4, 4)
    crew_actor = people.sign_up("cruz", Role.CREW, crew_id=crew)
    stranger = people.sign_up("other", Role.CREW, crew_id=calls.yard.put("Other", 6, 6))
    here = calls.services.caller_pages.say_where
    said = SayWhere(lon=7.4001, lat=43.7001, words="third gate", photo=encoded(drawn()))

    with pytest.raises(InvalidInput):
        calls.say(here, token, SayWhere())
    calls.say(here, token, said)
    with pytest.raises(Conflict) as again:
        calls.say(here, token, SayWhere(words="elsewhere"))

    assert again.value.code == "said_already"
    for actor in (calls.desk, crew_actor):
        (place,) = calls.services.callers.places(actor, incident)["places"]
        assert (place["lon"], place["words"]) == (7.4001, "third gate")
    assert len(calls.services.photos.list(calls.desk, incident)["photos"]) == 1
    with pytest.raises(NotFound):
        calls.services.callers.places(stranger, incident)
    calls.act(order, Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)
    assert calls.services.callers.places(crew_actor, incident)["places"] == []


def test_a_case_is_rated_once_after_the_crew_was_there_and_who_asks_to_be_called_is_listed(
    calls: Calls,
) -> None:
    """Until somebody ticks that the caller was called."""
    incident, report = calls.report()
    token = calls.link(incident, report)
    rate = calls.services.caller_pages.rate
    with pytest.raises(Conflict) as early:
        calls.say(rate, token, RateCase(rating=5))
    order, _ = calls.send(incident, 4, 4)
    calls.act(order, Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)
    calls.say(rate, token, RateCase(rating=2, words="came late", call_back=True))
    with pytest.raises(Conflict) as again:
        calls.say(rate, token, RateCase(rating=5))
    waiting = calls.services.callers.call_backs(calls.desk)["call_backs"]
    calls.clock.forward(60)
    calls.services.call_backs.call_back(calls.desk, incident, report, MarkCalledBack())
    left = calls.services.callers.call_backs(calls.desk, CallBackListQuery(open=True))

    assert (early.value.code, again.value.code) == ("not_over_yet", "said_already")
    assert [(each["report_id"], each["rating"], each["words"]) for each in waiting] == [
        (report, 2, "came late")
    ]
    assert left["call_backs"] == []
    (page,) = calls.services.callers.pages(calls.desk, incident)["pages"]
    assert (page["rating"], page["rating_words"]) == (2, "came late")


def test_a_link_ends_some_time_after_its_case_and_goes_on_if_that_is_opened_again(
    calls: Calls,
) -> None:
    """Merged ones with the case that they went into."""
    own, token = calls.reported(1, 1)
    other, _ = calls.reported(2, 2)
    calls.services.merging.merge(calls.desk, own, MergeIncident(into=other))
    calls.services.decisions.cancel(calls.desk, other, Step(reason="nothing there"))
    kept = timedelta(hours=calls.services.settings.caller_link_hours)

    assert calls.look(token)["stage"] is Stage.CANCELLED
    assert calls.opened(token).expires_at == calls.clock() + kept

    calls.services.decisions.reopen(calls.desk, other, Step(reason="there is"))
    assert calls.opened(token).expires_at is None
    calls.services.decisions.cancel(calls.desk, other, Step(reason="nothing there"))
    calls.clock.forward(kept.total_seconds() + 1)
    with pytest.raises(NotFound):
        calls.look(token)


def test_a_revoked_link_leads_nowhere_and_a_new_one_leads_to_the_same_page(calls: Calls) -> None:
    """What was said stays said."""
    incident, report = calls.report()
    tokens = [calls.link(incident, report) for _ in range(2)]
    calls.say(calls.services.caller_pages.say_where, tokens[0], SayWhere(words="here"))

    revoked = calls.services.callers.revoke(calls.desk, incident, report)

    assert revoked["links"] == 0
    for each in tokens:
        with pytest.raises(NotFound):
            calls.look(each)
    assert calls.look(calls.link(incident, report))["where_said"]


def test_another_companys_desk_sees_nothing_of_it(calls: Calls, group: Group) -> None:
    """Neither pages nor call-backs; the link itself sees its own company's rows only."""
    with group.at("south"):
        south = group.sign_up("south", "sue", Role.DISPATCHER)
        wanted = CreateIncident(kind="gas_leak", lon=7.4, lat=43.7, caller_phone="1")
        incident = calls.services.incidents.create(south, wanted)["id"]
        report = calls.services.reports.list(south, incident)["reports"][0]["id"]
        calls.desk = south
        token = calls.link(incident, report)
    north = group.sign_up("north", "nora", Role.DISPATCHER)
    with group.at("north"):
        with pytest.raises(NotFound):
            calls.services.callers.pages(north, incident)
        with calls.services.work.reading() as session:
            assert session.execute(text("SELECT count(*) FROM caller_page")).scalar_one() == 0

    assert calls.look(token)["stage"] is Stage.SEARCHING
    assert calls.opened(token).scope.units == (group.units["south"],)


_STEPS = st.lists(
    st.tuples(st.sampled_from(["own", "foreign"]), st.sampled_from(list(Action))), max_size=8
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS)
def test_whatever_happens_a_page_shows_nothing_of_another_case(
    calls: Calls, steps: list[tuple[str, Action]]
) -> None:
    """The same crew has both orders; names, numbers, words and places of the other never appear."""
    own, token = calls.reported(1, 1)
    foreign, _ = calls.reported(
        9, 9, address="SECRET address", description="SECRET words", caller_name="SECRET name"
    )
    calls.crews += 1
    crew = calls.yard.put(f"SECRET crew {calls.crews}", 8, 8)
    orders = {}
    for name, incident in (("foreign", foreign), ("own", own)):
        wanted = SendCrew(crew_id=crew, queue=True, reason="SECRET reason")
        orders[name] = calls.services.sending.send(calls.desk, incident, wanted)[0]["id"]
    for whose, action in steps:
        calls.clock.forward(30)
        step = Complete(outcome="repaired") if action is Action.COMPLETE else Step(reason="SECRET")
        try:
            calls.services.assignments.act(calls.desk, orders[whose], action, step)
        except Conflict:
            continue
        calls.yard.move(crew, 7, 7)

    told = calls.look(token)

    shown = json.dumps(told)
    assert "SECRET" not in shown
    with calls.services.work.reading() as session:
        mine = session.execute(
            text("SELECT state, rank FROM assignment WHERE id = :id"), {"id": orders["own"]}
        ).one()
    assert (told["crew"] is not None) <= (mine.state == "en_route" and mine.rank == 0)
    for incident in (own, foreign):
        for order in orders.values():
            _end(calls, order)
        calls.services.decisions.cancel(calls.desk, incident, Step(reason="over"))


def _end(calls: Calls, order_id: int) -> None:
    try:
        calls.services.assignments.act(calls.desk, order_id, Action.WITHDRAW, Step(reason="over"))
    except Conflict:
        return
