"""Adding an account in a transaction of the caller's: with a password, or to be invited."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts import account_units
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.types import NewAccount
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.roles import administrators
from dispatch.roles import granting


def add_account(
    session: Session,
    now: datetime,
    actor: Actor,
    account: NewAccount,
    password_hash: str,
    *,
    tell: bool = True,
) -> int:
    """Add an account and return its id.

    Parameters
    ----------
    tell
        Whether it leaves an event of its own; of many at once there is one for all.

    Raises
    ------
    InvalidInput
        If a crew's account belongs to no crew, or the roles are unknown or exclude each other.
    NotAllowed
        If they permit more than the actor may do.
    Conflict
        ``unknown_crew``.
    """
    if Role.CREW in account.roles and account.crew_id is None:
        raise InvalidInput.one("crew_id", N_("is required for a crew's account"))
    roles = sorted(set(account.roles))
    administrators.take_turn(session)
    unit_id = account_units.unit_for(session, actor, account.unit_id, account.crew_id)
    granting.require_grantable(session, actor, roles, unit_id)
    account_id = session.execute(
        insert(Account)
        .values(
            username=account.username,
            display_name=account.display_name or account.username,
            password_hash=password_hash,
            language=account.language,
            crew_id=account.crew_id,
            unit_id=unit_id,
            created_at=now,
        )
        .returning(Account.id)
    ).scalar_one()
    session.execute(
        insert(AccountRole), [{"account_id": account_id, "role": role} for role in roles]
    )
    if not tell:
        return account_id
    data = {"account_id": account_id, "username": account.username, "roles": roles}
    crew_id = account.crew_id
    events.append(session, EventKind.ACCOUNT_ADDED, actor, at=now, crew_id=crew_id, data=data)
    return account_id


@contextmanager
def refusing_doubles(account: NewAccount) -> Iterator[None]:
    """Refuse an account whose name is taken.

    Raises
    ------
    Conflict
        ``name_taken``.
    """
    try:
        yield
    except IntegrityError as error:
        message = N_("There is already an account named %(name)s.")
        raise Conflict("name_taken", message, {"name": account.username}) from error
