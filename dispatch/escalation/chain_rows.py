"""The table of chains: the one that fits an order, and a chain as the API shows it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.escalation.models import EscalationChain
from dispatch.escalation.states import StepAction
from dispatch.escalation.states import StepRule
from dispatch.escalation.types import ChainAnswer
from dispatch.escalation.types import ChainStepAnswer

# Of those that fit: kind and priority, then the kind, then the priority, then the one for all.
_CLOSEST_FIRST = (
    EscalationChain.kind.is_(None),
    EscalationChain.priority.is_(None),
)


def fitting(session: Session, kind: str, priority: int) -> dict[str, Any]:
    """Return the chain of an order for an incident, ready to be frozen into it."""
    query = (
        select(EscalationChain)
        .where(
            or_(EscalationChain.kind == kind, EscalationChain.kind.is_(None)),
            or_(EscalationChain.priority == priority, EscalationChain.priority.is_(None)),
        )
        .order_by(*_CLOSEST_FIRST)
        .limit(1)
    )
    chain = session.scalars(query).one()  # the one for all is never removed
    return {
        "chain_id": chain.id,
        "answer": chain.answer_steps,
        "setting_out": chain.setting_out_steps,
        "rounds": chain.rounds,
        "auto_reoffer": chain.auto_reoffer,
    }


def everything(session: Session) -> Sequence[EscalationChain]:
    """Return all chains, that for all first."""
    query = select(EscalationChain).order_by(
        func.coalesce(EscalationChain.kind, ""), func.coalesce(EscalationChain.priority, 0)
    )
    return session.scalars(query).all()


def rules(stored: Sequence[dict[str, Any]]) -> list[StepRule]:
    """Return steps as they are stored, as rules."""
    return [StepRule.of(each) for each in stored]


def chain_view(chain: EscalationChain) -> ChainAnswer:
    """Return a chain as the API shows it."""
    return {
        "id": chain.id,
        "kind": chain.kind,
        "priority": chain.priority,
        "answer_steps": _steps(chain.answer_steps),
        "setting_out_steps": _steps(chain.setting_out_steps),
        "rounds": chain.rounds,
        "auto_reoffer": chain.auto_reoffer,
        "changed_at": instant(chain.changed_at),
        "changed_by": chain.changed_by,
    }


def _steps(stored: Sequence[dict[str, Any]]) -> list[ChainStepAnswer]:
    return [
        {"action": StepAction(each["action"]), "wait_s": float(each["wait_s"])} for each in stored
    ]
