"""Move-ups: asked once, answered by the crew, ended by the desk, by a send or by going home."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.cover.models import MoveUp
from dispatch.cover.types import AnswerMoveUp
from dispatch.cover.types import AskMoveUp
from dispatch.cover.types import MoveUpAnswer
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.events.models import Event
from dispatch.sending.types import SendCrew
from tests.conftest import CrewYard
from tests.conftest import People
from tests.looking import looking

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
YES = AnswerMoveUp()


def wanted(yard: CrewYard, crew_id: int, **more: object) -> AskMoveUp:
    """Return the command that asks a crew to stand in the middle of the city."""
    lon, lat = yard.city.at(6, 6)
    return AskMoveUp.read({"crew_id": crew_id, "lon": lon, "lat": lat, **more})


def ask(services: Services, actor: Actor, yard: CrewYard, crew_id: int) -> MoveUpAnswer:
    """Ask a crew."""
    made, replayed = services.move_ups.ask(actor, wanted(yard, crew_id))
    assert not replayed
    return made


def told(services: Services, crew_id: int) -> list[tuple[str, str]]:
    """Return the kinds of a crew's events about move-ups, and how it ended."""
    query = select(Event.kind, Event.data).where(Event.crew_id == crew_id).order_by(Event.id)
    with looking(services.engine) as connection:
        rows = connection.execute(query).all()
    return [
        (row.kind.removeprefix("move_up."), row.data.get("how", ""))
        for row in rows
        if row.kind.startswith("move_up.")
    ]


def how_it_ended(services: Services, move_up_id: int) -> str | None:
    """Return why a crew no longer stands there."""
    with looking(services.engine) as connection:
        query = select(MoveUp.ended_how).where(MoveUp.id == move_up_id)
        return connection.execute(query).scalar_one()


def test_a_crew_is_asked_accepts_and_is_done_once_it_is_sent(
    services: Services, dispatcher: Actor, people: People, pin: Pin, yard: CrewYard
) -> None:
    """The place gets its address; the cover it is for is kept; the send ends it by itself."""
    crew_id = yard.put("A", 2.5, 6)
    phone = people.sign_up("alba", Role.CREW, crew_id=crew_id)
    why = {"area": "West", "before_pct": 94, "after_pct": 81, "restored_pct": 93}
    made, _ = services.move_ups.ask(dispatcher, wanted(yard, crew_id, why=why))

    (seen,) = services.move_ups.list(phone, crew_id)["move_ups"]
    accepted = services.move_ups.accept(phone, made["id"], YES)
    again = services.move_ups.accept(phone, made["id"], YES)
    services.sending.send(dispatcher, pin(3, 3)["id"], SendCrew(crew_id=crew_id))

    assert (seen["id"], seen["state"], seen["area"]) == (made["id"], "asked", "West")
    assert seen["place"].startswith(("Row 6", "Column 6"))
    assert accepted["state"] == "accepted"
    assert again == accepted
    assert services.move_ups.list(dispatcher)["move_ups"] == []
    assert how_it_ended(services, made["id"]) == "sent"
    assert told(services, crew_id) == [("asked", ""), ("accepted", ""), ("ended", "sent")]


def test_the_crew_declines_and_the_desk_calls_off(
    services: Services, dispatcher: Actor, people: People, yard: CrewYard
) -> None:
    """Said again nothing changes; what has ended is not accepted any more."""
    crew_id = yard.put("A", 2.5, 6)
    phone = people.sign_up("alba", Role.CREW, crew_id=crew_id)
    first = ask(services, dispatcher, yard, crew_id)
    declined = services.move_ups.decline(phone, first["id"], AnswerMoveUp(reason="flat tyre"))
    assert services.move_ups.decline(phone, first["id"], YES) == declined
    second = ask(services, dispatcher, yard, crew_id)
    services.move_ups.cancel(dispatcher, second["id"], YES)

    with pytest.raises(Conflict) as refused:
        services.move_ups.accept(phone, second["id"], YES)

    assert refused.value.code == "move_up_ended"
    assert refused.value.extra == {"how": "cancelled"}
    assert [kind for kind, _ in told(services, crew_id)] == [
        "asked",
        "declined",
        "asked",
        "cancelled",
    ]


