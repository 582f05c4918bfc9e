"""Any order of steps: nobody is signed in without what is demanded, and no code counts twice."""

from collections import Counter
from dataclasses import dataclass
from dataclasses import field
from functools import partial

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.attempts import SignInIncomplete
from dispatch.accounts.states import SignInStep
from dispatch.accounts.types import CreateAccount
from dispatch.accounts.types import SignIn
from dispatch.bootstrap import Services
from dispatch.core.errors import DispatchError
from dispatch.factors.attempt_types import Advance
from dispatch.factors.attempt_types import AttemptOver
from dispatch.factors.types import ReplacePassword
from dispatch.factors.types import SetFactorRule
from dispatch.people.types import SetPassword
from tests.conftest import SettableClock
from tests.conftest import empty_the_tables
from tests.dispatch.factors.conftest import OFFICE
from tests.dispatch.factors.conftest import App
from tests.dispatch.factors.conftest import read_address

pytestmark = pytest.mark.postgis
_PASSWORDS = [f"password of the test {letter}" for letter in "AB"]


@dataclass
class Model:
    """What should hold, kept beside the product."""

    password: str = _PASSWORDS[0]
    given: bool = False
    demanded: bool = False
    disabled: bool = False
    app: App | None = None
    used: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)


class SignIns(RuleBasedStateMachine):
    """Somebody signs in, step by step, while an administrator changes what is demanded."""

    def __init__(
        self,
        services: Services,
        clock: SettableClock,
        owner: Engine,
        reached: Counter[SignInStep | None],
    ) -> None:
        super().__init__()
        self.reached = reached
        self.services = services
        self.clock = clock
        self.owner = owner
        self.model = Model()
        self.attempt: tuple[str, SignInStep] | None = None

    @initialize(demanded=st.booleans(), with_app=st.booleans(), given=st.booleans())
    def begin(self, *, demanded: bool, with_app: bool, given: bool) -> None:
        """Sign somebody up, perhaps with an app."""
        empty_the_tables(self.owner)
        wanted = CreateAccount(username="dora", password=_PASSWORDS[0], roles=(Role.DISPATCHER,))
        account_id = self.services.accounts.create(wanted)
        self.actor = Actor(account_id, "dora", "dora", frozenset({Role.DISPATCHER}))
        self.demand(demanded=demanded)
        self.give_password(0, given=given)
        if with_app:
            app = read_address(self.services.factors.app_to_set_up(self.actor), self.clock)
            self.services.factors.confirm_app(self.actor, app.code())
            self.model.app, self.model.used = app, {app.code()}

    @rule(right=st.booleans())
    def sign_in(self, *, right: bool) -> None:
        """Send a password, right or wrong."""
        password = self.model.password if right else "of somebody else"
        wanted = SignIn(username="dora", password=password)
        step, secret = None, ""
        try:
            _, secret = self.services.accounts.open_session_for(wanted, OFFICE)
            came = True
        except SignInIncomplete as incomplete:
            secret, step, came = incomplete.secret, incomplete.step, True
        except DispatchError:  # wrong, or too soon after wrong ones
            came = False
        assert not came or (right and not self.model.disabled)
        if came:
            assert step is self._expected(proven=False)
            self._led(Advance(self.actor, secret, step, self.clock()))

    @precondition(lambda self: self.attempt is not None and self.model.app is not None)
    @rule(late=st.booleans())
    def type_code(self, *, late: bool) -> None:
        """Type what the app shows now, or a step later."""
        assert self.attempt is not None
        assert self.model.app is not None
        if late:
            self.clock.forward(30)
        code = self.model.app.code()
        try:
            came = self.services.sign_in_steps.prove_by_code(self.attempt[0], code, OFFICE)
        except DispatchError:
            return
        assert code not in self.model.used
        assert self.attempt[1] is SignInStep.VERIFY
        self.model.used.add(code)
        self._led(came)

    @precondition(lambda self: self.attempt is not None)
    @rule()
    def set_up_on_the_way(self) -> None:
        """Set an app up, if that is what the attempt waits for."""
        assert self.attempt is not None
        steps, secret = self.services.sign_in_steps, self.attempt[0]
        try:
            app = read_address(steps.app_to_set_up(secret), self.clock)
            code = app.code()
            came = steps.confirm_app(secret, code, OFFICE)
        except AttemptOver:
            assert self.attempt[1] is not SignInStep.ENROL or not self.model.demanded
            return
        assert self.model.app is None
        self.model.app, self.model.used = app, {code}
        self._led(came)

    @precondition(lambda self: self.attempt is not None)
    @rule(number=st.integers(0, len(_PASSWORDS) - 1))
    def choose_password(self, number: int) -> None:
        """Choose a password, if that is what the attempt waits for."""
        assert self.attempt is not None
        wanted = ReplacePassword(new_password=_PASSWORDS[number])
        try:
            came = self.services.own_account.choose_password(self.attempt[0], wanted, OFFICE)
        except DispatchError:
            return
        assert self.attempt[1] is SignInStep.CHANGE_PASSWORD
        self.model.password, self.model.given = _PASSWORDS[number], False
        self._led(came)

    @rule(demanded=st.booleans())
    def demand(self, *, demanded: bool) -> None:
        """Demand a second factor, or none."""
        self.services.factor_rules.set(SYSTEM, Role.DISPATCHER, SetFactorRule(required=demanded))
        self.model.demanded = demanded

    @rule(number=st.integers(0, len(_PASSWORDS) - 1), given=st.booleans())
    def give_password(self, number: int, *, given: bool) -> None:
        """Reset the password, as an administrator."""
        wanted = SetPassword(password=_PASSWORDS[number], must_change=given)
        self.services.account_changes.set_password(SYSTEM, "dora", wanted)
        self.model.password, self.model.given = _PASSWORDS[number], given
        self._all_ended()

    @rule()
    def reset_factors(self) -> None:
        """Reset the factors, as an administrator."""
        self.services.factors.reset(SYSTEM, "dora")
        self.model.app, self.model.used = None, set()
        self._all_ended()

    @rule(disabled=st.booleans())
    def disable(self, *, disabled: bool) -> None:
        """Disable the account, or enable it."""
        change = self.services.account_changes
        (change.disable if disabled else change.enable)(SYSTEM, "dora")
        if disabled and not self.model.disabled:
            self._all_ended()
        self.model.disabled = disabled

    @invariant()
    def exactly_the_sessions_that_were_earned_are_open(self) -> None:
        """Hold the model to the product."""
        if self.attempt is not None:
            assert self.services.accounts.actor_for_session(self.attempt[0]) is None
        for each in self.model.sessions:
            assert self.services.accounts.actor_for_session(each) is not None

    def _expected(self, *, proven: bool) -> SignInStep | None:
        if not proven and self.model.app is not None:
            return SignInStep.VERIFY
        if not proven and self.model.demanded:
            return SignInStep.ENROL
        return SignInStep.CHANGE_PASSWORD if self.model.given else None

    def _led(self, came: Advance) -> None:
        self.reached[came.step] += 1
        if came.step is None:
            self.attempt = None
            self.model.sessions.add(came.secret)
        else:
            self.attempt = (came.secret, came.step)

    def _all_ended(self) -> None:
        for each in self.model.sessions:
            assert self.services.accounts.actor_for_session(each) is None
        self.model.sessions = set()
        if self.attempt is not None:
            assert self.services.accounts.actor_for_attempt(self.attempt[0]) is None
        self.attempt = None


def test_no_order_of_steps_signs_in_who_lacks_something(
    services: Services, clock: SettableClock, owner_engine: Engine
) -> None:
    """Twelve stories of fifteen steps, which between them come everywhere."""
    reached: Counter[SignInStep | None] = Counter()
    story = partial(SignIns, services, clock, owner_engine, reached)

    run_state_machine_as_test(
        story,  # type: ignore[arg-type]  # anything that makes a machine
        settings=hypothesis.settings(max_examples=12, stateful_step_count=15),
    )

    assert set(reached) == {None, *SignInStep}
