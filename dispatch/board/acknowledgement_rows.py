"""Acknowledgements of alarms as the API shows them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.alarms.models import AlarmAcknowledgement
from dispatch.alarms.states import AlarmKind
from dispatch.alarms.types import AcknowledgementAnswer
from dispatch.core.instants import instant


def latest(session: Session, ids: Collection[int]) -> dict[int, list[AcknowledgementAnswer]]:
    """Return for each incident, by its id, who has seen which of its alarms last."""
    query = (
        select(AlarmAcknowledgement)
        .where(AlarmAcknowledgement.incident_id.in_(ids))
        .order_by(AlarmAcknowledgement.id)
    )
    found: dict[int, dict[tuple[str, int | None], AcknowledgementAnswer]] = {}
    for row in session.scalars(query):
        of_incident = found.setdefault(row.incident_id, {})
        of_incident[row.alarm, row.assignment_id] = view(row)
    return {incident_id: list(each.values()) for incident_id, each in found.items()}


def view(row: AlarmAcknowledgement) -> AcknowledgementAnswer:
    """Return an acknowledgement at hand as the API shows it."""
    return {
        "alarm": AlarmKind(row.alarm),
        "incident_id": row.incident_id,
        "assignment_id": row.assignment_id,
        "by": row.acknowledged_by,
        "at": instant(row.acknowledged_at),
        "until": instant(row.quiet_until),
    }
