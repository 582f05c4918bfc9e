"""Two incidents that are one: merged with all that belongs to them, and taken apart again."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.incidents.types import AddReport
from dispatch.merging.merge_rows import GO_WITH_ORDERS
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import UnmergeIncident
from dispatch.messages.types import ReadMessages
from dispatch.messages.types import SendMessage
from dispatch.offers.types import MakeOffer
from dispatch.records.types import AddNote
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from geodata.db import Base
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.orders import step_for

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
STEPS = (Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE)


def merge(services: Services, desk: Actor, one: int, into: int, **more: Any) -> Any:  # noqa: ANN401
    """Merge one incident into another."""
    return services.merging.merge(desk, one, MergeIncident(into=into, **more))


def unmerge(services: Services, desk: Actor, one: int, **more: Any) -> Any:  # noqa: ANN401
    """Take one out again."""
    return services.merging.unmerge(desk, one, UnmergeIncident(**more))


def refused(call: Callable[[], object]) -> tuple[str, dict[str, Any]]:
    """Return by which code something is refused, and what is said with it."""
    with pytest.raises(DispatchError) as error:
        call()
    return error.value.code, error.value.extra


def entries(services: Services, desk: Actor, incident_id: int) -> dict[str, list[str]]:
    """Return the words of all that is read from an incident."""
    notes = services.notes.list(desk, incident_id)["notes"]
    messages = services.messages.list(desk, incident_id)["messages"]
    reports = services.reports.list(desk, incident_id)["reports"]
    return {
        "notes": [each["words"] for each in notes],
        "messages": [each["words"] for each in messages],
        "callers": [each["caller_name"] for each in reports],
    }


def fill(services: Services, desk: Actor, incident_id: int, name: str) -> None:
    """Write one of everything."""
    services.notes.add(desk, incident_id, AddNote(words=f"note of {name}"))
    services.messages.send(desk, incident_id, SendMessage(words=f"to all of {name}"))
    again = AddReport(channel="call", caller_name=f"caller of {name}", caller_phone="12")
    services.reports.add(desk, incident_id, again)


def test_all_that_belongs_to_both_is_read_from_one_and_goes_back_exactly(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """Each entry stays stored with its own incident; what was added since stays where it was."""
    one, two = pin(3, 3, caller_name="Ann")["id"], pin(3, 3.2, caller_name="Bob")["id"]
    fill(services, dispatcher, one, "one")
    fill(services, dispatcher, two, "two")
    before = {each: entries(services, dispatcher, each) for each in (one, two)}

    merged = merge(services, dispatcher, one, two, reason="one hole")
    services.notes.add(dispatcher, one, AddNote(words="said of the merged one"))

    assert merged["incident"]["state"] == "merged"
    assert (merged["incident"]["merged_into"], merged["other"]["merged_count"]) == (two, 1)
    shown = services.incidents.get(dispatcher, two)
    assert (shown["reports_count"], shown["notes_count"], shown["messages_count"]) == (4, 3, 2)
    assert entries(services, dispatcher, two) == {
        "notes": ["note of one", "note of two", "said of the merged one"],
        "messages": ["to all of one", "to all of two"],
        "callers": ["Ann", "Bob", "caller of one", "caller of two"],
    }
    timeline = services.incidents.timeline(dispatcher, two)["events"]
    assert {each["incident_id"] for each in timeline} == {one, two}

    unmerge(services, dispatcher, one)

    assert entries(services, dispatcher, one) == before[one]
    before[two]["notes"].append("said of the merged one")
    assert entries(services, dispatcher, two) == before[two]
    assert services.incidents.get(dispatcher, one)["state"] == "open"
    assert services.incidents.get(dispatcher, one)["merged_into"] is None
    assert services.incidents.get(dispatcher, two)["merged_count"] == 0


def test_messages_that_nobody_has_read_stay_unread_through_a_merge(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, people: People
) -> None:
    """The desk had read what came later at the other incident: what came earlier here is new."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    crews = [yard.put(name, 1, 1) for name in ("A", "B")]
    actors = [
        people.sign_up(name, Role.CREW, crew_id=crew_id)
        for name, crew_id in zip(("ann", "bob"), crews, strict=True)
    ]
    for incident_id, crew_id, actor in zip((one, two), crews, actors, strict=True):
        services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
        services.messages.send(actor, incident_id, SendMessage(words=actor.username))
    newest = services.messages.list(dispatcher, two)["messages"][-1]["id"]
    services.messages.mark_read(dispatcher, two, ReadMessages(up_to=newest))

    merge(services, dispatcher, one, two, orders="move")

    assert services.incidents.get(dispatcher, two)["unread_from_crews"] == 1
    services.messages.mark_read(dispatcher, two, ReadMessages(up_to=newest))
    assert services.incidents.get(dispatcher, two)["unread_from_crews"] == 0
    services.messages.send(dispatcher, two, SendMessage(words="Valve 7 is shut"))
    told = services.assignments.list_for_crew(actors[0], crews[0])["assignments"]
    assert [each["unread_from_desk"] for each in told] == [1]
    # A phone that was without signal names the incident that it knew.
    services.messages.send(actors[0], one, SendMessage(words="late"))
    assert services.messages.list(dispatcher, two)["messages"][-1]["words"] == "late"
    assert services.messages.list(actors[0], one)["messages"][-1]["words"] == "late"


