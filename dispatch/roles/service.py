"""Roles and their permissions: read, added, changed, removed, each with its event in the log.

What a role permits is looked up with every request, so a change holds from the next one on; open
live streams are looked up again when their worker reads the event.
"""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete
from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.access.permissions import Role
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.roles import administrators
from dispatch.roles import granting
from dispatch.roles.models import RolePermission
from dispatch.roles.models import RoleRow
from dispatch.roles.types import AddRole
from dispatch.roles.types import ChangeRolePermissions
from dispatch.roles.types import RoleAnswer
from dispatch.roles.types import RolesAnswer
from dispatch.units.models import OrganisationUnit

_NOBODY_LEFT = N_("Nobody could manage accounts and roles any more: give that to others first.")
_IN_USE = N_("%(role)s is still the role of %(n)s accounts.")
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


class AccessRoles:
    """What can be done with roles."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> RolesAnswer:
        """Return all roles, the shipped ones first."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            roles = sorted(session.scalars(select(RoleRow)), key=_place)
            granted = _permissions_by_role(session)
            used = _accounts_by_role(session)
        return {"roles": [_answer(actor, each, granted, used) for each in roles]}

    def add(self, actor: Actor, wanted: AddRole) -> RoleAnswer:
        """Add a role.

        Raises
        ------
        NotAllowed
            If it permits more than the actor may do.
        Conflict
            ``name_taken``.
        """
        actor.require(Permission.ROLE_WRITE)
        granting.require_has_all(actor, wanted.permissions)
        try:
            with self._work.writing() as session:
                company_id = _company_for(session, actor, wanted.company_id)
                code = wanted.code or _code_of(wanted.name_en, company_id)
                role = RoleRow(
                    code=code,
                    company_id=company_id,
                    name_en=wanted.name_en,
                    name_zh=wanted.name_zh,
                    shipped=False,
                )
                session.add(role)
                session.flush()
                _put(session, code, wanted.permissions)
                data = {"role": code, "permissions": sorted(set(wanted.permissions))}
                events.append(session, EventKind.ROLE_ADDED, actor, at=self._clock(), data=data)
                return _answer(actor, role, _permissions_by_role(session), {})
        except IntegrityError as error:
            raise _name_taken(wanted.name_en) from error

    def change(self, actor: Actor, code: str, wanted: ChangeRolePermissions) -> RoleAnswer:
        """Change what a role is called and what it permits; what holds already is no change.

        Raises
        ------
        NotAllowed
            If it takes or gives what the actor may not do.
        Conflict
            ``last_administrator`` or ``name_taken``.
        """
        actor.require(Permission.ROLE_WRITE)
        try:
            with (
                self._work.writing() as session,
                administrators.one_stays(session, _NOBODY_LEFT),
            ):
                role = _locked(session, actor, code)
                data = _renamed(role, wanted)
                if wanted.permissions is not None:
                    data |= _repermitted(session, actor, code, wanted.permissions)
                session.flush()
                if data:
                    said = {"role": code, **data}
                    events.append(
                        session, EventKind.ROLE_CHANGED, actor, at=self._clock(), data=said
                    )
                granted, used = _permissions_by_role(session), _accounts_by_role(session)
                return _answer(actor, role, granted, used)
        except IntegrityError as error:
            raise _name_taken(wanted.name_en or code) from error

    def remove(self, actor: Actor, code: str) -> None:
        """Remove a role that no account has.

        Raises
        ------
        Conflict
            ``role_shipped`` or ``role_in_use``.
        """
        actor.require(Permission.ROLE_WRITE)
        with self._work.writing() as session:
            administrators.take_turn(session)
            role = _locked(session, actor, code)
            if role.shipped:
                message = N_("%(role)s is shipped: it can be changed, but not removed.")
                raise Conflict("role_shipped", message, {"role": code})
            granting.require_has_all(actor, granting.permissions_of(session, [code]))
            query = select(func.count()).where(AccountRole.role == code)
            used = session.scalar(query) or 0
            if used:
                raise Conflict("role_in_use", _IN_USE, {"role": code, "n": used})
            session.delete(role)
            session.flush()
            events.append(
                session, EventKind.ROLE_REMOVED, actor, at=self._clock(), data={"role": code}
            )


