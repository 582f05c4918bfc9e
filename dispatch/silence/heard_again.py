"""Wakes the worker as soon as a silent crew is heard: its alarm ends then, not a minute later."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY
from sqlalchemy import BigInteger
from sqlalchemy import bindparam
from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatch.deadlines.deadline_rows import CHANNEL
from dispatch.deadlines.states import DeadlineKind
from dispatch.positions.stored_fixes import Report
from dispatch.positions.stored_fixes import Stored

# Silent crews are few, and mostly none: whoever stores positions pays for one look at an index.
_HURRY = text("""
    UPDATE deadline SET due_at = :now, next_at = :now
    FROM crew_silence AS silence
    WHERE silence.crew_id = ANY (:crew_ids) AND deadline.crew_id = silence.crew_id
        AND deadline.kind = :kind AND deadline.done_at IS NULL AND deadline.next_at > :now
""").bindparams(bindparam("crew_ids", type_=ARRAY(BigInteger)))


def hurry(
    session: Session, reports: Sequence[Report], found: Sequence[Stored], now: datetime
) -> None:
    """Have silent crews of a batch looked after at once."""
    del found  # a crew with a refused fix is heard, too
    told = {
        "crew_ids": sorted({report.crew_id for report in reports}),
        "kind": DeadlineKind.CREW_SILENT.value,
        "now": now,
    }
    if session.execute(_HURRY, told).rowcount:  # type: ignore[attr-defined]  # a cursor's result
        session.execute(select(func.pg_notify(CHANNEL, "")))