def test_who_goes_off_duty_or_on_a_break_stands_nowhere(
    services: Services, dispatcher: Actor, yard: CrewYard
) -> None:
    """Coming back on duty ends nothing."""
    crew_id = yard.put("A", 2.5, 6)
    made = ask(services, dispatcher, yard, crew_id)

    services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.ON_BREAK))
    services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.ON_DUTY))

    assert how_it_ended(services, made["id"]) == "off_duty"
    assert told(services, crew_id) == [("asked", ""), ("ended", "off_duty")]


def test_only_an_idle_crew_on_duty_is_asked_and_only_once(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Home, busy, asked already, unknown."""
    home = yard.put("Home", 1, 1, duty=Duty.OFF_DUTY)
    busy, idle = yard.put("Busy", 2.5, 6), yard.put("Idle", 3.5, 6)
    services.sending.send(dispatcher, pin(3, 3)["id"], SendCrew(crew_id=busy))
    ask(services, dispatcher, yard, idle)

    codes = []
    for crew_id in (home, busy, idle):
        with pytest.raises(Conflict) as refused:
            services.move_ups.ask(dispatcher, wanted(yard, crew_id))
        codes.append(refused.value.code)

    assert codes == ["crew_off_duty", "crew_taken", "crew_moving_up"]
    with pytest.raises(NotFound):
        services.move_ups.ask(dispatcher, wanted(yard, 4711))


def test_a_repeated_request_asks_once(
    services: Services, dispatcher: Actor, yard: CrewYard
) -> None:
    """The same name, the same answer."""
    command = wanted(yard, yard.put("A", 2.5, 6), client_id="x")

    first, _ = services.move_ups.ask(dispatcher, command)
    second, replayed = services.move_ups.ask(dispatcher, command)

    assert replayed
    assert second == first


def test_a_crew_sees_and_answers_only_its_own(
    services: Services, dispatcher: Actor, people: People, yard: CrewYard
) -> None:
    """Another crew's move-up is not there; nobody but the desk calls off or asks."""
    mine, other = yard.put("A", 2.5, 6), yard.put("B", 3.5, 6)
    phone = people.sign_up("alba", Role.CREW, crew_id=mine)
    theirs = ask(services, dispatcher, yard, other)
    own = ask(services, dispatcher, yard, mine)

    assert services.move_ups.list(phone)["move_ups"] == [own]
    assert services.move_ups.list(phone, other)["move_ups"] == []
    with pytest.raises(NotFound):
        services.move_ups.accept(phone, theirs["id"], YES)
    with pytest.raises(NotAllowed):
        services.move_ups.cancel(phone, own["id"], YES)
    with pytest.raises(NotAllowed):
        services.move_ups.ask(phone, wanted(yard, mine))


@pytest.mark.parametrize("round_", range(5))
def test_sent_and_asked_in_one_instant_leave_no_crew_standing_with_an_order(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard, round_: int
) -> None:
    """Either the send ends the move-up, or the crew is no longer idle when it is asked."""
    crew_id = yard.put(f"A{round_}", 2.5, 6)
    incident_id = pin(3, 3)["id"]

    def move() -> str:
        try:
            return str(services.move_ups.ask(dispatcher, wanted(yard, crew_id))[0]["state"])
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(2) as threads:
        sent = threads.submit(
            services.sending.send, dispatcher, incident_id, SendCrew(crew_id=crew_id)
        )
        moved = threads.submit(move)

    assert sent.result()[0]["state"] == "offered"
    assert moved.result() in {"asked", "crew_taken"}
    assert services.move_ups.list(dispatcher)["move_ups"] == []
