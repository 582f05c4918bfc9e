"""Which orders went to another crew than the recommended one, what that cost, and why."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.assignments.models import Decision
from dispatch.assignments.models import OverrideExplanation
from dispatch.assignments.types import OverrideAnswer
from dispatch.core.sql_expressions import any_of
from dispatch.events.unseen_crews import without_unseen_names

_OVERRIDES = (
    select(
        Decision.assignment_id,
        Decision.candidates["override"].label("override"),
        OverrideExplanation,
    )
    .outerjoin(OverrideExplanation, OverrideExplanation.assignment_id == Decision.assignment_id)
    .where(any_of(Decision.assignment_id, "ids"), Decision.candidates.has_key("override"))
)


def of_assignments(session: Session, ids: Collection[int]) -> dict[int, OverrideAnswer]:
    """Return the overrides among some orders, by their ids."""
    if not ids:
        return {}
    found: dict[int, OverrideAnswer] = {}
    rows = session.execute(_OVERRIDES, {"ids": list(ids)}).all()
    kept = without_unseen_names(session, [row.override for row in rows])
    for (assignment_id, _, said), override in zip(rows, kept, strict=True):
        found[assignment_id] = {
            "recommended_crew_id": override["recommended_crew_id"],
            "recommended_crew_name": override.get("recommended_crew_name", ""),
            "cost_s": override["cost_s"],
            "code": said.code if said else None,
            "name_en": said.name_en if said else None,
            "name_zh": said.name_zh if said else None,
            "words": said.words if said else None,
            "said_by": said.said_by if said else None,
        }
    return found
