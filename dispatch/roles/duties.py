"""Duties kept apart: roles that exclude each other, and matters that need two people."""

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm import aliased

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
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
from dispatch.roles.models import RoleExclusion
from dispatch.roles.models import Separation
from dispatch.roles.types import DemandSeparation
from dispatch.roles.types import DutiesAnswer
from dispatch.roles.types import SetExclusions


class DutyService:
    """What can be kept apart."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> DutiesAnswer:
        """Return which roles exclude each other, and which matters need two people."""
        actor.require(Permission.ACCOUNT_READ)
        with self._work.reading() as session:
            return _duties(session)

    def set_exclusions(self, actor: Actor, wanted: SetExclusions) -> DutiesAnswer:
        """Set the pairs of roles that no account may have together.

        Raises
        ------
        InvalidInput
            If a pair is one role, or names one that there is not.
        Conflict
            ``roles_together`` if an account has both of a pair, with its name.
        """
        _require_all(actor)
        pairs = {tuple(sorted((each.role, each.other))) for each in wanted.pairs}
        if any(one == other for one, other in pairs):
            raise InvalidInput.one("pairs", N_("must name two different roles"))
        rows = [{"role": one, "other": other} for one, other in sorted(pairs)]
        try:
            with self._work.writing() as session:
                # Whoever gives roles waits, and then finds the new pairs.
                administrators.take_turn(session)
                session.execute(delete(RoleExclusion))
                if rows:
                    session.execute(insert(RoleExclusion), rows)
                _refuse_together(session)
                events.append(
                    session,
                    EventKind.ROLE_EXCLUSIONS_CHANGED,
                    actor,
                    at=self._clock(),
                    data={"pairs": [[one, other] for one, other in sorted(pairs)]},
                )
                return _duties(session)
        except IntegrityError as error:
            raise InvalidInput.one("pairs", N_("names a role that there is not")) from error

    def demand(self, actor: Actor, matter: str, wanted: DemandSeparation) -> DutiesAnswer:
        """Demand that a matter is entered and approved by two people, or no longer."""
        _require_all(actor)
        with self._work.writing() as session:
            row = session.get(Separation, matter, with_for_update=True)
            if row is None:
                raise NotFound.thing("matter", matter)
            if row.demanded != wanted.demanded:
                row.demanded = wanted.demanded
                data = {"matter": matter, "demanded": wanted.demanded}
                events.append(
                    session, EventKind.SEPARATION_CHANGED, actor, at=self._clock(), data=data
                )
            session.flush()
            return _duties(session)


def _require_all(actor: Actor) -> None:
    """Raise an error unless the actor changes roles, and those of all units: these hold for all."""
    actor.require(Permission.ROLE_WRITE)
    if not actor.scope.everything:
        raise NotAllowed(N_("This holds for all companies: who administers them all changes it."))


def _refuse_together(session: Session) -> None:
    one, other = aliased(AccountRole), aliased(AccountRole)
    query = (
        select(Account.username, RoleExclusion.role, RoleExclusion.other)
        .join(one, one.account_id == Account.id)
        .join(other, other.account_id == Account.id)
        .join(RoleExclusion, (RoleExclusion.role == one.role) & (RoleExclusion.other == other.role))
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is not None:
        message = N_("%(name)s has both %(role)s and %(other)s: take one of them away first.")
        params = {"name": found.username, "role": found.role, "other": found.other}
        raise Conflict("roles_together", message, params)


def _duties(session: Session) -> DutiesAnswer:
    pairs = session.scalars(select(RoleExclusion).order_by(RoleExclusion.role, RoleExclusion.other))
    matters = session.scalars(select(Separation).order_by(Separation.matter))
    return {
        "exclusions": [{"role": each.role, "other": each.other} for each in pairs],
        "separations": [
            {
                "matter": each.matter,
                "enters": each.enters,
                "approves": each.approves,
                "demanded": each.demanded,
            }
            for each in matters
        ],
    }
