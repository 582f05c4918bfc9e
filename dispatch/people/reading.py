"""Accounts as administrators see them: one, a list of them, and what one may do."""

from typing import Any

from sqlalchemy import any_
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.account_columns import ROLES
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.accounts.models import Credential
from dispatch.accounts.models import Invitation
from dispatch.core import listing
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.people.changing import AccountKey
from dispatch.people.changing import named
from dispatch.people.types import AccessAnswer
from dispatch.people.types import OpenLinkAnswer
from dispatch.people.types import UserAnswer
from dispatch.people.types import UserListQuery
from dispatch.people.types import UsersAnswer
from dispatch.roles.administrators import NO_PASSWORD
from dispatch.roles.models import RolePermission
from dispatch.units.models import OrganisationUnit

SEEN_AT: Any = (
    select(func.max(Credential.seen_at))
    .where(Credential.account_id == Account.id)
    .scalar_subquery()
    .label("seen_at")
)
PEOPLE: Any = (
    select(
        Account,
        Crew.name.label("crew_name"),
        OrganisationUnit.name.label("unit_name"),
        ROLES,
        SEEN_AT,
        Invitation,
    )
    .outerjoin(OrganisationUnit, OrganisationUnit.id == Account.unit_id)
    .outerjoin(Crew, Crew.id == Account.crew_id)
    .outerjoin(Invitation, Invitation.account_id == Account.id)
)
_ALL = UserListQuery()
_LISTING = Listing(
    searched=(Account.username, Account.display_name),
    sorted_by={
        "username": Account.username,
        "display_name": Account.display_name,
        "unit_name": OrganisationUnit.name,
        "seen_at": SEEN_AT.element,
        "created_at": Account.created_at,
    },
    order="username",
    key=Account.id,
)


class PeopleReading:
    """What can be read of accounts."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, query: UserListQuery = _ALL) -> UsersAnswer:
        """Return accounts, all of them by user name if nothing else is asked."""
        actor.require(Permission.ACCOUNT_READ)
        has_role = select(AccountRole.account_id).where(AccountRole.role == query.role)
        below = select(OrganisationUnit.below).where(OrganisationUnit.id == query.unit_id)
        without = Account.password_hash == NO_PASSWORD
        rows = PEOPLE.where(
            all_of(
                Account.id.in_(has_role) if query.role else None,
                Account.unit_id == any_(below.scalar_subquery()) if query.unit_id else None,
                (Account.disabled_at.is_not(None) == query.disabled)
                if query.disabled is not None
                else None,
                (without != query.has_password) if query.has_password is not None else None,
            )
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _LISTING, query)
        return {"accounts": [user_answer(row) for row in found.rows], "total": found.total}

    def get(self, actor: Actor, key: AccountKey) -> UserAnswer:
        """Return one account."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            row = session.execute(PEOPLE.where(named(key))).one_or_none()
        if row is None:
            raise NotFound.thing("account", key)
        return user_answer(row)

    def access(self, actor: Actor, key: AccountKey) -> AccessAnswer:
        """Return what an account may do, and through which of its roles."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            account = session.scalar(select(Account).where(named(key)))
            if account is None:
                raise NotFound.thing("account", key)
            through = _permissions_through(session, account.id)
        return {
            "account_id": account.id,
            "username": account.username,
            "disabled": account.disabled_at is not None,
            "permissions": [
                {"permission": each.value, "roles": through[each.value]}
                for each in Permission
                if each.value in through
            ],
        }


def _permissions_through(session: Session, account_id: int) -> dict[str, list[str]]:
    query = (
        select(RolePermission.permission, RolePermission.role)
        .join(AccountRole, AccountRole.role == RolePermission.role)
        .where(AccountRole.account_id == account_id)
        .order_by(RolePermission.role)
    )
    through: dict[str, list[str]] = {}
    for row in session.execute(query):
        through.setdefault(row.permission, []).append(row.role)
    return through


def user_answer(row: Any) -> UserAnswer:  # noqa: ANN401  (a row of PEOPLE)
    """Return an account as the API shows it."""
    account: Account = row.Account
    return {
        "id": account.id,
        "username": account.username,
        "display_name": account.display_name,
        "roles": list(row.roles),
        "crew_id": account.crew_id,
        "crew_name": row.crew_name,
        "unit_id": account.unit_id,
        "unit_name": row.unit_name,
        "language": account.language,
        "disabled": account.disabled_at is not None,
        "has_password": account.password_hash != NO_PASSWORD,
        "link": None if row.Invitation is None else _link(row.Invitation),
        "created_at": instant(account.created_at),
        "seen_at": instant(row.seen_at),
    }


def _link(row: Invitation) -> OpenLinkAnswer:
    return {
        "purpose": row.purpose,
        "expires_at": instant(row.expires_at),
        "created_by": row.created_by,
        "address": row.address,
        "sent_at": instant(row.sent_at),
        "failure": row.failure,
    }
