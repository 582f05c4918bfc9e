"""What a sign-in under way waits for and leads to, and how its steps are refused."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Final

from dispatch.access.permissions import Actor
from dispatch.accounts.states import SignInStep
from dispatch.core.errors import N_
from dispatch.core.errors import NotSignedIn

WRONG_CODE: Final = N_("The code is wrong, or was used before.")


class AttemptOver(NotSignedIn):
    """The sign-in took too long, was completed elsewhere, or the account was changed meanwhile."""

    code = "sign_in_over"

    def __init__(self) -> None:
        super().__init__(N_("This sign-in is over. Begin again with your password."))


class WrongCode(NotSignedIn):
    """A code, or a key's answer, does not hold."""

    code = "wrong_code"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attempt: whose it is, and what comes next."""

    actor: Actor
    step: SignInStep
    by_app: bool
    by_key: bool
    by_recovery_code: bool
    may_put_off: bool


@dataclass(frozen=True, slots=True)
class Advance:
    """What a step led to: the session, or the next attempt."""

    actor: Actor
    secret: str = field(repr=False)
    step: SignInStep | None
    expires_at: datetime
    recovery_codes: tuple[str, ...] = field(default=(), repr=False)
    """Fresh ones, shown this once."""
