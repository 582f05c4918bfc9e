"""Who must have a second factor: by role, with a time until which setting one up may wait."""

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.models import Account
from dispatch.accounts.models import AccountRole
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.factors.factor_rows import has_factor
from dispatch.factors.models import FactorRule
from dispatch.factors.types import FactorRuleAnswer
from dispatch.factors.types import FactorRulesAnswer
from dispatch.factors.types import SetFactorRule
from dispatch.roles.models import RoleRow

_ROLES = select(RoleRow.code).order_by(RoleRow.shipped.desc(), RoleRow.code)


class FactorRuleService:
    """Reads and sets the rules."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor) -> FactorRulesAnswer:
        """Return what is demanded of each role, and how far it is fulfilled."""
        actor.require(Permission.SECURITY_WRITE)
        counts = (
            select(
                AccountRole.role,
                func.count().label("accounts"),
                func.count().filter(has_factor()).label("with_factor"),
            )
            .join(Account, Account.id == AccountRole.account_id)
            .where(Account.disabled_at.is_(None))
            .group_by(AccountRole.role)
        )
        with self._work.reading() as session:
            roles = session.scalars(_ROLES).all()
            rules = {each.role: each for each in session.scalars(select(FactorRule))}
            counted = {row.role: row for row in session.execute(counts)}
        answers: list[FactorRuleAnswer] = []
        for role in roles:
            rule, count = rules.get(role), counted.get(role)
            answers.append(
                {
                    "role": role,
                    "required": rule is not None and rule.required,
                    "grace_until": instant(rule.grace_until) if rule is not None else None,
                    "accounts": count.accounts if count is not None else 0,
                    "with_factor": count.with_factor if count is not None else 0,
                }
            )
        return {"rules": answers}

    def set(self, actor: Actor, role: str, wanted: SetFactorRule) -> FactorRuleAnswer:
        """Demand a second factor of a role, or do so no longer.

        Nobody is signed out: whoever has none is led to set one up at the next sign-in.

        Raises
        ------
        NotFound
            If there is no such role.
        """
        actor.require(Permission.SECURITY_WRITE)
        now = self._clock()
        grace_until = wanted.grace_until if wanted.required else None
        values = {
            "required": wanted.required,
            "grace_until": grace_until,
            "updated_at": now,
            "updated_by": actor.display_name,
        }
        stored = insert(FactorRule).values(role=role, **values)
        with self._work.writing() as session:
            if role not in session.scalars(_ROLES).all():
                raise NotFound.thing("role", role)
            session.execute(stored.on_conflict_do_update(index_elements=["role"], set_=values))
            data = {
                "role": role,
                "required": wanted.required,
                "grace_until": instant(grace_until),
            }
            events.append(session, EventKind.FACTOR_RULE_SET, actor, at=now, data=data)
        return next(each for each in self.list(actor)["rules"] if each["role"] == role)
