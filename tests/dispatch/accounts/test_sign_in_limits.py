"""Who guesses passwords is slowed down, whichever worker is asked; who is known is not."""

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import text

from dispatch.access.permissions import Actor
from dispatch.accounts.origins import Origin
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.sign_in_limits import RULES
from dispatch.bootstrap import Services
from dispatch.core.errors import TryLater
from dispatch.people.types import SetPassword
from tests.conftest import CHEAP_HASHER
from tests.conftest import PASSWORD
from tests.conftest import SettableClock
from tests.dispatch.accounts.conftest import ELSEWHERE
from tests.dispatch.accounts.conftest import OFFICE
from tests.dispatch.accounts.conftest import Try
from tests.dispatch.accounts.conftest import tries
from tests.looking import looking

pytestmark = pytest.mark.postgis
NEW_DEVICE = Origin("198.51.100.20", "a new device's secret")
WAIT_S = 60.0


def counts(services: Services) -> dict[str, int]:
    """Return how many wrong passwords are counted, by what they are counted against."""
    query = text("SELECT kind, sum(failed) AS failed FROM sign_in_count GROUP BY kind")
    with looking(services.engine) as connection:
        return {row.kind: row.failed for row in connection.execute(query)}


def at_once(works: list[Callable[[], str]]) -> Counter[str]:
    """Do everything at the same moment in threads, and return what came of it."""
    results: list[str] = []
    together = threading.Barrier(len(works))

    def run(work: Callable[[], str]) -> None:
        together.wait(WAIT_S)
        results.append(work())

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    return Counter(results)


def test_ten_wrong_passwords_are_free_and_each_further_one_waits_twice_as_long(
    sign_in: Try, dispatcher: Actor, clock: SettableClock
) -> None:
    """Waits of 5, 10, 20, 40 s, and 60 s from then on: never a lock-out."""
    for _ in range(10):
        assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "wrong"

    for wait_s in (5, 10, 20, 40, 60, 60):
        assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == f"in {wait_s} s"
        assert sign_in(dispatcher.username, PASSWORD, ELSEWHERE) == f"in {wait_s} s"
        clock.forward(wait_s - 1)
        assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "in 1 s"
        clock.forward(1)
        assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "wrong"

    clock.forward(60)
    assert sign_in(dispatcher.username, PASSWORD, ELSEWHERE) == "in"


def test_an_hour_after_the_last_wrong_password_counting_begins_anew(
    sign_in: Try, dispatcher: Actor, clock: SettableClock
) -> None:
    """Somebody's bad morning is not held against them in the evening."""
    for _ in range(9):
        sign_in(dispatcher.username, "wrong", ELSEWHERE)
    clock.forward(3_601)

    assert [sign_in(dispatcher.username, "wrong", ELSEWHERE) for _ in range(10)] == ["wrong"] * 10
    assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "in 5 s"


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(Origin("192.0.2.7"), id="address"),
        pytest.param(Origin("192.0.2.7", "the desk's own secret"), id="device"),
    ],
)
def test_who_was_signed_in_here_before_is_not_delayed_by_guesses_from_elsewhere(
    sign_in: Try, dispatcher: Actor, known: Origin
) -> None:
    """An attacker can delay a first sign-in from a new device, and no other."""
    assert sign_in(dispatcher.username, PASSWORD, known) == "in"
    while sign_in(dispatcher.username, "wrong", ELSEWHERE) == "wrong":
        pass

    assert sign_in(dispatcher.username, PASSWORD, NEW_DEVICE) == "in 5 s"
    assert sign_in(dispatcher.username, PASSWORD, known) == "in"


def test_a_known_device_is_not_delayed_by_guesses_from_its_own_address(
    sign_in: Try, dispatcher: Actor
) -> None:
    """A whole shift may share an address with somebody who guesses."""
    device = Origin(OFFICE.address, "the desk's own secret")
    assert sign_in(dispatcher.username, PASSWORD, device) == "in"
    while sign_in(dispatcher.username, "wrong", OFFICE) == "wrong":
        pass

    assert sign_in(dispatcher.username, PASSWORD, OFFICE) == "in 5 s"
    assert sign_in(dispatcher.username, PASSWORD, device) == "in"


def test_a_known_device_counts_its_own_wrong_passwords(sign_in: Try, dispatcher: Actor) -> None:
    """Whoever finds a desk's tablet cannot guess for ever; and delays nobody elsewhere."""
    device = Origin(OFFICE.address, "the desk's own secret")
    assert sign_in(dispatcher.username, PASSWORD, device) == "in"

    guessed = [sign_in(dispatcher.username, "wrong", device) for _ in range(11)]

    assert guessed == ["wrong"] * 10 + ["in 5 s"]
    assert sign_in(dispatcher.username, PASSWORD, NEW_DEVICE) == "in"


def test_right_passwords_count_for_nothing(
    sign_in: Try, services: Services, dispatcher: Actor
) -> None:
    """A shift that signs in at eight o'clock is no attack."""
    for number in range(30):
        assert sign_in(dispatcher.username, PASSWORD, Origin("192.0.2.7", f"{number}")) == "in"

    assert set(counts(services).values()) == {0}


def test_many_names_tried_from_one_address_are_slowed_down_together(
    sign_in: Try, services: Services, dispatcher: Actor
) -> None:
    """One password tried on every name would never reach a name's own limit."""
    free = RULES["address"].free
    for number in range(free):
        assert sign_in(f"name {number}", "wrong", ELSEWHERE) == "wrong"

    assert sign_in("another name", "wrong", ELSEWHERE) == "in 5 s"
    assert sign_in(dispatcher.username, PASSWORD, OFFICE) == "in"
    # What is refused is counted nowhere, not against the name either.
    assert counts(services)["account"] == free


