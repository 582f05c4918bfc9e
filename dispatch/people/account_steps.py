"""The single changes of an account, within a transaction: for one account, or for many at once."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlalchemy import insert

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts import account_units
from dispatch.accounts.models import AccountRole
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.events.kinds import EventKind
from dispatch.people.changing import Change
from dispatch.roles import granting


def disable(change: Change, actor: Actor) -> None:
    """Keep the account from signing in, and end its sign-ins."""
    if change.account.disabled_at is None:
        change.account.disabled_at = change.now
        change.forget_origins()
        change.end_sign_ins()
        change.append(EventKind.ACCOUNT_DISABLED, actor)


def enable(change: Change, actor: Actor) -> None:
    """Let the account sign in again."""
    if change.account.disabled_at is not None:
        change.account.disabled_at = None
        change.append(EventKind.ACCOUNT_ENABLED, actor)


def give_roles(
    change: Change, actor: Actor, wanted: Iterable[str], wanted_crew_id: int | None = None
) -> None:
    """Give the account these roles and no others; its sign-ins end, if that is a change.

    Raises
    ------
    InvalidInput
        If a crew's account would belong to no crew, or the roles are unknown or exclude each other.
    NotAllowed
        If the new roles permit more than the actor may do.
    Conflict
        ``unknown_crew``.
    """
    session, account = change.session, change.account
    roles = sorted(set(wanted))
    before = granting.roles_of_account(session, account.id)
    kept = account.crew_id if Role.CREW in roles else None
    crew_id = wanted_crew_id or kept
    if Role.CREW in roles and crew_id is None:
        raise InvalidInput.one("crew_id", N_("is required for a crew's account"))
    if (before, account.crew_id) == (roles, crew_id):
        return
    if crew_id is not None and crew_id != account.crew_id:
        account_units.unit_of_crew(session, actor, crew_id)
    account.crew_id = crew_id
    session.flush()  # the account goes to its crew's unit
    session.refresh(account, ["unit_id"])
    granting.require_grantable(session, actor, roles, account.unit_id)
    session.execute(delete(AccountRole).where(AccountRole.account_id == account.id))
    session.execute(
        insert(AccountRole), [{"account_id": account.id, "role": role} for role in roles]
    )
    change.end_sign_ins()
    change.append(EventKind.ACCOUNT_ROLES_CHANGED, actor, {"from": before, "roles": roles})


def add_role(change: Change, actor: Actor, role: str) -> None:
    """Give the account one role more."""
    have = granting.roles_of_account(change.session, change.account.id)
    give_roles(change, actor, [*have, role])


def take_role(change: Change, actor: Actor, role: str) -> None:
    """Take one role from the account, unless it is its only one.

    Raises
    ------
    Conflict
        ``only_role``: an account without roles is disabled instead.
    """
    have = granting.roles_of_account(change.session, change.account.id)
    if have == [role]:
        message = N_("%(name)s has no other role: disable the account instead.")
        raise Conflict("only_role", message, {"name": change.account.username})
    give_roles(change, actor, [each for each in have if each != role])


def move(change: Change, actor: Actor, unit_id: int) -> None:
    """Move the account to another unit; its sign-ins end, for it sees other rows from now on.

    Raises
    ------
    InvalidInput
        On ``unit_id``, if it is none of the actor's; on ``roles``, if one of the account's is no
        role there.
    Conflict
        ``follows_crew`` if it is a crew's: it goes where the crew goes.
    """
    session, account = change.session, change.account
    account_units.require_own(session, actor, unit_id)
    before = account.unit_id
    if before == unit_id:
        return
    if account.crew_id is not None:
        message = N_("%(name)s belongs to a crew and goes where the crew goes.")
        raise Conflict("follows_crew", message, {"name": account.username})
    roles = granting.roles_of_account(session, account.id)
    known = set(session.scalars(granting.of_unit(unit_id)))
    for role in roles:
        if role not in known:
            raise InvalidInput.one("roles", N_("%(role)s is no role there"), role=role)
    account.unit_id = unit_id
    change.end_sign_ins()
    change.append(EventKind.ACCOUNT_MOVED, actor, {"from": before, "unit_id": unit_id})
