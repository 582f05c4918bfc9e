"""One change of one account: its row locked, what relied on it ended, its event in the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.accounts.models import Invitation
from dispatch.accounts.models import KnownOrigin
from dispatch.core.errors import N_
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.roles import administrators
from dispatch.roles import granting

AccountKey = int | str
"""Names an account: its id, or its user name."""
LAST_ADMINISTRATOR: Final = N_("%(name)s is the last administrator: make another one first.")


@dataclass(slots=True)
class Change:
    """A change under way: the account's row, locked, and how many sign-ins ended with it."""

    session: Session
    account: Account
    now: datetime
    ended: int = 0
    one_of_many: bool = False
    """Whether the change leaves no event of its own: there is one for all of them."""

    def forget_origins(self) -> None:
        """Make every device and address a stranger again, and links that were sent void."""
        for table in (KnownOrigin, Invitation):
            self.session.execute(delete(table).where(table.account_id == self.account.id))

    def end_sign_ins(self) -> None:
        """Delete the account's sessions and tokens.

        After its row was written, never before: a sign-in under way holds that row until it has
        stored its session, which is then found here, or waits for us and finds the account changed.
        """
        self.session.flush()
        mine = delete(Credential).where(Credential.account_id == self.account.id)
        self.ended += len(self.session.scalars(mine.returning(Credential.kind)).all())

    def append(self, kind: EventKind, actor: Actor, data: dict[str, Any] | None = None) -> None:
        """Write the event of the change."""
        self.session.flush()
        if self.one_of_many:
            return
        account = self.account
        said = {"account_id": account.id, "username": account.username, **(data or {})}
        events.append(self.session, kind, actor, at=self.now, crew_id=account.crew_id, data=said)


@contextmanager
def changing(
    work: UnitOfWork,
    clock: Clock,
    actor: Actor,
    account: AccountKey,
    *,
    needs: Permission = Permission.ACCOUNT_WRITE,
) -> Iterator[Change]:
    """Change an account in a transaction of its own.

    Raises
    ------
    NotAllowed
        If the actor lacks the permission, or may do less than the account.
    NotFound
        If there is no such account.
    Conflict
        ``last_administrator`` if nobody could manage accounts and roles afterwards.
    """
    actor.require(needs)
    with work.writing() as session, change_in(session, clock(), actor, account) as change:
        yield change


@contextmanager
def change_in(
    session: Session, now: datetime, actor: Actor, account: AccountKey
) -> Iterator[Change]:
    """Change an account in a transaction of the caller's; with the same refusals."""
    administrators.take_turn(session)
    row = locked(session, account)
    granting.require_over(session, actor, row.id)
    with administrators.one_stays(session, LAST_ADMINISTRATOR, name=row.username):
        yield Change(session, row, now)


def locked(session: Session, account: AccountKey) -> Account:
    """Return the row of an account, locked.

    Not FOR UPDATE, for which whoever refers to the account would wait too.
    """
    row = session.scalar(select(Account).where(named(account)).with_for_update(key_share=True))
    if row is None:
        raise NotFound.thing("account", account)
    return row


def named(account: AccountKey) -> ColumnElement[bool]:
    """Return the condition that a row is the account's."""
    if isinstance(account, int):
        return Account.id == min(account, LARGEST_ID)
    return Account.username == account
