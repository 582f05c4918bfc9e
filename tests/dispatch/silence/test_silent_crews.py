"""Crews that go silent: alarmed by a job on the real database, whoever looks at a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from dispatch import bootstrap
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import NotFound
from dispatch.core.instants import instant
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import SetDuty
from dispatch.positions.types import ReportPositions
from dispatch.settings import Settings
from dispatch.silence.types import SetSilenceLimit
from dispatch.trackers.arrivals import KnownTracker
from dispatch.trackers.readings import Reading
from dispatch.trackers.types import AddTracker
from tests.cities import GridCity
from tests.conftest import People
from tests.conftest import SettableClock
from tests.looking import looking

pytestmark = pytest.mark.postgis


@dataclass
class Watch:
    """An installation that looks after its crews; 180 s driving, 540 parked, 1 800 on a break."""

    services: Services
    clock: SettableClock
    city: GridCity
    administrator: Actor
    integration: Actor
    dispatcher: Actor

    def crew(self, name: str = "A") -> int:
        """Add a crew on duty."""
        wanted = AddCrew(name=name, duty=Duty.ON_DUTY)
        return self.services.crews.add(self.administrator, wanted)

    def tracker(self, crew_id: int) -> KnownTracker:
        """Give a crew a tracker."""
        issued = self.services.trackers.add(
            self.administrator, AddTracker(crew_id=crew_id, name="Phone")
        )
        known = self.services.arrivals.by_device(issued["secret"])
        assert known is not None
        return known

    def drive(self, crew_id: int, column: float = 1) -> None:
        """Report where a crew is, driving."""
        lon, lat = self.city.at(column, 1)
        at = {"fixed_at": instant(self.clock()), "speed_mps": 10.0}
        fix = {"crew_id": crew_id, "lon": lon, "lat": lat, **at}
        self.services.positions.record(self.integration, ReportPositions(positions=[fix]))

    def beat(self, known: KnownTracker) -> None:
        """Let a tracker be heard, without a fix."""
        self.services.arrivals.take(known, [Reading(self.clock())])

    def fix(self, known: KnownTracker, column: float = 1) -> None:
        """Let a tracker send a fix, standing."""
        reading = Reading(self.clock(), place=self.city.at(column, 1), speed_mps=0.0)
        self.services.arrivals.take(known, [reading])

    def wait(self, seconds: float) -> None:
        """Let time pass, and have the worker do what is due."""
        end = self.clock() + timedelta(seconds=seconds)
        while self.clock() < end:
            self.clock.now = min(end, self.clock() + timedelta(seconds=10))
            self.services.deadlines.run_due()

    @property
    def silent(self) -> list[int]:
        """Return which crews are silent."""
        found = self.services.silence.silent(self.dispatcher)["silent"]
        return [each["crew_id"] for each in found]

    def told(self, crew_id: int) -> list[str]:
        """Return what was told of a crew's silence, in order."""
        query = text(
            "SELECT kind FROM event WHERE crew_id = :id AND kind IN ('crew.silent',"
            " 'crew.silence_seen', 'crew.silence_escalated', 'crew.heard_again') ORDER BY id"
        )
        with looking(self.services.engine) as connection:
            return list(connection.execute(query, {"id": crew_id}).scalars())

    def rung(self) -> list[str]:
        """Return for what somebody was told outside of pages, in order."""
        with looking(self.services.engine) as connection:
            return list(
                connection.execute(text("SELECT purpose FROM delivery ORDER BY id")).scalars()
            )


@pytest.fixture
def watch(
    services: Services,
    settings: Settings,
    clock: SettableClock,
    grid_city: GridCity,
    people: People,
) -> Iterator[Watch]:
    """Return an installation that looks after crews."""
    administrator = people.sign_up("ada", Role.ADMINISTRATOR)
    integration = people.sign_up("tracker", Role.INTEGRATION)
    dispatcher = people.sign_up("dora", Role.DISPATCHER)
    del services  # they empty the tables
    built = bootstrap.build(settings.model_copy(update={"silent_s": 180.0}), clock=clock)
    yield Watch(built, clock, grid_city, administrator, integration, dispatcher)
    built.close()


def test_a_crew_that_drives_and_is_silent_for_three_minutes_alarms_the_desk(watch: Watch) -> None:
    """Its phone is rung, then the supervisor told; it ends by itself when it is heard."""
    crew_id = watch.crew()
    watch.drive(crew_id)
    watch.wait(170)
    assert watch.silent == []

    watch.wait(10)
    assert watch.silent == [crew_id]
    assert watch.told(crew_id) == ["crew.silent"]
    assert watch.rung() == ["check_in"]

    watch.wait(180)
    assert watch.told(crew_id) == ["crew.silent", "crew.silence_escalated"]
    assert watch.rung()[-1] == "supervisor"

    watch.drive(crew_id, 2)
    watch.services.deadlines.run_due()  # at once: whoever stored the fix has set it due
    assert watch.silent == []
    assert watch.told(crew_id)[-1] == "crew.heard_again"
    watch.wait(170)
    assert watch.silent == []


