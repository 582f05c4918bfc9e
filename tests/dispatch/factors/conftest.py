"""People with authenticator apps, and sign-ins said in words."""

from dataclasses import dataclass
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pyotp
import pytest

from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Actor
from dispatch.accounts.attempts import SignInIncomplete
from dispatch.accounts.origins import Origin
from dispatch.accounts.types import SignIn
from dispatch.bootstrap import Services
from dispatch.factors.types import SetFactorRule
from tests.conftest import PASSWORD
from tests.conftest import SettableClock

OFFICE = Origin("192.0.2.7")


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app on somebody's phone."""

    secret: str
    clock: SettableClock

    def code(self) -> str:
        """Return the code that it shows now."""
        return pyotp.TOTP(self.secret).at(self.clock())


def read_address(address: str, clock: SettableClock) -> App:
    """Return the app that has read a picture."""
    return App(parse_qs(urlsplit(address).query)["secret"][0], clock)


@dataclass(frozen=True, slots=True)
class Door:
    """Signs people in."""

    services: Services
    clock: SettableClock

    def attempt(self, username: str, password: str = PASSWORD, origin: Origin = OFFICE) -> str:
        """Begin a sign-in that is not complete with the password, and return its secret."""
        wanted = SignIn(username=username, password=password)
        with pytest.raises(SignInIncomplete) as incomplete:
            self.services.accounts.open_session_for(wanted, origin)
        return incomplete.value.secret

    def set_up_app(self, actor: Actor) -> tuple[App, list[str]]:
        """Give somebody an app in use; return it and the recovery codes. Its code is used up."""
        app = read_address(self.services.factors.app_to_set_up(actor), self.clock)
        codes = self.services.factors.confirm_app(actor, app.code())
        self.clock.forward(30)
        return app, list(codes)

    def demand(self, role: str, *, grace_s: float | None = None) -> None:
        """Demand a second factor of a role."""
        until = None
        if grace_s is not None:
            self.clock.forward(grace_s)
            until = self.clock()
            self.clock.forward(-grace_s)
        rule = SetFactorRule(required=True, grace_until=until)
        self.services.factor_rules.set(SYSTEM, role, rule)


@pytest.fixture
def door(services: Services, clock: SettableClock) -> Door:
    """Return where people sign in."""
    return Door(services, clock)
