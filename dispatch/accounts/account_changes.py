"""What happens to an account after it was made: disabled, renamed, other roles, a new password.

Each change is one transaction with its event in the log. What may no longer be relied on (a
session begun with the old password, a token with the old roles) ends in the same transaction; open
live streams end when their worker reads the event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Final

from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.models import KnownOrigin
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.types import ChangeRoles
from dispatch.accounts.types import RenameAccount
from dispatch.accounts.types import SetPassword
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind

# Two administrators who disable each other at the same moment must not both find the other there.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_KEY: Final = 0x61_63_63_6F_75_6E_74


@dataclass(slots=True)
class _Change:
    """A change under way: the account's row, locked, and how many sign-ins ended with it."""

    session: Session
    account: Account
    now: datetime
    ended: int = 0


class AccountChanges:
    """Changes accounts on behalf of an administrator.

    Every method raises `NotAllowed` for other actors and `NotFound` for an unknown user name.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, hashing: PasswordHashing) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._hashing = hashing

    def require_known(self, actor: Actor, username: str) -> None:
        """Raise an error unless an account has this name, before somebody is asked for more."""
        actor.require(Permission.ACCOUNT_WRITE)
        with self._work.reading() as session:
            if session.scalar(select(Account.id).where(Account.username == username)) is None:
                raise NotFound.thing("account", username)

    def disable(self, actor: Actor, username: str) -> int:
        """Keep an account from signing in; return how many sessions and tokens ended.

        Raises
        ------
        Conflict
            ``last_administrator``.
        """
        with self._changing(actor, username) as change:
            _keep_an_administrator(change)
            if change.account.disabled_at is None:
                change.account.disabled_at = change.now
                _forget_origins(change)
                _end_sign_ins(change)
                _append(change, EventKind.ACCOUNT_DISABLED, actor)
        return change.ended

    def enable(self, actor: Actor, username: str) -> None:
        """Let a disabled account sign in again, with the password and roles that it had."""
        with self._changing(actor, username) as change:
            if change.account.disabled_at is not None:
                change.account.disabled_at = None
                _append(change, EventKind.ACCOUNT_ENABLED, actor)

    def change_roles(self, actor: Actor, username: str, wanted: ChangeRoles) -> int:
        """Give an account other roles; return how many sessions and tokens ended.

        A crew's account keeps its crew unless another is named; one that is no crew's any more
        belongs to the crew that is named, or to none.

        Raises
        ------
        InvalidInput
            If a crew's account would belong to no crew.
        Conflict
            ``last_administrator`` or ``unknown_crew``.
        """
        roles = sorted(set(wanted.roles))
        try:
            with self._changing(actor, username) as change:
                account = change.account
                before = sorted(change.session.scalars(_roles_of(account.id)))
                kept = account.crew_id if Role.CREW in roles else None
                crew_id = wanted.crew_id or kept
                if Role.CREW in roles and crew_id is None:
                    raise InvalidInput.one("crew_id", N_("is required for a crew's account"))
                if Role.ADMINISTRATOR not in roles:
                    _keep_an_administrator(change)
                if (before, account.crew_id) == (roles, crew_id):
                    return 0
                account.crew_id = crew_id
                change.session.execute(
                    delete(AccountRole).where(AccountRole.account_id == account.id)
                )
                change.session.execute(
                    insert(AccountRole),
                    [{"account_id": account.id, "role": role} for role in roles],
                )
                _end_sign_ins(change)
                data = {"from": before, "roles": roles}
                _append(change, EventKind.ACCOUNT_ROLES_CHANGED, actor, data)
        except IntegrityError as error:
            message = N_("There is no crew %(id)s.")
            raise Conflict("unknown_crew", message, {"id": wanted.crew_id}) from error
        return change.ended

    def set_password(self, actor: Actor, username: str, wanted: SetPassword) -> int:
        """Give an account a new password; return how many sessions and tokens ended.

        Devices and addresses are known no longer: whoever knew the old password may have made
        one of them known.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        password_hash = self._hashing.hash(wanted.password)
        with self._changing(actor, username) as change:
            change.account.password_hash = password_hash
            _forget_origins(change)
            _end_sign_ins(change)
            _append(change, EventKind.ACCOUNT_PASSWORD_CHANGED, actor)
        return change.ended

    def rename(self, actor: Actor, username: str, wanted: RenameAccount) -> None:
        """Give an account another user name, and perhaps another name shown to others.

        Who is signed in stays so. Where the shown name was the user name, it goes along.

        Raises
        ------
        Conflict
            ``name_taken``.
        """
        try:
            with self._changing(actor, username) as change:
                account = change.account
                same = account.display_name == account.username
                shown = wanted.display_name or (wanted.username if same else account.display_name)
                if (account.username, account.display_name) == (wanted.username, shown):
                    return
                account.username, account.display_name = wanted.username, shown
                _append(change, EventKind.ACCOUNT_RENAMED, actor, {"from": username})
        except IntegrityError as error:
            message = N_("There is already an account named %(name)s.")
            raise Conflict("name_taken", message, {"name": wanted.username}) from error

    @contextmanager
    def _changing(self, actor: Actor, username: str) -> Iterator[_Change]:
        actor.require(Permission.ACCOUNT_WRITE)
        with self._work.writing() as session:
            session.execute(_ONE_AT_A_TIME, {"key": _LOCK_KEY})
            # Not FOR UPDATE, for which whoever refers to the account would wait too.
            query = select(Account).where(Account.username == username)
            account = session.scalar(query.with_for_update(key_share=True))
            if account is None:
                raise NotFound.thing("account", username)
            yield _Change(session, account, self._clock())


def _roles_of(account_id: int) -> Any:  # noqa: ANN401  (a statement; its type names its columns)
    return select(AccountRole.role).where(AccountRole.account_id == account_id)


def _keep_an_administrator(change: _Change) -> None:
    """Refuse to lose the last administrator, after whom nobody could make another."""
    administrators = set(
        change.session.scalars(
            select(Account.id).where(
                Account.disabled_at.is_(None),
                exists().where(
                    AccountRole.account_id == Account.id, AccountRole.role == Role.ADMINISTRATOR
                ),
            )
        )
    )
    if administrators == {change.account.id}:
        message = N_("%(name)s is the last administrator: make another one first.")
        raise Conflict("last_administrator", message, {"name": change.account.username})


def _forget_origins(change: _Change) -> None:
    change.session.execute(delete(KnownOrigin).where(KnownOrigin.account_id == change.account.id))


def _end_sign_ins(change: _Change) -> None:
    """Delete the account's sessions and tokens.

    After its row was written, never before: a sign-in under way holds that row until it has stored
    its session, which is then found here, or waits for us and finds the account changed.
    """
    change.session.flush()
    mine = delete(Credential).where(Credential.account_id == change.account.id)
    change.ended = len(change.session.scalars(mine.returning(Credential.kind)).all())


def _append(
    change: _Change, kind: EventKind, actor: Actor, data: dict[str, Any] | None = None
) -> None:
    change.session.flush()
    account = change.account
    said = {"account_id": account.id, "username": account.username, **(data or {})}
    events.append(change.session, kind, actor, at=change.now, crew_id=account.crew_id, data=said)
