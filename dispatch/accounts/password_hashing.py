"""Hashing and checking of passwords, which is slow on purpose, for so many at once and no more."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError

from dispatch.accounts.passwords import MOST_LENGTH
from dispatch.core.errors import N_
from dispatch.core.errors import TryLater
from dispatch.core.running import Runner

MOST_AT_ONCE: Final = 32
"""Sign-ins in one worker whose passwords are being checked or wait for it.

With two threads and some 80 ms for each password, the last of them waits 32 / 2 x 80 ms = 1.3 s.
"""
RETRY_AFTER_S: Final = 2.0


class PasswordHashing:
    """Hashes passwords in threads of its own; what is beyond its queue is refused at once.

    Without a limit a burst of sign-ins would keep everybody waiting for a minute, those included
    whose browser has long given up.

    Parameters
    ----------
    hasher
        Argon2 with its parameters.
    run
        Runs the hashing where it holds up nobody; see `bootstrap.build`.
    most_at_once
        How many sign-ins may be between `place` and its end.
    """

    def __init__(
        self, hasher: PasswordHasher, run: Runner, *, most_at_once: int = MOST_AT_ONCE
    ) -> None:
        self._hasher = hasher
        self._run = run
        self._places = threading.BoundedSemaphore(most_at_once)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places in the queue.

        Raises
        ------
        TryLater
            If all are taken.
        """
        if not self._places.acquire(blocking=False):
            message = N_(
                "Too many people are signing in at this moment. Try again in %(seconds)s s."
            )
            raise TryLater(message, RETRY_AFTER_S)
        try:
            yield
        finally:
            self._places.release()

    def is_right(self, stored: str | None, password: str) -> bool:
        """Return whether a password is the stored one; None (no such account) takes as long."""
        matches: bool = self._run(self._verify, stored, password)
        return matches and stored is not None

    def hash(self, password: str) -> str:
        """Return what is stored of a new password."""
        hashed: str = self._run(self._hasher.hash, password)
        return hashed

    @cached_property
    def _nobody(self) -> str:
        """A hash to refuse unknown names by: that must take as long as refusing a wrong password.

        Made with the first password that is checked, whoever's it is: most commands check none.
        """
        return self._hasher.hash(secrets.token_urlsafe(16))

    def _verify(self, stored: str | None, password: str) -> bool:
        nobody = self._nobody
        try:
            return self._hasher.verify(stored or nobody, password[: MOST_LENGTH + 1])
        except (VerificationError, InvalidHashError):
            return False
