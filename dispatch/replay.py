"""The past as it was: tracks, states and decisions of an incident, a crew or the whole board.

One answer holds everything that a page needs to play a period: it asks once and then only draws.
"""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import replay_rows as rows
from dispatch import tracks
from dispatch.actors import Actor
from dispatch.actors import Permission
from dispatch.errors import N_
from dispatch.errors import NotFound
from dispatch.fields import MAX_ID
from dispatch.fields import FieldReader
from dispatch.incident_rows import checked_id
from dispatch.replay_frames import Frame
from dispatch.tables import Crew
from dispatch.unit_of_work import UnitOfWork
from dispatch.views import Clock
from dispatch.views import instant

LONGEST = timedelta(hours=24)
LONGEST_OF_BOARD = timedelta(hours=2)
_CREW_DEFAULT = timedelta(hours=4)
_BOARD_DEFAULT = timedelta(minutes=30)
_BEFORE, _AFTER = timedelta(minutes=2), timedelta(minutes=2)
_DIGITS = 6
"""Of degrees: a tenth of a metre."""
Moment = datetime | str | None
Runner = Callable[..., Any]


class ReplayService:
    """Tells how it was."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, blocking: Runner) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._blocking = blocking

    def incident(
        self, actor: Actor, incident_id: int, from_: Moment = None, to: Moment = None
    ) -> dict[str, Any]:
        """Return how an incident went: from two minutes before it was pinned until it ended.

        Parameters
        ----------
        actor
            The desk.
        incident_id
            Which incident.
        from_, to
            Another period, of 24 hours at most.

        Returns
        -------
        replay
            ``incidents`` and ``crews`` with their ``frames`` (what each was from an instant on),
            crews with their ``track`` too; ``events``, ``decisions`` and ``photos`` of the
            incident. Coordinates are WGS 84, longitude first; the times of tracks are seconds
            after ``from``.
        """
        actor.require(Permission.INCIDENT_READ)
        with self._work.reading() as session:
            span = rows.span_of_incident(session, checked_id(incident_id))
            if span is None:
                raise NotFound.thing("incident", incident_id)
            began, ended = span
            now = self._clock()
            last = min(now, ended + _AFTER) if ended else now
            since, until = _period(from_, to, (began - _BEFORE, last), LONGEST)
            crew_ids = rows.crews_of_incident(session, incident_id, until)
            events = rows.events_of_incidents(session, [incident_id], since, until)
            about = {"kind": "incident", "id": incident_id}
            found = _read(session, (since, until), [incident_id], crew_ids)
        return self._answer(about, (since, until), found, events)

    def crew(
        self, actor: Actor, crew_id: int, from_: Moment = None, to: Moment = None
    ) -> dict[str, Any]:
        """Return where a crew was and what it did in a period, the last four hours by default.

        A crew sees itself, and of its incidents what it may know of them.
        """
        own = actor.crew_id == crew_id and actor.may(Permission.ASSIGNMENT_ACT_OWN)
        if not own:
            actor.require(Permission.INCIDENT_READ)
        now = self._clock()
        since, until = _period(from_, to, (now - _CREW_DEFAULT, now), LONGEST)
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, MAX_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            incident_ids = rows.incidents_of_crew(session, crew_id, since, until)
            events = rows.events_of_crews(session, [crew_id], since, until)
            about = {"kind": "crew", "id": crew_id}
            found = _read(session, (since, until), incident_ids, [crew_id])
        answer = self._answer(about, (since, until), found, events)
        return answer if actor.may(Permission.INCIDENT_READ) else _for_crew(answer, crew_id)

    def board(self, actor: Actor, from_: Moment = None, to: Moment = None) -> dict[str, Any]:
        """Return everything that happened in a period of two hours at most."""
        actor.require(Permission.INCIDENT_READ)
        now = self._clock()
        since, until = _period(from_, to, (now - _BOARD_DEFAULT, now), LONGEST_OF_BOARD)
        with self._work.reading() as session:
            crew_ids = list(session.scalars(select(Crew.id).where(Crew.created_at <= until)))
            incident_ids = rows.incidents_alive(session, since, until)
            events = rows.events_between(session, since, until)
            about = {"kind": "board", "id": None}
            found = _read(session, (since, until), incident_ids, crew_ids)
        return self._answer(about, (since, until), found, events)

    def _answer(
        self,
        about: Mapping[str, Any],
        period: tuple[datetime, datetime],
        found: "_Found",
        events: Iterable[Mapping[str, Any]],
    ) -> dict[str, Any]:
        since, until = period
        # No transaction waits while tracks are thinned, and nothing else in this worker does.
        thin, thinning = self._blocking(tracks.thin_tracks, list(found.fixes), found.every_s)
        drawn = {each.crew_id: each for each in thin}
        return {
            "server_time": instant(self._clock()),
            "about": dict(about),
            "from": instant(since),
            "to": instant(until),
            "incidents": [
                {**story.value, "frames": _frames(story.frames, since)} for story in found.incidents
            ],
            "crews": [
                {
                    **story.value,
                    "frames": _frames(story.frames, since),
                    "track": _track(drawn.get(story.value["id"]), since),
                }
                for story in found.crews
            ],
            "thinning": {"every_s": thinning.every_s, "tolerance_m": thinning.tolerance_m},
            "events": list(events),
            "decisions": found.decisions,
            "photos": found.photos,
        }


@dataclass(frozen=True, slots=True)
class _Found:
    """What the tables hold of a period."""

    incidents: list[rows.Story]
    crews: list[rows.Story]
    fixes: Collection[tracks.Fixes]
    every_s: float | None
    decisions: list[dict[str, Any]]
    photos: list[dict[str, Any]]


def _read(
    session: Session,
    period: tuple[datetime, datetime],
    incident_ids: Collection[int],
    crew_ids: Collection[int],
) -> _Found:
    since, until = period
    fixes, every_s = tracks.fixes_of(session, crew_ids, since, until)
    return _Found(
        incidents=rows.incident_stories(session, incident_ids, until),
        crews=rows.crew_stories(session, crew_ids, since, until),
        fixes=fixes.values(),
        every_s=every_s,
        decisions=rows.decisions(session, incident_ids, since, until),
        photos=rows.photos(session, incident_ids, since, until),
    )


def _period(
    from_: Moment, to: Moment, usual: tuple[datetime, datetime], longest: timedelta
) -> tuple[datetime, datetime]:
    """Return the period that is asked for, or as much of the usual one as may be shown."""
    reader = FieldReader({"from": from_, "to": to})
    asked_from, asked_to = reader.instant("from"), reader.instant("to")
    since = asked_from or (asked_to - (usual[1] - usual[0]) if asked_to else usual[0])
    until = asked_to or max(usual[1], since)
    if not (asked_from and asked_to):
        until = min(until, since + longest)
    if not reader.errors and not timedelta(0) <= until - since <= longest:
        hours = f"{longest / timedelta(hours=1):g}"
        reader.refuse("from", N_("must be before `to`, by at most %(hours)s hours"), hours=hours)
    reader.finish()
    return since, until


def _frames(frames: Iterable[Frame], since: datetime) -> list[dict[str, Any]]:
    """Return frames as the API shows them: the last one before the period, and those in it."""
    shown: list[dict[str, Any]] = []
    for frame in frames:
        if frame.at <= since:
            shown.clear()
        shown.append({"at": instant(frame.at), "event_id": frame.event_id, **frame.value})
    return shown


def _track(track: tracks.ThinTrack | None, since: datetime) -> dict[str, Any]:
    if track is None:
        return {"fixes": 0, "points": 0, "segments": []}
    began_s = since.timestamp()
    segments = [
        [
            [round(lon, _DIGITS), round(lat, _DIGITS), round(at_s - began_s, 1)]
            for lon, lat, at_s in segment.tolist()
        ]
        for segment in track.segments
    ]
    return {"fixes": track.fixes, "points": sum(map(len, segments)), "segments": segments}


def _for_crew(answer: dict[str, Any], crew_id: int) -> dict[str, Any]:
    """Return of a crew's replay what it may see: no choice between crews, no other's doings."""
    incidents = [
        {
            **incident,
            "frames": [
                {**frame, "orders": [o for o in frame["orders"] if o["crew_id"] == crew_id]}
                for frame in incident["frames"]
            ],
        }
        for incident in answer["incidents"]
    ]
    photos = [photo for photo in answer["photos"] if photo["crew_id"] == crew_id]
    return {**answer, "incidents": incidents, "photos": photos, "decisions": []}
