"""Response plans on the real database: proposed, sent, attended, and what ends an incident."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.assignments.states import CrewRole
from dispatch.assignments.types import AssignmentAnswer
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import RoadsUnavailable
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.incidents.types import IncidentAnswer
from dispatch.outcomes.types import Complete
from dispatch.plans.plan_sending import SentRow
from dispatch.plans.proposal_types import OpeningAnswer
from dispatch.plans.proposal_types import ProposalAnswer
from dispatch.plans.types import ChangeLevel
from dispatch.plans.types import ChangeRole
from dispatch.plans.types import ProposePlan
from dispatch.plans.types import SendPlan
from dispatch.plans.types import SetPlan
from dispatch.sending.types import SendCrew
from dispatch.sending.types import TravelTimesKnown
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import People

pytestmark = pytest.mark.postgis
Pin = Callable[..., IncidentAnswer]


class Desk:
    """What a dispatcher does in these tests."""

    def __init__(self, services: Services, dispatcher: Actor) -> None:
        self.services = services
        self.actor = dispatcher

    def raise_level(self, incident_id: int, level: int) -> IncidentAnswer:
        """Change the alarm level."""
        wanted = ChangeLevel(level=level, reason="gas in the cellar")
        return self.services.levels.change(self.actor, incident_id, wanted)

    def propose(self, incident_id: int, **fields: Any) -> ProposalAnswer:  # noqa: ANN401
        """Ask for the best set of crews."""
        wanted = ProposePlan.read(fields)
        return self.services.plan_proposals.propose(self.actor, incident_id, wanted)

    def send(self, incident_id: int, crew_id: int, **fields: Any) -> AssignmentAnswer:  # noqa: ANN401
        """Send one crew."""
        wanted = SendCrew.read({"crew_id": crew_id, **fields})
        order, _ = self.services.sending.send(self.actor, incident_id, wanted)
        return order

    def send_plan(
        self, incident_id: int, rows: dict[int, str], client_id: str | None = None
    ) -> list[SentRow]:
        """Send crews for tasks."""
        listed = [{"crew_id": crew_id, "task": task} for crew_id, task in rows.items()]
        body = {"rows": listed, **({"client_id": client_id} if client_id else {})}
        sent, _ = self.services.plan_sending.send(
            self.actor, incident_id, SendPlan.model_validate(body)
        )
        return sent

    def act(self, order: AssignmentAnswer, *actions: Action, outcome: str = "repaired") -> None:
        """Take steps for a crew."""
        for action in actions:
            step = Complete(outcome=outcome) if action is Action.COMPLETE else Step(reason="why")
            self.services.assignments.act(self.actor, order["id"], action, step)

    def incident(self, incident_id: int) -> IncidentAnswer:
        """Return an incident as it is."""
        return self.services.incidents.get(self.actor, incident_id)

    def role(self, order: AssignmentAnswer) -> str:
        """Return the role of an order as it is."""
        return self.services.assignments.get(self.actor, order["id"])["role"]

    def events(self, incident_id: int, kind: str) -> list[dict[str, Any]]:
        """Return the data of an incident's events of a kind."""
        told = self.services.incidents.timeline(self.actor, incident_id)["events"]
        return [each["data"] for each in told if each["kind"] == kind]


ARRIVED = (Action.ACCEPT, Action.DEPART, Action.ARRIVE)
FINISHED = (*ARRIVED, Action.COMPLETE)


@pytest.fixture
def desk(services: Services, dispatcher: Actor) -> Desk:
    """Return a dispatcher's desk."""
    return Desk(services, dispatcher)


def who(openings: list[OpeningAnswer]) -> list[tuple[str, str | None]]:
    """Return each opening's task and the crew proposed for it, or why nobody."""
    return [
        (each["task"], each["proposed"]["crew_name"] if each["proposed"] else each["missing"])
        for each in openings
    ]


def names(incident: IncidentAnswer) -> list[str]:
    """Return the tasks that miss a crew."""
    assert incident["attendance"] is not None
    return [each["task"] for each in incident["attendance"]["missing"]]


