"""The statements about second factors that several modules share."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlalchemy import delete
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.accounts.digests import digest
from dispatch.accounts.models import Account
from dispatch.factors.code_rules import new_recovery_codes
from dispatch.factors.models import FactorRule
from dispatch.factors.models import KeyChallenge
from dispatch.factors.models import RecoveryCode
from dispatch.factors.models import SecurityKey
from dispatch.factors.models import TimeCode
from dispatch.factors.states import Standing


def has_factor() -> ColumnElement[bool]:
    """Return the condition that the account of an outer query has a second factor."""
    return or_(
        exists().where(TimeCode.account_id == Account.id, TimeCode.confirmed_at.is_not(None)),
        exists().where(SecurityKey.account_id == Account.id),
    )


def hold_account(session: Session, actor: Actor) -> bool:
    """Lock an account's row until the end of the transaction; return whether it may sign in.

    Before the rows that belong to it, as whoever changes accounts does.
    """
    account = select(Account.id).where(
        Account.id == actor.account_id, Account.disabled_at.is_(None)
    )
    return session.scalar(account.with_for_update(key_share=True)) is not None


def standing_of(session: Session, actor: Actor, now: datetime, *, proven: bool) -> Standing:
    """Return how things stand with somebody who is signing in."""
    account = session.execute(
        select(Account.must_change_password, has_factor().label("has_factor")).where(
            Account.id == actor.account_id
        )
    ).one()
    demanding = session.scalars(
        select(FactorRule.grace_until).where(FactorRule.required, FactorRule.role.in_(actor.roles))
    ).all()
    return Standing(
        has_factor=account.has_factor,
        must_have_factor=bool(demanding),
        may_put_off=all(until is not None and until > now for until in demanding),
        proven=proven,
        password_due=account.must_change_password,
    )


def kinds_of_factors(session: Session, actor: Actor) -> tuple[bool, bool]:
    """Return whether an account has an authenticator app, and whether it has security keys."""
    app = exists().where(
        TimeCode.account_id == actor.account_id, TimeCode.confirmed_at.is_not(None)
    )
    key = exists().where(SecurityKey.account_id == actor.account_id)
    found = session.execute(select(app.label("app"), key.label("key"))).one()
    return found.app, found.key


def app_in_use(session: Session, actor: Actor) -> TimeCode | None:
    """Return an account's authenticator app, locked: its codes are taken one after the other."""
    query = select(TimeCode).where(
        TimeCode.account_id == actor.account_id, TimeCode.confirmed_at.is_not(None)
    )
    return session.scalar(query.with_for_update())


def app_being_set_up(session: Session, actor: Actor) -> TimeCode | None:
    """Return the authenticator app that an account has not shown a code of yet, locked."""
    query = select(TimeCode).where(
        TimeCode.account_id == actor.account_id, TimeCode.confirmed_at.is_(None)
    )
    return session.scalar(query.with_for_update())


def unused_recovery_codes(session: Session, account_id: int | None) -> int:
    """Return how many recovery codes are left."""
    query = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(query) or 0


def replace_recovery_codes(session: Session, actor: Actor, now: datetime) -> list[str]:
    """Make new recovery codes, end those before, and return the new ones: they are shown once."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == actor.account_id))
    codes = new_recovery_codes()
    session.execute(
        insert(RecoveryCode),
        [
            {"account_id": actor.account_id, "code_hash": digest(each), "made_at": now}
            for each in codes
        ],
    )
    return codes


def forget_factors(session: Session, account_id: int) -> int:
    """Delete all second factors of an account; return how many apps and keys there were."""
    used = TimeCode.confirmed_at.is_not(None)
    apps = session.scalars(
        delete(TimeCode).where(TimeCode.account_id == account_id).returning(used)
    ).all()
    keys = session.scalars(
        delete(SecurityKey).where(SecurityKey.account_id == account_id).returning(SecurityKey.id)
    ).all()
    for table in (RecoveryCode, KeyChallenge):
        session.execute(delete(table).where(table.account_id == account_id))
    return sum(apps) + len(keys)
