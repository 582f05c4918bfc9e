"""One's own account: the password, shown again before something important; the language."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Row
from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import TEXT

from dispatch.access.permissions import Actor
from dispatch.accounts.account_rows import COMPANY_NAMES
from dispatch.accounts.models import Account
from dispatch.accounts.models import Credential
from dispatch.accounts.models import KnownOrigin
from dispatch.accounts.origins import Origin
from dispatch.accounts.password_hashing import PasswordHashing
from dispatch.accounts.passwords import refuse_names
from dispatch.accounts.service import SESSION
from dispatch.accounts.service import AccountService
from dispatch.accounts.sign_in_limits import SignInLimits
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotSignedIn
from dispatch.core.instants import Clock
from dispatch.core.scope import within
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors.attempt_types import Advance
from dispatch.factors.sign_in_steps import SignInSteps
from dispatch.factors.types import ChangeOwnPassword
from dispatch.factors.types import ReplacePassword
from dispatch.factors.types import SetLanguage

_Known = Row[int, str, str, str, Sequence[str], Sequence[str]]
_ENDED: Final = N_("Your account was changed meanwhile. Sign in again.")
_WRONG: Final = N_("is wrong")
_SAME: Final = N_("is the one before; choose another")


class OwnAccount:
    """Checks and changes the account of whoever asks."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        hashing: PasswordHashing,
        accounts: AccountService,
        steps: SignInSteps,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._hashing = hashing
        self._accounts = accounts
        self._steps = steps
        self._limits = SignInLimits(unit_of_work, clock)

    def require_password(self, actor: Actor, password: str, origin: Origin) -> str:
        """Hold that the actor knows the password; return what is stored of it.

        Guesses count as they do at the sign-in: a desk may be left open.

        Raises
        ------
        InvalidInput
            On ``password``, if it is wrong.
        TryLater
            If it comes too soon after wrong ones.
        """
        with self._hashing.place():
            account = self._account(actor, origin)
            counted = self._limits.count(account.username, origin, account.known)
            if not self._hashing.is_right(account.password_hash, password):
                raise InvalidInput.one("password", _WRONG)
        with self._work.writing() as session:
            self._limits.take_back(session, counted)
        return str(account.password_hash)

    def change_password(self, actor: Actor, wanted: ChangeOwnPassword, origin: Origin) -> str:
        """Replace the password, end all sign-ins and open a session; return its secret id.

        Raises
        ------
        InvalidInput
            On ``password`` or ``new_password``.
        TryLater
            If it comes too soon after wrong ones.
        """
        before = self.require_password(actor, wanted.password, origin)
        account = self._account(actor, origin)
        self._refuse_poor(account, wanted.new_password)
        after = self._hashing.hash(wanted.new_password)
        now = self._clock()
        with self._work.writing() as session:
            changed = update(Account).where(
                Account.id == actor.account_id,
                Account.password_hash == before,
                Account.disabled_at.is_(None),
            )
            values = {"password_hash": after, "must_change_password": False}
            if session.scalar(changed.values(values).returning(Account.id)) is None:
                raise NotSignedIn(_ENDED)
            for table in (Credential, KnownOrigin):
                session.execute(delete(table).where(table.account_id == actor.account_id))
            secret, _ = self._accounts.open_within(session, account.id, SESSION, origin)
            data = {"account_id": actor.account_id, "username": account.username, "own": True}
            events.append(session, EventKind.ACCOUNT_PASSWORD_CHANGED, actor, at=now, data=data)
        return secret

    def choose_password(self, secret: str, wanted: ReplacePassword, origin: Origin) -> Advance:
        """Replace the password that an administrator gave, as a step of a sign-in.

        Raises
        ------
        InvalidInput
            On ``new_password``.
        AttemptOver
            If there is no such sign-in any more.
        """
        actor = self._steps.waiting(secret).actor
        with within(actor.scope):
            account = self._account(actor, origin)
        self._refuse_poor(account, wanted.new_password)
        return self._steps.choose_password(secret, self._hashing.hash(wanted.new_password), origin)

    def set_language(self, actor: Actor, wanted: SetLanguage) -> None:
        """Set the language of the pages, where none is chosen on the device."""
        with self._work.writing() as session:
            session.execute(
                update(Account)
                .where(Account.id == actor.account_id)
                .values(language=wanted.language)
            )

    def _refuse_poor(self, account: _Known, new: str) -> None:
        names = (account.username, account.display_name, *account.companies)
        refuse_names(new, names, "new_password")
        if self._hashing.is_right(account.password_hash, new):
            raise InvalidInput.one("new_password", _SAME)

    def _account(self, actor: Actor, origin: Origin) -> _Known:
        known = (
            select(KnownOrigin.origin)
            .where(KnownOrigin.account_id == Account.id, KnownOrigin.origin.in_(origin.digests))
            .scalar_subquery()
        )
        query = select(
            Account.id,
            Account.username,
            Account.display_name,
            Account.password_hash,
            func.array(known, type_=ARRAY(TEXT)).label("known"),
            func.array(COMPANY_NAMES.scalar_subquery(), type_=ARRAY(TEXT)).label("companies"),
        ).where(Account.id == actor.account_id)
        with self._work.reading() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise NotSignedIn(_ENDED)
        return found
