"""Rows of the outcomes of a kind: those offered, and one by its code."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.outcomes.models import Outcome
from dispatch.outcomes.states import ALWAYS_KNOWN
from dispatch.outcomes.states import Effect
from dispatch.outcomes.states import KnownOutcome
from dispatch.outcomes.types import OutcomeAnswer


def offered(session: Session, kind: str) -> list[OutcomeAnswer]:
    """Return the outcomes that are offered for a kind, in the order of the form."""
    query = (
        select(Outcome)
        .where(Outcome.kind == kind, Outcome.retired.is_(False))
        .order_by(Outcome.sort, Outcome.code)
    )
    return [outcome_view(each) for each in session.scalars(query)]


def known_outcome(session: Session, kind: str, code: str) -> KnownOutcome | None:
    """Return an outcome of a kind, also one that is retired; None if there never was one."""
    row = session.get(Outcome, (kind, code))
    if row is None:
        return ALWAYS_KNOWN.get(code)
    return KnownOutcome(row.code, Effect(row.effect), row.name_en, row.name_zh)


def outcome_view(row: Outcome) -> OutcomeAnswer:
    """Return an outcome as the API shows it."""
    return {
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "effect": Effect(row.effect),
    }
