"""Many accounts at once: listed by pages, changed together, brought by a file."""

import pytest

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.bootstrap import Services
from dispatch.core.bulk import BulkRefused
from dispatch.core.errors import Conflict
from dispatch.events.kinds import EventKind
from dispatch.importing.types import ImportFile
from dispatch.importing.types import ImportMode
from dispatch.people.types import BulkAction
from dispatch.people.types import ChangeAccounts
from dispatch.people.types import UserListQuery
from tests.conftest import CrewYard
from tests.conftest import People

pytestmark = pytest.mark.postgis
FILE = """用户名,姓名,角色,班组
anna,Anna,dispatcher planner,
bob,Bob,"crew",Gas 1
cleo,Cleo,dragon,
dora,Dora Q,dispatcher,
emil,Emil,crew,
"""


def names(services: Services, actor: Actor, **query: object) -> list[str]:
    """Return the user names of a page of the list."""
    answer = services.people.list(actor, UserListQuery.model_validate(query))
    return [each["username"] for each in answer["accounts"]]


def test_the_list_is_searched_filtered_and_paged(
    services: Services, people: People, administrator: Actor
) -> None:
    """By names, role and state; disabled ones too unless they are left out."""
    for number in range(5):
        people.sign_up(f"desk{number}", Role.DISPATCHER)
    people.sign_up("plan0", Role.PLANNER)
    services.account_changes.disable(administrator, "desk3")

    assert names(services, administrator, search="desk", sort="-username", per_page=2) == [
        "desk4",
        "desk3",
    ]
    assert names(services, administrator, search="desk", page=3, per_page=2) == ["desk4"]
    assert names(services, administrator, role="planner") == ["plan0"]
    assert names(services, administrator, disabled=True) == ["desk3"]
    assert services.people.list(administrator, UserListQuery(page=1))["total"] == 7


def test_many_are_changed_or_none(
    services: Services, people: People, administrator: Actor, yard: CrewYard
) -> None:
    """With what hinders each; the last administrator is never among those who go."""
    one, two = (people.sign_up(each, Role.DISPATCHER).account_id for each in ("one", "two"))
    crew = people.sign_up("gas", Role.CREW, crew_id=yard.put("Gas 1", 1, 1)).account_id
    assert one is not None
    assert two is not None
    assert crew is not None
    sessions = [services.accounts.open_session(Actor(one, "one", "one", frozenset()))]

    give = ChangeAccounts(ids=(one, two), action=BulkAction.GIVE_ROLE, role=Role.PLANNER)
    answer = services.account_bulk.change(administrator, give)
    take = ChangeAccounts(ids=(one, crew), action=BulkAction.TAKE_ROLE, role=Role.CREW)
    with pytest.raises(BulkRefused) as refused:
        services.account_bulk.change(administrator, take)
    everybody = (*(each["id"] for each in services.people.list(administrator)["accounts"]),)
    with pytest.raises(Conflict, match="Nobody could manage accounts"):
        services.account_bulk.change(
            administrator, ChangeAccounts(ids=everybody, action=BulkAction.DISABLE)
        )

    assert answer == {"changed": 2}
    assert services.people.get(administrator, two)["roles"] == ["dispatcher", "planner"]
    assert services.accounts.actor_for_session(sessions[0]) is None
    assert [(each.row_id, each.refusal.code) for each in refused.value.hindrances] == [
        (crew, "only_role")
    ]
    last = services.events.read_after(0)[-1]
    assert last["kind"] == EventKind.ACCOUNTS_CHANGED
    assert last["data"] == {
        "action": "give_role",
        "role": "planner",
        "account_ids": [one, two],
    }


def test_a_file_brings_people_who_are_then_invited(
    services: Services, people: People, administrator: Actor, yard: CrewYard
) -> None:
    """Wrong lines are named by column; whoever is known gets the roles of the line."""
    yard.put("Gas 1", 1, 1)
    people.sign_up("dora", Role.CALL_TAKER)
    file = FILE.encode()

    report = services.imports.run(administrator, "accounts", ImportFile(file=file))
    services.imports.run(
        administrator, "accounts", ImportFile(file=file, mode=ImportMode.OTHERS, wrong=2)
    )

    assert (report.new, report.changed, report.wrong) == (2, 1, 2)
    assert [(each.line, each.column) for each in report.errors] == [(4, "roles"), (6, "crew_id")]
    found = {each["username"]: each for each in services.people.list(administrator)["accounts"]}
    assert {"anna", "bob", "dora"} < set(found)
    assert not {"cleo", "emil"} & set(found)
    assert found["anna"]["roles"] == ["dispatcher", "planner"]
    assert found["bob"]["crew_name"] == "Gas 1"
    assert (found["dora"]["display_name"], found["dora"]["roles"]) == ("Dora Q", ["dispatcher"])
    assert [found[each]["has_password"] for each in ("anna", "dora")] == [False, True]
    assert services.invitations.again(administrator, "anna")["secret"]
