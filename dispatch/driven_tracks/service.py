"""What was driven for an order, and how quickly roads are driven by class and hour."""

import json
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from sqlalchemy import func
from sqlalchemy import select

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.driven_tracks import track_rows
from dispatch.driven_tracks.hour_bands import observed_speeds
from dispatch.driven_tracks.models import DrivenTrack
from dispatch.driven_tracks.types import DrivenTrackAnswer
from dispatch.driven_tracks.types import ObservedSpeedsAnswer

_DIGITS = 6


class DrivenTrackService:
    """Reads driven tracks; they are made by jobs."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        present_factor: Callable[[str, int], float],
        time_zone: str,
    ) -> None:
        """Know where they are.

        Parameters
        ----------
        present_factor
            Of a road class in an hour of the week.
        """
        self._work = unit_of_work
        self._clock = clock
        self._present_factor = present_factor
        self._time_zone = time_zone

    def of_order(self, actor: Actor, assignment_id: int) -> DrivenTrackAnswer:
        """Return what was driven for one order.

        Raises
        ------
        NotAllowed
            Without the permission to replay what happened.
        NotFound
            If it has not ended, is too old, or is not seen.
        """
        actor.require(Permission.REPLAY_READ)
        query = select(DrivenTrack, func.ST_AsGeoJSON(DrivenTrack.line, _DIGITS)).where(
            DrivenTrack.assignment_id == assignment_id
        )
        with self._work.reading() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound.thing("driven_track", assignment_id)
        track, line = row
        return {
            "assignment_id": track.assignment_id,
            "crew_id": track.crew_id,
            "from_at": instant(track.from_at),
            "until_at": instant(track.until_at),
            "driven_m": round(track.driven_m, 1),
            "matched_share": round(track.matched_share, 4),
            "fixes": track.fixes,
            "line": None if line is None else json.loads(line),
            "stops": track.stops,
            "gaps": track.gaps,
            "predicted_s": track.predicted_s,
            "actual_s": track.actual_s,
        }

    def speeds(self, actor: Actor, days: int = 90) -> ObservedSpeedsAnswer:
        """Return observed speeds of the last days beside the present factors.

        Raises
        ------
        NotAllowed
            Without the permission to change settings.
        """
        actor.require(Permission.SETTING_WRITE)
        since = self._clock() - timedelta(days=days)
        times = select(DrivenTrack.predicted_s, DrivenTrack.actual_s).where(
            DrivenTrack.until_at >= since, DrivenTrack.predicted_s > 0, DrivenTrack.actual_s > 0
        )
        with self._work.reading() as session:
            seen = track_rows.observations(session, since)
            ratios = [
                actual_s / predicted_s
                for predicted_s, actual_s in session.execute(times)
                if predicted_s and actual_s
            ]
        return {
            "speeds": [
                {
                    "road_class": each.road_class,
                    "days": list(each.band.days),
                    "from_hour": each.band.from_hour,
                    "until_hour": each.band.until_hour,
                    "drives": each.drives,
                    "driven_m": round(each.driven_m, 1),
                    "observed": each.observed,
                    "present": each.present,
                    "present_error": round(each.present_error, 4),
                    "observed_error": round(each.observed_error, 4),
                    "enough": each.enough,
                }
                for each in observed_speeds(seen, self._present_factor)
            ],
            "drives": len({each.drive for each in seen}),
            "time_zone": self._time_zone,
            "predicted_error": round(median(ratios) - 1.0, 4) if ratios else None,
        }
