"""Accounts are disabled, renamed, given other roles and passwords; what relied on them ends."""

import threading
from collections.abc import Callable
from time import monotonic

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.events.kinds import may_see
from dispatch.people.types import ChangeRoles
from dispatch.people.types import RenameAccount
from dispatch.people.types import SetPassword
from tests.conftest import PASSWORD
from tests.conftest import CrewYard
from tests.conftest import People
from tests.conftest import SettableClock
from tests.dispatch.accounts.conftest import Try
from tests.dispatch.accounts.conftest import tries
from tests.looking import looking

pytestmark = pytest.mark.postgis
OTHER = "another password"
WAIT_S = 60.0
CHANGES: dict[str, Callable[[Services, Actor], object]] = {
    "disable": lambda services, by: services.account_changes.disable(by, "dora"),
    "enable": lambda services, by: services.account_changes.enable(by, "dora"),
    "roles": lambda services, by: services.account_changes.change_roles(
        by, "dora", ChangeRoles(roles=(Role.INTEGRATION,))
    ),
    "password": lambda services, by: services.account_changes.set_password(
        by, "dora", SetPassword(password=OTHER, must_change=False)
    ),
    "rename": lambda services, by: services.account_changes.rename(
        by, "dora", RenameAccount(username="doris")
    ),
}


def log(services: Services) -> list[tuple[str, str, dict[str, object]]]:
    """Return the events of accounts that were changed: kind, who did it, data."""
    query = text(
        "SELECT kind, actor, data FROM event"
        " WHERE kind LIKE 'account.%' AND kind <> 'account.added' ORDER BY id"
    )
    with looking(services.engine) as connection:
        return [tuple(row) for row in connection.execute(query)]


def signed_in_twice(services: Services, actor: Actor) -> Callable[[], list[bool]]:
    """Open a session and issue a token; return a function that says which are still good."""
    session_id = services.accounts.open_session(actor)
    token = services.accounts.issue_token(actor)["token"]
    return lambda: [
        services.accounts.actor_for_session(session_id) is not None,
        services.accounts.actor_for_token(token) is not None,
    ]


def await_waiting(services: Services, number: int) -> None:
    """Wait until so many transactions wait for a lock that another one holds."""
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
    )
    deadline_s = monotonic() + WAIT_S
    with services.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(waiting) != number:
            assert monotonic() < deadline_s, "nobody waits"
            threading.Event().wait(0.02)


@pytest.mark.parametrize(
    ("change", "ends"),
    [("disable", True), ("roles", True), ("password", True), ("rename", False), ("enable", False)],
)
def test_sessions_and_tokens_end_with_what_they_relied_on(
    services: Services, administrator: Actor, dispatcher: Actor, change: str, *, ends: bool
) -> None:
    """A lost phone's token must not outlive the account's password, roles or right to sign in."""
    good = signed_in_twice(services, dispatcher)
    others = signed_in_twice(services, administrator)

    CHANGES[change](services, administrator)

    assert good() == [not ends, not ends]
    assert others() == [True, True]


def test_a_disabled_account_signs_in_again_once_it_is_enabled(
    services: Services, sign_in: Try, administrator: Actor, dispatcher: Actor
) -> None:
    """With the password that it had; meanwhile it looks like a wrong one."""
    signed_in_twice(services, dispatcher)

    ended = services.account_changes.disable(administrator, dispatcher.username)
    again = services.account_changes.disable(administrator, dispatcher.username)
    while_disabled = sign_in(dispatcher.username)
    services.account_changes.enable(administrator, dispatcher.username)

    assert (ended, again) == (2, 0)
    assert while_disabled == "wrong"
    assert sign_in(dispatcher.username) == "in"
    data = {"account_id": dispatcher.account_id, "username": "dora"}
    assert log(services) == [
        ("account.disabled", "ada", data),
        ("account.enabled", "ada", data),
    ]


