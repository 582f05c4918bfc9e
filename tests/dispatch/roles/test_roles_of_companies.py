"""Companies of a group have roles and people of their own; neither reaches into the other."""

import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.core.errors import Conflict
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.scope import NOTHING
from dispatch.core.scope import within
from dispatch.crews.types import AddCrew
from dispatch.people.types import ChangeRoles
from dispatch.people.types import ChoosePassword
from dispatch.people.types import InviteAccount
from dispatch.people.types import MoveAccount
from dispatch.roles.types import AddRole
from dispatch.roles.types import ChangeRolePermissions
from dispatch.roles.types import DemandSeparation
from tests.conftest import PASSWORD
from tests.dispatch.units.conftest import Group
from tests.dispatch.units.conftest import group

__all__ = ["group"]
pytestmark = pytest.mark.postgis
DESK = AddRole(name_en="Gas desk", name_zh="燃气台", permissions=(Permission.INCIDENT_READ,))


def refused(kind: type[DispatchError], act: object, *arguments: object) -> DispatchError:
    """Do something that must be refused, and return how."""
    assert callable(act)
    with pytest.raises(kind) as found:
        act(*arguments)
    return found.value


def test_a_company_administers_itself_and_nobody_else(group: Group) -> None:
    """Its own people and roles; not the group's, not the sister's, not what holds for all."""
    services = group.services
    boss = group.sign_up("group", "boss", Role.ADMINISTRATOR)
    north = group.sign_up("north", "nora", Role.ADMINISTRATOR)
    south = group.sign_up("south", "sam", Role.ADMINISTRATOR)
    units, changes = group.units, services.account_changes

    def add(account: CreateAccount) -> int:
        return services.accounts.create(account, actor=north)

    with within(north.scope):
        role = services.access_roles.add(north, DESK)
        east = CreateAccount(
            username="east1", password=PASSWORD, roles=(role["code"],), unit_id=units["east"]
        )
        services.accounts.create(east, actor=north)
        for unit in ("group", "south"):
            elsewhere = east.model_copy(update={"username": "x", "unit_id": units[unit]})
            refused(
                InvalidInput, lambda each: services.accounts.create(each, actor=north), elsewhere
            )
            moved = MoveAccount(unit_id=units[unit])
            refused(InvalidInput, changes.move, north, "east1", moved)
        refused(NotFound, changes.disable, north, "boss")
        refused(NotFound, changes.disable, north, "sam")
        less = ChangeRolePermissions(permissions=(Permission.CREW_READ,))
        refused(NotAllowed, services.access_roles.change, north, Role.CREW, less)
        demand = DemandSeparation(demanded=False)
        refused(NotAllowed, services.duties.demand, north, "swap", demand)
        everywhere = DESK.model_copy(update={"company_id": units["group"]})
        refused(InvalidInput, services.access_roles.add, north, everywhere)

    assert role["code"] == f"gas_desk_{units['north']}"
    assert (role["company_id"], role["editable"]) == (units["north"], True)
    with within(south.scope):
        codes = {each["code"] for each in services.access_roles.list(south)["roles"]}
        assert role["code"] not in codes
        services.access_roles.add(south, DESK)  # the same name, which tells nothing
        wanted = CreateAccount(username="s1", password=PASSWORD, roles=(role["code"],))
        refused(InvalidInput, lambda: services.accounts.create(wanted, actor=south))
    with within(boss.scope):
        to_south = MoveAccount(unit_id=units["south"])
        refused(InvalidInput, changes.move, boss, "east1", to_south)
        only = ChangeRoles(roles=(Role.PLANNER,))
        changes.change_roles(boss, "east1", only)
        changes.move(boss, "east1", to_south)
        assert services.people.get(boss, "east1")["unit_name"] == "south"


def test_an_account_goes_where_its_crew_is(group: Group) -> None:
    """And a crew that is not one's own gets none."""
    services = group.services
    nora = group.sign_up("north", "nora", Role.ADMINISTRATOR)
    with group.at("east"):
        near = services.crews.add(SYSTEM, AddCrew(name="E", skills=("gas",)))
    with group.at("south"):
        far = services.crews.add(SYSTEM, AddCrew(name="S", skills=("gas",)))

    with within(nora.scope):
        crew = CreateAccount(username="e", password=PASSWORD, roles=(Role.CREW,), crew_id=near)
        services.accounts.create(crew, actor=nora)
        foreign = crew.model_copy(update={"username": "f", "crew_id": far})
        refusal = refused(Conflict, lambda: services.accounts.create(foreign, actor=nora))
        held = refused(
            Conflict,
            services.account_changes.move,
            nora,
            "e",
            MoveAccount(unit_id=group.units["west"]),
        )

        assert services.people.get(nora, "e")["unit_name"] == "east"
    assert refusal.code == "unknown_crew"
    assert held.code == "follows_crew"


def test_a_link_is_used_by_whoever_has_it_and_sees_nobody_else(group: Group) -> None:
    """Before anybody is known, in no unit's scope."""
    services = group.services
    nora = group.sign_up("north", "nora", Role.ADMINISTRATOR)
    with within(nora.scope):
        invite = InviteAccount(username="e", roles=(Role.PLANNER,), unit_id=group.units["east"])
        link = services.invitations.invite(nora, invite)
    assert link["secret"] is not None

    with within(NOTHING):
        assert services.invitations.look(link["secret"])["username"] == "e"
        services.invitations.choose(link["secret"], ChoosePassword(password=PASSWORD))
        refused(NotFound, services.invitations.look, link["secret"])

    with within(nora.scope):
        assert services.people.get(nora, "e")["has_password"]
