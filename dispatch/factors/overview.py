"""Who has a second factor, account by account."""

from typing import Any

from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.account_columns import ROLES
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.core import listing
from dispatch.core.instants import instant
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.factors.factor_rows import has_factor
from dispatch.factors.models import FactorRule
from dispatch.factors.models import RecoveryCode
from dispatch.factors.models import SecurityKey
from dispatch.factors.models import TimeCode
from dispatch.factors.types import AccountFactorsAnswer
from dispatch.factors.types import FactorListAnswer
from dispatch.factors.types import FactorListQuery

_REQUIRED = exists().where(
    AccountRole.account_id == Account.id, AccountRole.role == FactorRule.role, FactorRule.required
)
_APP_SINCE: Any = (
    select(TimeCode.confirmed_at)
    .where(TimeCode.account_id == Account.id, TimeCode.confirmed_at.is_not(None))
    .scalar_subquery()
)
_KEYS: Any = select(func.count()).where(SecurityKey.account_id == Account.id).scalar_subquery()
_CODES: Any = (
    select(func.count())
    .where(RecoveryCode.account_id == Account.id, RecoveryCode.used_at.is_(None))
    .scalar_subquery()
)
_ACCOUNTS: Any = select(
    Account.id,
    Account.username,
    Account.display_name,
    ROLES,
    _APP_SINCE.label("app_since"),
    _KEYS.label("security_keys"),
    _CODES.label("recovery_codes"),
    _REQUIRED.label("required"),
).where(Account.disabled_at.is_(None))
_LISTING = Listing(
    searched=(Account.username, Account.display_name),
    sorted_by={
        "username": Account.username,
        "display_name": Account.display_name,
        "app_since": _APP_SINCE,
        "security_keys": _KEYS,
        "recovery_codes": _CODES,
    },
    order="username",
    key=Account.id,
)


class FactorOverview:
    """Lists accounts with their second factors."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self._work = unit_of_work

    def list(self, actor: Actor, query: FactorListQuery) -> FactorListAnswer:
        """Return the accounts that are not disabled, by user name if nothing else is asked."""
        actor.require(Permission.ACCOUNT_READ)
        has_role = select(AccountRole.account_id).where(AccountRole.role == query.role)
        rows = _ACCOUNTS.where(
            all_of(
                Account.id.in_(has_role) if query.role else None,
                (has_factor() == query.has_factor) if query.has_factor is not None else None,
                (_REQUIRED if query.required else ~_REQUIRED)
                if query.required is not None
                else None,
            )
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {"accounts": [_answer(row) for row in found.rows], "total": found.total}


def _answer(row: Any) -> AccountFactorsAnswer:  # noqa: ANN401  (a row of _ACCOUNTS)
    return {
        "id": row.id,
        "username": row.username,
        "display_name": row.display_name,
        "roles": list(row.roles),
        "app_since": instant(row.app_since),
        "security_keys": row.security_keys,
        "recovery_codes": row.recovery_codes,
        "required": row.required,
    }