def _place(role: RoleRow) -> tuple[int, str]:
    """Return where a role stands: the shipped ones first, in the order of the code."""
    shipped = [str(each) for each in Role]
    return (shipped.index(role.code) if role.code in shipped else len(shipped), role.name_en)


def _locked(session: Session, actor: Actor, code: str) -> RoleRow:
    role = session.get(RoleRow, code)
    if role is None:
        raise NotFound.thing("role", code)
    if not _is_own(actor, role.company_id):
        message = N_("%(role)s is a role of others too: who administers them all changes it.")
        raise NotAllowed(message, {"role": code})
    return session.get_one(
        RoleRow, code, with_for_update={"key_share": True}, populate_existing=True
    )


def _is_own(actor: Actor, company_id: int | None) -> bool:
    """Return whether a role is the actor's to change: everybody's is the root's alone."""
    return actor.scope.everything or company_id in actor.scope.units


def _company_for(session: Session, actor: Actor, wanted: int | None) -> int | None:
    """Return the company of a new role; None if it holds everywhere."""
    if wanted is None and actor.scope.everything:
        return None
    if wanted is None:
        query = select(OrganisationUnit.company_id).where(OrganisationUnit.id == actor.unit_id)
        wanted = session.scalar(query)
    query = select(OrganisationUnit.company_id).where(OrganisationUnit.id == wanted)
    if wanted is None or session.scalar(query) != wanted or not _is_own(actor, wanted):
        message = N_("must be a company that you administer as a whole")
        raise InvalidInput.one("company_id", message)
    return wanted


def _renamed(role: RoleRow, wanted: ChangeRolePermissions) -> dict[str, Any]:
    """Write other names to a role and return those that it did not have."""
    names = {
        name: value
        for name, value in (("name_en", wanted.name_en), ("name_zh", wanted.name_zh))
        if value is not None and getattr(role, name) != value
    }
    for name, value in names.items():
        setattr(role, name, value)
    return names


def _repermitted(
    session: Session, actor: Actor, code: str, permissions: Collection[str]
) -> dict[str, Any]:
    """Write other permissions of a role and return which it got and which it lost."""
    before, after = granting.permissions_of(session, [code]), set(permissions)
    granting.require_has_all(actor, before ^ after)
    if before == after:
        return {}
    session.execute(delete(RolePermission).where(RolePermission.role == code))
    _put(session, code, after)
    return {"gave": sorted(after - before), "took": sorted(before - after)}


def _put(session: Session, code: str, permissions: Collection[str]) -> None:
    rows = [{"role": code, "permission": str(each)} for each in sorted(set(permissions))]
    if rows:
        session.execute(insert(RolePermission), rows)


def _permissions_by_role(session: Session) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in session.execute(select(RolePermission.role, RolePermission.permission)):
        found.setdefault(row.role, set()).add(row.permission)
    return found


def _accounts_by_role(session: Session) -> dict[str, int]:
    query = (
        select(AccountRole.role, func.count().label("n"))
        .join(Account, Account.id == AccountRole.account_id)
        .where(Account.disabled_at.is_(None))
        .group_by(AccountRole.role)
    )
    return {row.role: row.n for row in session.execute(query)}


def _answer(
    actor: Actor, role: RoleRow, granted: dict[str, set[str]], used: dict[str, int]
) -> RoleAnswer:
    return {
        "code": role.code,
        "name_en": role.name_en,
        "name_zh": role.name_zh,
        "shipped": role.shipped,
        "company_id": role.company_id,
        # In the order of the code; what an older or newer release permits is left out.
        "permissions": [each.value for each in Permission if each in granted.get(role.code, ())],
        "accounts": used.get(role.code, 0),
        "editable": actor.may(Permission.ROLE_WRITE) and _is_own(actor, role.company_id),
    }


def _code_of(name: str, company_id: int | None) -> str:
    """Return a code made from a name; a company's own, so that it betrays no other's."""
    whose = "" if company_id is None else f"_{company_id}"
    code = _NOT_A_LETTER.sub("_", name.lower()).strip("_")[:40] + whose
    if not code or not code[0].isalpha():
        raise InvalidInput.one("code", N_("is needed: the English name has no letters"))
    return code


def _name_taken(name: str) -> Conflict:
    message = N_("There is already a role named %(name)s.")
    return Conflict("name_taken", message, {"name": name})
