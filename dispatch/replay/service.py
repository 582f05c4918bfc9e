"""Replay: past tracks, states and decisions of an incident, a crew or the whole board.

One answer holds everything that a page needs to play a period: it asks once and then only draws.
"""

from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.types import EventAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.running import Runner
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events.unreadable import UnreadableEntries
from dispatch.incidents import merged_rows
from dispatch.incidents.incident_rows import checked_id
from dispatch.positions import tracks
from dispatch.replay import replay_rows
from dispatch.replay.frames import Frame
from dispatch.replay.frames import Moment
from dispatch.replay.types import About
from dispatch.replay.types import CrewFrame
from dispatch.replay.types import FramedCrew
from dispatch.replay.types import IncidentFrame
from dispatch.replay.types import ReplayAnswer
from dispatch.replay.types import ReplayCrew
from dispatch.replay.types import ReplayIncident
from dispatch.replay.types import Thinning
from dispatch.replay.types import ToldPast
from dispatch.replay.types import Track

LONGEST = timedelta(hours=24)
LONGEST_OF_BOARD = timedelta(hours=2)
_CREW_DEFAULT = timedelta(hours=4)
_BOARD_DEFAULT = timedelta(minutes=30)
_BEFORE, _AFTER = timedelta(minutes=2), timedelta(minutes=2)
_DIGITS = 6
"""Of degrees: a tenth of a metre."""
When = datetime | None


@dataclass(frozen=True, slots=True)
class Past:
    """Replay of a period without its tracks."""

    since: datetime
    until: datetime
    told: ToldPast

    @property
    def crew_ids(self) -> list[int]:
        """Ids of the crews whose tracks belong to it."""
        return [each["id"] for each in self.told["crews"]]


class ReplayService:
    """Assembles replays of incidents, crews and the board."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        clock: Clock,
        blocking: Runner,
        unreadable: UnreadableEntries,
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._blocking = blocking
        self._unreadable = unreadable

    def incident(
        self,
        actor: Actor,
        incident_id: int,
        from_: When = None,
        to: When = None,
    ) -> ReplayAnswer:
        """Return how an incident went: from two minutes before it was pinned until it ended.

        Those that were merged into it are shown with it, behind it in the list.

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
        return self._with_tracks(self.past_of_incident(actor, incident_id, from_, to))

    def past_of_incident(
        self,
        actor: Actor,
        incident_id: int,
        from_: When = None,
        to: When = None,
    ) -> Past:
        """Return the same without tracks."""
        actor.require(Permission.REPLAY_READ)
        with self._work.reading() as session:
            span = replay_rows.span_of_incident(session, checked_id(incident_id))
            if span is None:
                raise NotFound.thing("incident", incident_id)
            began, ended = span
            now = self._clock()
            last = min(now, ended + _AFTER) if ended else now
            since, until = _period(from_, to, (began - _BEFORE, last), LONGEST)
            incident_ids = merged_rows.with_merged(session, incident_id)
            crew_ids = replay_rows.crews_of_incidents(session, incident_ids, until)
            events = replay_rows.events_of_incidents(
                session, incident_ids, since, until, self._unreadable
            )
            about = About(kind="incident", id=incident_id)
            past = self._told(session, about, (since, until), incident_ids, crew_ids, events)
            past.told["incidents"].sort(key=lambda each: each["id"] != incident_id)
            return past

    def crew(self, actor: Actor, crew_id: int, from_: When = None, to: When = None) -> ReplayAnswer:
        """Return where a crew was and what it did in a period, the last four hours by default.

        A crew sees itself, and of its incidents what it may know of them.
        """
        return self._with_tracks(self.past_of_crew(actor, crew_id, from_, to))

    def past_of_crew(self, actor: Actor, crew_id: int, from_: When = None, to: When = None) -> Past:
        """Return the same without tracks."""
        own = actor.crew_id == crew_id and actor.may(Permission.ASSIGNMENT_ACT_OWN)
        if not own:
            actor.require(Permission.REPLAY_READ)
        now = self._clock()
        since, until = _period(from_, to, (now - _CREW_DEFAULT, now), LONGEST)
        with self._work.reading() as session:
            if session.get(Crew, min(crew_id, LARGEST_ID)) is None:
                raise NotFound.thing("crew", crew_id)
            incident_ids = replay_rows.incidents_of_crew(session, crew_id, since, until)
            events = replay_rows.events_of_crews(session, [crew_id], since, until, self._unreadable)
            about = About(kind="crew", id=crew_id)
            past = self._told(session, about, (since, until), incident_ids, [crew_id], events)
        return past if actor.may(Permission.INCIDENT_READ) else _for_crew(past, crew_id)

    def board(self, actor: Actor, from_: When = None, to: When = None) -> ReplayAnswer:
        """Return everything that happened in a period of two hours at most."""
        actor.require(Permission.REPLAY_READ)
        now = self._clock()
        since, until = _period(from_, to, (now - _BOARD_DEFAULT, now), LONGEST_OF_BOARD)
        with self._work.reading() as session:
            crew_ids = list(session.scalars(select(Crew.id).where(Crew.created_at <= until)))
            incident_ids = replay_rows.incidents_alive(session, since, until)
            events = replay_rows.events_between(session, since, until, self._unreadable)
            about = About(kind="board", id=None)
            past = self._told(session, about, (since, until), incident_ids, crew_ids, events)
        return self._with_tracks(past)

    def _told(
        self,
        session: Session,
        about: About,
        period: tuple[datetime, datetime],
        incident_ids: Collection[int],
        crew_ids: Collection[int],
        events: list[EventAnswer],
    ) -> Past:
        since, until = period
        incidents = replay_rows.incident_stories(session, incident_ids, until, self._unreadable)
        crews = replay_rows.crew_stories(session, crew_ids, since, until, self._unreadable)
        told: ToldPast = {
            "server_time": instant(self._clock()),
            "about": about,
            "from": instant(since),
            "to": instant(until),
            "incidents": [_framed_incident(each, since) for each in incidents],
            "crews": [_framed_crew(each, since) for each in crews],
            "events": events,
            "decisions": replay_rows.decisions(session, incident_ids, since, until),
            "photos": replay_rows.photos(session, incident_ids, since, until),
        }
        return Past(since, until, told)

    def _with_tracks(self, past: Past) -> ReplayAnswer:
        period = (past.crew_ids, past.since, past.until)
        with self._work.reading() as session:
            every_s = tracks.interval_s(session, *period)
            fixes = tracks.read_fixes(session, *period, every_s)
        # Seconds of calculation: neither a transaction nor the rest of this worker waits for it.
        drawn, thinning = self._blocking(_draw, fixes, every_s, past.since)
        nothing = Track(fixes=0, points=0, segments=[])
        crews: list[ReplayCrew] = [
            {**each, "track": drawn.get(each["id"], nothing)} for each in past.told["crews"]
        ]
        return {**past.told, "crews": crews, "thinning": thinning}


