"""When a crew will be there is promised when it sets out, from that moment on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dispatch.access.permissions import Actor
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.instants import instant
from dispatch.sending.types import SendCrew
from dispatch.writes.command import Step
from tests.conftest import CrewYard
from tests.conftest import SettableClock

pytestmark = pytest.mark.postgis


def test_setting_out_late_moves_the_promise_and_the_log_keeps_both(
    services: Services,
    dispatcher: Actor,
    pin: Callable[..., dict[str, Any]],
    yard: CrewYard,
    clock: SettableClock,
) -> None:
    """One block of 200 m at 10 m/s: 20 s once they set out, 90 s after they were asked."""
    incident_id = pin(2.5, 1)["id"]
    crew_id = yard.put("A", 1.5, 1)
    order, _ = services.sending.send(dispatcher, incident_id, SendCrew(crew_id=crew_id))
    clock.forward(90)
    services.assignments.act(dispatcher, order["id"], Action.ACCEPT, Step())

    departed = services.assignments.act(dispatcher, order["id"], Action.DEPART, Step())

    assert departed["travel_time_s"] == pytest.approx(20, abs=1)
    expected = clock() + timedelta(seconds=departed["travel_time_s"] or 0)
    assert departed["eta_at"] == instant(expected)
    told = services.incidents.timeline(dispatcher, incident_id)["events"]
    said = {each["kind"]: each["data"] for each in told}
    assert said["assignment.offered"]["travel_time_s"] == pytest.approx(20, abs=1)
    assert said["assignment.departed"]["eta_at"] == departed["eta_at"]
