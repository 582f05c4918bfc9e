"""The tree is added to, moved and cut; never into a circle, and never with something left."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.assignments.states import Action
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.scope import within
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.crews.types import AddStation
from dispatch.crews.types import ChangeCrew
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import MoveIncident
from dispatch.sending.types import SendCrew
from dispatch.units.states import Given
from dispatch.units.states import UnitKind
from dispatch.units.types import AddUnit
from dispatch.units.types import ChangeUnit
from dispatch.units.types import DeleteUnit
from dispatch.units.types import GiveToUnit
from dispatch.units.types import PutGroupAbove
from tests.dispatch.units.conftest import Group
from tests.orders import step_for

pytestmark = pytest.mark.postgis
_LEAK = {"kind": "gas_leak", "lon": 7.4002, "lat": 43.7002}


def _pin(group: Group, unit: str, **more: object) -> int:
    with group.at(unit):
        made = group.services.incidents.create(SYSTEM, CreateIncident.model_validate(_LEAK | more))
    return made["id"]


def _add_crew(group: Group, unit: str) -> int:
    with group.at(unit):
        return group.services.crews.add(
            SYSTEM, AddCrew(name=f"crew of {unit}", duty=Duty.ON_DUTY, skills=("gas",))
        )


def _refused(act: Callable[[], object]) -> str:
    """Return the code of a refusal, or the field that is wrong."""
    with pytest.raises(DispatchError) as caught:
        act()
    error = caught.value
    return error.fields[0].field if isinstance(error, InvalidInput) else error.code


def test_the_one_company_becomes_one_of_a_group(services: Services) -> None:
    """Nobody's rows change hands; the group's people see all companies."""
    before = services.units.list(SYSTEM)["units"]
    company = before[0]

    group = services.units.put_group_above(SYSTEM, PutGroupAbove(code="G", name="The Group"))
    services.units.add(
        SYSTEM, AddUnit(parent_id=group["id"], kind=UnitKind.COMPANY, code="G-2", name="Second")
    )

    assert [(each["kind"], each["parent_id"]) for each in services.units.list(SYSTEM)["units"]] == [
        ("group", None),
        ("company", group["id"]),
        ("company", group["id"]),
    ]
    assert company["id"] in {each["id"] for each in services.units.list(SYSTEM)["units"]}
    again = PutGroupAbove(code="H", name="Another")
    assert _refused(lambda: services.units.put_group_above(SYSTEM, again)) == "group_exists"


def test_a_unit_lies_only_where_its_kind_may(group: Group) -> None:
    """Companies below the group; stations and teams in one company; nothing below itself."""
    change, units = group.services.units.change, group.units
    group.add("team", "team", "east")

    def move(unit: str, there: str) -> str:
        return _refused(lambda: change(SYSTEM, units[unit], ChangeUnit(parent_id=units[there])))

    assert move("north", "east") == "unit_below_itself"
    assert move("east", "east") == "unit_below_itself"
    assert move("east", "team") == "unit_below_itself"
    assert move("east", "west") == "parent_id"
    assert move("east", "south") == "parent_id"
    assert move("south", "north") == "parent_id"
    moved = change(SYSTEM, units["team"], ChangeUnit(parent_id=units["west"]))
    assert moved["parent_id"] == units["west"]


@pytest.mark.parametrize("code", ["", "a b", "-1", "1.", "北", "x" * 41, "a/b"])
def test_codes_are_letters_digits_dots_and_dashes(code: str) -> None:
    """So they can stand in addresses and files as they are."""
    with pytest.raises(ValueError, match="code"):
        AddUnit(parent_id=1, kind=UnitKind.STATION, code=code, name="x")


def test_a_code_is_one_units_only(group: Group) -> None:
    """In the whole group: it is what other systems know a unit by."""
    wanted = AddUnit(parent_id=group.units["south"], kind=UnitKind.STATION, code="east", name="x")

    assert _refused(lambda: group.services.units.add(SYSTEM, wanted)) == "code"


def test_units_of_others_are_not_there(group: Group) -> None:
    """Forged numbers are refused by name, whether there is such a unit or not."""
    boss = group.sign_up("east", "boss", Role.ADMINISTRATOR)
    services, west = group.services, group.units["west"]
    with within(boss.scope):
        for unit in (west, 987_654):
            rename = ChangeUnit(name="mine")
            assert _refused(lambda: services.units.change(boss, unit, rename)) == "not_found"  # noqa: B023
            assert _refused(lambda: services.units.delete(boss, unit, DeleteUnit())) == "not_found"  # noqa: B023
            below = AddUnit(parent_id=unit, kind=UnitKind.TEAM, code="t", name="t")
            assert _refused(lambda: services.units.add(boss, below)) == "parent_id"  # noqa: B023
            report = CreateIncident.model_validate({**_LEAK, "unit_id": unit})
            assert _refused(lambda: services.incidents.create(boss, report)) == "unit_id"  # noqa: B023
            crew = AddCrew(name="x", unit_id=unit)
            assert _refused(lambda: services.crews.add(boss, crew)) == "unit_id"  # noqa: B023
        own = services.units.add(
            boss, AddUnit(parent_id=group.units["east"], kind=UnitKind.TEAM, code="t", name="Team")
        )
    assert own["own"] is False  # seen from the next request on


def test_what_hinders_is_told_and_can_go_elsewhere(group: Group) -> None:
    """Live orders have to end; everything else goes to the unit that is named."""
    services, units = group.services, group.units
    crew_id, incident_id = _add_crew(group, "east"), _pin(group, "east")
    with group.at("north"):
        order, _ = services.sending.send(SYSTEM, incident_id, SendCrew(crew_id=crew_id))

    def delete(to: str | None = None) -> None:
        wanted = DeleteUnit(move_to=None if to is None else units[to])
        services.units.delete(SYSTEM, units["east"], wanted)

    with pytest.raises(Conflict) as caught:
        delete("west")
    assert caught.value.code == "unit_in_use"
    told = {each["what"]: each["count"] for each in caught.value.extra["hindrances"]}
    assert told == {"live_order": 1, "open_incident": 1, "crew": 1}
    services.assignments.act(SYSTEM, order["id"], Action.WITHDRAW, step_for(Action.WITHDRAW))
    assert _refused(delete) == "unit_in_use"
    assert _refused(lambda: delete("south")) == "move_to"
    delete("west")

    assert "east" not in {each["name"] for each in services.units.list(SYSTEM)["units"]}
    with group.at("west"):
        assert services.incidents.get(SYSTEM, incident_id)["unit_id"] == units["west"]
        assert [each["id"] for each in services.crews.list(SYSTEM)["crews"]] == [crew_id]


def test_an_incident_goes_to_another_unit_with_all_that_hangs_on_it(group: Group) -> None:
    """Its orders and its whole history; whose crew was asked goes on seeing it."""
    services, units = group.services, group.units
    crew_id, incident_id = _add_crew(group, "east"), _pin(group, "east")
    with group.at("north"):
        services.sending.send(SYSTEM, incident_id, SendCrew(crew_id=crew_id))
        services.incident_moves.move(SYSTEM, incident_id, MoveIncident(unit_id=units["west"]))

    for unit in ("west", "east"):
        with group.at(unit):
            assert services.incidents.get(SYSTEM, incident_id)["unit_id"] == units["west"]
            told = services.incidents.timeline(SYSTEM, incident_id)["events"]
        assert {"incident.created", "assignment.offered"} <= {each["kind"] for each in told}, unit
    with group.owner.connect() as connection:
        of_order = connection.execute(text("SELECT DISTINCT unit_id FROM assignment")).scalars()
        assert list(of_order) == [units["west"]]

    def elsewhere() -> object:
        wanted = MoveIncident(unit_id=units["south"])
        return services.incident_moves.move(SYSTEM, incident_id, wanted)

    with group.at("group"):
        assert _refused(elsewhere) == "unit_id"


def test_an_incident_without_a_crew_of_ones_own_is_gone(group: Group) -> None:
    """And its desk is told so by an event that it sees."""
    services, units = group.services, group.units
    incident_id = _pin(group, "east")
    head_id = services.events.head_id()
    with group.at("north"):
        services.incident_moves.move(SYSTEM, incident_id, MoveIncident(unit_id=units["west"]))

    with group.at("east"):
        with pytest.raises(NotFound):
            services.incidents.get(SYSTEM, incident_id)
        told = services.events.read_after(head_id)
    assert [(each["kind"], each["data"]["incident_id"]) for each in told] == [
        ("incident.left", incident_id)
    ]
    with group.at("west"):
        told = services.events.read_after(head_id)
    assert [each["kind"] for each in told] == ["incident.left", "incident.moved"]


def test_a_crew_goes_to_another_unit_with_its_accounts_and_orders(group: Group) -> None:
    """The new unit sees where it was sent, too."""
    services, units = group.services, group.units
    crew_id, incident_id = _add_crew(group, "east"), _pin(group, "east")
    phone = group.sign_up("east", "phone", Role.CREW, crew_id=crew_id)
    with group.at("north"):
        services.sending.send(SYSTEM, incident_id, SendCrew(crew_id=crew_id))
        services.crew_changes.change(SYSTEM, crew_id, ChangeCrew(unit_id=units["west"]))

    with group.owner.connect() as connection:
        query = text("SELECT unit_id FROM account WHERE id = :id")
        assert connection.execute(query, {"id": phone.account_id}).scalar_one() == units["west"]
    with group.at("west"):
        assert services.incidents.get(SYSTEM, incident_id)["id"] == incident_id
    with group.at("group"):
        south = ChangeCrew(unit_id=units["south"])
        assert _refused(lambda: services.crew_changes.change(SYSTEM, crew_id, south)) == "unit_id"


def test_two_moves_never_make_a_circle(group: Group) -> None:
    """Each alone is right; together they would hang both from each other."""
    group.add("one", "team", "east")
    group.add("two", "team", "west")
    with group.owner.begin() as connection:
        # Teams below teams, as no kind allows: the database's own guard is looked at.
        connection.execute(text("UPDATE organisation_unit SET kind = 'station' WHERE code = 'one'"))
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def hang(unit: str, there: str) -> None:
        ready.wait()
        try:
            with group.owner.begin() as connection:
                connection.execute(
                    text("UPDATE organisation_unit SET parent_id = :there WHERE id = :unit"),
                    {"there": group.units[there], "unit": group.units[unit]},
                )
        except Exception as error:  # noqa: BLE001  (whichever of the two it is)
            outcomes.append("circle" if "below itself" in str(error) else str(error))
        else:
            outcomes.append("moved")

    threads = [
        threading.Thread(target=hang, args=each) for each in (("one", "two"), ("two", "one"))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert sorted(outcomes) == ["circle", "moved"]


def test_a_unit_is_not_deleted_from_under_a_report(group: Group) -> None:
    """Of both at the same moment one is refused, each time."""
    for number in range(5):
        name = f"station {number}"
        unit_id = group.add(name, "station", "north")
        outcomes = _delete_while_reported(group.services, unit_id)

        assert outcomes.count("done") == 1, outcomes
        assert set(outcomes) - {"done"} <= {"unit_in_use", "invalid_input"}, outcomes


def _delete_while_reported(services: Services, unit_id: int) -> list[str]:
    outcomes: list[str] = []
    ready = threading.Barrier(2)
    report = CreateIncident.model_validate({**_LEAK, "unit_id": unit_id})

    def attempt(what: Callable[[], object]) -> None:
        ready.wait()
        try:
            what()
        except DispatchError as error:
            outcomes.append(error.code)
        else:
            outcomes.append("done")

    acts: list[Callable[[], object]] = [
        lambda: services.units.delete(SYSTEM, unit_id, DeleteUnit()),
        lambda: services.incidents.create(SYSTEM, report),
    ]
    threads = [threading.Thread(target=attempt, args=(act,)) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    return outcomes


def test_things_are_given_to_another_unit_of_the_company(group: Group) -> None:
    """All of them or none."""
    services, units = group.services, group.units
    with group.at("east"):
        station = services.stations.add(SYSTEM, AddStation(name="Depot", lon=7.4, lat=43.7))

    def give(unit: str, *ids: int) -> object:
        wanted = GiveToUnit(thing=Given.STATION, ids=list(ids))
        with group.at("group"):
            return services.giving.give(SYSTEM, units[unit], wanted)

    assert _refused(lambda: give("south", station)) == "ids"
    assert _refused(lambda: give("west", station, 987_654)) == "ids"
    give("west", station)

    with group.at("west"):
        listed = services.stations.list(SYSTEM)["stations"]
    assert [each["unit_id"] for each in listed] == [units["west"]]
