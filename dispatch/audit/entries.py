"""Write entries of the trail that no trigger can write: sign-ins and exports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEntry
from dispatch.audit.states import TrailKind


def write_entry(
    session: Session,
    kind: TrailKind,
    action: str,
    *,
    at: datetime,
    actor_id: int | None,
    actor: str,
    subject: str,
    subject_id: str = "",
    unit_id: int | None = None,
    said: Mapping[str, Any] | None = None,
) -> None:
    """Write an entry; it takes its place in the chain when the transaction commits.

    Parameters
    ----------
    unit_id
        Whose auditors see it; whoever acts belongs there, or the unit of the transaction.
    said
        What is to be known of it, as new values; no secrets.
    """
    session.execute(
        # Inline: asked for the new number, the policies would have to show whoever writes the row.
        insert(AuditEntry)
        .inline()
        .values(
            at=at,
            kind=kind.value,
            action=action,
            actor_id=actor_id,
            actor=actor,
            subject=subject,
            subject_id=subject_id,
            unit_id=func.home_unit() if unit_id is None else unit_id,
            after=dict(said or {}) or None,
        )
    )