def test_one_crew_is_enough_until_the_level_rises(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """Who works with one crew each notices nothing; levels add up, with a reason in the log."""
    incident = pin(2, 2)
    first = desk.send(incident["id"], yard.put("Gas 1", 2, 1, skills=("gas",)))
    sent = desk.incident(incident["id"])

    raised = desk.raise_level(incident["id"], 3)

    assert (first["role"], first["task"], first["task_name_en"]) == ("lead", "repair", "Gas crew")
    assert sent["attendance"] is not None
    assert (sent["attendance"]["needed"], sent["attendance"]["assigned"]) == (1, 1)
    assert names(sent) == []
    assert raised["attendance"] is not None
    assert (raised["attendance"]["level"], raised["attendance"]["needed"]) == (3, 4)
    assert names(raised) == ["cordon", "excavator", "second"]
    assert raised["version"] == sent["version"] + 1
    assert desk.events(incident["id"], "incident.level_changed") == [
        {"from": 1, "level": 3, "reason": "gas in the cellar"}
    ]
    with pytest.raises(InvalidInput, match="at most 3"):
        desk.raise_level(incident["id"], 4)


def test_the_best_set_by_road_time_and_what_is_missing(
    desk: Desk, pin: Pin, yard: CrewYard
) -> None:
    """The nearest crew can do both; it goes where the other would come from far away."""
    incident = pin(2, 2)
    desk.raise_level(incident["id"], 3)
    yard.put("Both", 2, 1.5, skills=("gas", "cordon"))
    yard.put("Gas near", 2, 1, skills=("gas",))
    yard.put("Gas far", 0, 0, skills=("gas",))
    yard.put("Cordon far", 9, 9, skills=("cordon",))
    yard.put("Digger", 3, 3, skills=("excavator",), duty=Duty.OFF_DUTY)

    proposal = desk.propose(incident["id"])

    assert proposal["level"] == 3
    assert proposal["travel_times"] is TravelTimesKnown.KNOWN
    assert who(proposal["openings"]) == [
        ("repair", "Gas near"),
        ("cordon", "Both"),
        ("excavator", "none_on_duty"),
        ("second", "Gas far"),
    ]
    times = [each["proposed"]["travel_time_s"] for each in proposal["openings"] if each["proposed"]]
    assert all(time_s is not None and time_s > 0 for time_s in times)


def test_one_opening_gets_whom_the_candidates_recommend(
    desk: Desk, pin: Pin, yard: CrewYard, services: Services, dispatcher: Actor
) -> None:
    """The desk never reads two names for one place."""
    incident = pin(2, 2)
    yard.put("Near", 2, 1, skills=("gas",))
    yard.put("Far", 0, 0, skills=("gas",))

    (opening,) = desk.propose(incident["id"])["openings"]

    listed = services.candidates.for_incident(dispatcher, incident["id"])["candidates"]
    assert opening["proposed"] is not None
    assert opening["proposed"]["crew_id"] == listed[0]["crew_id"]
    assert listed[0]["verdict"] == "recommended"


def test_why_nobody_can_be_proposed(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """Off duty, on duty but no use, or needed for another task: three different things to do."""
    incident = pin(2, 2)
    desk.raise_level(incident["id"], 3)
    yard.put("Only", 2, 1, skills=("gas", "cordon"))
    yard.put("Lost", 3, 3, skills=("excavator",), fix_age_s=3600)

    answer = who(desk.propose(incident["id"])["openings"])

    assert answer == [
        ("repair", "Only"),
        ("cordon", "too_few"),
        ("excavator", "none_can_come"),
        ("second", "too_few"),
    ]


def test_a_rare_skill_is_looked_for_beyond_the_radius(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """The one excavator of the town is proposed from wherever it is."""
    incident = pin(0, 0)
    desk.raise_level(incident["id"], 3)
    yard.put("Gas", 0, 0.5, skills=("gas",))
    yard.put("Digger", 4, 4, skills=("excavator",))

    answer = who(desk.propose(incident["id"], radius_m=100.0)["openings"])

    assert ("excavator", "Digger") in answer


def test_crews_are_proposed_by_distance_when_roads_are_down(
    desk: Desk, pin: Pin, yard: CrewYard, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the answer says so."""
    incident = pin(2, 2)
    desk.raise_level(incident["id"], 2)
    yard.put("Gas near", 2, 1.8, skills=("gas",))
    yard.put("Gas far", 0, 0, skills=("gas",))
    yard.put("Cordon", 0, 1, skills=("cordon",))

    def stuck(*_: object) -> None:
        raise RoadsUnavailable("stuck")  # noqa: EM101  (a test's)

    monkeypatch.setattr(services.roads, "travel_times_to", stuck)
    proposal = desk.propose(incident["id"])
    sent = desk.send_plan(
        incident["id"],
        {
            each["proposed"]["crew_id"]: each["task"]
            for each in proposal["openings"]
            if each["proposed"]
        },
    )

    assert proposal["travel_times"] is TravelTimesKnown.UNAVAILABLE
    assert who(proposal["openings"]) == [("repair", "Gas near"), ("cordon", "Cordon")]
    assert all(
        each["proposed"] and each["proposed"]["eta_at"] is None for each in proposal["openings"]
    )
    assert all(each.assignment for each in sent)


def test_all_rows_are_sent_and_stale_ones_are_named(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """One was taken, one went home, one task is filled: the rest goes. A repeat sends nobody."""
    incident, other = pin(2, 2), pin(1, 1)
    desk.raise_level(incident["id"], 3)
    gas, taken, home, late = (
        yard.put(name, 2, 1 + n / 10, skills=("gas", "cordon", "excavator"))
        for n, name in enumerate(["Gas", "Taken", "Home", "Late"])
    )
    desk.send(other["id"], taken)
    desk.services.crews.set_duty(desk.actor, home, SetDuty(duty=Duty.OFF_DUTY))
    rows = {gas: "repair", taken: "cordon", home: "excavator", late: "trench"}

    first = desk.send_plan(incident["id"], rows, "once")
    again = desk.send_plan(incident["id"], {gas: "repair", late: "cordon"}, "twice")
    repeated = desk.send_plan(incident["id"], rows, "once")

    codes = [each.refused.code if each.refused else None for each in first]
    assert codes == [None, "crew_taken", "crew_off_duty", "task_unknown"]
    assert [each.refused.code if each.refused else None for each in again] == [
        "already_assigned",
        None,
    ]
    assert repeated[0].assignment == first[0].assignment
    assert [each.assignment for each in repeated[1:3]] == [None, None]
    now = desk.incident(incident["id"])
    assert [(each["crew_name"], each["task"]) for each in now["assignments"]] == [
        ("Gas", "repair"),
        ("Late", "cordon"),
    ]
    assert names(now) == ["excavator", "second"]


def test_two_desks_that_send_two_crews_for_one_task_send_one(
    desk: Desk, pin: Pin, yard: CrewYard
) -> None:
    """With real transactions, 10 rounds: the slower one is told who is on it."""
    crews = [yard.put(f"Gas {n}", 2, 1 + n / 10, skills=("gas",)) for n in range(2)]
    for _ in range(10):
        incident = pin(2, 2)
        send = partial(desk.send_plan, incident["id"])
        with ThreadPoolExecutor(len(crews)) as pool:
            told = list(pool.map(send, [{crew_id: "repair"} for crew_id in crews]))

        codes = sorted(each.refused.code if each.refused else "" for (each,) in told)
        assert codes == ["", "task_filled"]
        desk.services.decisions.cancel(desk.actor, incident["id"], Step(reason="next"))


def test_the_single_click_fills_the_first_open_task_that_the_crew_can_do(
    desk: Desk, pin: Pin, yard: CrewYard, services: Services, dispatcher: Actor
) -> None:
    """A cordon crew is no candidate for the repair, but for what is open then it is."""
    incident = pin(2, 2)
    cordon = yard.put("Cordon", 2, 1, skills=("cordon",))
    water = yard.put("Water", 2, 1, skills=("water",))
    gas = [yard.put(f"Gas {n}", 2, 1, skills=("gas",)) for n in range(3)]

    def verdict(crew_id: int) -> str:
        listed = services.candidates.for_incident(dispatcher, incident["id"])["candidates"]
        return next(each["verdict"] for each in listed if each["crew_id"] == crew_id)

    before = verdict(cordon)
    desk.raise_level(incident["id"], 3)
    after = verdict(cordon)
    orders = [desk.send(incident["id"], crew_id) for crew_id in (cordon, water, *gas)]

    assert (before, after) == ("excluded", "possible")  # the gas crews are looked for first
    assert [(each["task"], each["role"]) for each in orders] == [
        ("cordon", "support"),
        (None, "support"),
        ("repair", "lead"),
        ("second", "support"),
        (None, "support"),
    ]
    assert verdict(gas[0]) == "excluded"


def test_a_supporting_crew_that_is_done_ends_nothing(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """While the lead works it stays on scene; if the lead cannot get in, it is open again."""
    incident = pin(2, 2)
    desk.raise_level(incident["id"], 2)
    repair = desk.send(incident["id"], yard.put("Gas", 2, 1, skills=("gas",)))
    cordon = desk.send(incident["id"], yard.put("Cordon", 2, 1, skills=("cordon",)))

    desk.act(cordon, *FINISHED)
    coming = desk.incident(incident["id"])
    desk.act(repair, *FINISHED, outcome="no_access")
    failed = desk.incident(incident["id"])
    again = desk.send(incident["id"], yard.put("Gas 2", 2, 1, skills=("gas",)))
    desk.act(again, *FINISHED)

    assert coming["state"] == "assigned"
    assert (failed["state"], failed["outcome_effect"]) == ("open", "not_done")
    assert names(failed) == ["repair"]  # the cordon stands
    assert again["role"] == "lead"
    assert desk.incident(incident["id"])["state"] == "resolved"


def test_a_support_that_is_done_while_the_lead_declined_leaves_it_open(
    desk: Desk, pin: Pin, yard: CrewYard, services: Services
) -> None:
    """Nothing that is not safe turns green, and the replay shows the same."""
    incident = pin(2, 2)
    desk.raise_level(incident["id"], 2)
    repair = desk.send(incident["id"], yard.put("Gas", 2, 1, skills=("gas",)))
    cordon = desk.send(incident["id"], yard.put("Cordon", 2, 1, skills=("cordon", "gas")))

    desk.act(repair, Action.DECLINE)
    assert desk.role(cordon) == "support"  # it was sent to close the street, not to repair
    desk.act(cordon, *FINISHED)

    now = desk.incident(incident["id"])
    assert (now["state"], now["outcome_effect"]) == ("open", None)
    assert names(now) == ["repair"]
    assert desk.events(incident["id"], "assignment.completed")[0]["decisive"] is False
    past = services.replay.incident(desk.actor, incident["id"])
    frames = next(each for each in past["incidents"] if each["id"] == incident["id"])["frames"]
    assert frames[-1]["state"] == "open"


def test_where_one_crew_is_enough_the_second_takes_over(
    desk: Desk, pin: Pin, yard: CrewYard
) -> None:
    """As before there were plans: the first cannot come, the second does the work, it is done."""
    incident = pin(2, 2)
    first = desk.send(incident["id"], yard.put("Gas 1", 2, 1))
    second = desk.send(incident["id"], yard.put("Gas 2", 2, 1))
    roles = (first["role"], second["role"])

    desk.act(first, Action.DECLINE)
    after = desk.role(second)
    desk.act(second, *FINISHED)

    assert (*roles, after) == ("lead", "support", "lead")
    assert desk.incident(incident["id"])["state"] == "resolved"
    assert desk.events(incident["id"], "assignment.role_changed") == [{"role": "lead"}]


def test_the_desk_changes_who_leads_and_both_are_told(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """One crew leads at a time; what it says then ends the incident."""
    incident = pin(2, 2)
    desk.raise_level(incident["id"], 2)
    repair = desk.send(incident["id"], yard.put("Gas", 2, 1, skills=("gas",)))
    cordon = desk.send(incident["id"], yard.put("Cordon", 2, 1, skills=("cordon",)))
    wanted = ChangeRole(role=CrewRole.LEAD, reason="knows the valve", client_id="c")

    first = desk.services.roles.change(desk.actor, cordon["id"], wanted)
    again = desk.services.roles.change(desk.actor, cordon["id"], wanted)

    assert first == again
    assert (desk.role(repair), desk.role(cordon)) == ("support", "lead")
    assert first["notice"] is not None
    told = desk.events(incident["id"], "assignment.role_changed")
    assert [each["role"] for each in told] == ["support", "lead"]
    desk.act(cordon, *FINISHED)
    desk.act(repair, *FINISHED)
    assert desk.incident(incident["id"])["state"] == "resolved"
    with pytest.raises(Conflict, match="stays as it was"):
        desk.services.roles.change(desk.actor, repair["id"], ChangeRole(role=CrewRole.LEAD))


def test_replacing_the_lead_gives_its_task_on(desk: Desk, pin: Pin, yard: CrewYard) -> None:
    """The order that is withdrawn in the same step no longer fills the task."""
    incident = pin(2, 2)
    first = desk.send(incident["id"], yard.put("Gas 1", 2, 1, skills=("gas",)))

    second = desk.send(
        incident["id"], yard.put("Gas 2", 2, 1, skills=("gas",)), replaces=first["id"]
    )

    assert (second["task"], second["role"]) == ("repair", "lead")


@pytest.mark.usefixtures("shipped_plans")
def test_a_plan_is_set_whole_and_holds_at_once(
    desk: Desk, pin: Pin, yard: CrewYard, administrator: Actor, people: People
) -> None:
    """By a supervisor; crews that are sent count for what the plan asks now."""
    incident = pin(2, 2)
    desk.send(incident["id"], yard.put("Gas", 2, 1, skills=("gas",)))
    supervisor = people.sign_up("sun", Role.SUPERVISOR)
    repair = {"task": "repair", "role": "lead", "skills": ["gas", "ticket"]}
    named = {"name_en": "Repair crew", "name_zh": "抢修班组"}
    cordon = {"task": "cordon", "crews": 2, "name_en": "Cordon crew", "name_zh": "警戒班组"}
    wanted = SetPlan.model_validate({"tasks": [{**repair, **named}, cordon], "client_id": "p"})

    answer = desk.services.plans.set(supervisor, "gas_leak", wanted)
    assert desk.services.plans.set(supervisor, "gas_leak", wanted) == answer

    assert [each["task"] for each in answer["tasks"]] == ["repair", "cordon"]
    assert desk.services.plans.of_kind(desk.actor, "gas_leak") == answer
    assert names(desk.incident(incident["id"])) == ["cordon", "cordon"]
    with pytest.raises(NotAllowed):
        desk.services.plans.set(desk.actor, "gas_leak", wanted)
    for wrong, why in (
        ([cordon], "exactly one task"),
        ([{**repair, **named, "level": 2}], "exactly one task"),
        ([{**repair, **named}, {**cordon, "task": "repair"}], "twice"),
        ([{**repair, **named}, {**cordon, "task": "Cordon!"}], "small letters"),
        ([{**repair, **named}, {**cordon, "crews": 20}], "at most"),
    ):
        with pytest.raises(InvalidInput, match=why):
            desk.services.plans.set(
                administrator, "gas_leak", SetPlan.model_validate({"tasks": wrong})
            )


def test_every_shipped_kind_needs_one_crew_of_its_skill(desk: Desk, owner_engine: Engine) -> None:
    """Who changes nothing has what was there before; each plan has one lead."""
    with owner_engine.connect() as connection:
        rows = connection.execute(text("SELECT code, skill FROM incident_kind")).all()
    skills: dict[str, str] = {row.code: row.skill for row in rows}

    for plan in desk.services.plans.all(desk.actor)["plans"]:
        first = [each for each in plan["tasks"] if each["level"] == 1]
        assert [(each["role"], each["skills"]) for each in first] == [
            ("lead", [skills[plan["kind"]]])
        ]