def _period(
    from_: datetime | None,
    to: datetime | None,
    usual: tuple[datetime, datetime],
    longest: timedelta,
) -> tuple[datetime, datetime]:
    """Return the period that is asked for, or as much of the usual one as may be shown."""
    usual_span = min(usual[1] - usual[0], longest)
    since = from_ or (to - usual_span if to else usual[0])
    until = to or max(usual[1], since)
    if not (from_ and to):
        until = min(until, since + longest)
    if not timedelta(0) <= until - since <= longest:
        hours = f"{longest / timedelta(hours=1):g}"
        message = N_("must be before `to`, by at most %(hours)s hours")
        raise InvalidInput.one("from", message, hours=hours)
    return since, until


def _framed_incident(story: replay_rows.IncidentStory, since: datetime) -> ReplayIncident:
    frames: list[IncidentFrame] = [
        {"at": instant(each.at), "event_id": each.event_id, **each.value}
        for each in _shown(story.frames, since)
    ]
    return {**story.value, "frames": frames}


def _framed_crew(story: replay_rows.CrewStory, since: datetime) -> FramedCrew:
    frames: list[CrewFrame] = [
        {"at": instant(each.at), "event_id": each.event_id, **each.value}
        for each in _shown(story.frames, since)
    ]
    return {**story.value, "frames": frames}


def _shown(frames: Sequence[Frame[Moment]], since: datetime) -> Sequence[Frame[Moment]]:
    """Return the last frame before a period, and those in it."""
    before = sum(frame.at <= since for frame in frames)
    return frames[max(before - 1, 0) :]


def _draw(
    fixes: Sequence[tracks.FixRow], every_s: float | None, since: datetime
) -> tuple[dict[int, Track], Thinning]:
    """Return tracks as the API shows them, by crew, and what was left out of them."""
    thin, thinning = tracks.thin_tracks(tracks.by_crew(fixes), every_s)
    drawn = {each.crew_id: _track(each, since.timestamp()) for each in thin}
    return drawn, {"every_s": thinning.every_s, "tolerance_m": thinning.tolerance_m}


def _track(track: tracks.ThinTrack, began_s: float) -> Track:
    segments = [
        [
            [round(lon, _DIGITS), round(lat, _DIGITS), round(at_s - began_s, 1)]
            for lon, lat, at_s in segment.tolist()
        ]
        for segment in track.segments
    ]
    return {"fixes": track.fixes, "points": sum(map(len, segments)), "segments": segments}


def _with_own_orders(incident: ReplayIncident, crew_id: int) -> ReplayIncident:
    frames: list[IncidentFrame] = [
        {**frame, "orders": [each for each in frame["orders"] if each["crew_id"] == crew_id]}
        for frame in incident["frames"]
    ]
    return {**incident, "frames": frames}


def _for_crew(past: Past, crew_id: int) -> Past:
    """Return of a crew's past what it may see: no choice between crews, no other's doings."""
    incidents = [_with_own_orders(each, crew_id) for each in past.told["incidents"]]
    photos = [photo for photo in past.told["photos"] if photo["crew_id"] == crew_id]
    told: ToldPast = {**past.told, "incidents": incidents, "photos": photos, "decisions": []}
    return replace(past, told=told)
