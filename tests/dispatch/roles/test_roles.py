"""Roles are edited: what they permit holds at once, and nobody is locked out by it."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy import text

from dispatch.access.permissions import PERMISSIONS
from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.events.kinds import LOOK_UP_EVERYBODY
from dispatch.people.types import ChangeRoles
from dispatch.pledges.presets import PRESETS
from dispatch.pledges.types import UsePreset
from dispatch.roles.separation import require_other
from dispatch.roles.states import Matter
from dispatch.roles.types import AddRole
from dispatch.roles.types import ChangeRolePermissions
from dispatch.roles.types import DemandSeparation
from dispatch.roles.types import RolePair
from dispatch.roles.types import SetExclusions
from tests.conftest import People
from tests.looking import looking

pytestmark = pytest.mark.postgis
WAIT_S = 60.0


@pytest.fixture
def as_shipped(owner_engine: Engine, services: Services) -> Iterator[None]:  # noqa: ARG001  (before its tables are emptied)
    """Give the shipped roles back what they permit."""
    yield
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM role_permission"))
        connection.execute(
            text("INSERT INTO role_permission (role, permission) VALUES (:role, :permission)"),
            [
                {"role": str(role), "permission": str(each)}
                for role, permissions in PERMISSIONS.items()
                for each in permissions
            ],
        )


def take(services: Services, actor: Actor, role: str, *permissions: Permission) -> None:
    """Take permissions from a role."""
    kept = tuple(each for each in PERMISSIONS[role] if each not in permissions)
    services.access_roles.change(actor, role, ChangeRolePermissions(permissions=kept))


def test_the_tables_begin_as_the_code_says(services: Services, administrator: Actor) -> None:
    """The migration is frozen; whoever adds a permission has to add a migration."""
    roles = services.access_roles.list(administrator)["roles"]

    assert {each["code"]: set(each["permissions"]) for each in roles} == {
        role: set(PERMISSIONS[role]) for role in Role
    }


@pytest.mark.usefixtures("as_shipped")
def test_what_a_role_loses_nobody_who_is_signed_in_may_do_any_more(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """From the next request on, with the session that they have; streams are looked up again."""
    session_id = services.accounts.open_session(dispatcher)
    token = services.accounts.issue_token(dispatcher)["token"]

    take(services, administrator, Role.DISPATCHER, Permission.EXPORT)

    for now in (
        services.accounts.actor_for_session(session_id),
        services.accounts.actor_for_token(token),
    ):
        assert now is not None
        assert now.permissions == PERMISSIONS[Role.DISPATCHER] - {Permission.EXPORT}
    with looking(services.engine) as connection:
        kind, data = connection.execute(
            text("SELECT kind, data FROM event ORDER BY id DESC LIMIT 1")
        ).one()
    assert kind in LOOK_UP_EVERYBODY
    assert data == {"role": "dispatcher", "gave": [], "took": ["export"]}


def test_a_role_of_ones_own_permits_what_was_chosen(
    services: Services, people: People, administrator: Actor
) -> None:
    """It is given like any other, and goes only once nobody has it."""
    wanted = AddRole(
        name_en="Gas desk, nights",
        name_zh="燃气夜班",
        permissions=(Permission.INCIDENT_READ, Permission.CREW_READ),
    )
    role = services.access_roles.add(administrator, wanted)
    dora = people.sign_up("dora", Role.CALL_TAKER)
    both = ChangeRoles(roles=("call_taker", role["code"]))
    services.account_changes.change_roles(administrator, "dora", both)

    now = services.accounts.actor_for_session(services.accounts.open_session(dora))

    assert role["code"] == "gas_desk_nights"
    assert now is not None
    assert now.permissions == PERMISSIONS[Role.CALL_TAKER] | {Permission.CREW_READ}
    with pytest.raises(Conflict, match="still the role of 1"):
        services.access_roles.remove(administrator, role["code"])
    with pytest.raises(Conflict, match="already a role named"):
        services.access_roles.add(administrator, wanted.model_copy(update={"code": "other"}))
    only = ChangeRoles(roles=(Role.CALL_TAKER,))
    services.account_changes.change_roles(administrator, "dora", only)
    services.access_roles.remove(administrator, role["code"])
    with pytest.raises(InvalidInput, match="no role gas_desk_nights"):
        services.account_changes.change_roles(administrator, "dora", both)


def test_nobody_gives_what_they_may_not_do_themselves(
    services: Services, people: People, administrator: Actor
) -> None:
    """Neither to a role nor to an account, nor by changing somebody who may do more."""
    limited = services.access_roles.add(
        administrator,
        AddRole(
            name_en="Help desk",
            name_zh="账号管理",
            permissions=(
                Permission.ACCOUNT_READ,
                Permission.ACCOUNT_WRITE,
                Permission.ROLE_WRITE,
                *PERMISSIONS[Role.CALL_TAKER],
            ),
        ),
    )["code"]
    people.sign_up("hugo", Role.CALL_TAKER)
    services.account_changes.change_roles(administrator, "hugo", ChangeRoles(roles=(limited,)))
    people.sign_up("carl", Role.CALL_TAKER)
    hugo = services.accounts.actor_for_session(
        services.accounts.open_session(
            Actor(people_id(services, "hugo"), "hugo", "hugo", frozenset())
        )
    )
    assert hugo is not None

    for roles in ((Role.DISPATCHER,), (Role.ADMINISTRATOR,)):
        with pytest.raises(NotAllowed, match="may not do yourself"):
            services.account_changes.change_roles(hugo, "carl", ChangeRoles(roles=roles))
    with pytest.raises(NotAllowed, match="may do more than yours"):
        services.account_changes.disable(hugo, "ada")
    wanted = AddRole(name_en="X", name_zh="X", permissions=(Permission.EXPORT,))
    with pytest.raises(NotAllowed, match="may not do yourself: export"):
        services.access_roles.add(hugo, wanted)
    with pytest.raises(NotAllowed, match="may not do yourself"):
        services.access_roles.change(
            hugo, limited, ChangeRolePermissions(permissions=(Permission.EXPORT,))
        )
    services.account_changes.disable(hugo, "carl")


def people_id(services: Services, username: str) -> int:
    """Return the id of an account."""
    listed = services.accounts.list_accounts(SYSTEM)["accounts"]
    return next(each["id"] for each in listed if each["username"] == username)


@pytest.mark.usefixtures("as_shipped")
@pytest.mark.parametrize("lost", [Permission.ACCOUNT_WRITE, Permission.ROLE_WRITE])
def test_a_role_cannot_lose_what_lets_its_last_holder_manage_access(
    services: Services, administrator: Actor, lost: Permission
) -> None:
    """Another role that permits it as well, and that somebody has, is enough."""
    with pytest.raises(Conflict, match="Nobody could manage accounts and roles"):
        take(services, administrator, Role.ADMINISTRATOR, lost)
    keys = AddRole(
        name_en="Keys",
        name_zh="权限管理员",
        permissions=(Permission.ACCOUNT_WRITE, Permission.ROLE_WRITE),
    )
    services.access_roles.add(administrator, keys)
    with pytest.raises(Conflict, match="Nobody could manage accounts and roles"):
        take(services, administrator, Role.ADMINISTRATOR, lost)

    both = ChangeRoles(roles=(Role.ADMINISTRATOR, "keys"))
    services.account_changes.change_roles(administrator, "ada", both)

    take(services, administrator, Role.ADMINISTRATOR, lost)
    with pytest.raises(Conflict, match="ada is the last administrator"):
        services.account_changes.change_roles(
            administrator, "ada", ChangeRoles(roles=(Role.ADMINISTRATOR,))
        )


@pytest.mark.usefixtures("as_shipped")
@pytest.mark.parametrize("round_", range(10))
def test_a_role_and_the_only_other_administrator_cannot_go_at_the_same_moment(
    services: Services, second_worker: Services, people: People, administrator: Actor, round_: int
) -> None:
    """One disables the holder of one role while another empties the other role."""
    keys = AddRole(
        name_en="Keys",
        name_zh="权限管理员",
        permissions=(Permission.ACCOUNT_WRITE, Permission.ROLE_WRITE),
    )
    services.access_roles.add(administrator, keys)
    people.sign_up("bea", Role.DISPATCHER)
    services.account_changes.change_roles(administrator, "bea", ChangeRoles(roles=("keys",)))
    refused: list[str] = []
    start = threading.Barrier(2)

    def attempt(number: int) -> None:
        start.wait(WAIT_S)
        try:
            if number == round_ % 2:
                services.account_changes.disable(administrator, "bea")
            else:
                take(second_worker, SYSTEM, Role.ADMINISTRATOR, Permission.ACCOUNT_WRITE)
        except Conflict as conflict:
            refused.append(conflict.code)

    both = [threading.Thread(target=attempt, args=(number,)) for number in (0, 1)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(WAIT_S)

    assert refused == ["last_administrator"]


def test_roles_that_exclude_each_other_are_not_given_together(
    services: Services, people: People, administrator: Actor
) -> None:
    """And a pair that somebody has already is refused, with the name."""
    people.sign_up("dora", Role.DISPATCHER, Role.PLANNER)
    pair = SetExclusions(pairs=(RolePair(role=Role.DISPATCHER, other=Role.AUDITOR),))
    held = SetExclusions(pairs=(RolePair(role=Role.PLANNER, other=Role.DISPATCHER),))

    told = services.duties.set_exclusions(administrator, pair)

    assert told["exclusions"] == [{"role": "auditor", "other": "dispatcher"}]
    with pytest.raises(InvalidInput, match="auditor and dispatcher"):
        people.sign_up("carl", Role.AUDITOR, Role.DISPATCHER)
    wanted = ChangeRoles(roles=(Role.DISPATCHER, Role.AUDITOR))
    with pytest.raises(InvalidInput, match="auditor and dispatcher"):
        services.account_changes.change_roles(administrator, "dora", wanted)
    with pytest.raises(Conflict, match="dora has both dispatcher and planner"):
        services.duties.set_exclusions(administrator, held)
    assert services.duties.list(administrator)["exclusions"] == told["exclusions"]


def test_who_entered_a_matter_does_not_approve_it_where_two_are_demanded(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Swaps as shipped; whether it is demanded can be changed."""

    def approve(actor: Actor, entered_by: int | None) -> None:
        with services.work.reading() as session:
            require_other(session, Matter.SWAP, actor, entered_by)

    with pytest.raises(Conflict, match="somebody else has to approve"):
        approve(dispatcher, dispatcher.account_id)
    approve(administrator, dispatcher.account_id)
    approve(SYSTEM, None)
    services.duties.demand(administrator, Matter.SWAP, DemandSeparation(demanded=False))
    approve(dispatcher, dispatcher.account_id)
    services.duties.demand(administrator, Matter.SWAP, DemandSeparation(demanded=True))


