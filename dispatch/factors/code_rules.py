"""Codes that people type: of an authenticator app (RFC 6238), and for whoever lost it. Pure."""

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

ISSUER: Final = "Nearcrew"
STEP_S: Final = 30
RECOVERY_CODES: Final = 10
_STEPS_AROUND: Final = (-1, 0, 1)
"""A phone's clock may be half a minute off, and typing takes a while."""
# Without letters that look like digits: these are written down by hand.
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP_LETTERS = 4, 4  # 32 ** 16 = 2 ** 80: a fast hash is right for them


def new_secret() -> str:
    """Return a fresh secret for an authenticator app."""
    return pyotp.random_base32()


def app_address(secret: str, username: str) -> str:
    """Return the ``otpauth:`` address that an app reads from the picture."""
    return str(
        pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=username, issuer_name=ISSUER)
    )


def step_of_code(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the time step whose code this is; None if it is wrong or was taken before.

    Parameters
    ----------
    after
        The step of the last code that was taken: it and all before are over, so that a code
        looked at over somebody's shoulder is worth nothing.
    """
    typed = "".join(code.split())
    totp = pyotp.TOTP(secret, interval=STEP_S)
    present = int(now.timestamp()) // STEP_S
    found = None
    for around in _STEPS_AROUND:  # all of them, whichever fits
        step = present + around
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()) and step > after:
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes such as ``7KQM-2XHB-94TD-PWEA``."""
    return [
        "-".join(
            "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS)
        )
        for _ in range(RECOVERY_CODES)
    ]


def read_recovery_code(typed: str) -> str | None:
    """Return a recovery code as it was made, however it is typed; None if it can be none."""
    letters = [each for each in typed.upper() if each.isalnum()]
    if len(letters) != _GROUPS * _GROUP_LETTERS or not set(letters) <= set(_LETTERS):
        return None
    starts = range(0, len(letters), _GROUP_LETTERS)
    return "-".join("".join(letters[at : at + _GROUP_LETTERS]) for at in starts)
