"""A crew is lent by agreement, for a time; neither side sees more of the other than that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.scope import within
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.incidents.types import CreateIncident
from dispatch.lending.service import LoanService
from dispatch.lending.types import AgreeToLend
from dispatch.lending.types import AskForCrew
from dispatch.lending.types import LoanAnswer
from dispatch.lending.types import SettleLoan
from dispatch.positions.types import ReportPositions
from dispatch.sending.types import SendCrew
from tests.conftest import SettableClock
from tests.dispatch.units.conftest import Group
from tests.orders import step_for

pytestmark = pytest.mark.postgis
_LEAK = CreateIncident(kind="gas_leak", lon=7.4002, lat=43.7002)
HOUR = timedelta(hours=1)
_T = TypeVar("_T")


@dataclass
class Aid:
    """The desks of both sides, and what they do with the crew."""

    group: Group
    clock: SettableClock
    north: Actor
    south: Actor
    crew_id: int

    def ask(self, *, after: timedelta = timedelta(0), lasting: timedelta = HOUR) -> LoanAnswer:
        """Have the south ask the north for a crew."""
        from_at = self.clock() + after
        wanted = AskForCrew(
            lender_id=self.group.units["north"],
            from_at=from_at,
            until_at=from_at + lasting,
            words="gas, two people",
        )
        return self.at(self.south, lambda: self.loans.ask(self.south, wanted))

    def lend(self, **times: timedelta) -> LoanAnswer:
        """Have the south ask, and the north lend its crew."""
        return self.agree(self.ask(**times), self.crew_id)

    def agree(self, loan: LoanAnswer, crew_id: int | None) -> LoanAnswer:
        """Have the north lend a crew."""
        wanted = AgreeToLend(crew_id=crew_id)
        return self.at(self.north, lambda: self.loans.agree(self.north, loan["id"], wanted))

    def end(self, who: Actor, loan: LoanAnswer) -> LoanAnswer:
        """One side ends it."""
        return self.at(who, lambda: self.loans.end(who, loan["id"], SettleLoan()))

    @property
    def loans(self) -> LoanService:
        """The service."""
        return self.group.services.loans

    def at(self, who: Actor, act: Callable[[], _T]) -> _T:
        """Do something in the scope that somebody has by now."""
        unit = "north" if who is self.north else "south"
        with within(self.group.scope(unit)):
            return act()

    def pin(self, who: Actor) -> int:
        """One side pins an incident."""
        return self.at(who, lambda: self.group.services.incidents.create(who, _LEAK)["id"])

    def send(self, who: Actor, incident_id: int) -> int:
        """One side sends the crew."""
        sending = self.group.services.sending
        wanted = SendCrew(crew_id=self.crew_id)
        return self.at(who, lambda: sending.send(who, incident_id, wanted)[0]["id"])

    def crews(self, who: Actor) -> list[int]:
        """Which crews one side sees."""
        listed = self.at(who, lambda: self.group.services.crews.list(who)["crews"])
        return [each["id"] for each in listed]


def refused(act: Callable[[], object]) -> str:
    """Return the code of a refusal, or the field that is wrong."""
    with pytest.raises(DispatchError) as caught:
        act()
    error = caught.value
    return error.fields[0].field if isinstance(error, InvalidInput) else error.code


@pytest.fixture
def aid(group: Group, clock: SettableClock) -> Aid:
    """Return both sides; the crew is on duty near the incidents."""
    north = group.sign_up("north", "nora", Role.SUPERVISOR)
    south = group.sign_up("south", "sven", Role.SUPERVISOR)
    services = group.services
    with group.at("north"):
        administrator = Actor(None, "ada", "ada", frozenset({Role.ADMINISTRATOR}))
        crew = AddCrew(name="North 1", duty=Duty.ON_DUTY, skills=("gas", "heat", "water", "power"))
        crew_id = services.crews.add(administrator, crew)
        report = {"crew_id": crew_id, "lon": 7.401, "lat": 43.7, "fixed_at": clock()}
        tracker = Actor(None, "t", "t", frozenset({Role.INTEGRATION}))
        services.positions.record(tracker, ReportPositions(positions=[report]))
    return Aid(group, clock, north, south, crew_id)


def test_the_borrower_sees_and_sends_the_crew_and_the_lender_sees_that_it_is_lent(
    aid: Aid,
) -> None:
    """And of the borrower's incident the lender sees nothing."""
    services = aid.group.services
    own, theirs = aid.pin(aid.north), aid.pin(aid.south)
    assert aid.crews(aid.south) == []

    aid.lend()
    order = aid.send(aid.south, theirs)

    shown = aid.at(aid.south, lambda: services.crews.get(aid.south, aid.crew_id))
    assert (shown["name"], shown["lat"], shown["workload"]["active"]) == ("North 1", 43.7, 1)
    assert shown["lent"] is not None
    assert shown["lent"]["here"]
    for_lender = aid.at(aid.north, lambda: services.crews.get(aid.north, aid.crew_id))
    assert for_lender["lent"] is not None
    assert (for_lender["lent"]["to"], for_lender["lent"]["here"]) == ("south", False)
    assert for_lender["incident_id"] is None
    judged = aid.at(aid.north, lambda: services.candidates.for_incident(aid.north, own))
    (candidate,) = judged["candidates"]
    assert (candidate["verdict"], candidate["reasons"][0]) == ("excluded", "lent")
    assert refused(lambda: aid.send(aid.north, own)) == "crew_lent"
    with pytest.raises(NotFound):
        aid.at(aid.north, lambda: services.incidents.get(aid.north, theirs))
    with pytest.raises(NotFound):
        aid.at(aid.north, lambda: services.assignments.get(aid.north, order))


