"""Whose shifts: a station sees its own, and nobody swaps into another company."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.scope import within
from dispatch.crews.types import AddCrew
from dispatch.events.models import Event
from dispatch.shifts.rota_types import SetStaffingRule
from dispatch.shifts.rota_types import SetTemplate
from dispatch.shifts.staffing_service import gaps_between
from dispatch.shifts.types import AddShift
from dispatch.shifts.types import AskSwap
from dispatch.shifts.types import CancelShift
from tests.dispatch.units.conftest import Group

HOURS = {"from_time": "08:00", "to_time": "20:00"}


@pytest.fixture
def shifts(group: Group) -> dict[str, dict[str, int]]:
    """Return, for each unit, a crew and its shift of tomorrow."""
    made = {}
    services = group.services
    tomorrow = (services.shifts.today() + timedelta(days=1)).isoformat()
    for unit in ("north", "east", "west", "south"):
        with group.at(unit):
            crew_id = services.crews.add(SYSTEM, AddCrew(name=unit, skills=("gas",)))
            wanted = {"crew_id": crew_id, "day": tomorrow, **HOURS}
            shift, _ = services.shifts.add(SYSTEM, AddShift.read(wanted))
            services.rota.set_template(SYSTEM, None, SetTemplate.read({"name": unit, **HOURS}))
            made[unit] = {"crew": crew_id, "shift": shift["id"]}
    return made


def test_one_sees_and_changes_the_shifts_of_ones_own_unit_and_below(
    group: Group, shifts: dict[str, dict[str, int]]
) -> None:
    """A kind of shift of the company may be used in its stations."""
    services = group.services
    today = services.shifts.today()
    for unit, seen in (("east", {"east"}), ("north", {"north", "east", "west"})):
        with group.at(unit):
            listed = services.shifts.list(SYSTEM, today, today + timedelta(days=2))["shifts"]
            assert {each["crew_name"] for each in listed} == seen
    with group.at("east"):
        kinds = services.rota.templates(SYSTEM)["templates"]
        assert {each["name"] for each in kinds} == {"east", "north"}
        with pytest.raises(NotFound):
            services.shifts.cancel(SYSTEM, shifts["west"]["shift"], CancelShift())
        with pytest.raises(NotFound):
            services.shift_feeds.make(SYSTEM, shifts["west"]["crew"])


def test_a_crew_swaps_within_its_company_only(
    group: Group, shifts: dict[str, dict[str, int]]
) -> None:
    """The crew of the other one does not exist for it; who sees half of a swap sees nothing."""
    crew = group.sign_up("north", "nora", Role.CREW, crew_id=shifts["north"]["crew"])
    ask = group.services.swaps.ask
    with within(crew.scope):
        with pytest.raises(InvalidInput, match="with_crew_id"):
            ask(crew, shifts["north"]["shift"], AskSwap(with_crew_id=shifts["south"]["crew"]))
        made, _ = ask(crew, shifts["north"]["shift"], AskSwap(with_crew_id=shifts["east"]["crew"]))
    for unit, seen in (("north", [made["id"]]), ("south", []), ("east", [])):
        with group.at(unit):
            assert [each["id"] for each in group.services.swaps.list(SYSTEM)["swaps"]] == seen


@pytest.mark.usefixtures("shifts")
def test_a_rule_counts_the_crews_of_its_unit_and_its_gaps_are_told_there(group: Group) -> None:
    """North has three by day and wants four; South has one, which is enough for it."""
    services = group.services
    for unit, least in (("north", 4), ("south", 1)):
        with group.at(unit):
            wanted = {"name": unit, **HOURS, "least": least}
            services.staffing.set(SYSTEM, None, SetStaffingRule.read(wanted))
    tomorrow = services.clock().replace(hour=0, minute=0, second=0) + timedelta(days=1)

    with services.work.reading() as session:
        found = gaps_between(session, tomorrow, tomorrow + timedelta(days=1), ZoneInfo("UTC"))
    services.deadlines.run_due(tomorrow + timedelta(hours=10))

    assert [(each["name"], each["have"]) for each in found] == [("north", 3)]
    with services.work.reading() as session:
        told = session.query(Event).where(Event.kind == "staffing.gaps_found").all()
    # At 10 o'clock tomorrow it is about the day after, when nobody is planned anywhere.
    assert {each.data["gaps"][0]["name"] for each in told} == {"north", "south"}
    for unit in ("north", "south"):
        with group.at(unit), services.work.reading() as session:
            seen = session.query(Event).where(Event.kind == "staffing.gaps_found").all()
            assert [each.data["gaps"][0]["name"] for each in seen] == [unit]
