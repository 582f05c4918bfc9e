"""The one note in the log of every export: who took which rows out, and how many."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.events import log as events
from dispatch.events.kinds import EventKind


def exported(
    session: Session,
    actor: Actor,
    subject: str,
    *,
    rows: int,
    filters: Mapping[str, Any],
    at: datetime,
    format_: str = "csv",
) -> None:
    """Note an export, before the first of its bytes leaves.

    Parameters
    ----------
    subject
        What was exported: ``crews``, ``incidents``.
    filters
        As they were asked for, without pages.
    """
    data = {"subject": subject, "rows": rows, "filter": dict(filters), "format": format_}
    events.append(session, EventKind.TABLE_EXPORTED, actor, at=at, data=data)
