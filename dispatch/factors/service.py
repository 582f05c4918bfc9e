"""One's own second factors, and an administrator's look at those of others."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.errors import NotSignedIn
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors import factor_rows
from dispatch.factors import security_keys
from dispatch.factors.enrolment import Enrolment
from dispatch.factors.models import FactorRule
from dispatch.factors.models import SecurityKey
from dispatch.factors.models import TimeCode
from dispatch.factors.sealing import Sealing
from dispatch.factors.security_keys import Site
from dispatch.factors.types import AddSecurityKey
from dispatch.factors.types import FactorsAnswer
from dispatch.roles import administrators
from dispatch.roles import granting

_ON_MY_PAGE = "own page"


class FactorService:
    """Second factors of whoever asks; `of` and `reset` are an administrator's.

    Whoever asks has shown the password again just before (`own_account`), which the pages see to.
    """

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, sealing: Sealing) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._enrolment = Enrolment(sealing)

    def mine(self, actor: Actor) -> FactorsAnswer:
        """Return the factors of whoever asks."""
        with self._work.reading() as session:
            return _answer(session, _account(session, Account.id == actor.account_id))

    def of(self, actor: Actor, key: int | str) -> FactorsAnswer:
        """Return the factors of an account."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            return _answer(session, _named(session, key))

    def reset(self, actor: Actor, key: int | str) -> int:
        """Forget all factors of an account; return how many sessions and tokens ended.

        For somebody who lost the device and the recovery codes: where a role demands a factor, a
        new one is set up at the next sign-in.

        Raises
        ------
        NotAllowed
            If the account may do more than the actor.
        """
        actor.require(Permission.ACCOUNT_WRITE)
        with self._work.writing() as session:
            administrators.take_turn(session)  # first, as whoever changes accounts does
            account = _named(session, key, lock=True)
            granting.require_over(session, actor, account.id)
            factors = factor_rows.forget_factors(session, account.id)
            mine = delete(Credential).where(Credential.account_id == account.id)
            ended = len(session.scalars(mine.returning(Credential.kind)).all())
            data = {"account_id": account.id, "username": account.username, "factors": factors}
            kind = EventKind.ACCOUNT_FACTORS_RESET
            events.append(
                session, kind, actor, at=self._clock(), crew_id=account.crew_id, data=data
            )
        return ended

    def app_to_set_up(self, actor: Actor) -> str:
        """Return the address that an authenticator app reads; it waits for its first code."""
        with self._mine(actor) as (session, now):
            return self._enrolment.begin(session, actor, now)

    def confirm_app(self, actor: Actor, code: str) -> tuple[str, ...]:
        """Take the first code of an app, which replaces the one before; return recovery codes.

        Raises
        ------
        InvalidInput
            On ``code``, if it is wrong.
        """
        with self._mine(actor) as (session, now):
            return self._enrolment.confirm(session, actor, code, now)

    def key_to_set_up(self, actor: Actor, site: Site) -> str:
        """Return what the browser is told to set a security key up."""
        with self._mine(actor) as (session, now):
            return security_keys.registration_options(
                session, actor, site, now, bound_to=_ON_MY_PAGE
            )

    def confirm_key(self, actor: Actor, wanted: AddSecurityKey, site: Site) -> tuple[str, ...]:
        """Store a new security key; return recovery codes, if it is the first factor.

        Raises
        ------
        InvalidInput
            On ``credential``, if the browser's answer does not hold.
        """
        with self._mine(actor) as (session, now):
            return self._enrolment.add_key(
                session, actor, site, now, bound_to=_ON_MY_PAGE, wanted=wanted
            )

    def remove_app(self, actor: Actor) -> None:
        """Use the authenticator app no longer.

        Raises
        ------
        Conflict
            ``factor_required``, if it is the last factor and a role demands one.
        """
        with self._mine(actor) as (session, now):
            gone = delete(TimeCode).where(TimeCode.account_id == actor.account_id)
            if session.scalars(gone.returning(TimeCode.id)).all():
                _removed(session, actor, "app", now)

    def remove_key(self, actor: Actor, key_id: int) -> None:
        """Use a security key no longer, with the refusal of `remove_app`."""
        with self._mine(actor) as (session, now):
            gone = delete(SecurityKey).where(
                SecurityKey.account_id == actor.account_id,
                SecurityKey.id == min(key_id, LARGEST_ID),
            )
            if session.scalars(gone.returning(SecurityKey.id)).all():
                _removed(session, actor, "security_key", now)

    def new_recovery_codes(self, actor: Actor) -> tuple[str, ...]:
        """Make new recovery codes; those before are worth nothing any more.

        Raises
        ------
        InvalidInput
            If there is no factor whose loss they would be for.
        """
        with self._mine(actor) as (session, now):
            if not any(factor_rows.kinds_of_factors(session, actor)):
                message = N_("set up an authenticator app or a security key first")
                raise InvalidInput.one("recovery_codes", message)
            codes = factor_rows.replace_recovery_codes(session, actor, now)
            data = {"account_id": actor.account_id, "username": actor.username}
            events.append(session, EventKind.ACCOUNT_RECOVERY_CODES_MADE, actor, at=now, data=data)
            return tuple(codes)

    @contextmanager
    def _mine(self, actor: Actor) -> Iterator[tuple[Session, datetime]]:
        """Open a transaction that holds the account's row: its factors change one at a time."""
        with self._work.writing() as session:
            if not factor_rows.hold_account(session, actor):
                raise NotSignedIn(N_("Your account was changed meanwhile. Sign in again."))
            yield session, self._clock()


