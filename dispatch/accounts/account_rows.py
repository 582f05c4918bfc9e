"""The statements about accounts, put together once, and the actor that a row of theirs is."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy import Text
from sqlalchemy import any_
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert

from dispatch.access.permissions import Actor
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.models import KnownOrigin

_ROLES = func.array(
    select(AccountRole.role).where(AccountRole.account_id == Account.id).scalar_subquery(),
    type_=ARRAY(Text),
).label("roles")
_ACTOR = (
    Account.id,
    Account.username,
    Account.display_name,
    Account.crew_id,
    Account.language,
    _ROLES,
)
# Asked at every request: one statement, roles included.
OF_CREDENTIAL = (
    select(*_ACTOR, Credential.seen_at)
    .join(Credential, Credential.account_id == Account.id)
    .where(
        Credential.secret_hash == bindparam("secret_hash"),
        Credential.kind == bindparam("kind"),
        Credential.expires_at > bindparam("now"),
        Account.disabled_at.is_(None),
    )
)
# Asked at every sign-in, whether there is such an account or not.
BY_NAME = select(
    *_ACTOR,
    Account.password_hash,
    Account.disabled_at,
    func.array(
        select(KnownOrigin.origin)
        .where(
            KnownOrigin.account_id == Account.id,
            KnownOrigin.origin == any_(bindparam("origins", type_=ARRAY(Text))),
        )
        .scalar_subquery(),
        type_=ARRAY(Text),
    ).label("known"),
).where(Account.username == bindparam("username"))
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
ALL = select(*_ACTOR, Account.disabled_at, _LAST_SEEN).order_by(Account.username)


def actor_of(row: Row[Any]) -> Actor:
    """Return the actor that a row of an account stands for."""
    return Actor(
        account_id=row.id,
        username=row.username,
        display_name=row.display_name,
        roles=frozenset(row.roles),
        crew_id=row.crew_id,
        language=row.language,
    )
