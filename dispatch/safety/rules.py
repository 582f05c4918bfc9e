"""How often crews report at each kind of incident: read, and edited."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import kinds
from dispatch.incidents.models import IncidentKind
from dispatch.safety.models import CheckInRule
from dispatch.safety.states import WorkPlace
from dispatch.safety.types import CheckInRuleAnswer
from dispatch.safety.types import CheckInRulesAnswer
from dispatch.safety.types import SetCheckInRule


class CheckInRuleService:
    """Lists, sets and retires rules; what has begun goes on as it was begun."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def all(self, actor: Actor) -> CheckInRulesAnswer:
        """Return all rules that hold, in the order of the kinds."""
        actor.require(Permission.INCIDENT_READ)
        query = (
            select(CheckInRule)
            .join(IncidentKind, IncidentKind.code == CheckInRule.kind)
            .where(CheckInRule.retired.is_(False))
            .order_by(IncidentKind.sort, CheckInRule.place)
        )
        with self._work.reading() as session:
            return {"rules": [_view(rule) for rule in session.scalars(query)]}

    def set(
        self, actor: Actor, kind: str, place: WorkPlace, wanted: SetCheckInRule
    ) -> CheckInRuleAnswer:
        """Set how often crews report there; for those that arrive from now on.

        Raises
        ------
        InvalidInput
            If there is no such kind.
        """
        actor.require(Permission.RULES_WRITE)
        with self._work.writing() as session:
            kinds.known(session, kind)
            rule = session.get(CheckInRule, (kind, place.value), with_for_update=True)
            if rule is None:
                rule = CheckInRule(kind=kind, place=place.value)
                session.add(rule)
            rule.every_s, rule.grace_s = wanted.every_s, wanted.grace_s
            rule.supervisor_s, rule.retired = wanted.supervisor_s, False
            return self._told(session, actor, rule)

    def retire(self, actor: Actor, kind: str, place: WorkPlace) -> CheckInRuleAnswer:
        """Have crews report no longer there; said again it changes nothing.

        Raises
        ------
        NotFound
            If there never was such a rule.
        """
        actor.require(Permission.RULES_WRITE)
        with self._work.writing() as session:
            rule = session.get(CheckInRule, (kind, place.value), with_for_update=True)
            if rule is None:
                raise NotFound.thing("rule", f"{kind}/{place}")
            if rule.retired:
                return _view(rule)
            rule.retired = True
            return self._told(session, actor, rule)

    def _told(self, session: Session, actor: Actor, rule: CheckInRule) -> CheckInRuleAnswer:
        session.flush()
        view = _view(rule)
        events.append(
            session,
            EventKind.CHECK_IN_RULE_CHANGED,
            actor,
            at=self._clock(),
            data={**view, "retired": rule.retired},
        )
        return view


def _view(rule: CheckInRule) -> CheckInRuleAnswer:
    return {
        "kind": rule.kind,
        "place": WorkPlace(rule.place),
        "every_s": rule.every_s,
        "grace_s": rule.grace_s,
        "supervisor_s": rule.supervisor_s,
    }
