"""Sign-ins whose password was right and that are not complete: what may come between.

An attempt is a credential of a kind that no request is let in by. So whatever ends an account's
sign-ins ends its attempts, too, and an attempt can do nothing but be completed (`factors`).
"""

from datetime import timedelta
from typing import Final
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.accounts.states import SignInStep
from dispatch.core.errors import N_
from dispatch.core.errors import NotSignedIn

ATTEMPT: Final = "attempt"
"""The password is right; the second factor is still to be shown."""
PROVEN: Final = "proven"
"""The second factor is shown too, or none is needed; a new password is still to be chosen."""
ATTEMPT_LASTS: Final = timedelta(minutes=10)


_CODES: Final = {
    SignInStep.VERIFY: "factor_needed",
    SignInStep.ENROL: "factor_enrolment_needed",
    SignInStep.CHANGE_PASSWORD: "password_change_needed",
}
_SENTENCES: Final = {
    SignInStep.VERIFY: N_("A second factor is needed: send its code as well."),
    SignInStep.ENROL: N_("Sign in with a browser first and set up a second factor."),
    SignInStep.CHANGE_PASSWORD: N_("Sign in with a browser first and choose a new password."),
}


class SignInIncomplete(NotSignedIn):
    """The password is right, but that is not all: the next step, and the attempt's secret."""

    def __init__(self, actor: Actor, secret: str, step: SignInStep) -> None:
        super().__init__(_SENTENCES[step])
        self.code = _CODES[step]
        self.actor = actor
        self.secret = secret
        self.step = step


class FurtherSteps(Protocol):
    """Says what is still to be done before an account is signed in."""

    def next_step(self, session: Session, actor: Actor, *, proven: bool) -> SignInStep | None:
        """Return the next step; None when there is none."""


class NoFurtherSteps:
    """The password is enough."""

    @staticmethod
    def next_step(session: Session, actor: Actor, *, proven: bool) -> SignInStep | None:
        """Return None."""
        del session, actor, proven
        return None
