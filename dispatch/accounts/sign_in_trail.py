"""Write sign-ins into the audit trail, those that were refused too.

The name that was tried is kept only where there is such an account: people type their password
into the wrong field.
"""

from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final
from typing import Literal

from sqlalchemy import Row
from sqlalchemy.orm import Session

from dispatch.accounts.models import Account
from dispatch.accounts.origins import Origin
from dispatch.audit.entries import write_entry
from dispatch.audit.states import TrailKind
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork

SAME_FOR: Final = timedelta(minutes=1)
"""How long attempts that came too soon from one place count as one: guessing writes no flood."""
UNKNOWN: Final = "unknown name"


@dataclass(frozen=True, slots=True)
class SignInEntry:
    """Who tries to sign in, from where, and for a session or a token."""

    account_id: int | None
    unit_id: int | None
    name: str
    address: str
    kind: str


class SignInTrail:
    """Writes sign-ins down."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._too_soon: dict[SignInEntry, datetime] = {}

    @staticmethod
    def entry_of(
        origin: Origin | None, kind: str, account: Row[Any] | Account | None
    ) -> SignInEntry:
        """Return what is to be written of a sign-in."""
        address = "" if origin is None else origin.address
        if account is None:
            return SignInEntry(None, None, UNKNOWN, address, kind)
        return SignInEntry(account.id, account.unit_id, account.display_name, address, kind)

    def write(
        self,
        session: Session,
        entry: SignInEntry,
        result: Literal["accepted", "refused", "too_soon"],
    ) -> None:
        """Write one in a transaction that is under way."""
        write_entry(
            session,
            TrailKind.SIGN_IN,
            result,
            at=self._clock(),
            actor_id=entry.account_id,
            actor=entry.name,
            subject="account",
            subject_id="" if entry.account_id is None else str(entry.account_id),
            unit_id=entry.unit_id,
            said={"address": entry.address, "kind": entry.kind},
        )

    def write_refused(self, entry: SignInEntry, result: Literal["refused", "too_soon"]) -> None:
        """Write one that was refused, in a transaction of its own."""
        if result == "too_soon" and not self._is_new(entry):
            return
        with self._work.writing() as session:
            self.write(session, entry, result)

    def _is_new(self, entry: SignInEntry) -> bool:
        now = self._clock()
        known = {each: at for each, at in self._too_soon.items() if now - at < SAME_FOR}
        self._too_soon = {entry: now, **known}
        return entry not in known
