"""Who reported an incident, by telephone number: one person may have called more than once."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.incidents.models import IncidentReport
from dispatch.incidents.types import CallBackAnswer
from dispatch.merging.models import ReportCallBack

NUMBER: Any = func.regexp_replace(IncidentReport.caller_phone, "[^0-9+]", "", "g")
"""A telephone number as two of them are compared."""


def count_to_call_back(session: Session, incident_ids: Collection[int]) -> int:
    """Return how many people left a number and were not called back since they last called."""
    last_told_at = func.max(IncidentReport.told_at)
    last_called_at = func.max(ReportCallBack.called_at)
    waiting = (
        select(NUMBER)
        .outerjoin(ReportCallBack, ReportCallBack.report_id == IncidentReport.id)
        .where(IncidentReport.incident_id.in_(incident_ids), NUMBER != "")
        .group_by(NUMBER)
        .having(or_(last_called_at.is_(None), last_called_at < last_told_at))
    )
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def call_back_view(call: ReportCallBack | None) -> CallBackAnswer | None:
    """Return a call back as the API shows it; None if nobody called, or the tick was taken away."""
    if call is None or call.called_at is None:
        return None
    return {
        "called_at": instant(call.called_at),
        "called_by": call.called_by,
        "note": call.note,
    }