def test_a_new_password_replaces_the_old_one(
    services: Services, sign_in: Try, administrator: Actor, dispatcher: Actor
) -> None:
    """And neither is in the log."""
    CHANGES["password"](services, administrator)

    assert sign_in(dispatcher.username, PASSWORD) == "wrong"
    assert sign_in(dispatcher.username, OTHER) == "in"
    data = {"account_id": dispatcher.account_id, "username": "dora"}
    assert log(services) == [("account.password_changed", "ada", data)]


def test_other_roles_replace_those_it_had(
    services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """As the next sign-in finds them; the same ones again are no change."""
    for _ in range(2):
        CHANGES["roles"](services, administrator)

    listed = services.accounts.list_accounts(administrator)["accounts"]
    assert {each["username"]: each["roles"] for each in listed} == {
        "ada": ["administrator"],
        "dora": ["integration"],
    }
    data = {
        "account_id": dispatcher.account_id,
        "username": "dora",
        "from": ["dispatcher"],
        "roles": ["integration"],
    }
    assert log(services) == [("account.roles_changed", "ada", data)]


def test_a_crews_account_keeps_its_crew_and_another_account_loses_it(
    services: Services, people: People, administrator: Actor, yard: CrewYard
) -> None:
    """Whoever moves from a crew to the desk must not go on answering the crew's orders."""
    first, second = yard.put("Gas 1", 1, 1), yard.put("Gas 2", 2, 2)
    people.sign_up("gas1", Role.CREW, crew_id=first)
    crews: list[int | None] = []

    for wanted in (
        ChangeRoles(roles=(Role.CREW, Role.INTEGRATION)),
        ChangeRoles(roles=(Role.CREW,), crew_id=second),
        ChangeRoles(roles=(Role.DISPATCHER,)),
    ):
        services.account_changes.change_roles(administrator, "gas1", wanted)
        listed = services.accounts.list_accounts(administrator)["accounts"]
        crews += [each["crew_id"] for each in listed if each["username"] == "gas1"]

    assert crews == [first, second, None]
    with pytest.raises(InvalidInput, match="crew_id"):
        services.account_changes.change_roles(
            administrator, "gas1", ChangeRoles(roles=(Role.CREW,))
        )
    with pytest.raises(Conflict, match="no crew 999"):
        services.account_changes.change_roles(
            administrator, "gas1", ChangeRoles(roles=(Role.CREW,), crew_id=999)
        )


def test_a_renamed_account_signs_in_under_its_new_name_and_stays_signed_in(
    services: Services, sign_in: Try, administrator: Actor, dispatcher: Actor
) -> None:
    """Names change when people marry; that is no reason to throw them out."""
    session_id = services.accounts.open_session(dispatcher)

    CHANGES["rename"](services, administrator)

    now = services.accounts.actor_for_session(session_id)
    assert now is not None
    assert (now.username, now.display_name) == ("doris", "doris")
    assert (sign_in("dora"), sign_in("doris")) == ("wrong", "in")
    data = {"account_id": dispatcher.account_id, "username": "doris", "from": "dora"}
    assert log(services) == [("account.renamed", "ada", data)]
    with pytest.raises(Conflict, match="already an account named ada"):
        services.account_changes.rename(administrator, "doris", RenameAccount(username="ada"))


def test_a_name_of_its_own_is_kept_when_the_user_name_changes(
    services: Services, administrator: Actor
) -> None:
    """Until another one is given."""
    services.accounts.create(
        CreateAccount(
            username="wang", password=PASSWORD, roles=(Role.DISPATCHER,), display_name="王芳"
        )
    )
    shown = []

    for old, wanted in (
        ("wang", RenameAccount(username="wangfang")),
        ("wangfang", RenameAccount(username="wangfang", display_name="王芳（夜班）")),
    ):
        services.account_changes.rename(administrator, old, wanted)
        listed = services.accounts.list_accounts(administrator)["accounts"]
        shown += [each["display_name"] for each in listed if each["username"] == "wangfang"]

    assert shown == ["王芳", "王芳（夜班）"]


@pytest.mark.parametrize("change", CHANGES)
def test_only_an_administrator_changes_accounts(
    services: Services, dispatcher: Actor, change: str
) -> None:
    """Nothing is changed, and nothing written to the log."""
    with pytest.raises(NotAllowed):
        CHANGES[change](services, dispatcher)

    assert log(services) == []


@pytest.mark.parametrize("change", CHANGES)
def test_an_account_that_is_not_there_is_named(
    services: Services, administrator: Actor, change: str
) -> None:
    """Rather than changing nothing in silence."""
    with pytest.raises(NotFound, match="no account named dora"):
        CHANGES[change](services, administrator)


def test_the_last_administrator_stays(
    services: Services, people: People, administrator: Actor
) -> None:
    """One that is disabled is none to rely on."""
    people.sign_up("bea", Role.ADMINISTRATOR, Role.DISPATCHER)
    services.account_changes.disable(administrator, "bea")

    with pytest.raises(Conflict, match="ada is the last administrator"):
        services.account_changes.disable(administrator, "ada")
    with pytest.raises(Conflict, match="ada is the last administrator"):
        services.account_changes.change_roles(
            administrator, "ada", ChangeRoles(roles=(Role.DISPATCHER,))
        )
    services.account_changes.enable(administrator, "bea")
    services.account_changes.disable(administrator, "ada")

    listed = services.accounts.list_accounts(administrator)["accounts"]
    assert {each["username"]: each["disabled"] for each in listed} == {"ada": True, "bea": False}


@pytest.mark.parametrize("how", ["disabled", "demoted"])
def test_two_administrators_cannot_remove_each_other_at_the_same_moment(
    services: Services,
    second_worker: Services,
    people: People,
    administrator: Actor,
    clock: SettableClock,
    *,
    how: str,
) -> None:
    """Both would find the other still there."""
    bea = people.sign_up("bea", Role.ADMINISTRATOR)
    refused: list[str] = []

    def remove(worker: Services, by: Actor, whom: str) -> None:
        try:
            if how == "disabled":
                worker.account_changes.disable(by, whom)
            else:
                wanted = ChangeRoles(roles=(Role.DISPATCHER,))
                worker.account_changes.change_roles(by, whom, wanted)
        except Conflict as conflict:
            refused.append(conflict.code)

    both = [
        threading.Thread(target=remove, args=(services, administrator, "bea")),
        threading.Thread(target=remove, args=(second_worker, bea, "ada")),
    ]
    with services.work.writing() as session:
        # Nobody's event can be written until this transaction is over: one waits for that, with
        # everything else done, and the other one too unless it is kept from beginning.
        events.append(session, EventKind.CREW_ADDED, bea, at=clock())
        for number, thread in enumerate(both, start=1):
            thread.start()
            await_waiting(services, number)
    for thread in both:
        thread.join(WAIT_S)

    assert refused == ["last_administrator"]


@pytest.mark.parametrize("change", ["disable", "password"])
def test_a_sign_in_under_way_does_not_outlive_the_change(
    services: Services,
    administrator: Actor,
    dispatcher: Actor,
    change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its password was checked before the change; its session would be stored after it."""
    is_right = PasswordHashing.is_right

    def changed_meanwhile(self: PasswordHashing, stored: str | None, password: str) -> bool:
        right = is_right(self, stored, password)
        CHANGES[change](services, administrator)
        return right

    monkeypatch.setattr(PasswordHashing, "is_right", changed_meanwhile)

    assert tries(services)(dispatcher.username) == "wrong"
    with looking(services.engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM credential")) == 0


@pytest.mark.parametrize("kind", [each for each in EventKind if each.startswith("account.")])
def test_what_happens_to_accounts_is_for_administrators_only(
    administrator: Actor, dispatcher: Actor, kind: EventKind
) -> None:
    """Not for the crew whose account it is either: its phone shows orders."""
    crew = Actor(9, "gas1", "gas1", frozenset({Role.CREW}), crew_id=1)

    assert may_see(administrator, kind, concerned=False)
    assert not may_see(dispatcher, kind, concerned=False)
    assert not may_see(crew, kind, concerned=True)
