"""Proposals on the grid: who is proposed, who is named as left out, and what sending does."""

from collections.abc import Callable
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from typing_extensions import override

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Decision
from dispatch.board.read_model import ReadModel
from dispatch.bootstrap import Services
from dispatch.core.errors import NotFound
from dispatch.core.errors import RoadsUnavailable
from dispatch.crews.states import Duty
from dispatch.crews.types import ChangeCrew
from dispatch.incidents.types import ChangeIncident
from dispatch.plans.types import ChangeLevel
from dispatch.proposals.service import BatchProposals
from dispatch.proposals.types import BatchAnswer
from dispatch.proposals.types import Propose
from dispatch.proposals.types import SendProposal
from dispatch.sending.candidates import CandidateService
from dispatch.sending.types import SendCrew
from dispatch.sending.wide_judging import WideJudgement
from dispatch.sending.wide_judging import WideJudging
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock
from tests.looking import looking

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
LEVEL_2 = ChangeLevel(level=2, reason="gas in the cellar")
LEAD = "repair"


def who(proposal: BatchAnswer) -> dict[int, str | None]:
    """Return the name of the crew by incident."""
    return {
        row["incident_id"]: row["crew"]["crew_name"] if row["crew"] else None
        for row in proposal["rows"]
    }


def rows_of(proposal: BatchAnswer) -> list[dict[str, int]]:
    """Return the rows as a desk sends them that changes nothing."""
    return [
        {
            "incident_id": row["incident_id"],
            "crew_id": row["crew"]["crew_id"],
            "expected_version": row["incident_version"],
        }
        for row in proposal["rows"]
        if row["crew"]
    ]


def sending(proposal: BatchAnswer, **more: str) -> SendProposal:
    """Return the command that sends all rows of a proposal."""
    return SendProposal.read({"rows": rows_of(proposal), **more})