def _account(session: Session, condition: object, *, lock: bool = False) -> Account:
    query = select(Account).where(condition)  # type: ignore[arg-type]  # a condition on accounts
    if lock:
        query = query.with_for_update(key_share=True)
    return session.scalars(query).one()


def _named(session: Session, key: int | str, *, lock: bool = False) -> Account:
    """Return an account by its id or its user name."""
    condition = (
        Account.id == min(key, LARGEST_ID) if isinstance(key, int) else Account.username == key
    )
    query = select(Account).where(condition)
    if lock:
        query = query.with_for_update(key_share=True)
    account = session.scalar(query)
    if account is None:
        raise NotFound.thing("account", key)
    return account


def _removed(session: Session, actor: Actor, factor: str, now: datetime) -> None:
    """Log that a factor is gone; with the last one the recovery codes go, too."""
    if not any(factor_rows.kinds_of_factors(session, actor)):
        if factor_rows.standing_of(session, actor, now, proven=False).must_have_factor:
            message = N_("Your role demands a second factor: set up another one first.")
            raise Conflict("factor_required", message)
        factor_rows.forget_factors(session, actor.account_id or 0)
    data = {"account_id": actor.account_id, "username": actor.username, "factor": factor}
    events.append(session, EventKind.ACCOUNT_FACTOR_REMOVED, actor, at=now, data=data)


def _answer(session: Session, account: Account) -> FactorsAnswer:
    app_since = session.scalar(
        select(TimeCode.confirmed_at).where(
            TimeCode.account_id == account.id, TimeCode.confirmed_at.is_not(None)
        )
    )
    keys = session.scalars(
        select(SecurityKey).where(SecurityKey.account_id == account.id).order_by(SecurityKey.id)
    )
    demanded = (
        select(FactorRule.role)
        .join(AccountRole, AccountRole.role == FactorRule.role)
        .where(FactorRule.required, AccountRole.account_id == account.id)
    )
    return {
        "username": account.username,
        "app_since": instant(app_since),
        "security_keys": [
            {
                "id": each.id,
                "name": each.name,
                "created_at": instant(each.created_at),
                "used_at": instant(each.used_at),
            }
            for each in keys
        ],
        "recovery_codes": factor_rows.unused_recovery_codes(session, account.id),
        "required": session.scalar(demanded.limit(1)) is not None,
        "must_change_password": account.must_change_password,
    }
