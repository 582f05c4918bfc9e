"""The chains: read, and edited by supervisors and administrators."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.escalation import chain_rows
from dispatch.escalation.chain_checks import faults
from dispatch.escalation.models import EscalationChain
from dispatch.escalation.types import ChainAnswer
from dispatch.escalation.types import ChainsAnswer
from dispatch.escalation.types import SetChain
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents import kinds
from dispatch.roles.rule_changes import RuleChanges


class ChainService:
    """Lists, sets and removes chains. Orders that are under way keep the one that they have."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, held: RuleChanges) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._held = held

    def everything(self, actor: Actor) -> ChainsAnswer:
        """Return all chains, that for all first."""
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            return {
                "chains": [chain_rows.chain_view(row) for row in chain_rows.everything(session)]
            }

    def set(self, actor: Actor, wanted: SetChain) -> ChainAnswer:
        """Set the chain of a kind and a priority, or add it; said again it changes nothing.

        Raises
        ------
        InvalidInput
            Naming each step that is wrong, or ``kind`` if there is no such kind.
        """
        actor.require(Permission.RULES_WRITE)
        wrong = faults(wanted)
        if wrong:
            raise InvalidInput(wrong)
        self._held.hold(actor, "chain.set", wanted)

        def work(session: Session) -> ChainAnswer:
            if wanted.kind is not None:
                kinds.known(session, wanted.kind)
            now = self._clock()
            row = self._row(session, wanted)
            values = {
                "answer_steps": [step.model_dump(mode="json") for step in wanted.answer_steps],
                "setting_out_steps": [
                    step.model_dump(mode="json") for step in wanted.setting_out_steps
                ],
                "rounds": wanted.rounds,
                "auto_reoffer": wanted.auto_reoffer,
            }
            if row is None:
                row = EscalationChain(kind=wanted.kind, priority=wanted.priority)
                session.add(row)
            elif all(getattr(row, name) == value for name, value in values.items()):
                return chain_rows.chain_view(row)
            for name, value in values.items():
                setattr(row, name, value)
            row.changed_at, row.changed_by = now, actor.display_name
            session.flush()
            answer = chain_rows.chain_view(row)
            events.append(session, EventKind.CHAIN_CHANGED, actor, at=now, data=dict(answer))
            return answer

        return self._work.run(work)

    def remove(self, actor: Actor, chain_id: int) -> ChainAnswer:
        """Remove a chain: orders take the next one that fits them.

        Raises
        ------
        Conflict
            ``last_chain`` of the one that is for every kind and priority.
        """
        actor.require(Permission.RULES_WRITE)
        self._held.hold(actor, "chain.remove", None, chain_id)

        def work(session: Session) -> ChainAnswer:
            row = session.get(EscalationChain, min(chain_id, LARGEST_ID), with_for_update=True)
            if row is None:
                raise NotFound.thing("chain", chain_id)
            if row.kind is None and row.priority is None:
                message = N_("This chain is for all that has none of its own: change it instead.")
                raise Conflict("last_chain", message)
            answer = chain_rows.chain_view(row)
            session.delete(row)
            session.flush()
            now = self._clock()
            events.append(session, EventKind.CHAIN_REMOVED, actor, at=now, data=dict(answer))
            return answer

        return self._work.run(work)

    @staticmethod
    def _row(session: Session, wanted: SetChain) -> EscalationChain | None:
        query = select(EscalationChain).where(
            EscalationChain.kind.is_not_distinct_from(wanted.kind),
            EscalationChain.priority.is_not_distinct_from(wanted.priority),
        )
        return session.scalar(query.with_for_update())
