"""Swaps of shifts as the API shows them."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.instants import instant
from dispatch.shifts import shift_rows
from dispatch.shifts.models import Shift
from dispatch.shifts.models import ShiftSwap
from dispatch.shifts.states import SwapState
from dispatch.shifts.swap_rules import state_at
from dispatch.shifts.types import SwapAnswer


def swap_view(session: Session, row: ShiftSwap, zone: ZoneInfo, now: datetime) -> SwapAnswer:
    """Return one swap."""
    return swap_views(session, [row], zone, now)[0]


def swap_views(
    session: Session, rows: Sequence[ShiftSwap], zone: ZoneInfo, now: datetime
) -> list[SwapAnswer]:
    """Return swaps with their shifts, in the same order."""
    ids = {each for row in rows for each in (row.shift_id, row.for_shift_id) if each}
    stored = session.scalars(select(Shift).where(Shift.id.in_(ids))).all()
    begin = {each.id: each.begins_at for each in stored}
    shifts = {each["id"]: each for each in shift_rows.shift_views(session, stored, zone, now)}
    names = shift_rows.crew_names(
        session, {crew_id for row in rows for crew_id in (row.crew_id, row.with_crew_id)}
    )
    return [
        {
            "id": row.id,
            "state": state_at(
                SwapState(row.state),
                min(begin[each] for each in (row.shift_id, row.for_shift_id) if each),
                now,
            ),
            "crew_id": row.crew_id,
            "crew_name": names.get(row.crew_id, ""),
            "with_crew_id": row.with_crew_id,
            "with_crew_name": names.get(row.with_crew_id, ""),
            "shift": shifts[row.shift_id],
            "for_shift": shifts.get(row.for_shift_id or 0),
            "reason": row.reason,
            "asked_at": instant(row.asked_at),
            "asked_by": row.asked_by,
            "answered_at": instant(row.answered_at),
            "answered_by": row.answered_by,
            "decided_at": instant(row.decided_at),
            "decided_by": row.decided_by,
            "decision_reason": row.decision_reason,
        }
        for row in rows
    ]