def test_a_parked_phone_that_is_heard_is_not_lost_and_one_that_is_not_is_missed_later(
    watch: Watch,
) -> None:
    """A heartbeat each minute for half an hour; then nothing for nine."""
    crew_id = watch.crew()
    known = watch.tracker(crew_id)
    watch.fix(known)
    watch.wait(10)
    watch.fix(known)
    for _ in range(30):
        watch.wait(60)
        watch.beat(known)
    assert watch.silent == []

    watch.wait(530)
    assert watch.silent == []
    watch.wait(20)

    assert watch.silent == [crew_id]


def test_nobody_is_missed_off_duty_and_a_break_may_be_longer(watch: Watch) -> None:
    """Two crews, one at home, one at lunch; and a third that has nothing to be heard by."""
    home, lunch, radio = watch.crew("Home"), watch.crew("Lunch"), watch.crew("Radio")
    for crew_id in (home, lunch):
        watch.drive(crew_id)
    set_duty = watch.services.crews.set_duty
    set_duty(watch.administrator, home, SetDuty(duty=Duty.OFF_DUTY))
    set_duty(watch.administrator, lunch, SetDuty(duty=Duty.ON_BREAK))

    watch.wait(1_790)
    assert watch.silent == []
    watch.wait(20)
    assert watch.silent == [lunch]

    set_duty(watch.administrator, lunch, SetDuty(duty=Duty.OFF_DUTY))
    assert watch.silent == []
    assert watch.told(home) == watch.told(radio) == []


def test_who_sees_to_it_is_named_and_no_supervisor_is_told(watch: Watch) -> None:
    """The first one; a crew that is not silent cannot be seen to."""
    crew_id = watch.crew()
    watch.drive(crew_id)
    with pytest.raises(NotFound):
        watch.services.silence.see(watch.dispatcher, crew_id)
    watch.wait(180)

    seen = watch.services.silence.see(watch.dispatcher, crew_id)
    watch.services.silence.see(watch.administrator, crew_id)
    watch.wait(600)

    assert seen["seen_by"] == "dora"
    assert watch.told(crew_id) == ["crew.silent", "crew.silence_seen"]


def test_a_worker_that_was_away_alarms_nobody_at_once_and_forgets_nobody(watch: Watch) -> None:
    """An hour without a worker; then three minutes to be heard in."""
    crew_id = watch.crew()
    watch.drive(crew_id)
    watch.clock.forward(3_600)

    watch.services.deadlines.run_due()
    assert watch.silent == []
    watch.wait(180)

    assert watch.silent == [crew_id]


def test_a_clock_put_back_by_an_hour_hides_no_silence(watch: Watch) -> None:
    """Deadlines and what was heard are of an hour that is yet to come."""
    crew_id = watch.crew()
    watch.drive(crew_id)
    watch.clock.forward(-3_600)
    watch.wait(400)

    assert watch.silent == [crew_id]


def test_the_limits_of_a_crew_hold_before_those_of_its_unit_and_those_before_the_settings(
    watch: Watch,
) -> None:
    """60 s for one crew, 100 s for its unit, 180 s for all others."""
    own, others = watch.crew("Own"), watch.crew("Others")

    def limit(driving_s: float, crew_id: int | None) -> int:
        wanted = SetSilenceLimit(
            unit_id=1,
            crew_id=crew_id,
            driving_s=driving_s,
            parked_s=500,
            break_s=900,
            supervisor_s=120,
        )
        return watch.services.silence.set_limit(watch.administrator, wanted)["id"]

    of_crew = limit(60, own)
    limit(100, None)
    watch.wait(200)  # from their next look on
    for crew_id in (own, others):
        watch.drive(crew_id)
        watch.services.deadlines.run_due()
    watch.wait(110)
    assert watch.silent == [own, others]
    alarmed = {
        each["crew_id"]: each["limit_s"]
        for each in watch.services.silence.silent(watch.dispatcher)["silent"]
    }
    assert alarmed == {own: 60, others: 100}
    watch.services.silence.remove_limit(watch.administrator, of_crew)
    limits = watch.services.silence.limits(watch.administrator)
    assert [each["driving_s"] for each in limits["limits"]] == [100]


def test_a_crew_is_looked_after_by_one_deadline_however_long_it_is_on_duty(watch: Watch) -> None:
    """The same row falls due again and again."""
    crew_id = watch.crew()
    for _ in range(20):
        watch.drive(crew_id)
        watch.wait(100)

    with looking(watch.services.engine) as connection:
        query = "SELECT count(*) FROM deadline WHERE kind = 'crew_silent'"
        assert connection.execute(text(query)).scalar() == 1
