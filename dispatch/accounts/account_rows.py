"""The statements about accounts, put together once, and the actor that a row of theirs is."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy import Text
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert

from dispatch.access.permissions import Actor
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.models import KnownOrigin
from dispatch.core.scope import Scope
from dispatch.units.models import OrganisationUnit

_ROLES = func.array(
    select(AccountRole.role).where(AccountRole.account_id == Account.id).scalar_subquery(),
    type_=ARRAY(Text),
).label("roles")
# Both are asked before anybody is known, hence of functions of the owner's: under the policies no
# account would be seen. Each finds one account, with its roles and what it sees.
# Asked at every request: one statement.
OF_CREDENTIAL = text("SELECT * FROM account_of_secret(:secret_hash, :kind, :now)")
# Asked at every sign-in, whether there is such an account or not.
BY_NAME = text("SELECT * FROM account_named(:username, :origins, :now)")
# Asked by whoever opens a link to choose a password.
OF_LINK = text("SELECT * FROM account_of_link(:secret_hash, :now)")
UNCHANGED = (
    select(Account.id)
    .where(
        Account.id == bindparam("id"),
        Account.password_hash == bindparam("password_hash"),
        Account.disabled_at.is_(None),
    )
    .with_for_update(read=True)
)
_REMEMBERED = insert(KnownOrigin).values(
    account_id=bindparam("account_id"), origin=bindparam("origin"), seen_at=bindparam("seen_at")
)
REMEMBER_ORIGIN = _REMEMBERED.on_conflict_do_update(
    index_elements=("account_id", "origin"), set_={"seen_at": _REMEMBERED.excluded.seen_at}
)
_LAST_SEEN = (
    select(func.max(Credential.seen_at))
    .where(Credential.account_id == Account.id)
    .scalar_subquery()
    .label("seen_at")
)
ALL = select(
    Account.id,
    Account.username,
    Account.display_name,
    Account.crew_id,
    _ROLES,
    Account.disabled_at,
    _LAST_SEEN,
).order_by(Account.username)


COMPANY_NAMES = select(OrganisationUnit.name).where(OrganisationUnit.kind.in_(("group", "company")))
"""Names that a password must not be made of."""


def actor_of(row: Row[Any]) -> Actor:
    """Return the actor that a row of an account stands for."""
    return Actor(
        account_id=row.id,
        username=row.username,
        display_name=row.display_name,
        roles=frozenset(row.roles),
        crew_id=row.crew_id,
        language=row.language,
        granted=frozenset(row.granted),
        scope=Scope(
            units=tuple(row.units),
            above=tuple(row.above),
            crews=tuple(row.crews),
            crew_id=row.crew_id,
            home=row.unit_id,
            everything=row.everything,
            account_id=row.id,
            actor_name=row.display_name,
        ),
    )
