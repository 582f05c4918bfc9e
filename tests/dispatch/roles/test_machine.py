"""Whatever is done to accounts and roles in whatever order: access is what the tables say.

Somebody can always manage accounts and roles; nobody who is signed in may do more, or less, than
their roles permit now; nobody who was disabled or re-roled is signed in still.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar

import pytest
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.bootstrap import Services
from dispatch.core.errors import DispatchError
from dispatch.people.types import ChangeRoles
from dispatch.people.types import IssueToken
from dispatch.roles.types import AddRole
from dispatch.roles.types import ChangeRolePermissions
from tests.conftest import PASSWORD
from tests.conftest import delete_all

pytestmark = pytest.mark.postgis
PEOPLE = ("ann", "bob", "cyd")
OWN = ("keys", "eyes")
KEYS = {Permission.ACCOUNT_WRITE, Permission.ROLE_WRITE}
OF_INTEREST = (*sorted(KEYS), Permission.TOKEN_WRITE, Permission.CREW_READ, Permission.EXPORT)
people = st.sampled_from(PEOPLE)
role_sets = st.sets(st.sampled_from((*OWN, Role.PLANNER, Role.DISPATCHER)), min_size=1, max_size=3)
permission_sets = st.sets(st.sampled_from(OF_INTEREST))


class AccessMachine(RuleBasedStateMachine):
    """Three people, two roles of the company's own, and a memory of what each may do."""

    services: ClassVar[Services]
    owner: ClassVar[Engine]

    @initialize()
    def begin(self) -> None:
        """Sign three people up; the first can manage everything."""
        with self.owner.begin() as connection:
            delete_all(connection)
        everything = tuple(OF_INTEREST)
        for code in OWN:
            wanted = AddRole(code=code, name_en=code, name_zh=code, permissions=everything)
            self.services.access_roles.add(SYSTEM, wanted)
        self.roles: dict[str, set[str]] = {each: {"planner"} for each in PEOPLE}
        self.roles["ann"] = {"keys"}
        for each, roles in self.roles.items():
            account = CreateAccount(username=each, password=PASSWORD, roles=tuple(roles))
            self.services.accounts.create(account)
        self.disabled: set[str] = set()
        self.permits: dict[str, set[str]] = {each: set(everything) for each in OWN}
        listed = self.services.access_roles.list(SYSTEM)["roles"]
        for role in listed:
            self.permits.setdefault(role["code"], set(role["permissions"]))
        self.sessions: dict[str, str] = {}
        self.tokens: dict[str, tuple[str, set[Permission] | None]] = {}

    def _id(self, who: str) -> int:
        return self.services.people.get(SYSTEM, who)["id"]

    def _ends(self, who: str) -> None:
        self.sessions.pop(who, None)
        self.tokens.pop(who, None)

    @rule(who=people)
    def sign_in(self, who: str) -> None:
        """Begin a session."""
        if who not in self.disabled:
            actor = Actor(self._id(who), who, who, frozenset())
            self.sessions[who] = self.services.accounts.open_session(actor)

    @rule(who=people, scopes=st.none() | permission_sets.filter(bool))
    def take_token(self, who: str, scopes: set[Permission] | None) -> None:
        """Make a token on one's own account, where that is allowed."""
        wanted = IssueToken(name="t", scopes=None if scopes is None else tuple(sorted(scopes)))
        asking = self._signed_in(who)
        if asking is None:
            return
        with suppress(DispatchError):
            token = self.services.tokens.issue(asking, who, wanted)["token"]
            self.tokens[who] = (token, scopes)

    @rule(who=people)
    def disable(self, who: str) -> None:
        """Disable an account, unless it is the last that can manage access."""
        if self._changes(lambda: self.services.account_changes.disable(SYSTEM, who)):
            if who not in self.disabled:
                self._ends(who)
            self.disabled.add(who)

    @rule(who=people)
    def enable(self, who: str) -> None:
        """Enable an account."""
        self.services.account_changes.enable(SYSTEM, who)
        self.disabled.discard(who)

    @rule(who=people, roles=role_sets)
    def give_roles(self, who: str, roles: set[str]) -> None:
        """Give an account other roles."""
        wanted = ChangeRoles(roles=tuple(sorted(roles)))
        if self._changes(lambda: self.services.account_changes.change_roles(SYSTEM, who, wanted)):
            if self.roles[who] != roles:
                self._ends(who)
            self.roles[who] = set(roles)

    @rule(role=st.sampled_from(OWN), permissions=permission_sets)
    def edit_role(self, role: str, permissions: set[Permission]) -> None:
        """Let a role permit other things."""
        wanted = ChangeRolePermissions(permissions=tuple(sorted(permissions)))
        if self._changes(lambda: self.services.access_roles.change(SYSTEM, role, wanted)):
            self.permits[role] = set(permissions)

    @rule(by=people, whom=people, roles=role_sets)
    def act_on_another(self, by: str, whom: str, roles: set[str]) -> None:
        """Let somebody who is signed in give roles: never more than they have."""
        asking = self._signed_in(by)
        if asking is None:
            return
        lacks = set().union(*(self.permits[each] for each in roles)) - set(asking.permissions)
        above = self._may(whom) - set(asking.permissions)
        wanted = ChangeRoles(roles=tuple(sorted(roles)))
        done = self._changes(
            lambda: self.services.account_changes.change_roles(asking, whom, wanted)
        )
        if done:
            assert Permission.ACCOUNT_WRITE in asking.permissions
            assert not above
            if self.roles[whom] != roles:
                assert not lacks
                self._ends(whom)
            self.roles[whom] = set(roles)

    def _changes(self, change: Callable[[], object]) -> bool:
        """Do a change; tell whether it was taken."""
        try:
            change()
        except DispatchError:
            return False
        return True

    def _signed_in(self, who: str) -> Actor | None:
        session = self.sessions.get(who)
        return None if session is None else self.services.accounts.actor_for_session(session)

    def _may(self, who: str) -> set[str]:
        return set().union(*(self.permits[each] for each in self.roles[who]))

    @invariant()
    def somebody_keeps_the_keys(self) -> None:
        """Of those who can sign in."""
        assert any(self._may(who) >= KEYS for who in PEOPLE if who not in self.disabled)

    @invariant()
    def whoever_is_signed_in_may_do_what_their_roles_permit(self) -> None:
        """Neither more nor less; a token not more than its scopes either."""
        for who, session in self.sessions.items():
            actor = self.services.accounts.actor_for_session(session)
            assert actor is not None
            assert actor.permissions == self._may(who)
        for who, (token, scopes) in self.tokens.items():
            actor = self.services.accounts.actor_for_token(token)
            assert actor is not None
            assert actor.permissions == self._may(who) & (scopes or self._may(who))

    @invariant()
    def nobody_else_is_signed_in(self) -> None:
        """By how many sign-ins there are."""
        for who in PEOPLE:
            left = self.services.sign_ins.of(SYSTEM, who)["sign_ins"]
            if who not in self.sessions and who not in self.tokens:
                assert left == []


@pytest.fixture
def machine(services: Services, owner_engine: Engine) -> type[AccessMachine]:
    """Return the machine on the real database."""
    AccessMachine.services, AccessMachine.owner = services, owner_engine
    return AccessMachine


def test_access_is_what_the_tables_say(machine: type[AccessMachine]) -> None:
    """Some hundred changes in random order."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