def test_that_it_is_busy_for_its_own_is_seen_and_not_where(aid: Aid) -> None:
    """Neither the incident nor the order, nor where the crew was before."""
    services = aid.group.services
    order = aid.send(aid.north, aid.pin(aid.north))
    aid.lend()

    shown = aid.at(aid.south, lambda: services.crews.get(aid.south, aid.crew_id))
    assert (shown["workload"]["active"], shown["incident_id"]) == (1, None)
    with pytest.raises(NotFound):
        aid.at(aid.south, lambda: services.assignments.get(aid.south, order))
    listed = aid.at(aid.south, lambda: services.assignments.list_for_crew(aid.south, aid.crew_id))
    assert listed["assignments"] == []
    track = aid.at(aid.south, lambda: services.crews.track(aid.south, aid.crew_id, None, None))
    assert track["properties"]["points"] == [
        [7.401, 43.7]
    ]  # received when the loan began, not before
    assert refused(lambda: aid.send(aid.south, aid.pin(aid.south))) == "crew_taken"


def test_somebody_else_of_the_lender_agrees_and_only_to_its_own_crew(aid: Aid) -> None:
    """Who asked does not agree, nor does the borrower; the crew is the lender's."""
    loan = aid.ask()
    agree = AgreeToLend(crew_id=aid.crew_id)
    south = aid.south
    root = aid.group.sign_up("group", "greta", Role.ADMINISTRATOR)
    with within(root.scope):
        asked = aid.loans.ask(
            root,
            AskForCrew(
                lender_id=aid.group.units["north"],
                unit_id=aid.group.units["south"],
                until_at=aid.clock() + HOUR,
                words="x",
            ),
        )
        assert refused(lambda: aid.loans.agree(root, asked["id"], agree)) == "same_person"

    assert refused(lambda: aid.at(south, lambda: aid.loans.agree(south, loan["id"], agree))) == (
        "not_allowed"
    )
    for crew_id in (None, 987_654):
        assert refused(lambda: aid.agree(loan, crew_id)) == "crew_id"  # noqa: B023  (called at once)
    dispatcher = aid.group.sign_up("north", "dan", Role.DISPATCHER)
    with within(dispatcher.scope):
        assert refused(lambda: aid.loans.agree(dispatcher, loan["id"], agree)) == "not_allowed"
    with aid.group.at("west"), pytest.raises(NotFound):
        aid.loans.agree(aid.north, loan["id"], agree)


def test_a_crew_is_lent_to_one_only(aid: Aid) -> None:
    """The second is refused by name."""
    aid.lend()

    assert refused(aid.lend) == "crew_lent"


def test_a_loan_begins_and_ends_by_itself(aid: Aid) -> None:
    """Both at their times; the crew is seen in between and no longer."""
    services = aid.group.services
    aid.lend(after=HOUR)
    assert aid.crews(aid.south) == []

    aid.clock.forward(3_601)
    services.deadlines.run_due()
    assert aid.crews(aid.south) == [aid.crew_id]

    aid.clock.forward(3_600)
    services.deadlines.run_due()
    assert aid.crews(aid.south) == []
    (loan,) = aid.at(aid.south, lambda: aid.loans.list(aid.south)["loans"])
    assert (loan["state"], loan["ended_by"]) == ("ended", "Nearcrew")


def test_a_crew_with_orders_there_is_lent_until_they_are_done(aid: Aid) -> None:
    """Its time is over, neither side can end it, and it ends with the last order."""
    services = aid.group.services
    loan = aid.lend()
    order = aid.send(aid.south, aid.pin(aid.south))

    for side in (aid.north, aid.south):
        assert refused(lambda: aid.end(side, loan)) == "crew_has_orders"  # noqa: B023
    aid.clock.forward(3_601)
    services.deadlines.run_due()
    assert aid.crews(aid.south) == [aid.crew_id]
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE, Action.COMPLETE):
        aid.at(
            aid.south,
            lambda: services.assignments.act(aid.south, order, action, step_for(action)),  # noqa: B023
        )
    aid.clock.forward(61)
    services.deadlines.run_due()

    assert aid.crews(aid.south) == []
    (ended,) = aid.at(aid.north, lambda: aid.loans.list(aid.north)["loans"])
    assert ended["state"] == "ended"


def test_either_side_ends_it_at_once(aid: Aid) -> None:
    """And what was agreed stays known to both, with its names."""
    for side in (aid.north, aid.south):
        aid.end(side, aid.lend())
        assert aid.crews(aid.south) == []

    for side in (aid.north, aid.south):
        listed = aid.at(side, lambda: aid.loans.list(side)["loans"])  # noqa: B023
        assert [each["crew_name"] for each in listed] == ["North 1", "North 1"]


def test_the_events_of_a_loan_are_seen_from_both_sides(aid: Aid) -> None:
    """The streams of either side hear of it, and begin anew."""
    services = aid.group.services
    head_id = services.events.head_id()

    aid.end(aid.north, aid.lend())

    told = ["loan.asked", "loan.agreed", "loan.began", "loan.ended"]
    for unit in ("north", "south"):
        with aid.group.at(unit):
            assert [each["kind"] for each in services.events.read_after(head_id)] == told, unit
    with aid.group.at("east"):
        assert services.events.read_after(head_id) == []


def test_sister_companies_are_known_by_name_alone(aid: Aid) -> None:
    """Whom one can ask: companies of the group, and units of one's own company."""

    def names(who: Actor) -> set[str]:
        with within(who.scope):
            return {each["name"] for each in aid.loans.lenders(who)["lenders"]}

    assert names(aid.south) == {"Company"}
    assert names(aid.north) == {"south", "east", "west"}
