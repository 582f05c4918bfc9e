"""Crews are looked after while they are on duty, and nobody off duty is."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.crews.models import Crew
from dispatch.crews.states import Duty
from dispatch.events.followers import Happened
from dispatch.events.kinds import EventKind
from dispatch.silence import silence_rows
from dispatch.silence.deadline_handlers import end
from dispatch.silence.states import Limits


class SilenceFollower:
    """Begins to look after a crew when it goes on duty, and ends it when it goes off.

    Parameters
    ----------
    otherwise
        The limits of crews for whom no others are set.
    """

    kinds = frozenset({EventKind.CREW_ADDED, EventKind.CREW_DUTY_CHANGED, EventKind.CREW_RETIRED})

    def __init__(self, otherwise: Limits) -> None:
        self._otherwise = otherwise

    def follow(self, session: Session, happened: Happened) -> None:
        """Set or cancel the deadline; the crew's row is locked, or new."""
        crew_id = happened.crew_id
        if crew_id is None:
            return
        if happened.kind is EventKind.CREW_DUTY_CHANGED:
            duty = happened.data["to"]
        elif happened.kind is EventKind.CREW_ADDED:
            duty = session.scalar(select(Crew.duty).where(Crew.id == crew_id))
        else:
            duty = Duty.OFF_DUTY
        if duty == Duty.OFF_DUTY:
            silence_rows.stop_looking(session, crew_id, happened.at)
            end(session, crew_id)
        else:
            limits = silence_rows.limits(session, crew_id, self._otherwise)
            due_at = happened.at + timedelta(seconds=limits.driving_s)
            silence_rows.look_at(session, crew_id, due_at, happened.at)
