"""Trackers with how they are, read inside a transaction; what is the matter with each."""

from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy import Integer
from sqlalchemy import Row
from sqlalchemy import Select
from sqlalchemy import and_
from sqlalchemy import case
from sqlalchemy import cast
from sqlalchemy import exists
from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select

from dispatch.core.instants import instant
from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.positions.models import CrewPosition
from dispatch.trackers.arrivals import filters_of
from dispatch.trackers.models import Tracker
from dispatch.trackers.models import TrackerState
from dispatch.trackers.states import INACCURATE_M
from dispatch.trackers.states import LOW_BATTERY_PCT
from dispatch.trackers.states import MANY_REFUSED
from dispatch.trackers.states import REFUSED_SHARE
from dispatch.trackers.states import Protocol
from dispatch.trackers.states import SpeedUnit
from dispatch.trackers.states import Trouble
from dispatch.trackers.types import TrackerAnswer
from dispatch.trackers.types import TrackerFiltersAnswer
from geodata.crs.datum import Datum

_RIGHT_AS_SENT: Final = ("duplicate", "off_duty", "too_near", "other_device")
"""Reasons that say nothing against a tracker."""


class TrackerReading:
    """The query of trackers with how they are at an instant.

    Parameters
    ----------
    now
        The instant.
    today
        Its day, in the installation's time zone.
    silent_after
        How long a tracker on duty may be unheard.
    """

    def __init__(self, now: datetime, today: date, silent_after: timedelta) -> None:
        state = TrackerState
        same_day = state.counted_on == today
        counted = func.jsonb_each_text(state.refused_today).table_valued("key", "value")
        refused = (
            select(func.coalesce(func.sum(cast(counted.c.value, Integer)), 0))
            .select_from(counted)
            .where(counted.c.key.not_in(_RIGHT_AS_SENT))
            .scalar_subquery()
        )
        self.refused: ColumnElement[int] = case((same_day, refused), else_=0)
        self.used: ColumnElement[int] = case((same_day, state.used_today), else_=0)
        on_duty = Crew.duty != Duty.OFF_DUTY.value
        self.troubles: dict[Trouble, ColumnElement[bool]] = {
            Trouble.NEVER_HEARD: state.heard_at.is_(None),
            Trouble.SILENT: func.coalesce(
                and_(on_duty, state.heard_at < now - silent_after), False
            ),
            Trouble.REFUSED: and_(
                self.refused >= MANY_REFUSED,
                self.refused >= REFUSED_SHARE * (self.refused + self.used),
            ),
            Trouble.INACCURATE: func.coalesce(state.accuracy_m > INACCURATE_M, False),
            Trouble.BATTERY: func.coalesce(
                and_(state.battery_pct < LOW_BATTERY_PCT, state.charging.is_not(True)), False
            ),
        }
        self.any_trouble = or_(*self.troubles.values())
        in_use = exists().where(
            CrewPosition.crew_id == Tracker.crew_id, CrewPosition.tracker_id == Tracker.id
        )
        self.rows: Select[*tuple[Any, ...]] = (
            select(
                Tracker,
                TrackerState,
                Crew.name.label("crew_name"),
                Crew.duty,
                self.used.label("used"),
                self.refused.label("refused"),
                same_day.label("same_day"),
                in_use.label("in_use"),
                *(condition.label(_has(trouble)) for trouble, condition in self.troubles.items()),
            )
            .join(TrackerState, TrackerState.tracker_id == Tracker.id)
            .join(Crew, Crew.id == Tracker.crew_id)
        )


def view(row: Row[Any]) -> TrackerAnswer:
    """Return one tracker as the API shows it."""
    tracker: Tracker = row.Tracker
    state: TrackerState = row.TrackerState
    refused = state.refused_today if row.same_day else {}
    fixes = row.used + row.refused
    return {
        "id": tracker.id,
        "crew_id": tracker.crew_id,
        "crew_name": row.crew_name,
        "duty": Duty(row.duty),
        "name": tracker.name,
        "protocol": Protocol(tracker.protocol),
        "datum": Datum(tracker.datum),
        "speed_unit": SpeedUnit(tracker.speed_unit),
        "filters": _filters(tracker),
        "made_at": instant(tracker.made_at),
        "made_by": tracker.made_by,
        "issued_at": instant(tracker.issued_at),
        "revoked_at": instant(tracker.revoked_at),
        "heard_at": instant(state.heard_at),
        "fixed_at": instant(state.fixed_at),
        "received_at": instant(state.received_at),
        "moved_at": instant(state.moved_at),
        "accuracy_m": state.accuracy_m,
        "battery_pct": state.battery_pct,
        "charging": state.charging,
        "used_today": row.used,
        "refused_today": dict(sorted(refused.items(), key=lambda each: -each[1])),
        "refused_share": round(row.refused / fixes, 3) if fixes else 0.0,
        "in_use": row.in_use,
        "troubles": [trouble for trouble in Trouble if getattr(row, _has(trouble))],
        "test": None
        if state.test_asked_at is None
        else {
            "asked_at": instant(state.test_asked_at),
            "answered_at": instant(state.test_answered_at),
        },
    }


def _has(trouble: Trouble) -> str:
    """Return the name of the column that says whether a tracker has a trouble."""
    return f"has_{trouble.value}"


def _filters(tracker: Tracker) -> TrackerFiltersAnswer:
    filters = filters_of(tracker.filters)
    return {
        "past_s": filters.past_s,
        "future_s": filters.future_s,
        "inaccurate_m": filters.inaccurate_m,
        "fastest_mps": filters.fastest_mps,
        "near_m": filters.near_m,
        "near_s": filters.near_s,
        "refuse_mock": filters.refuse_mock,
        "refuse_approximate": filters.refuse_approximate,
    }
