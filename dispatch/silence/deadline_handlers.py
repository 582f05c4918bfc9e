"""What happens when a crew on duty may have gone silent."""

from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import SYSTEM
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.deadlines import deadline_rows
from dispatch.deadlines.handlers import Due
from dispatch.deadlines.handlers import PlainHandler
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.positions.models import CrewPosition
from dispatch.safety.rings import Rings
from dispatch.silence import silence_rows
from dispatch.silence.models import CrewSilence
from dispatch.silence.states import Limits
from dispatch.silence.states import SilenceStep
from dispatch.silence.states import next_step
from dispatch.writes import row_locks


class SilenceHandler(PlainHandler):
    """Looks whether a crew is heard; alarms the desk and rings it if not, then the supervisor.

    Parameters
    ----------
    rings
        How crews and supervisors are reached beyond their pages.
    otherwise
        The limits of crews for whom no others are set.
    watches
        Whether crews are looked after at all in this installation.
    """

    def __init__(self, rings: Rings, otherwise: Limits, *, watches: bool = True) -> None:
        self._watches = watches
        self._rings = rings
        self._otherwise = otherwise

    def act(
        self,
        session: Session,
        due: Due,
        held: row_locks.Scope,  # noqa: ARG002  (the crew: that is enough)
        prepared: Any,  # noqa: ANN401, ARG002  (nothing is)
        now: datetime,
    ) -> None:
        """Take the step that is due, and have it looked again."""
        crew_id = due.crew_id or 0
        found = silence_rows.known(session, crew_id, now)
        if found is None or not self._watches:
            end(session, crew_id)
            return
        known, heard_at = found
        limits = silence_rows.limits(session, crew_id, self._otherwise)
        step, look_at = next_step(known, limits, now, due.due_at)
        if look_at is not None:
            deadline_rows.put_off(session, due.id, look_at, now)
        match step:
            case SilenceStep.NOTHING:
                pass
            case SilenceStep.END_WATCH:
                end(session, crew_id)
            case SilenceStep.ALARM:
                limit_s = known.limit_s(limits)
                session.add(
                    CrewSilence(
                        crew_id=crew_id,
                        heard_at=heard_at,
                        limit_s=limit_s,
                        alarmed_at=now,
                        escalate_at=now + timedelta(seconds=limits.supervisor_s),
                    )
                )
                self._rings.crew(session, now, crew_id=crew_id, assignment_id=None)
                told = {"heard_at": instant(heard_at), "limit_s": limit_s}
                _tell(session, EventKind.CREW_SILENT, crew_id, now, told)
            case SilenceStep.ESCALATE:
                session.get_one(CrewSilence, crew_id).escalated_at = now
                about = EventKind.CREW_SILENCE_ESCALATED
                self._rings.supervisor(
                    session, now, incident_id=None, assignment_id=None, about=about.value
                )
                _tell(session, about, crew_id, now, {"heard_at": instant(heard_at)})
            case SilenceStep.HEARD:
                end(session, crew_id)
                _tell(session, EventKind.CREW_HEARD_AGAIN, crew_id, now, {})


def end(session: Session, crew_id: int) -> None:
    """Forget that a crew is silent; its row is locked."""
    silence = session.get(CrewSilence, crew_id)
    if silence is not None:
        session.delete(silence)
        session.flush()


def _tell(
    session: Session, kind: EventKind, crew_id: int, now: datetime, data: Mapping[str, object]
) -> None:
    session.flush()
    events.append(
        session, kind, SYSTEM, at=now, crew_id=crew_id, data={**data, **_last(session, crew_id)}
    )


def _last(session: Session, crew_id: int) -> dict[str, object]:
    """Return where a crew was last, as far as that is known."""
    fix = session.execute(
        select(
            longitude(CrewPosition.point).label("lon"),
            latitude(CrewPosition.point).label("lat"),
            CrewPosition.fixed_at,
        ).where(CrewPosition.crew_id == crew_id)
    ).one_or_none()
    if fix is None:
        return {}
    return {"last_lonlat": [fix.lon, fix.lat], "fixed_at": instant(fix.fixed_at)}
