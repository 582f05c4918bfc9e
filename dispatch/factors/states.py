"""What somebody has to do to be signed in, by what they have and what is demanded. Pure rules."""

from dataclasses import dataclass

from dispatch.accounts.states import SignInStep


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with an account at a sign-in whose password was right.

    Attributes
    ----------
    has_factor
        It has an authenticator app or a security key in use.
    must_have_factor
        One of its roles demands a second factor.
    may_put_off
        All of the roles that demand one allow to set it up later.
    proven
        The factor was shown in this sign-in, or setting one up was put off.
    password_due
        An administrator knows the password.
    """

    has_factor: bool
    must_have_factor: bool
    may_put_off: bool
    proven: bool
    password_due: bool


def next_step(standing: Standing) -> SignInStep | None:
    """Return the next step of a sign-in; None when it is complete."""
    if not standing.proven:
        if standing.has_factor:
            return SignInStep.VERIFY
        if standing.must_have_factor:
            return SignInStep.ENROL
    return SignInStep.CHANGE_PASSWORD if standing.password_due else None
