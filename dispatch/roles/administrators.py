"""Somebody who can manage accounts and roles stays, whatever is changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from typing import Final

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.core.errors import Conflict
from dispatch.roles.models import RolePermission

KEYS: Final = frozenset({Permission.ACCOUNT_WRITE, Permission.ROLE_WRITE})
"""With both of these everything else can be given back."""
NO_PASSWORD: Final = ""
"""What is stored of an account whose owner has not chosen a password yet."""
# Two administrators who disable each other at the same moment must not both find the other there;
# nor may one be disabled while the role of the other is emptied.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(:key)")
_LOCK_KEY: Final = 0x61_63_63_6F_75_6E_74
_ADMINISTRATORS: Any = (
    select(Account.id)
    .join(AccountRole, AccountRole.account_id == Account.id)
    .join(RolePermission, RolePermission.role == AccountRole.role)
    .where(
        Account.disabled_at.is_(None),
        Account.password_hash != NO_PASSWORD,
        RolePermission.permission.in_(KEYS),
    )
    .group_by(Account.id)
    .having(func.count(RolePermission.permission.distinct()) == len(KEYS))
    .limit(1)
)


def take_turn(session: Session) -> None:
    """Wait until no other transaction changes who may do what."""
    session.execute(_ONE_AT_A_TIME, {"key": _LOCK_KEY})


def any_left(session: Session) -> bool:
    """Return whether anybody can manage accounts and roles."""
    session.flush()
    return session.scalar(_ADMINISTRATORS) is not None


@contextmanager
def one_stays(session: Session, refusal: str, **params: object) -> Iterator[None]:
    """Refuse what is done within if nobody could manage accounts and roles afterwards.

    Only if somebody could before: a new installation has nobody yet.

    Parameters
    ----------
    refusal
        The sentence of the refusal, with places for ``params``.

    Raises
    ------
    Conflict
        ``last_administrator``.
    """
    take_turn(session)
    before = any_left(session)
    yield
    if before and not any_left(session):
        raise Conflict("last_administrator", refusal, params)