def test_a_change_of_rules_waits_for_somebody_else_where_that_is_demanded(
    services: Services, people: People, administrator: Actor
) -> None:
    """Then it is stored as it was entered; two who approve at once store it once."""
    sue, sam = (people.sign_up(each, Role.SUPERVISOR) for each in ("sue", "sam"))
    services.duties.demand(administrator, Matter.RULES, DemandSeparation(demanded=True))
    on = UsePreset(enabled=True)
    code = PRESETS[0].code

    for _ in range(2):  # the same click twice is one change
        with pytest.raises(Conflict, match="once somebody else has approved"):
            services.pledges.use_preset(sue, code, on)
    (waiting,) = services.rule_changes.list(sam)["changes"]
    with pytest.raises(Conflict, match="somebody else has to approve"):
        services.rule_changes.approve(sue, waiting["id"])
    before = services.pledges.list(sue)["pledges"]
    services.rule_changes.approve(sam, waiting["id"])
    with pytest.raises(Conflict, match="sam has settled"):
        services.rule_changes.approve(administrator, waiting["id"])

    assert before == []
    assert [each["code"] for each in services.pledges.list(sue)["pledges"]] == [code]
    assert services.rule_changes.list(sam)["changes"] == []
    services.duties.demand(administrator, Matter.RULES, DemandSeparation(demanded=False))
    assert services.pledges.use_preset(sue, code, UsePreset(enabled=False)) is not None
