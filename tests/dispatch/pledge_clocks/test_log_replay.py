"""Whatever happens, the log alone gives the verdicts that are stored."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import select

from dispatch.assignments.states import Action
from dispatch.core.errors import DispatchError
from dispatch.events.models import Event
from dispatch.incidents.types import AddReport
from dispatch.incidents.types import ChangeIncident
from dispatch.pledge_clocks.log_replay import replayed
from dispatch.pledge_clocks.models import PledgeClock
from dispatch.pledge_clocks.types import PauseClock
from dispatch.pledge_clocks.types import ResumeClock
from dispatch.pledges.states import PauseReason
from dispatch.pledges.types import SetCalendar
from dispatch.writes.command import Step
from tests.dispatch.pledge_clocks.conftest import Town

pytestmark = pytest.mark.postgis
_NUMBERS = count(1)
_ACTIONS = (Action.ACCEPT, Action.DECLINE, Action.DEPART, Action.ARRIVE, Action.WITHDRAW)
_OUTCOMES = ("repaired", "made_safe", "no_access")


@dataclass
class Shift:
    """One incident and all that is done with it, refused or not."""

    town: Town
    incident_id: int
    orders: list[int]

    def orders_here(self, action: Action, outcome: str | None = None) -> None:
        """Take each order a step, if it can be taken."""
        for order_id in self.orders:
            with suppress(DispatchError):
                self.town.act(order_id, action, outcome=outcome)

    def late(self, action: Action, minutes: int) -> None:
        """Have a phone report a step that it took some time ago."""
        at = self.town.clock.now - timedelta(minutes=minutes)
        for order_id in self.orders:
            with suppress(DispatchError):
                self.town.services.assignments.act(
                    self.town.dispatcher, order_id, action, Step(occurred_at=at)
                )

    def send(self) -> None:
        """Send a new crew, and remember its order."""
        crew_id = self.town.yard.put(f"Crew {next(_NUMBERS)}", 1, 1)
        with suppress(DispatchError):
            self.orders.append(self.town.send(self.incident_id, crew_id))

    def change(self, **fields: object) -> None:
        """Change the incident."""
        wanted = ChangeIncident.model_validate(fields)
        with suppress(DispatchError):
            self.town.services.incidents.update(self.town.dispatcher, self.incident_id, wanted)

    def decide(self, what: str) -> None:
        """Close, cancel or reopen it."""
        with suppress(DispatchError):
            getattr(self.town.services.decisions, what)(
                self.town.dispatcher, self.incident_id, Step(reason="so")
            )

    def call_earlier(self, minutes: int) -> None:
        """Hear of a call that was some time ago."""
        told_at = self.town.clock.now - timedelta(minutes=minutes)
        told = AddReport(channel="hotline", words="gas", told_at=told_at)
        self.town.services.reports.add(self.town.dispatcher, self.incident_id, told)

    def pause(self, *, resume: bool) -> None:
        """Pause or resume whatever can be."""
        service = self.town.services.pledge_clocks
        for each in self.town.clocks(self.incident_id):
            ids = (self.town.dispatcher, self.incident_id, each["id"])
            with suppress(DispatchError):
                if resume:
                    service.resume(*ids, ResumeClock())
                else:
                    service.pause(*ids, PauseClock(reason=PauseReason.NO_ACCESS))

    def wait(self, minutes: int) -> None:
        """Let time pass, with a worker at work only in the end."""
        self.town.clock.forward(60.0 * minutes)
        if minutes % 2:
            self.town.services.deadlines.run_due()


Do = Callable[[Shift], None]
_STEPS: st.SearchStrategy[Do] = st.one_of(
    st.integers(1, 40).map(lambda minutes: lambda shift: shift.wait(minutes)),
    st.integers(1, 90).map(lambda minutes: lambda shift: shift.call_earlier(minutes)),
    st.just(lambda shift: shift.send()),
    st.sampled_from(_ACTIONS).map(lambda action: lambda shift: shift.orders_here(action)),
    st.sampled_from((Action.ARRIVE, Action.DEPART)).map(
        lambda action: lambda shift: shift.late(action, 20)
    ),
    st.sampled_from(_OUTCOMES).map(
        lambda outcome: lambda shift: shift.orders_here(Action.COMPLETE, outcome)
    ),
    st.sampled_from(("gas_leak", "gas_outage", "water_leak")).map(
        lambda kind: lambda shift: shift.change(kind=kind)
    ),
    st.integers(1, 4).map(lambda priority: lambda shift: shift.change(priority=priority)),
    st.sampled_from(("close", "cancel", "reopen", "reopen")).map(
        lambda what: lambda shift: shift.decide(what)
    ),
    st.booleans().map(lambda resume: lambda shift: shift.pause(resume=resume)),
)


@pytest.fixture
def pledged(town: Town) -> Town:
    """Pledge something for every goal, some of it in opening hours only."""
    pauses = ["no_access"]
    everyday = [[["08:00", "12:00"], ["13:00", "20:00"]]] * 7
    shop = SetCalendar.read({"name_en": "Shop", "name_zh": "店", "weekly": everyday})
    town.services.calendars.set(town.supervisor, "shop", shop)
    town.promise(kinds=["gas_leak"], pauses=pauses)
    town.promise(kinds=["gas_outage"], limit_s=3600.0, start="call_started")
    town.promise(priorities=[1], limit_s=900.0, series="urgent", start="report_received")
    town.promise(stop="made_safe", limit_s=5400.0, pauses=pauses)
    town.promise(stop="restored", limit_s=9000.0, calendar="shop", opening_only=True)
    town.promise(stop="called_back", start="restored", limit_s=1800.0)
    return town


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_STEPS, min_size=4, max_size=14))
def test_verdicts_from_the_log_are_those_that_are_stored(pledged: Town, steps: list[Do]) -> None:
    """State, start, stop, pauses and verdict of each clock, also of its follow-up's."""
    shift = Shift(pledged, pledged.pin(1, 1)["id"], [])
    shift.send()
    for step in steps:
        step(shift)
        shift.wait(1)

    with pledged.services.work.reading() as session:
        ids = set(session.scalars(select(PledgeClock.incident_id)))
        for incident_id in ids:
            query = select(Event).where(Event.incident_id == incident_id).order_by(Event.id)
            computed = replayed(session.scalars(query).all())
            rows = session.scalars(
                select(PledgeClock).where(PledgeClock.incident_id == incident_id)
            )
            stored = {row.id: row for row in rows}
            assert computed.keys() == stored.keys()
            for clock_id, clock in computed.items():
                row = stored[clock_id]
                course = clock.course
                assert (row.state, row.verdict) == (clock.state, clock.verdict)
                assert (row.started_at, row.stopped_at) == (course.started_at, clock.stopped_at)
                assert len(row.pauses) == len(course.pauses)
                if clock.state == "running":
                    assert row.due_at == course.due_at
                if clock.verdict == "breached":
                    assert row.breached_at is not None
                    assert row.cause is not None