@pytest.mark.parametrize("steps", range(4))
def test_a_live_order_goes_over_with_its_number_and_goes_on_there(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, steps: int
) -> None:
    """Offered, accepted, under way or on scene: the crew is told, and ends it as ever."""
    one, two = pin(3, 3, address="Here 1")["id"], pin(3, 3.2, address="There 2")["id"]
    crew_id = yard.put("A", 1, 1)
    order = services.sending.send(dispatcher, one, SendCrew(crew_id=crew_id))[0]
    for action in STEPS[:steps]:
        services.assignments.act(dispatcher, order["id"], action, Step())

    without = refused(lambda: merge(services, dispatcher, one, two))
    moved = merge(services, dispatcher, one, two, orders="move")

    assert without[0] == "orders_live"
    assert without[1]["choices"] == ["move", "withdraw"]
    assert [each["id"] for each in without[1]["orders"]] == [order["id"]]
    assert moved["orders_moved"] == [order["id"]]
    state = ["offered", "accepted", "en_route", "on_scene"][steps]
    shown = services.incidents.get(dispatcher, two)
    assert [(each["id"], each["state"]) for each in shown["assignments"]] == [(order["id"], state)]
    assert shown["state"] == ("on_scene" if steps == 3 else "assigned")
    (notice,) = services.notices.open_for_crew(dispatcher, crew_id)["notices"]
    assert (notice["kind"], notice["incident_id"]) == ("moved", two)
    fields = {each["field"]: each["new"] for each in notice["what"]}
    assert fields["address"] == "There 2"
    for action in STEPS[steps:]:
        services.assignments.act(dispatcher, order["id"], action, step_for(action))
    assert services.incidents.get(dispatcher, two)["state"] == "resolved"
    assert services.incidents.get(dispatcher, one)["state"] == "merged"


