"""People and vehicles belong where their crew does: nobody else sees or changes them."""

import pytest
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.crews.register_types import PersonListQuery
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddMember
from dispatch.crews.types import ChangeCrew
from dispatch.skills.types import AddTicket
from dispatch.vehicles.register_types import VehicleListQuery
from dispatch.vehicles.types import AddVehicle
from tests.dispatch.units.conftest import Group

pytestmark = pytest.mark.postgis
_LENT = text("""
    INSERT INTO crew_loan (crew_id, unit_id, words, state, from_at, until_at, asked_at, asked_by,
        lender_id, unit_name, lender_name, crew_name)
    SELECT id, :unit, '', 'lent', :now - interval '1 hour', :now + interval '1 hour', :now, 'x',
        unit_id, 'x', 'x', name
    FROM crew WHERE id = :crew
""")


@pytest.fixture
def person_id(group: Group) -> int:
    """Return somebody in a crew of the eastern station that the company above entered."""
    services = group.services
    with group.at("east"):
        crew_id = services.crews.add(SYSTEM, AddCrew(name="East 1"))
    with group.at("north"):
        wanted = AddMember(name="Person A", personnel_number="1")
        member = services.members.add(SYSTEM, crew_id, wanted)
        services.vehicles.add(SYSTEM, AddVehicle(plate="T 1", crew_id=crew_id))
    return member["person_id"]


def _seen(group: Group, unit: str) -> tuple[int, int]:
    services = group.services
    with group.at(unit):
        people = services.crew_register.people(SYSTEM, PersonListQuery())["total"]
        return people, services.vehicle_list.list(SYSTEM, VehicleListQuery())["total"]


def test_people_and_vehicles_are_seen_where_their_crew_is(group: Group, person_id: int) -> None:
    """By its station and those above, whoever entered them; and they move with the crew."""
    seen = {unit: _seen(group, unit) for unit in ("east", "north", "group", "west", "south")}
    assert seen == {
        "east": (1, 1),
        "north": (1, 1),
        "group": (1, 1),
        "west": (0, 0),
        "south": (0, 0),
    }
    ticket = AddTicket(skill="gas", valid_from=group.services.clock().date())
    with group.at("west"), pytest.raises(NotFound):
        group.services.tickets.add(SYSTEM, person_id, ticket)

    with group.owner.begin() as connection:
        connection.execute(text("UPDATE crew SET unit_id = :west"), group.units)

    assert (_seen(group, "west"), _seen(group, "east")) == ((1, 1), (0, 0))


def test_a_number_and_a_plate_of_another_company_are_free(group: Group, person_id: int) -> None:
    """A refusal would tell that the other company has them."""
    assert person_id
    with group.at("south"):
        crew_id = group.services.crews.add(SYSTEM, AddCrew(name="South 1"))
        wanted = AddMember(name="Person B", personnel_number="1")
        group.services.members.add(SYSTEM, crew_id, wanted)
        group.services.vehicles.add(SYSTEM, AddVehicle(plate="T 1", crew_id=crew_id))

    assert _seen(group, "south") == (1, 1)


def test_who_borrows_a_crew_sees_it_and_neither_its_people_nor_changes_it(
    group: Group, person_id: int
) -> None:
    """Mutual aid shows what was agreed: the crew."""
    assert person_id
    services = group.services
    with group.at("east"):
        [crew] = services.crews.list(SYSTEM)["crews"]
    with group.owner.begin() as connection:
        loan = {"crew": crew["id"], "unit": group.units["south"], "now": services.clock()}
        connection.execute(_LENT, loan)

    with group.at("south"):
        assert [each["id"] for each in services.crews.list(SYSTEM)["crews"]] == [crew["id"]]
        card = services.members.card(SYSTEM, crew["id"])
        assert (card["members"], card["vehicles"]) == ([], [])
        with pytest.raises(NotAllowed):
            services.crew_changes.change(SYSTEM, crew["id"], ChangeCrew(name="Mine"))
        with pytest.raises(NotAllowed):
            services.members.add(SYSTEM, crew["id"], AddMember(name="Spy"))
