"""Customers' signatures: one under an order, replaced until the order has ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.instants import instant
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.orders import step_for
from tests.webconsole.conftest import Program
from tests.webconsole.conftest import refused_fields
from tests.webconsole.conftest import told

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
SIGNED = {
    "signer_name": "Li Wei",
    "strokes": "M10 20L15 25L30 22M40 20L42 41",
    "width": 320,
    "height": 160,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A crew on scene: its program, its order and the incident."""

    phone: Program
    order_id: int
    incident_id: int

    @property
    def path(self) -> str:
        """Where the order is signed."""
        return f"/api/v1/assignments/{self.order_id}/signature"


@pytest.fixture
def visit(
    pin: Pin,
    program: Callable[[Actor], Program],
    services: Services,
    people: People,
    yard: CrewYard,
    dispatcher: Actor,
) -> Visit:
    """Put a crew on scene."""
    crew = people.sign_up("north", Role.CREW, crew_id=yard.put("North 1", 1, 1))
    incident_id = pin(2, 2)["id"]
    command = SendCrew.read({"crew_id": crew.crew_id})
    order, _ = services.sending.send(dispatcher, incident_id, command)
    for action in (Action.ACCEPT, Action.DEPART, Action.ARRIVE):
        services.assignments.act(crew, order["id"], action, step_for(action))
    return Visit(program(crew), order["id"], incident_id)


def listed(program: Program, visit: Visit) -> list[dict[str, Any]]:
    """Return the signatures of the incident."""
    answer = program.get(f"/api/v1/incidents/{visit.incident_id}/signatures")
    found: list[dict[str, Any]] = told(answer)["signatures"]
    return found


def test_a_customer_signs_and_the_desk_sees_who(visit: Visit, desk: Program) -> None:
    """Sent again it is kept once; the log tells that it was signed and not what."""
    first = visit.phone.post(visit.path, {**SIGNED, "client_id": "s-1"})
    again = visit.phone.post(visit.path, {**SIGNED, "client_id": "s-1"})

    (seen,) = listed(desk, visit)
    assert (first.status_code, told(first)) == (201, told(again))
    assert {name: seen[name] for name in SIGNED} == SIGNED
    assert (seen["crew_name"], seen["refusal"]) == ("North 1", None)
    events = told(desk.get(f"/api/v1/incidents/{visit.incident_id}/timeline"))["events"]
    (told_of,) = [each for each in events if each["kind"] == "assignment.signed"]
    assert "Li Wei" not in str(told_of)


def test_a_newer_signature_replaces_the_one_before(visit: Visit, desk: Program) -> None:
    """A customer who would not sign changes his mind; the order has one in the end."""
    visit.phone.post(visit.path, {"refusal": "Wants to see the bill first"})
    refused = listed(desk, visit)

    visit.phone.post(visit.path, SIGNED)

    assert [each["refusal"] for each in refused] == ["Wants to see the bill first"]
    assert [each["signer_name"] for each in listed(desk, visit)] == ["Li Wei"]


def test_an_ended_order_is_signed_no_more_but_what_was_signed_before_still_comes_in(
    visit: Visit, desk: Program, services: Services, clock: SettableClock, dispatcher: Actor
) -> None:
    """The phone had no signal when it was signed."""
    signed_at = clock()
    clock.forward(60)
    services.assignments.act(dispatcher, visit.order_id, Action.COMPLETE, step_for(Action.COMPLETE))
    clock.forward(60)

    late = visit.phone.post(visit.path, {**SIGNED, "signed_at": instant(clock())})
    unsaid = visit.phone.post(visit.path, SIGNED)
    in_time = visit.phone.post(visit.path, {**SIGNED, "signed_at": instant(signed_at)})

    assert [(each.status_code, told(each)["code"]) for each in (late, unsaid)] == [
        (409, "order_ended")
    ] * 2
    assert in_time.status_code == 201
    assert [each["signed_at"] for each in listed(desk, visit)] == [instant(signed_at)]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "body"),
        ({**SIGNED, "refusal": "no"}, "body"),
        ({**SIGNED, "signer_name": None}, "body"),
        ({**SIGNED, "signer_name": "  "}, "signer_name"),
        ({**SIGNED, "strokes": "M1 1"}, "strokes"),
        ({**SIGNED, "strokes": 'M1 1L2 2"/><script>'}, "strokes"),
        ({**SIGNED, "strokes": "M1 1" + "L2 2" * 5_000}, "strokes"),
        ({**SIGNED, "width": 0}, "width"),
        ({"refusal": ""}, "refusal"),
        ({"refusal": "no", "signed_at": "today"}, "signed_at"),
    ],
)
def test_what_is_no_signature_is_refused_by_name(
    visit: Visit, body: dict[str, Any], named: str
) -> None:
    """Lines from point to point, who drew them, or why nobody did."""
    assert list(refused_fields(visit.phone.post(visit.path, body))) == [named]


def test_only_the_crew_of_an_order_and_the_desk_have_to_do_with_its_signature(
    visit: Visit,
    program: Callable[[Actor], Program],
    services: Services,
    people: People,
    yard: CrewYard,
    dispatcher: Actor,
) -> None:
    """Another crew at the same incident sees none of it, a stranger not even that."""
    other, stranger = (
        people.sign_up(name, Role.CREW, crew_id=yard.put(name, 3, number))
        for number, name in enumerate(("other", "x"), start=1)
    )
    command = SendCrew.read({"crew_id": other.crew_id})
    services.sending.send(dispatcher, visit.incident_id, command)
    visit.phone.post(visit.path, SIGNED)

    assert program(other).post(visit.path, SIGNED).status_code == 403
    assert listed(program(other), visit) == []
    path = f"/api/v1/incidents/{visit.incident_id}/signatures"
    assert program(stranger).get(path).status_code == 404
    assert visit.phone.post("/api/v1/assignments/999999/signature", SIGNED).status_code == 404


def test_who_signed_is_erased_with_the_other_personal_data(
    visit: Visit, desk: Program, services: Services, owner_engine: Engine, clock: SettableClock
) -> None:
    """Name and lines go; that somebody signed, and when, stays."""
    visit.phone.post(visit.path, SIGNED)
    long_ago = clock() - timedelta(days=1_100)
    with owner_engine.begin() as connection:
        closed = text("UPDATE incident SET state = 'closed', closed_at = :at")
        connection.execute(closed, {"at": long_ago})

    services.retention.erase_old_personal_data()

    (left,) = listed(desk, visit)
    assert (left["signer_name"], left["strokes"], left["width"]) == ("", None, None)
