"""Duty: who goes home has nothing left to do, and a repeated request counts once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.instants import instant
from dispatch.crews.states import Duty
from dispatch.crews.types import SetDuty
from dispatch.sending.types import SendCrew
from dispatch.shifts.models import DutySpell
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis
Pin = Callable[..., dict[str, Any]]
ROUNDS = 10


def test_a_crew_with_an_order_does_not_go_off_duty_until_it_is_ended(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """A break it may have: it is still there for its order."""
    crew_id, incident = yard.put("A", 1, 1), pin(3, 3)
    order, _ = services.sending.send(dispatcher, incident["id"], SendCrew(crew_id=crew_id))

    with pytest.raises(Conflict) as refused:
        services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.OFF_DUTY))
    on_break = services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.ON_BREAK))
    services.assignments.act(dispatcher, order["id"], Action.WITHDRAW, Step())
    off_duty = services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.OFF_DUTY))

    assert refused.value.code == "crew_has_orders"
    assert refused.value.extra == {"incident_ids": [incident["id"]]}
    assert on_break["duty"] == "on_break"
    assert off_duty["duty"] == "off_duty"


def test_of_a_send_and_an_end_of_duty_at_the_same_moment_one_is_refused(
    services: Services, dispatcher: Actor, pin: Pin, yard: CrewYard
) -> None:
    """Never both: nobody would answer the order."""
    crew_id = yard.put("A", 1, 1)

    def attempt(start: Barrier, action: Callable[[], object]) -> str:
        start.wait()
        try:
            action()
        except Conflict as conflict:
            return conflict.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        for _ in range(ROUNDS):
            services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.ON_DUTY))
            incident_id, start = pin(3, 3)["id"], Barrier(2)
            send = pool.submit(
                attempt,
                start,
                lambda i=incident_id: services.sending.send(  # type: ignore[misc]  # bound now
                    dispatcher, i, SendCrew(crew_id=crew_id)
                ),
            )
            leave = pool.submit(
                attempt,
                start,
                lambda: services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.OFF_DUTY)),
            )

            assert {send.result(), leave.result()} in (
                {"done", "crew_off_duty"},
                {"done", "crew_has_orders"},
            )
            services.decisions.cancel(dispatcher, incident_id, Step())


def test_a_change_of_duty_repeated_under_its_name_counts_once(
    services: Services, dispatcher: Actor, yard: CrewYard
) -> None:
    """A late repeat of "off duty" must not send somebody home who is back since."""
    crew_id = yard.put("A", 1, 1)
    leave = SetDuty(duty=Duty.OFF_DUTY, client_id="k1")
    first = services.crews.set_duty(dispatcher, crew_id, leave)
    services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=Duty.ON_DUTY))

    again = services.crews.set_duty(dispatcher, crew_id, leave)

    assert again == first
    assert services.crews.get(dispatcher, crew_id)["duty"] == "on_duty"


def test_a_duty_said_without_signal_counts_from_then_unless_something_newer_was_said(
    services: Services,
    dispatcher: Actor,
    yard: CrewYard,
    clock: SettableClock,
    owner_engine: Engine,
) -> None:
    """The phone of a cellar tells it later; the newer word holds, and no clock reaches ahead."""
    crew_id, began_at = yard.put("A", 1, 1), clock()

    def say(duty: Duty, at_min: float) -> str:
        at = began_at + timedelta(minutes=at_min)
        services.crews.set_duty(dispatcher, crew_id, SetDuty(duty=duty, occurred_at=at))
        return services.crews.get(dispatcher, crew_id)["duty_changed_at"]

    clock.now = began_at + timedelta(minutes=30)
    assert say(Duty.ON_BREAK, 10) == instant(began_at + timedelta(minutes=10))
    with pytest.raises(Conflict) as overtaken:
        say(Duty.OFF_DUTY, 5)
    assert overtaken.value.code == "duty_overtaken"
    # An hour fast: 30 minutes of it are yet to come.
    assert say(Duty.OFF_DUTY, 60) == instant(clock())
    with owner_engine.connect() as connection:
        spells = connection.execute(select(DutySpell.ended_at).where(DutySpell.crew_id == crew_id))
        assert spells.scalars().all() == [clock()]
