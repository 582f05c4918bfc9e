"""What happens to an account after it was made: disabled, renamed, other roles, a new password.

Each change is one transaction with its event in the log. What may no longer be relied on (a
session begun with the old password, a token with the old roles) ends in the same transaction; open
live streams end when their worker reads the event.
"""

from contextlib import AbstractContextManager

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.account_rows import COMPANY_NAMES
from dispatch.accounts.models import Account
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.passwords import refuse_names
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events.kinds import EventKind
from dispatch.people import account_steps
from dispatch.people.changing import AccountKey
from dispatch.people.changing import Change
from dispatch.people.changing import changing
from dispatch.people.types import ChangeRoles
from dispatch.people.types import MoveAccount
from dispatch.people.types import RenameAccount
from dispatch.people.types import SetPassword


class AccountChanges:
    """Changes accounts on behalf of an administrator.

    An account is named by its id or its user name. Every method raises `NotAllowed` for other
    actors, and for those who may do less than the account or the roles that they give; and
    `NotFound` for an unknown account.
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

    def disable(self, actor: Actor, key: AccountKey) -> int:
        """Keep an account from signing in; return how many sessions and tokens ended.

        Raises
        ------
        Conflict
            ``last_administrator``.
        """
        with self._changing(actor, key) as change:
            account_steps.disable(change, actor)
        return change.ended

    def enable(self, actor: Actor, key: AccountKey) -> None:
        """Let a disabled account sign in again, with the password and roles that it had."""
        with self._changing(actor, key) as change:
            account_steps.enable(change, actor)

    def change_roles(self, actor: Actor, key: AccountKey, wanted: ChangeRoles) -> int:
        """Give an account other roles; return how many sessions and tokens ended.

        A crew's account keeps its crew unless another is named; one that is no crew's any more
        belongs to the crew that is named, or to none.

        Raises
        ------
        InvalidInput
            If a crew's account would belong to no crew, or the roles are unknown or exclude each
            other.
        Conflict
            ``last_administrator`` or ``unknown_crew``.
        """
        with self._changing(actor, key) as change:
            account_steps.give_roles(change, actor, wanted.roles, wanted.crew_id)
        return change.ended

    def move(self, actor: Actor, key: AccountKey, wanted: MoveAccount) -> int:
        """Move an account to another unit; return how many sessions and tokens ended.

        Raises
        ------
        InvalidInput
            If the unit is none of the actor's, or a role of the account is none there.
        Conflict
            ``follows_crew`` or ``last_administrator``.
        """
        with self._changing(actor, key) as change:
            account_steps.move(change, actor, wanted.unit_id)
        return change.ended

    def set_password(self, actor: Actor, key: AccountKey, wanted: SetPassword) -> int:
        """Give an account a new password; return how many sessions and tokens ended.

        Devices and addresses are known no longer: whoever knew the old password may have made
        one of them known.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        password_hash = self._hashing.hash(wanted.password)
        with self._changing(actor, key) as change:
            companies = change.session.scalars(COMPANY_NAMES).all()
            names = (change.account.username, change.account.display_name, *companies)
            refuse_names(wanted.password, names)
            change.account.password_hash = password_hash
            change.account.must_change_password = wanted.must_change
            change.forget_origins()
            change.end_sign_ins()
            change.append(EventKind.ACCOUNT_PASSWORD_CHANGED, actor)
        return change.ended

    def rename(self, actor: Actor, key: AccountKey, wanted: RenameAccount) -> None:
        """Give an account another user name, and perhaps another name shown to others.

        Who is signed in stays so. Where the shown name was the user name, it goes along.

        Raises
        ------
        Conflict
            ``name_taken``.
        """
        try:
            with self._changing(actor, key) as change:
                account = change.account
                before = account.username
                same = account.display_name == before
                shown = wanted.display_name or (wanted.username if same else account.display_name)
                if (before, account.display_name) == (wanted.username, shown):
                    return
                account.username, account.display_name = wanted.username, shown
                change.append(EventKind.ACCOUNT_RENAMED, actor, {"from": before})
        except IntegrityError as error:
            message = N_("There is already an account named %(name)s.")
            raise Conflict("name_taken", message, {"name": wanted.username}) from error

    def _changing(self, actor: Actor, key: AccountKey) -> AbstractContextManager[Change]:
        return changing(self._work, self._clock, actor, key)
