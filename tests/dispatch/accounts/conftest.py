"""Sign-ins from somewhere, and a second worker on the same database."""

from collections.abc import Callable
from collections.abc import Iterator

import pytest

from dispatch import bootstrap
from dispatch.accounts.origins import Origin
from dispatch.accounts.types import SignIn
from dispatch.bootstrap import Services
from dispatch.core.errors import SignInRefused
from dispatch.core.errors import TryLater
from tests.conftest import CHEAP_HASHER
from tests.conftest import PASSWORD
from tests.conftest import SettableClock

OFFICE = Origin("192.0.2.7")
ELSEWHERE = Origin("203.0.113.9")
Try = Callable[..., str]


def tries(services: Services) -> Try:
    """Return a function that tries to sign in and says what came of it."""

    def sign_in(username: str, password: str = PASSWORD, origin: Origin = OFFICE) -> str:
        try:
            services.accounts.open_session_for(SignIn(username=username, password=password), origin)
        except SignInRefused:
            return "wrong"
        except TryLater as refused:
            return f"in {refused.retry_after_s} s"
        return "in"

    return sign_in


@pytest.fixture
def sign_in(services: Services) -> Try:
    """Return a function that tries to sign in at the first worker."""
    return tries(services)


@pytest.fixture
def second_worker(services: Services, clock: SettableClock) -> Iterator[Services]:
    """Return the services of a second worker: the same database, another pool."""
    built = bootstrap.build(services.settings, clock=clock, hasher=CHEAP_HASHER)
    yield built
    built.close()
