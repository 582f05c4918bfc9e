"""Between password and session: codes count once, attempts can do nothing else and end in time."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.attempts import SignInIncomplete
from dispatch.accounts.origins import Origin
from dispatch.accounts.states import SignInStep
from dispatch.accounts.types import SignIn
from dispatch.bootstrap import Services
from dispatch.core.errors import DispatchError
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import SignInRefused
from dispatch.core.errors import TryLater
from dispatch.factors.attempt_types import AttemptOver
from dispatch.factors.attempt_types import WrongCode
from dispatch.factors.types import ReplacePassword
from dispatch.people.types import SetPassword
from tests.conftest import PASSWORD
from tests.conftest import People
from tests.conftest import SettableClock
from tests.dispatch.factors.conftest import OFFICE
from tests.dispatch.factors.conftest import Door
from tests.dispatch.factors.conftest import read_address
from tests.looking import looking

pytestmark = pytest.mark.postgis
ELSEWHERE = Origin("203.0.113.9")
NEW = "a new way to say it"
WAIT_S = 60.0


def signed_in(services: Services, secret: str) -> bool:
    """Tell whether a secret is a session's."""
    return services.accounts.actor_for_session(secret) is not None


def at_once(works: list[Callable[[], object]]) -> Counter[str]:
    """Do everything at the same moment; return how often it worked, or how it was refused."""
    results: list[str] = []
    together = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        together.wait(WAIT_S)
        try:
            work()
            results.append("in")
        except DispatchError as refused:
            results.append(refused.code)

    threads = [threading.Thread(target=run, args=(each,)) for each in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join(WAIT_S)
    return Counter(results)


def test_a_password_alone_opens_nothing_once_there_is_an_app(
    services: Services, door: Door, dispatcher: Actor
) -> None:
    """The attempt is neither a session nor a token, and the code makes it one."""
    app, _ = door.set_up_app(dispatcher)

    secret = door.attempt("dora")
    half = [signed_in(services, secret), services.accounts.actor_for_token(secret) is not None]
    came = services.sign_in_steps.prove_by_code(secret, app.code(), OFFICE)

    assert half == [False, False]
    assert came.step is None
    assert signed_in(services, came.secret)
    with pytest.raises(AttemptOver):
        services.sign_in_steps.waiting(secret)


def test_a_code_is_taken_once_and_no_earlier_one_after_it(
    services: Services, door: Door, dispatcher: Actor, clock: SettableClock
) -> None:
    """Whoever reads a code over a shoulder has nothing; the next one is 30 s away."""
    app, _ = door.set_up_app(dispatcher)
    earlier = app.code()
    clock.forward(30)
    code = app.code()
    services.sign_in_steps.prove_by_code(door.attempt("dora"), code, OFFICE)
    secret = door.attempt("dora")

    for used in (code, earlier):  # the earlier one was never typed, but is over
        with pytest.raises(WrongCode):
            services.sign_in_steps.prove_by_code(secret, used, OFFICE)
    clock.forward(30)

    assert services.sign_in_steps.prove_by_code(secret, app.code(), OFFICE).step is None


def test_of_the_same_code_sent_twice_at_once_one_wins(
    services: Services, door: Door, dispatcher: Actor
) -> None:
    """By two attempts, and by one that is sent twice."""
    app, _ = door.set_up_app(dispatcher)
    prove = services.sign_in_steps.prove_by_code
    one, other = door.attempt("dora"), door.attempt("dora")

    two = at_once([partial(prove, each, app.code(), OFFICE) for each in (one, other)])
    door.clock.forward(30)
    left = one if services.accounts.actor_for_attempt(one) else other
    twice = at_once([partial(prove, left, app.code(), OFFICE)] * 2)

    assert two == {"in": 1, "wrong_code": 1}
    assert twice == {"in": 1, "sign_in_over": 1}


def test_a_recovery_code_is_taken_once_however_it_is_typed(
    services: Services, door: Door, dispatcher: Actor
) -> None:
    """Ten of them, shown once; what is stored is a hash."""
    _, codes = door.set_up_app(dispatcher)
    prove = services.sign_in_steps.prove_by_code

    typed = codes[0].lower().replace("-", " ")
    came = prove(door.attempt("dora"), typed, OFFICE)
    again = at_once([partial(prove, door.attempt("dora"), codes[1], OFFICE) for _ in range(2)])

    assert len(set(codes)) == 10
    assert signed_in(services, came.secret)
    assert again == {"in": 1, "wrong_code": 1}
    assert services.factors.mine(dispatcher)["recovery_codes"] == 8
    with looking(services.engine) as connection:
        stored = connection.scalars(text("SELECT code_hash FROM recovery_code")).all()
    assert not set(codes) & set(stored)


def test_guessing_codes_is_slowed_down_and_does_not_slow_down_who_is_known(
    services: Services, door: Door, dispatcher: Actor, clock: SettableClock
) -> None:
    """Five are free, then 5 s, 10 s … up to 300 s; a right password does not begin it anew."""
    app, _ = door.set_up_app(dispatcher)
    prove = services.sign_in_steps.prove_by_code
    prove(door.attempt("dora"), app.code(), OFFICE)  # the office is known from now on
    clock.forward(30)

    for _ in range(5):
        with pytest.raises(WrongCode):
            prove(door.attempt("dora", origin=ELSEWHERE), "000000", ELSEWHERE)
    with pytest.raises(TryLater) as refused:
        prove(door.attempt("dora", origin=ELSEWHERE), app.code(), ELSEWHERE)

    assert refused.value.message() == "Too many wrong codes. Try again in 5 s."
    assert prove(door.attempt("dora"), app.code(), OFFICE).step is None


def test_an_attempt_ends_in_time_and_with_whatever_ends_sign_ins(
    services: Services, door: Door, dispatcher: Actor, administrator: Actor, clock: SettableClock
) -> None:
    """Ten minutes; a new password; a disabled account; a reset."""
    app, _ = door.set_up_app(dispatcher)
    changes: list[Callable[[], object]] = [
        lambda: clock.forward(601),
        lambda: services.account_changes.set_password(
            administrator, "dora", SetPassword(password=PASSWORD, must_change=False)
        ),
        lambda: services.account_changes.disable(administrator, "dora"),
    ]
    for change in changes:
        secret = door.attempt("dora")
        change()
        with pytest.raises(AttemptOver):
            services.sign_in_steps.prove_by_code(secret, app.code(), OFFICE)
    services.account_changes.enable(administrator, "dora")
    session_id = services.accounts.open_session(dispatcher)

    assert services.factors.reset(administrator, "dora") == 1
    assert not signed_in(services, session_id)
    signed = services.accounts.open_session_for(SignIn(username="dora", password=PASSWORD), OFFICE)
    assert signed[0].username == "dora"


def test_who_must_have_a_factor_and_has_none_is_led_to_set_one_up(
    services: Services, door: Door, dispatcher: Actor, clock: SettableClock
) -> None:
    """A session that is open stays so; the next sign-in ends in a factor and recovery codes."""
    session_id = services.accounts.open_session(dispatcher)
    door.demand(Role.DISPATCHER)
    steps = services.sign_in_steps
    secret = door.attempt("dora")

    step = steps.waiting(secret).step
    with pytest.raises(AttemptOver):  # no grace
        steps.put_off(secret, OFFICE)
    app = read_address(steps.app_to_set_up(secret), clock)
    with pytest.raises(InvalidInput):
        steps.confirm_app(secret, "000000", OFFICE)
    came = steps.confirm_app(secret, app.code(), OFFICE)

    assert step is SignInStep.ENROL
    assert signed_in(services, session_id)
    assert signed_in(services, came.secret)
    assert len(came.recovery_codes) == 10


def test_setting_one_up_may_be_put_off_until_the_grace_is_over(
    services: Services, door: Door, dispatcher: Actor, clock: SettableClock
) -> None:
    """An hour here; only whoever has none yet may."""
    del dispatcher
    door.demand(Role.DISPATCHER, grace_s=3_600)

    came = services.sign_in_steps.put_off(door.attempt("dora"), OFFICE)
    clock.forward(3_600)

    assert signed_in(services, came.secret)
    assert services.sign_in_steps.waiting(door.attempt("dora")).may_put_off is False


def test_a_password_that_an_administrator_gave_is_replaced_at_the_next_sign_in(
    services: Services, door: Door, administrator: Actor, dispatcher: Actor
) -> None:
    """By another one, after the factor was shown."""
    app, _ = door.set_up_app(dispatcher)
    given = SetPassword(password="given by ada today")  # noqa: S106
    services.account_changes.set_password(administrator, "dora", given)
    prove, choose = services.sign_in_steps.prove_by_code, services.own_account.choose_password

    came = prove(door.attempt("dora", given.password), app.code(), OFFICE)
    for poor in (given.password, "Dora, 2026-11-29"):
        with pytest.raises(InvalidInput) as refused:
            choose(came.secret, ReplacePassword(new_password=poor), OFFICE)
        assert [each.field for each in refused.value.fields] == ["new_password"]
    session = choose(came.secret, ReplacePassword(new_password=NEW), OFFICE)

    assert came.step is SignInStep.CHANGE_PASSWORD
    assert not signed_in(services, came.secret)
    assert signed_in(services, session.secret)
    with pytest.raises(SignInRefused):
        services.accounts.open_session_for(SignIn(username="dora", password=given.password), OFFICE)


def test_programs_send_the_code_with_the_password_and_tokens_are_not_asked(
    services: Services, door: Door, people: People
) -> None:
    """Without a code a clear refusal; a token that there is goes on."""
    tracker = people.sign_up("tracker", Role.INTEGRATION)
    before = services.accounts.issue_token(tracker)["token"]
    app, _ = door.set_up_app(tracker)
    door.demand(Role.INTEGRATION)
    sign_in = SignIn(username="tracker", password=PASSWORD)

    with pytest.raises(SignInIncomplete) as refused:
        services.sign_in_steps.token_for(sign_in, OFFICE)
    with_code = sign_in.model_copy(update={"code": app.code()})
    token = services.sign_in_steps.token_for(with_code, OFFICE)["token"]
    services.factors.reset(services_administrator(people), "tracker")
    with pytest.raises(SignInIncomplete) as not_set_up:
        services.sign_in_steps.token_for(with_code, OFFICE)

    assert refused.value.code == "factor_needed"
    assert not_set_up.value.code == "factor_enrolment_needed"
    assert services.accounts.actor_for_token(token) is None  # ended by the reset
    assert services.accounts.actor_for_token(before) is None


def services_administrator(people: People) -> Actor:
    """Return an administrator."""
    return people.sign_up("ada", Role.ADMINISTRATOR)
