"""Crews, people, tickets and vehicles from files: tried first, stored at once, told to be wrong."""

from dispatch.core.list_query import MOST_PER_PAGE
from dispatch.crews.register_types import CrewListQuery
from dispatch.crews.register_types import PersonListQuery
from dispatch.crews.types import AddStation
from dispatch.importing.types import ImportFile
from dispatch.importing.types import ImportMode
from dispatch.importing.types import ImportReport
from dispatch.skills.states import TicketState
from dispatch.skills.ticket_list import TicketListQuery
from dispatch.vehicles.register_types import VehicleListQuery
from tests.depot import Depot

_CREWS = "班组,抢修站,技能\nCrew 1,East,燃气; heat\nCrew 2,East,\nCrew 3,Moon,gas\n"
_PEOPLE = "personnel_number,name,phone,crew,leads\n1,Person A,000,Crew 1,yes\n2,Person B,,Crew 2,\n"
_TICKETS = "personnel_number,skill,number,valid_from,valid_until\n2,gas,G-1,{first},{last}\n"
_VEHICLES = (
    "plate,equipment,emergency,height_m,crew\nt 1,pump;抽水泵,yes,2.9,Crew 2\nT 2,hammer,no,,\n"
)


def _import(
    depot: Depot, subject: str, table: str, mode: ImportMode = ImportMode.ALL
) -> ImportReport:
    wanted = ImportFile(file=table.encode(), name=f"{subject}.csv", mode=mode)
    return depot.services.imports.run(depot.administrator, subject, wanted)


def test_a_fleet_is_imported_from_four_tables(depot: Depot) -> None:
    """Each line's fate is told before anything is stored; wrong lines are named by column."""
    station = AddStation(name="East", lon=0.0, lat=0.0)
    depot.services.stations.add(depot.administrator, station)

    tried = _import(depot, "crews", _CREWS, ImportMode.CHECK)
    assert (tried.new, tried.wrong, tried.applied) == (2, 1, False)
    assert [(each.line, each.column) for each in tried.errors] == [(4, "station")]
    assert depot.services.crew_register.crews(depot.administrator, CrewListQuery())["total"] == 0
    assert _import(depot, "crews", _CREWS, ImportMode.OTHERS).applied
    assert _import(depot, "members", _PEOPLE).new == 2
    last = depot.today.replace(year=depot.today.year + 1)
    ticket = _TICKETS.format(first=depot.today, last=last)
    assert _import(depot, "tickets", ticket).new == 1
    vehicles = _import(depot, "vehicles", _VEHICLES, ImportMode.OTHERS)
    assert [(each.line, each.column) for each in vehicles.errors] == [(3, "equipment")]

    first, second = depot.services.crew_register.crews(depot.administrator, CrewListQuery())[
        "crews"
    ]
    assert (first["skills"], first["leader"], first["station"]) == (
        ["gas", "heat"],
        "Person A",
        "East",
    )
    assert (second["skills"], second["plates"], second["emergency_drive"]) == (
        ["gas"],
        ["T 1"],
        True,
    )
    assert second["expires_on"] == last.isoformat()
    again = [
        _import(depot, name, table) for name, table in (("members", _PEOPLE), ("tickets", ticket))
    ]
    assert [(each.same, each.changed) for each in again] == [(2, 0), (1, 0)]


def test_registers_search_filter_and_page(depot: Depot) -> None:
    """Words are found in members and plates too; every row is on one page and no more."""
    crews = [depot.crew(f"Crew {number:02}") for number in range(1, 8)]
    person = depot.member(crews[2], "Person Q", personnel_number="77")
    depot.ticket(person, days_left=3)
    ask = depot.services.crew_register.crews

    found = ask(depot.administrator, CrewListQuery(search="person q"))["crews"]
    pages = [
        ask(depot.administrator, CrewListQuery(page=page, per_page=3, sort="-name"))
        for page in (1, 2, 3)
    ]

    assert [each["id"] for each in found] == [crews[2]]
    listed = [each["id"] for page in pages for each in page["crews"]]
    assert (listed, pages[0]["total"]) == (crews[::-1], 7)
    by_skill = ask(depot.administrator, CrewListQuery(skill="gas"))["crews"]
    assert [each["id"] for each in by_skill] == [crews[2]]
    soon = TicketListQuery(state=TicketState.EXPIRES_SOON, per_page=MOST_PER_PAGE)
    tickets = depot.services.ticket_list.list(depot.administrator, soon)
    assert [each["days_left"] for each in tickets["tickets"]] == [3]
    query = PersonListQuery(crew_id=crews[2])
    people = depot.services.crew_register.people(depot.administrator, query)
    assert [each["skills"] for each in people["people"]] == [["gas"]]
    empty = depot.services.vehicle_list.list(depot.administrator, VehicleListQuery(page=1))
    assert (empty["vehicles"], empty["total"]) == ([], 0)