def test_withdrawing_recalls_the_crews_instead(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """What waits behind an order moves up, as when an incident is cancelled."""
    one, two, third = (pin(column, 3)["id"] for column in (3, 3.1, 8))
    crew_id = yard.put("A", 1, 1)
    order = services.sending.send(dispatcher, one, SendCrew(crew_id=crew_id))[0]
    behind = services.sending.send(dispatcher, third, SendCrew(crew_id=crew_id, queue=True))[0]

    merged = merge(services, dispatcher, one, two, orders="withdraw", reason="one hole")

    assert merged["orders_withdrawn"] == [order["id"]]
    assert services.assignments.get(dispatcher, order["id"])["state"] == "withdrawn"
    assert services.assignments.get(dispatcher, behind["id"])["rank"] == 0
    assert services.incidents.get(dispatcher, two)["state"] == "open"


@pytest.mark.parametrize("first_there", [False, True])
def test_a_crew_that_has_an_order_for_both_keeps_the_one_it_does_first(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, *, first_there: bool
) -> None:
    """The preview says so before; no crew has two orders for one incident."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    crew_id = yard.put("A", 1, 1)
    order = (two, one) if first_there else (one, two)
    sent = {
        each: services.sending.send(dispatcher, each, SendCrew(crew_id=crew_id, queue=True))[0]
        for each in order
    }
    preview = services.merge_previews.preview(dispatcher, one, two)

    merged = merge(services, dispatcher, one, two, orders="move")

    assert [each["if_moved"] for each in preview["orders"]] == [
        "ends" if first_there else "replaces"
    ]
    kept, ended = (two, one) if first_there else (one, two)
    assert merged["orders_withdrawn"] == [sent[ended]["id"]]
    live = services.assignments.list_for_crew(dispatcher, crew_id)["assignments"]
    assert [(each["id"], each["incident_id"], each["rank"]) for each in live] == [
        (sent[kept]["id"], two, 0)
    ]


def test_taken_out_again_a_live_order_returns_and_an_ended_one_stays(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The incident stands as its own orders make it stand; the crew is told where it goes now."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    crews = [yard.put(name, 1, 1) for name in "AB"]
    orders = [
        services.sending.send(dispatcher, one, SendCrew(crew_id=each))[0]["id"] for each in crews
    ]
    merge(services, dispatcher, one, two, orders="move")
    for action in STEPS:
        services.assignments.act(dispatcher, orders[0], action, step_for(action))

    parted = unmerge(services, dispatcher, one, reason="another house")

    assert parted["orders_moved"] == [orders[1]]
    first, second = (services.incidents.get(dispatcher, each) for each in (one, two))
    assert [each["id"] for each in first["assignments"]] == [orders[1]]
    assert [each["id"] for each in second["assignments"]] == [orders[0]]
    assert (first["state"], second["state"]) == ("assigned", "resolved")
    told = services.notices.open_for_crew(dispatcher, crews[1])["notices"]
    assert [(each["kind"], each["incident_id"]) for each in told] == [
        ("moved", one),
        ("moved", one),
    ]


def test_a_merge_follows_to_where_the_other_leads_and_each_step_is_taken_back_alone(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """A into B, B into C, D into A: all lead to C; taking B out takes A and D with it."""
    a, b, c, d = (pin(column, 3)["id"] for column in range(4))
    merge(services, dispatcher, a, b)
    merge(services, dispatcher, b, c)
    leads = merge(services, dispatcher, d, a)["other"]["id"]

    def leading() -> dict[int, int | None]:
        return {
            each: services.incidents.get(dispatcher, each)["merged_into"] for each in (a, b, c, d)
        }

    assert leads == c
    assert leading() == {a: c, b: c, c: None, d: c}
    assert services.incidents.get(dispatcher, c)["reports_count"] == 4
    assert len(services.merging.merged(dispatcher, c)["merged"]) == 3
    unmerge(services, dispatcher, b)
    assert leading() == {a: b, b: None, c: None, d: c}
    unmerge(services, dispatcher, a)
    unmerge(services, dispatcher, d)
    assert set(leading().values()) == {None}


def test_what_cannot_be_merged_is_refused_by_name(
    services: Services, dispatcher: Actor, crew_actor: Actor, pin: Pin
) -> None:
    """Itself, also round a circle; what has ended; what there is not; twice; by a crew."""
    a, b, ended = (pin(column, 3)["id"] for column in range(3))
    services.decisions.cancel(dispatcher, ended, Step())

    assert refused(lambda: merge(services, dispatcher, a, a))[0] == "merge_into_itself"
    assert refused(lambda: merge(services, dispatcher, a, ended))[0] == "into_ended"
    assert refused(lambda: merge(services, dispatcher, ended, a))[0] == "incident_ended"
    with pytest.raises(InvalidInput) as unknown:
        merge(services, dispatcher, a, 9_999)
    assert [each.field for each in unknown.value.fields] == ["into"]
    with pytest.raises(NotFound):
        merge(services, dispatcher, 9_999, a)
    with pytest.raises(NotAllowed):
        merge(services, crew_actor, a, b)
    assert refused(lambda: unmerge(services, dispatcher, a))[0] == "not_merged"
    merge(services, dispatcher, a, b)
    code, extra = refused(lambda: merge(services, dispatcher, a, b))
    assert (code, extra["merged_into"]) == ("incident_ended", b)
    assert refused(lambda: merge(services, dispatcher, b, a))[0] == "merge_into_itself"
    code, extra = refused(lambda: services.decisions.reopen(dispatcher, a, Step()))
    assert (code, extra["merged_into"]) == ("wrong_state", b)


def test_what_nobody_has_seen_to_does_not_go_behind_what_is_resolved(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Nothing that is not safe turns green; the other way round it stays open."""
    waiting, done = pin(3, 3)["id"], pin(3, 3.2)["id"]
    order = services.sending.send(dispatcher, done, SendCrew(crew_id=yard.put("A", 1, 1)))[0]
    for action in STEPS:
        services.assignments.act(dispatcher, order["id"], action, step_for(action))

    assert refused(lambda: merge(services, dispatcher, waiting, done))[0] == "into_resolved"
    merged = merge(services, dispatcher, done, waiting)

    assert merged["other"]["state"] == "open"
    unmerge(services, dispatcher, done)
    assert services.incidents.get(dispatcher, done)["state"] == "resolved"


def test_a_merge_that_is_sent_again_is_made_once(
    services: Services, dispatcher: Actor, pin: Pin
) -> None:
    """The same name for something else is refused."""
    a, b, c = (pin(column, 3)["id"] for column in range(3))

    first = merge(services, dispatcher, a, b, client_id="m")
    again = merge(services, dispatcher, a, b, client_id="m")

    assert again == first
    with pytest.raises(Conflict, match="idempotency"):
        merge(services, dispatcher, a, c, client_id="m")


def test_a_crew_sees_where_its_order_went_and_one_that_had_ended_sees_its_own(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, people: People
) -> None:
    """The phone asks for the incident that it knew."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    crews = [yard.put(name, 1, 1) for name in "AB"]
    done, going = (people.sign_up(f"crew{each}", Role.CREW, crew_id=each) for each in crews)
    order = services.sending.send(dispatcher, one, SendCrew(crew_id=crews[0]))[0]
    services.assignments.act(done, order["id"], Action.DECLINE, Step(reason="no"))
    services.sending.send(dispatcher, one, SendCrew(crew_id=crews[1]))

    merge(services, dispatcher, one, two, orders="move")

    assert services.incidents.get(going, one)["id"] == two
    assert services.incidents.get(done, one)["id"] == one
    with pytest.raises(NotFound):
        services.incidents.get(done, two)
    assert len(services.reports.list(going, two)["reports"]) == 2


def test_a_replay_shows_what_the_desk_saw_before_and_after(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Folded from the log: both incidents, the order on its way over and back."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    crew_id = yard.put("A", 1, 1)
    order = services.sending.send(dispatcher, one, SendCrew(crew_id=crew_id))[0]
    merge(services, dispatcher, one, two, orders="move")
    merged = services.replay.incident(dispatcher, two)
    unmerge(services, dispatcher, one)
    parted = services.replay.incident(dispatcher, one)

    assert [each["id"] for each in merged["incidents"]] == [two, one]
    last = {each["id"]: each["frames"][-1] for each in merged["incidents"]}
    assert (last[one]["state"], last[one]["orders"]) == ("merged", [])
    assert last[two]["state"] == "assigned"
    assert [each["assignment_id"] for each in last[two]["orders"]] == [order["id"]]
    assert merged["crews"][0]["frames"][-1]["incident_id"] == two
    frames = [each["state"] for each in parted["incidents"][0]["frames"]]
    assert frames == ["open", "assigned", "merged", "open", "assigned"]
    assert parted["incidents"][0]["frames"][-1]["orders"][0]["assignment_id"] == order["id"]


def test_one_crew_leads_whatever_is_merged_and_taken_out(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Who comes over supports the one that leads there; apart, each leads its own again."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    for incident_id, name in ((one, "A"), (two, "B")):
        services.sending.send(dispatcher, incident_id, SendCrew(crew_id=yard.put(name, 1, 1)))

    def roles(incident_id: int) -> dict[str, str]:
        orders = services.incidents.get(dispatcher, incident_id)["assignments"]
        return {each["crew_name"]: each["role"] for each in orders}

    merge(services, dispatcher, one, two, orders="move")
    assert roles(two) == {"A": "support", "B": "lead"}
    unmerge(services, dispatcher, one)
    assert (roles(one), roles(two)) == ({"A": "lead"}, {"B": "lead"})


@pytest.mark.parametrize("offered", ["merged", "goes on"])
def test_an_offer_ends_where_it_is_not_needed_any_more(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, offered: str
) -> None:
    """That of the merged incident; and that of the other, to which a crew comes over."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    crews = [yard.put(name, 1, 1) for name in "AB"]
    place = one if offered == "merged" else two
    offer = services.offers.make(
        dispatcher, place, MakeOffer(crew_ids=[crews[0]], accept_within_s=60)
    )[0]
    if offered == "goes on":
        services.sending.send(dispatcher, one, SendCrew(crew_id=crews[1]))

    merge(services, dispatcher, one, two, orders="move")

    ended = services.incidents.get(dispatcher, place)["offer"]
    assert ended is not None
    assert (ended["id"], ended["state"]) == (offer["id"], "ended")


def test_whatever_names_an_order_and_its_incident_goes_with_the_order() -> None:
    """A room that keeps such rows decides here whether they tell of the past or of what waits."""
    of_the_past = {"event", "alarm_acknowledgement", "offer"}
    of_the_past |= {"measurement", "public_link", "signature", "work_report_sending"}
    by_a_follower = {"check_in_watch", "help_request", "sos_call"}
    both = {
        table.name
        for table in Base.metadata.sorted_tables
        if {"assignment_id", "incident_id"} <= set(table.c.keys())
    }

    assert both - of_the_past - by_a_follower == {table.__tablename__ for table in GO_WITH_ORDERS}


def test_an_order_that_nobody_answers_is_still_watched_after_it_moved(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """Its chain goes on and alarms for the incident that it is for now."""
    one, two = pin(3, 3)["id"], pin(3, 3.2)["id"]
    services.sending.send(dispatcher, one, SendCrew(crew_id=yard.put("A", 1, 1)))
    merge(services, dispatcher, one, two, orders="move")
    head = services.events.head_id()
    clock.forward(3_600)

    services.deadlines.run_due()

    told = [each for each in services.events.read_after(head) if each["assignment_id"]]
    assert told
    assert {each["incident_id"] for each in told} == {two}
