"""Minimum staffing: where the rota leaves a gap, and when the desk is told."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.core.errors import InvalidInput
from dispatch.crews.models import Crew
from dispatch.crews.types import AddStation
from dispatch.events.models import Event
from dispatch.shifts.rota_types import SetStaffingRule
from dispatch.shifts.types import AddShift
from tests.dispatch.shifts.conftest import Rota


def rule(rota: Rota, **fields: object) -> int:
    """Ask for one crew from 22:00 to 06:00."""
    wanted = {"name": "Nights", "from_time": "22:00", "to_time": "06:00", "least": 1, **fields}
    return rota.services.staffing.set(rota.planner, None, SetStaffingRule.read(wanted))["id"]


def test_nobody_with_a_gas_ticket_on_saturday_night(rota: Rota) -> None:
    """The crew of the station that has it leaves at 02:00; one elsewhere does not count."""
    services, planner = rota.services, rota.planner
    lon, lat = rota.yard.city.at(0, 0)
    east = services.stations.add(rota.yard.administrator, AddStation(name="East", lon=lon, lat=lat))
    inside, outside = rota.crew("Alpha"), rota.crew("Bravo")
    with services.work.writing() as session:
        session.get_one(Crew, inside.crew_id).station_id = east
    saturday = services.shifts.today() + timedelta(days=7)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    for crew, end in ((inside, "02:00"), (outside, "06:00")):
        shift = {"crew_id": crew.crew_id, "day": saturday.isoformat(), "from_time": "20:00"}
        services.shifts.add(planner, AddShift.read({**shift, "to_time": end}))

    rule(rota, station_id=east, skill="gas", weekdays=[5])

    night = datetime.combine(saturday, datetime.min.time(), tzinfo=UTC)
    gaps = services.staffing.gaps(planner, timedelta(days=14))["gaps"]
    found = [each for each in gaps if each["ends_at"] > saturday.isoformat()]
    assert [
        (each["area"], each["skill"], each["begins_at"], each["ends_at"], each["have"])
        for each in found
    ] == [
        (
            *("East", "gas"),
            f"{night + timedelta(hours=26):%Y-%m-%dT%H:%M:%S.000Z}",
            f"{night + timedelta(hours=30):%Y-%m-%dT%H:%M:%S.000Z}",
            0,
        )
    ]


@pytest.mark.parametrize("made_at", [1, 8, 9, 20])
def test_the_desk_is_told_the_day_before(rota: Rota, made_at: int) -> None:
    """At nine in the morning, once, of tomorrow; once too where a worker was away in between."""
    today = rota.clock().replace(hour=0, minute=0, second=0)
    rota.clock.now = today + timedelta(hours=made_at)
    rule(rota, from_time="10:00", to_time="11:00")

    for hours in (24 + 8, 24 + 9, 24 + 10):
        rota.clock.now = today + timedelta(hours=hours)
        rota.services.deadlines.run_due()

    with rota.services.work.reading() as session:
        told = session.scalars(select(Event).where(Event.kind == "staffing.gaps_found")).all()
    days = [each.data["day"] for each in told]
    assert days[-1:] == [f"{today + timedelta(days=2):%Y-%m-%d}"]
    assert len(days) == len(set(days))


@pytest.mark.parametrize(
    "wrong", [{"station_id": 99}, {"zone_id": 99}, {"calendar": "none"}, {"from_time": "24:00"}]
)
def test_a_rule_about_what_is_not_there_is_refused(rota: Rota, wrong: dict[str, object]) -> None:
    """By the name of the field."""
    with pytest.raises(InvalidInput) as refusal:
        rule(rota, **wrong)

    assert [each.field for each in refusal.value.fields] == list(wrong)
