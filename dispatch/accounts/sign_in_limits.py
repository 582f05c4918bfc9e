"""How often a sign-in may be tried, counted in the database for all workers and both doors.

An attempt is counted *before* its password is checked, and taken back if the password was right:
checking takes a while, and attempts made at the same time would all find the old count.

Whoever guesses is slowed down, not locked out, and slows down nobody who is known. An attempt from
a device or an address that the account was signed in from before counts against that origin of
that account alone; any other counts against the name that is tried and against the address.
So an attacker anywhere can delay a first sign-in from a new device by a minute, and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.accounts.digests import digest
from dispatch.accounts.models import COUNTED_FOR
from dispatch.accounts.origins import Origin
from dispatch.core.errors import N_
from dispatch.core.errors import TryLater
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Rule:
    """How many wrong passwords are free, and how long each further one has to wait.

    The first wait is ``first_s`` seconds; each is twice the one before, up to ``longest_s``.
    """

    free: int
    first_s: float
    longest_s: float
    refusal: str = N_("Too many wrong passwords. Try again in %(seconds)s s.")


RULES: Final = {
    # One try a minute in the end: 1 440 a day, where a password has ten characters at least.
    "account": Rule(free=10, first_s=5, longest_s=60),
    "origin": Rule(free=10, first_s=5, longest_s=60),
    # A whole shift may share an address, and mistype.
    "address": Rule(free=100, first_s=5, longest_s=10),
    # Of a million codes three are right at any time, and whoever tries knows the password already.
    "code": Rule(
        free=5,
        first_s=5,
        longest_s=300,
        refusal=N_("Too many wrong codes. Try again in %(seconds)s s."),
    ),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One count that an attempt was added to."""

    kind: str
    subject: str


_UNSYNCED = text("SET LOCAL synchronous_commit = off")
_COUNT = text("""
    INSERT INTO sign_in_count AS known (kind, subject, failed, counted_at)
    VALUES (:kind, :subject, 1, :now)
    ON CONFLICT (kind, subject) DO UPDATE SET
        failed = CASE WHEN known.counted_at < :forgotten THEN 1 ELSE known.failed + 1 END,
        counted_at = greatest(known.counted_at, :now),
        free_at = CASE WHEN known.counted_at >= :forgotten AND known.failed + 1 >= :free THEN
            :now + make_interval(secs => least(
                :longest_s, :first_s * power(2, least(known.failed + 1 - :free, 20)))) END
    WHERE known.free_at IS NULL OR known.free_at <= :now
    RETURNING failed
""")
_FREE_AT = text("SELECT free_at FROM sign_in_count WHERE kind = :kind AND subject = :subject")
_TAKE_BACK = text("""
    UPDATE sign_in_count SET
        failed = greatest(failed - 1, 0),
        free_at = CASE WHEN failed > :free THEN free_at END
    WHERE kind = :kind AND subject = :subject
""")


class SignInLimits:
    """Counts attempts, and refuses those that come too soon."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def count(self, username: str, origin: Origin, known: Sequence[str]) -> list[Counted]:
        """Count an attempt as a wrong password, and return where it was counted.

        Parameters
        ----------
        username
            The name that is tried; there need be no such account.
        origin
            Where the attempt comes from.
        known
            Digests of the origins from which this account was signed in before.

        Raises
        ------
        TryLater
            If it comes too soon after others; then nothing is counted.
        """
        return self._count(_counts_of(username, origin, known))

    def count_code(self, account_id: int, origin: Origin, known: Sequence[str]) -> list[Counted]:
        """Count an attempt at a second factor as wrong, and return where it was counted.

        Like `count`, whose refusals it has; strangers who know the password slow down nobody who
        is known.
        """
        of_known = next((each for each in origin.digests if each in known), "")
        return self._count([Counted("code", digest(f"code {account_id} {of_known}"))])

    def _count(self, counted: list[Counted]) -> list[Counted]:
        now = self._clock()
        with self._work.writing() as session:
            session.execute(_UNSYNCED)
            for each in counted:
                self._add(session, each, now)
        return counted

    @staticmethod
    def take_back(session: Session, counted: Sequence[Counted]) -> None:
        """Take an attempt back, for its password was right."""
        for each in counted:
            session.execute(
                _TAKE_BACK,
                {"kind": each.kind, "subject": each.subject, "free": RULES[each.kind].free},
            )

    @staticmethod
    def _add(session: Session, counted: Counted, now: datetime) -> None:
        rule = RULES[counted.kind]
        key = {"kind": counted.kind, "subject": counted.subject}
        values = {
            **key,
            "now": now,
            "forgotten": now - COUNTED_FOR,
            "free": rule.free,
            "first_s": rule.first_s,
            "longest_s": rule.longest_s,
        }
        if session.execute(_COUNT, values).scalar() is None:
            free_at = session.execute(_FREE_AT, key).scalar()
            wait_s = 0.0 if free_at is None else (free_at - now).total_seconds()
            raise TryLater(rule.refusal, wait_s)


def _counts_of(username: str, origin: Origin, known: Sequence[str]) -> list[Counted]:
    """Return what an attempt counts against, always in the same order, so that none deadlock."""
    name = username.strip().casefold()
    for each in origin.digests:
        if each in known:
            return [Counted("origin", digest(f"{name} {each}"))]
    return [
        Counted("account", digest(f"account {name}")),
        Counted("address", origin.address_digest),
    ]
