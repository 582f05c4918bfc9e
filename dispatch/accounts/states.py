"""The steps of a sign-in. Pure rules."""

from enum import StrEnum


class SignInStep(StrEnum):
    """What somebody has to do between the password and the session."""

    VERIFY = "verify"
    ENROL = "enrol"
    CHANGE_PASSWORD = "change_password"  # noqa: S105  (a step)