def test_crews_are_given_so_that_all_are_there_soonest_together(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """P is 1 block from one, 3 from two; Q 2 and 6: P to two and Q to one, 3 + 2 before 1 + 6."""
    near, far = yard.put("P", 3, 4.5), yard.put("Q", 3, 7.5)
    one = pin(3, 5.5)["id"]
    two = pin(3, 1.5)["id"]

    proposal, replayed = services.proposals.propose(dispatcher, Propose())

    assert who(proposal) == {one: "Q", two: "P"}
    assert not replayed
    row = next(row for row in proposal["rows"] if row["incident_id"] == one)
    assert row["crew"] is not None
    assert row["crew"]["arrival_s"] == pytest.approx(40, abs=6)
    assert [each["crew_id"] for each in row["others"]] == [near]
    assert proposal["crews"] == 2
    assert far == row["crew"]["crew_id"]


def test_the_times_are_those_of_a_single_list(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """A busy crew comes from its order's place once that is done, as among the candidates."""
    yard.put("Idle", 9.5, 9, heading_deg=90.0, speed_mps=8.0)
    busy = yard.put("Busy", 2.5, 3)
    first = pin(5.5, 3)
    services.sending.send(dispatcher, first["id"], SendCrew(crew_id=busy))
    incident_id = pin(6.5, 5)["id"]

    proposal, _ = services.proposals.propose(dispatcher, Propose())
    single = services.candidates.for_incident(dispatcher, incident_id)

    (row,) = proposal["rows"]
    assert row["crew"] is not None
    wide = {each["crew_name"]: each for each in (row["crew"], *row["others"])}
    for each in single["candidates"]:
        assert each["travel_time_s"] == pytest.approx(wide[each["crew_name"]]["travel_time_s"])
        assert each["free_in_s"] == pytest.approx(wide[each["crew_name"]]["free_in_s"])
    assert wide["Busy"]["busy"]


def test_incidents_that_get_nobody_are_named_with_the_reason(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """One crew for the emergency; nobody is left for the other, and nobody has gas skills."""
    yard.put("Water", 3.5, 3, skills=("water",))
    yard.put("Home", 4.5, 3, skills=("gas",), duty=Duty.OFF_DUTY)
    gas = pin(3, 3, kind="gas_leak", priority=2)["id"]
    urgent = pin(9, 9, kind="water_burst", priority=1)["id"]
    later = pin(3, 4, kind="water_burst", priority=3)["id"]

    proposal, _ = services.proposals.propose(dispatcher, Propose())

    assert who(proposal) == {urgent: "Water", gas: None, later: None}
    assert [row["incident_id"] for row in proposal["rows"]] == [urgent, gas, later]
    why = {row["incident_id"]: (row["why"], row["against"]) for row in proposal["rows"]}
    assert why[gas] == ("no_crew_can", {"lacks_skill": 1})
    assert why[later] == ("no_crew_left", {})
    assert why[urgent] == (None, {})


def test_who_refused_or_is_sent_already_is_not_proposed_again(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Incidents named by hand may have crews: another one is proposed."""
    sent, other = yard.put("Sent", 3.5, 3), yard.put("Other", 8.5, 3)
    incident_id = pin(3, 3)["id"]
    services.sending.send(dispatcher, incident_id, SendCrew(crew_id=sent))

    waiting, _ = services.proposals.propose(dispatcher, Propose())
    named, _ = services.proposals.propose(dispatcher, Propose(incident_ids=[incident_id]))
    only, _ = services.proposals.propose(
        dispatcher, Propose(incident_ids=[incident_id], crew_ids=[sent])
    )

    assert waiting["rows"] == []
    assert who(named) == {incident_id: "Other"}
    assert only["rows"][0]["against"] == {"already_assigned": 1}
    assert other == named["rows"][0]["crew"]["crew_id"]  # type: ignore[index]  # asserted above


def test_rows_are_sent_once_and_keep_why(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Repeated under one name nothing is sent again; each order has its crews around, frozen."""
    yard.put("A", 2.5, 3)
    yard.put("B", 9.5, 9)
    yard.put("Home", 4.5, 3, duty=Duty.OFF_DUTY)
    pin(3, 3)
    pin(9, 8)
    proposal, _ = services.proposals.propose(dispatcher, Propose())

    first = services.proposals.send(dispatcher, proposal["id"], sending(proposal, client_id="x"))
    again = services.proposals.send(dispatcher, proposal["id"], sending(proposal, client_id="x"))

    assert [each["id"] for each in again.orders] == [each["id"] for each in first.orders]
    assert len(first.orders) == 2
    assert not first.refused
    with looking(services.engine) as connection:
        in_order = select(Decision.candidates).order_by(Decision.assignment_id)
        decisions = connection.execute(in_order).scalars().all()
    verdicts = [
        {each["crew_name"]: each["verdict"] for each in kept["candidates"]} for kept in decisions
    ]
    assert verdicts == [
        {"A": "recommended", "B": "possible", "Home": "excluded"},
        {"B": "recommended", "A": "possible", "Home": "excluded"},
    ]
    kept = services.proposals.get(dispatcher, proposal["id"])
    assert [len(each["rows"]) for each in kept["sendings"]] == [2]
    offered = services.incidents.timeline(dispatcher, proposal["rows"][0]["incident_id"])
    assert offered["events"][-1]["data"]["proposal_id"] == proposal["id"]


def test_stale_rows_are_named_and_the_others_sent(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """One incident changed, one crew was taken, one incident ended: the fourth row is sent."""
    crews = [yard.put(name, 2.5 + at, 3) for at, name in enumerate("ABCD")]
    pins = [pin(2.5 + at, 4)["id"] for at in range(4)]
    proposal, _ = services.proposals.propose(dispatcher, Propose())
    elsewhere = pin(9, 9)["id"]
    services.incidents.update(dispatcher, pins[0], ChangeIncident(description="two floors"))
    services.sending.send(dispatcher, elsewhere, SendCrew(crew_id=crews[1]))
    services.decisions.cancel(dispatcher, pins[2], Step(reason="gone"))

    sent = services.proposals.send(dispatcher, proposal["id"], sending(proposal))

    why = {row.incident_id: error.code for row, error in sent.refused}
    assert why == {
        pins[0]: "incident_changed",
        pins[1]: "crew_taken",
        pins[2]: "incident_ended",
    }
    assert [each["incident_id"] for each in sent.orders] == [pins[3]]


def test_the_desk_changes_crews_and_drops_rows(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Both crews traded; what was proposed, changed and sent stays side by side."""
    a, b = yard.put("A", 2.5, 3), yard.put("B", 9.5, 9)
    one, two = pin(3, 3)["id"], pin(9, 8)["id"]
    proposal, _ = services.proposals.propose(dispatcher, Propose())
    swapped = [{"incident_id": one, "crew_id": b}, {"incident_id": two, "crew_id": a}]

    services.proposals.send(dispatcher, proposal["id"], SendProposal.read({"rows": swapped[:1]}))

    (kept,) = services.proposals.get(dispatcher, proposal["id"])["sendings"]
    (row,) = kept["rows"]
    assert (row["proposed_crew_id"], row["crew_id"], row["refused"]) == (a, b, None)
    assert row["assignment_id"] is not None


def test_what_is_not_there_is_not_found(services: Services, dispatcher: Actor) -> None:
    """Neither incidents nor proposals."""
    with pytest.raises(NotFound):
        services.proposals.propose(dispatcher, Propose(incident_ids=[4711]))
    with pytest.raises(NotFound):
        services.proposals.get(dispatcher, 4711)


def test_a_proposal_is_made_once_under_one_name(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """The second answer is the first one, whatever happened since."""
    yard.put("A", 2.5, 3)
    pin(3, 3)

    first, _ = services.proposals.propose(dispatcher, Propose(client_id="x"))
    yard.put("B", 3, 3)
    second, replayed = services.proposals.propose(dispatcher, Propose(client_id="x"))

    assert replayed
    assert second == first


def test_crews_that_may_hurry_do_so_to_some_kinds_only(
    services: Services, dispatcher: Actor, administrator: Actor, pin: Pin, yard: CrewYard
) -> None:
    """As among the candidates of each: with blue lights to gas leaks, else by the rules."""
    crew_id = yard.put("Hurries", 2.5, 3)
    services.crew_changes.change(administrator, crew_id, ChangeCrew(emergency_drive=True))
    yard.put("Rules", 9.5, 3)
    kinds: dict[str, Any] = {"stale_fix_s": 300.0, "unrecorded_suffice": False}
    kinds["emergency_kinds"] = frozenset({"gas_leak"})
    work, roads, clock = services.work, services.roads, services.clock
    read_model = ReadModel(clock, ZoneInfo("UTC"), timedelta(seconds=300))
    judging = WideJudging(work, read_model, roads, clock, **kinds)
    single = CandidateService(work, read_model, roads, clock, default_radius_m=5_000, **kinds)
    for kind in ("gas_leak", "water_burst"):
        pin(6.5, 6, kind=kind)

    judged = judging.judge(None, None)

    for row, wanted in enumerate(judged.wanted):
        answer = single.for_incident(dispatcher, wanted.place.incident_id)
        times_s = {each["crew_id"]: each["travel_time_s"] for each in answer["candidates"]}
        for column, crew in enumerate(judged.crews):
            facts = judged.facts(row, column, 5_000)
            assert facts.travel_time_s == pytest.approx(times_s[crew.crew_id], abs=0.06)
            blue = wanted.place.kind == "gas_leak" and crew.name == "Hurries"
            assert facts.profile == ("emergency" if blue else "normal")


def test_rows_are_sent_while_roads_are_down_and_nothing_is_proposed(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Each crew is judged by itself then, as a single send would be."""
    yard.put("A", 2.5, 3)
    pin(3, 3)
    proposal, _ = services.proposals.propose(dispatcher, Propose())
    down = BatchProposals(
        services.work, NoJudging(), services.sending, services.clock, radius_m=5_000
    )

    with pytest.raises(RoadsUnavailable):
        down.propose(dispatcher, Propose())
    sent = down.send(dispatcher, proposal["id"], sending(proposal))

    assert [each["crew_name"] for each in sent.orders] == ["A"]


class NoJudging(WideJudging):
    """Judging while no road network answers."""

    def __init__(self) -> None:
        """Know nobody."""

    @override
    def judge(
        self,
        incident_ids: Collection[int] | None,
        crew_ids: Collection[int] | None,
        *,
        any_duty: bool = False,
    ) -> WideJudgement:
        message = "away"
        raise RoadsUnavailable(message)


def test_old_proposals_are_forgotten(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, clock: SettableClock
) -> None:
    """After ninety days; the order keeps its reason."""
    yard.put("A", 2.5, 3)
    pin(3, 3)
    proposal, _ = services.proposals.propose(dispatcher, Propose())
    services.proposals.send(dispatcher, proposal["id"], sending(proposal))

    clock.forward(89 * 86_400)
    services.housekeeping.forget_expired()
    assert services.proposals.get(dispatcher, proposal["id"])["rows"]
    clock.forward(2 * 86_400)
    services.housekeeping.forget_expired()

    with pytest.raises(NotFound):
        services.proposals.get(dispatcher, proposal["id"])


@pytest.mark.parametrize("round_", range(5))
def test_two_desks_that_send_one_proposal_send_each_row_once(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, round_: int
) -> None:
    """Each row goes out with one of them; the other is told that it did."""
    for column in range(4):
        yard.put(f"Crew {round_} {column}", column + 2.5, 3)
        pin(column + 2.5, 4)
    proposal, _ = services.proposals.propose(dispatcher, Propose())

    with ThreadPoolExecutor(2) as threads:
        both = [
            threads.submit(
                services.proposals.send,
                dispatcher,
                proposal["id"],
                sending(proposal, client_id=key),
            )
            for key in ("one", "two")
        ]
    answers = [each.result() for each in both]

    sent = [order["incident_id"] for answer in answers for order in answer.orders]
    assert sorted(sent) == sorted(row["incident_id"] for row in proposal["rows"])
    refused = {error.code for answer in answers for _, error in answer.refused}
    assert refused <= {"already_assigned", "incident_changed", "crew_taken"}
    assert sum(len(answer.refused) for answer in answers) == 4


def test_a_plan_of_two_crews_counts_two_rows(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """At level 2 a gas leak needs a cordon, too; each is sent for its task, and both are sent."""
    yard.put("Gas", 9.5, 3, skills=("gas",))
    yard.put("Cones", 2.5, 3, skills=("cordon",))
    incident_id = pin(3, 3)["id"]
    services.levels.change(dispatcher, incident_id, LEVEL_2)

    proposal, _ = services.proposals.propose(dispatcher, Propose())
    rows = [
        {**row, "task": each["task"]["code"]}
        for row, each in zip(rows_of(proposal), proposal["rows"], strict=True)
        if each["task"]
    ]
    sent = services.proposals.send(
        dispatcher, proposal["id"], SendProposal.read({"rows": rows, "client_id": "x"})
    )

    assert [
        (row["row"], row["task"] and row["task"]["code"], row["crew"] and row["crew"]["crew_name"])
        for row in proposal["rows"]
    ] == [(0, LEAD, "Gas"), (1, "cordon", "Cones")]
    assert not sent.refused
    assert [(each["crew_name"], each["task"]) for each in sent.orders] == [
        ("Gas", LEAD),
        ("Cones", "cordon"),
    ]
    attendance = services.incidents.get(dispatcher, incident_id)["attendance"]
    assert attendance is not None
    assert attendance["missing"] == []


def test_every_incident_gets_a_first_crew_before_one_gets_its_second(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Two crews beside the first incident, each could be either of its two: one goes on."""
    yard.put("A", 3.5, 3, skills=("gas", "cordon"))
    yard.put("B", 3.5, 3, skills=("gas", "cordon"))
    near, far = pin(3, 3)["id"], pin(9, 9)["id"]
    for incident_id in (near, far):
        services.levels.change(dispatcher, incident_id, LEVEL_2)

    proposal, _ = services.proposals.propose(dispatcher, Propose())

    served = {
        (row["incident_id"], row["task"]["code"])
        for row in proposal["rows"]
        if row["crew"] and row["task"]
    }
    assert served == {(near, LEAD), (far, LEAD)}
