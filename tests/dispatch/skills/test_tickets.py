"""Tickets on the real database: what a crew can do follows them, at once and at midnight."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.incidents.types import IncidentAnswer
from dispatch.notices.types import Understand
from dispatch.sending.types import SendCrew
from dispatch.skills.types import ChangeTicket
from dispatch.skills.types import WithdrawTicket
from tests.conftest import People
from tests.depot import Depot
from tests.looking import looking

Pin = Callable[..., IncidentAnswer]
_WITHDRAW = WithdrawTicket(reason="lost")


def _events(depot: Depot, kind: str) -> list[Any]:
    query = text("SELECT crew_id, assignment_id, data FROM event WHERE kind = :kind ORDER BY id")
    with looking(depot.services.engine) as connection:
        return list(connection.execute(query, {"kind": kind}))


def _waiting(depot: Depot) -> list[Any]:
    query = text(
        "SELECT crew_id, due_at FROM deadline WHERE kind = 'crew_skills' AND done_at IS NULL"
    )
    with looking(depot.services.engine) as connection:
        return list(connection.execute(query))


def test_a_members_ticket_is_a_skill_of_the_crew_until_its_last_day(depot: Depot) -> None:
    """Two days left: good today, tomorrow and the day after; that midnight ends it."""
    crew_id = depot.crew("Anna")
    depot.ticket(depot.member(crew_id, "Person A"), days_left=2)

    assert depot.of(crew_id)["skills"] == ["gas"]
    depot.pass_days(2)
    assert depot.of(crew_id)["skills"] == ["gas"]
    depot.pass_days(1)

    assert depot.of(crew_id)["skills"] == []
    last = depot.today - timedelta(days=1)
    lapsed = {"skill": "gas", "how": "expired", "day": last.isoformat()}
    assert depot.of(crew_id)["lapsed"] == [lapsed]
    assert _waiting(depot) == []


def test_skills_of_the_crew_itself_do_not_expire(depot: Depot) -> None:
    """A ticket for the same skill that expires takes nothing away."""
    crew_id = depot.crew("Anna", skills=("gas",))
    depot.ticket(depot.member(crew_id, "Person A"), days_left=0)

    depot.pass_days(1)

    assert depot.of(crew_id)["skills"] == ["gas"]
    assert depot.of(crew_id)["lapsed"] == []


def test_an_expired_ticket_is_another_reason_than_a_missing_skill(depot: Depot, pin: Pin) -> None:
    """The desk reads when it expired; of a crew that never had one, that it lacks the skill."""
    anna, berta = depot.crew("Anna"), depot.crew("Berta", 0, 1, skills=("heat",))
    depot.ticket(depot.member(anna, "Person A"), days_left=0)
    incident = pin(1, 1)
    depot.pass_days(1)
    depot.yard.move(anna, 0, 0)
    depot.yard.move(berta, 0, 1)

    expired, lacking = (depot.candidate(incident["id"], each) for each in (anna, berta))

    assert expired["reasons"][0] == "ticket_expired"
    assert expired["lapsed"][0]["day"] == (depot.today - timedelta(days=1)).isoformat()
    assert lacking["reasons"][0] == "lacks_skill"
    assert lacking["lapsed"] == []


def test_an_order_goes_on_when_its_ticket_expires_and_desk_and_crew_are_told(
    depot: Depot, dispatcher: Actor, people: People, pin: Pin
) -> None:
    """The order stays as it is; the timeline says so, and the crew has a notice to confirm."""
    crew_id = depot.crew("Anna")
    depot.ticket(depot.member(crew_id, "Person A"), days_left=0)
    incident = pin(1, 1)
    order, _ = depot.services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))

    depot.pass_days(1)

    after = depot.services.assignments.get(dispatcher, order["id"])
    assert (after["state"], after["rank"]) == ("offered", 0)
    [event] = _events(depot, "assignment.skill_lost")
    yesterday = (depot.today - timedelta(days=1)).isoformat()
    assert (event.assignment_id, event.crew_id) == (order["id"], crew_id)
    assert event.data == {"skill": "gas", "how": "expired", "day": yesterday}
    phone = people.sign_up("anna", Role.CREW, crew_id=crew_id)
    [notice] = depot.services.notices.open_for_crew(phone, crew_id)["notices"]
    assert (notice["kind"], notice["what"][0]["old"]) == ("skill_lost", "gas")
    assert depot.services.notices.understood(phone, notice["id"], Understand())["understood_at"]


def test_the_desk_is_warned_once_before_a_ticket_expires(depot: Depot) -> None:
    """31 days left: not today, tomorrow, and not again the day after; a later end warns anew."""
    crew_id = depot.crew("Anna")
    ticket = depot.ticket(depot.member(crew_id, "Person A"), days_left=31)
    assert _events(depot, "ticket.expires_soon") == []

    depot.pass_days(2)

    [warned] = _events(depot, "ticket.expires_soon")
    assert (warned.crew_id, warned.data["skill"]) == (crew_id, "gas")
    assert "Person A" not in str(warned.data)
    later = ChangeTicket(
        valid_from=depot.today, valid_until=depot.today + timedelta(days=31), number="T-1"
    )
    depot.services.tickets.change(depot.administrator, ticket["id"], later)
    depot.pass_days(1)
    assert len(_events(depot, "ticket.expires_soon")) == 2


def test_a_withdrawn_ticket_counts_no_more_and_cannot_be_changed(depot: Depot, pin: Pin) -> None:
    """At once; the desk reads that it was withdrawn."""
    crew_id = depot.crew("Anna")
    ticket = depot.ticket(depot.member(crew_id, "Person A"), days_left=None)
    incident = pin(1, 1)

    depot.services.tickets.withdraw(depot.administrator, ticket["id"], _WITHDRAW)

    assert depot.of(crew_id)["skills"] == []
    assert depot.candidate(incident["id"], crew_id)["reasons"][0] == "ticket_withdrawn"
    with pytest.raises(Conflict) as refused:
        depot.services.tickets.withdraw(depot.administrator, ticket["id"], _WITHDRAW)
    assert refused.value.code == "ticket_withdrawn"


def test_a_ticket_for_an_unknown_skill_is_refused_by_name(depot: Depot) -> None:
    """And the codes that there are stand in the refusal."""
    person_id = depot.member(depot.crew("Anna"), "Person A")

    with pytest.raises(InvalidInput) as refused:
        depot.ticket(person_id, "gass")

    assert refused.value.fields[0].field == "skill"
    assert "gas, heat" in refused.value.message()


def test_a_send_and_a_withdrawal_at_the_same_moment_leave_an_order_that_the_desk_is_told_of(
    depot: Depot, dispatcher: Actor, pin: Pin
) -> None:
    """Whoever is faster, of twelve times: the order exists, and its event names the lost skill."""
    for number in range(12):
        crew_id = depot.crew(f"Crew {number}")
        ticket = depot.ticket(depot.member(crew_id, f"Person {number}"))
        incident = pin(1, 1)
        with ThreadPoolExecutor(2) as both:
            sent = both.submit(
                depot.services.sending.send, dispatcher, incident["id"], SendCrew(crew_id=crew_id)
            )
            withdrawn = both.submit(
                depot.services.tickets.withdraw, depot.administrator, ticket["id"], _WITHDRAW
            )
            withdrawn.result()
            order, _ = sent.result()

        told = [each.assignment_id for each in _events(depot, "assignment.skill_lost")]
        assert told.count(order["id"]) == 1
        assert depot.of(crew_id)["skills"] == []