def test_an_unknown_name_is_treated_as_a_known_one(sign_in: Try, dispatcher: Actor) -> None:
    """Waits tell as little of which names exist as answers do."""
    known, unknown = (
        [sign_in(name, "wrong", ELSEWHERE) for _ in range(12)]
        for name in (dispatcher.username, "nobody")
    )

    assert known == unknown


def test_a_name_counts_however_it_is_written(sign_in: Try, dispatcher: Actor) -> None:
    """Otherwise each spelling would be ten guesses more at what a person would call one name."""
    for number in range(10):
        name = dispatcher.username.upper() if number % 2 else f" {dispatcher.username}"
        assert sign_in(name, "wrong", ELSEWHERE) == "wrong"

    assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "in 5 s"


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("", "unix:", False),
    ],
)
def test_an_ipv6_network_counts_as_one_address(one: str, another: str, *, same: bool) -> None:
    """A customer has 2^64 addresses in it."""
    assert (Origin(one).address_digest == Origin(another).address_digest) is same


def test_two_workers_share_what_they_count(
    sign_in: Try, second_worker: Services, dispatcher: Actor
) -> None:
    """A limit per worker is as many times too wide as there are workers."""
    elsewhere = tries(second_worker)
    for _ in range(5):
        assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "wrong"
        assert elsewhere(dispatcher.username, "wrong", ELSEWHERE) == "wrong"

    assert sign_in(dispatcher.username, "wrong", ELSEWHERE) == "in 5 s"
    assert elsewhere(dispatcher.username, "wrong", ELSEWHERE) == "in 5 s"


def test_attempts_of_the_same_moment_are_all_counted(
    services: Services, second_worker: Services, dispatcher: Actor
) -> None:
    """In both workers: 30 attempts find ten places, and no attempt an old count."""
    workers = [tries(services), tries(second_worker)]

    def guess(number: int) -> str:
        return workers[number % 2](dispatcher.username, "wrong", ELSEWHERE)

    came = at_once([partial(guess, number) for number in range(30)])

    assert came == {"wrong": 10, "in 5 s": 20}
    assert counts(services) == {"account": 10, "address": 10}


def test_right_passwords_of_the_same_moment_leave_nothing_counted(
    services: Services, second_worker: Services, dispatcher: Actor
) -> None:
    """They are counted while they are checked, and taken back."""
    workers = [tries(services), tries(second_worker)]

    def come(number: int) -> str:
        return workers[number % 2](dispatcher.username, PASSWORD, OFFICE)

    came = at_once([partial(come, number) for number in range(8)])

    assert came == {"in": 8}
    assert set(counts(services).values()) == {0}
    assert come(0) == "in"


def test_counting_does_not_wait_for_passwords_that_are_being_checked(
    services: Services, dispatcher: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted after its check, a burst of guesses would pass before the first was counted."""
    checking, go_on = threading.Event(), threading.Event()
    is_right = PasswordHashing.is_right

    def slowly(self: PasswordHashing, stored: str | None, password: str) -> bool:
        checking.set()
        assert go_on.wait(WAIT_S)
        return is_right(self, stored, password)

    monkeypatch.setattr(PasswordHashing, "is_right", slowly)
    guess = threading.Thread(target=tries(services), args=(dispatcher.username, "wrong"))
    guess.start()
    assert checking.wait(WAIT_S)

    seen = counts(services)
    go_on.set()
    guess.join(WAIT_S)

    assert seen == {"account": 1, "address": 1}


def test_beyond_the_queue_of_checks_sign_in_is_refused_at_once() -> None:
    """With a time to come back, instead of a minute of waiting."""
    hashing = PasswordHashing(CHEAP_HASHER, lambda work, *args: work(*args), most_at_once=2)

    with hashing.place(), hashing.place():
        with pytest.raises(TryLater) as refused, hashing.place():
            pass
        assert refused.value.retry_after_s == 2

    with hashing.place():
        assert hashing.is_right(hashing.hash(PASSWORD), PASSWORD)


def test_no_password_is_right_for_an_account_that_is_not_there() -> None:
    """However it is made up: the hash that stands for it is nobody's."""
    hashing = PasswordHashing(CHEAP_HASHER, lambda work, *args: work(*args))

    assert not hashing.is_right(None, "")
    assert not hashing.is_right(None, PASSWORD)


def test_a_new_password_makes_every_device_unknown(
    sign_in: Try, services: Services, administrator: Actor, dispatcher: Actor
) -> None:
    """Whoever knew the old one may have made a device of theirs known."""
    device = Origin(OFFICE.address, "perhaps a thief's")
    assert sign_in(dispatcher.username, PASSWORD, device) == "in"
    services.account_changes.set_password(
        administrator, dispatcher.username, SetPassword(password=f"not {PASSWORD}")
    )
    while sign_in(dispatcher.username, "wrong", ELSEWHERE) == "wrong":
        pass

    assert sign_in(dispatcher.username, "wrong", device) == "in 5 s"


def test_what_was_counted_is_forgotten_and_known_devices_after_half_a_year(
    sign_in: Try, services: Services, dispatcher: Actor, clock: SettableClock
) -> None:
    """By housekeeping; addresses are personal even as digests."""
    rows = text("SELECT (SELECT count(*) FROM sign_in_count), (SELECT count(*) FROM known_origin)")
    seen = []
    sign_in(dispatcher.username)

    for seconds in (0, 3_601, 180 * 86_400):
        clock.forward(seconds)
        services.housekeeping.forget_expired()
        with looking(services.engine) as connection:
            seen.append(tuple(connection.execute(rows).one()))

    assert seen == [(2, 1), (0, 1), (0, 0)]
