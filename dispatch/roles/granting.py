"""What an actor may give to an account: nothing that the actor lacks, nothing that excludes.

Whoever could give more than they have could give it to themselves; and whoever could change the
password of somebody who may do more could sign in as them.
"""

from collections.abc import Collection
from collections.abc import Iterable

from sqlalchemy import Select
from sqlalchemy import any_
from sqlalchemy import literal
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import OWN
from dispatch.access.permissions import Actor
from dispatch.accounts.models import AccountRole
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.roles.models import RoleExclusion
from dispatch.roles.models import RolePermission
from dispatch.roles.models import RoleRow
from dispatch.units.models import OrganisationUnit


def require_grantable(session: Session, actor: Actor, roles: Collection[str], unit_id: int) -> None:
    """Raise an error unless an actor may give these roles, and one account may have them all.

    Parameters
    ----------
    unit_id
        The unit of the account, which has its company's roles and those that hold everywhere.

    Raises
    ------
    InvalidInput
        On ``roles``, if one is unknown or two exclude each other.
    NotAllowed
        If they permit more than the actor may do.
    """
    known = set(session.scalars(of_unit(unit_id).where(RoleRow.code.in_(roles))))
    for role in sorted(roles):
        if role not in known:
            raise InvalidInput.one("roles", N_("There is no role %(id)s."), id=role)
    refuse_excluded(session, roles)
    require_has_all(actor, permissions_of(session, roles))


def of_unit(unit_id: int) -> Select[str]:
    """Return the statement of the roles that accounts of a unit may have."""
    companies = select(OrganisationUnit.company_id).where(
        literal(unit_id) == any_(OrganisationUnit.below)  # itself and all above it
    )
    return select(RoleRow.code).where(
        or_(RoleRow.company_id.is_(None), RoleRow.company_id.in_(companies))
    )


def require_has_all(actor: Actor, permissions: Iterable[str]) -> None:
    """Raise `NotAllowed` unless the actor has every one of these permissions.

    Those that concern nothing but one's own crew are no power over others: an administrator, who
    has no crew, gives them.
    """
    lacking = sorted(set(permissions) - actor.permissions - OWN)
    if lacking:
        message = N_("You cannot give or take what you may not do yourself: %(permission)s.")
        raise NotAllowed(message, {"permission": ", ".join(lacking)}, extra={"lacking": lacking})


def require_over(session: Session, actor: Actor, account_id: int) -> None:
    """Raise `NotAllowed` unless the actor may do all that an account may do."""
    lacking = sorted(permissions_of_account(session, account_id) - actor.permissions - OWN)
    if lacking:
        message = N_("This account may do more than yours; somebody who may do as much changes it.")
        raise NotAllowed(message, extra={"lacking": lacking})


def refuse_excluded(session: Session, roles: Collection[str]) -> None:
    """Raise `InvalidInput` on ``roles`` if two of them may not be in one hand."""
    query = select(RoleExclusion.role, RoleExclusion.other).where(
        RoleExclusion.role.in_(roles), RoleExclusion.other.in_(roles)
    )
    for pair in session.execute(query):
        message = N_("%(role)s and %(other)s may not be roles of one account")
        raise InvalidInput.one("roles", message, role=pair.role, other=pair.other)


def permissions_of(session: Session, roles: Collection[str]) -> set[str]:
    """Return what roles permit now."""
    query = select(RolePermission.permission).where(RolePermission.role.in_(roles))
    return set(session.scalars(query))


def permissions_of_account(session: Session, account_id: int) -> set[str]:
    """Return what an account may do now."""
    return permissions_of(session, roles_of_account(session, account_id))


def roles_of_account(session: Session, account_id: int) -> list[str]:
    """Return the roles of an account."""
    query = select(AccountRole.role).where(AccountRole.account_id == account_id)
    return sorted(session.scalars(query))
