"""Trackers set up for crews, changed, given a new secret, revoked; and listed with how they are."""

import secrets
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.accounts.digests import digest
from dispatch.core import listing
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.listing import Listing
from dispatch.core.listing import all_of
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.positions.models import PositionReport
from dispatch.trackers.arrivals import sign_in_secret
from dispatch.trackers.models import Tracker
from dispatch.trackers.models import TrackerState
from dispatch.trackers.states import USUAL_UNIT
from dispatch.trackers.states import Protocol
from dispatch.trackers.tracker_rows import TrackerReading
from dispatch.trackers.tracker_rows import view
from dispatch.trackers.types import AddTracker
from dispatch.trackers.types import ChangeTracker
from dispatch.trackers.types import RefusedFixesAnswer
from dispatch.trackers.types import TrackerAnswer
from dispatch.trackers.types import TrackerIssuedAnswer
from dispatch.trackers.types import TrackerListQuery
from dispatch.trackers.types import TrackersAnswer
from dispatch.units.belonging import refuse_lent_here
from dispatch.writes.crew_checks import refuse_retired

_SECRET_BYTES: Final = 18
_LOGIN_BYTES: Final = 4
_MOST_REFUSED: Final = 100
_A_DAY: Final = timedelta(days=1)
_ALL = TrackerListQuery()


class TrackerService:
    """What can be asked of trackers.

    Parameters
    ----------
    unit_of_work
        Where they are kept.
    clock
        What time it is.
    zone
        Whose midnight a day begins at.
    silent_s
        How long a tracker may be unheard while its crew is on duty.
    """

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, zone: ZoneInfo, silent_s: float
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = zone
        self._silent_after = timedelta(seconds=silent_s)

    def list(self, actor: Actor, query: TrackerListQuery = _ALL) -> TrackersAnswer:
        """Return trackers with how they are, those in trouble first."""
        actor.require(Permission.CREW_READ)
        reading = self._reading()
        live = Tracker.revoked_at.is_(None)
        rows = reading.rows.where(
            ~live if query.revoked else live,
            all_of(
                Tracker.crew_id == query.crew_id if query.crew_id else None,
                Tracker.protocol == query.protocol.value if query.protocol else None,
                reading.troubles[query.trouble] if query.trouble else None,
                None
                if query.in_trouble is None
                else reading.any_trouble
                if query.in_trouble
                else ~reading.any_trouble,
            ),
        )
        troubled = reading.rows.where(live, reading.any_trouble).with_only_columns(
            func.count(), maintain_column_froms=True
        )
        with self._work.reading() as session:
            found = listing.find(session, rows, _listing(reading), query)
            in_trouble = session.scalar(troubled) or 0
        return {
            "server_time": instant(self._clock()),
            "trackers": [view(row) for row in found.rows],
            "total": found.total,
            "in_trouble": in_trouble,
        }

    def get(self, actor: Actor, tracker_id: int) -> TrackerAnswer:
        """Return one tracker.

        Raises
        ------
        NotFound
            If there is no such tracker.
        """
        actor.require(Permission.CREW_READ)
        with self._work.reading() as session:
            return self._view(session, tracker_id)

    def refused(self, actor: Actor, tracker_id: int) -> RefusedFixesAnswer:
        """Return the fixes of a tracker that were refused since yesterday, the newest first."""
        actor.require(Permission.CREW_READ)
        report = PositionReport
        with self._work.reading() as session:
            tracker = session.get(Tracker, min(tracker_id, LARGEST_ID))
            if tracker is None:
                raise NotFound.thing("tracker", tracker_id)
            rows = session.execute(
                select(
                    report.received_at,
                    report.fixed_at,
                    report.refusal,
                    longitude(report.point).label("lon"),
                    latitude(report.point).label("lat"),
                    report.accuracy_m,
                )
                .where(
                    report.crew_id == tracker.crew_id,
                    report.fixed_at >= self._clock() - _A_DAY,
                    report.tracker_id == tracker.id,
                    report.refusal.is_not(None),
                )
                .order_by(report.fixed_at.desc())
                .limit(_MOST_REFUSED)
            ).all()
        return {
            "refused": [
                {
                    "received_at": instant(row.received_at),
                    "fixed_at": instant(row.fixed_at),
                    "reason": row.refusal,
                    "lon": row.lon,
                    "lat": row.lat,
                    "accuracy_m": row.accuracy_m,
                }
                for row in rows
            ]
        }

    def add(self, actor: Actor, wanted: AddTracker) -> TrackerIssuedAnswer:
        """Set up a tracker for a crew; its secret is told this once.

        Raises
        ------
        NotFound
            If there is no such crew.
        Conflict
            ``other_unit`` if the crew is only lent here, ``crew_retired``.
        """
        actor.require(Permission.DEVICE_WRITE)
        now = self._clock()
        with self._work.writing() as session:
            crew = _crew(session, wanted.crew_id)
            tracker = Tracker(
                crew_id=crew.id,
                name=wanted.name,
                protocol=wanted.protocol.value,
                login="",
                secret_digest="",
                datum=wanted.datum.value,
                speed_unit=(wanted.speed_unit or USUAL_UNIT[wanted.protocol]).value,
                filters=wanted.filters.given(),
                made_at=now,
                made_by=actor.display_name,
                issued_at=now,
            )
            secret = _give_secret(tracker)
            session.add(tracker)
            session.flush()
            session.add(TrackerState(tracker_id=tracker.id))
            session.flush()
            self._tell(session, EventKind.TRACKER_ADDED, actor, tracker)
            return {
                "tracker": self._view(session, tracker.id),
                "login": tracker.login,
                "secret": secret,
            }

    def change(self, actor: Actor, tracker_id: int, wanted: ChangeTracker) -> TrackerAnswer:
        """Change how a tracker is named or read; from its next message on."""
        actor.require(Permission.DEVICE_WRITE)
        with self._work.writing() as session:
            tracker = _live(session, tracker_id)
            if wanted.name is not None:
                tracker.name = wanted.name
            if wanted.datum is not None:
                tracker.datum = wanted.datum.value
            if wanted.speed_unit is not None:
                tracker.speed_unit = wanted.speed_unit.value
            if wanted.filters is not None:
                tracker.filters = wanted.filters.given()
            session.flush()
            self._tell(session, EventKind.TRACKER_CHANGED, actor, tracker)
            return self._view(session, tracker.id)

    def issue(self, actor: Actor, tracker_id: int) -> TrackerIssuedAnswer:
        """Give a tracker a new secret, told this once; the old one is void within a second."""
        actor.require(Permission.DEVICE_WRITE)
        with self._work.writing() as session:
            tracker = _live(session, tracker_id)
            secret = _give_secret(tracker)
            tracker.issued_at = self._clock()
            session.flush()
            self._tell(session, EventKind.TRACKER_ISSUED, actor, tracker)
            return {
                "tracker": self._view(session, tracker.id),
                "login": tracker.login,
                "secret": secret,
            }

    def revoke(self, actor: Actor, tracker_id: int) -> TrackerAnswer:
        """Take nothing more of a tracker, within a second; said again it changes nothing."""
        actor.require(Permission.DEVICE_WRITE)
        with self._work.writing() as session:
            tracker = _locked(session, tracker_id)
            if tracker.revoked_at is None:
                tracker.revoked_at, tracker.revoked_by = self._clock(), actor.display_name
                session.flush()
                self._tell(session, EventKind.TRACKER_REVOKED, actor, tracker)
            return self._view(session, tracker.id)

    def test(self, actor: Actor, tracker_id: int) -> TrackerAnswer:
        """Want to hear from a tracker: OwnTracks is asked for a fix at its next contact."""
        if not actor.may(Permission.DEVICE_WRITE):
            actor.require(Permission.ASSIGNMENT_SEND)
        with self._work.writing() as session:
            _live(session, tracker_id)
            state = session.get_one(TrackerState, tracker_id, with_for_update=True)
            state.test_asked_at = self._clock()
            state.test_sent_at = state.test_answered_at = None
            session.flush()
            return self._view(session, tracker_id)

    def _reading(self) -> TrackerReading:
        now = self._clock()
        return TrackerReading(now, now.astimezone(self._zone).date(), self._silent_after)

    def _view(self, session: Session, tracker_id: int) -> TrackerAnswer:
        query = self._reading().rows.where(Tracker.id == min(tracker_id, LARGEST_ID))
        row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound.thing("tracker", tracker_id)
        return view(row)

    def _tell(self, session: Session, kind: EventKind, actor: Actor, tracker: Tracker) -> None:
        data = {"tracker_id": tracker.id, "name": tracker.name, "protocol": tracker.protocol}
        events.append(session, kind, actor, at=self._clock(), crew_id=tracker.crew_id, data=data)


def _listing(reading: TrackerReading) -> Listing:
    return Listing(
        searched=(Tracker.name, Crew.name),
        sorted_by={
            "trouble": reading.any_trouble,
            "crew_name": Crew.name,
            "name": Tracker.name,
            "heard_at": TrackerState.heard_at,
            "fixed_at": TrackerState.fixed_at,
            "battery_pct": TrackerState.battery_pct,
            "accuracy_m": TrackerState.accuracy_m,
            "refused": reading.refused,
            "made_at": Tracker.made_at,
        },
        order="-trouble",
        key=Tracker.id,
    )


def _give_secret(tracker: Tracker) -> str:
    """Give a tracker a secret that nobody can guess, and return it."""
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    if tracker.protocol == Protocol.OWNTRACKS:
        tracker.login = tracker.login or f"crew-{secrets.token_hex(_LOGIN_BYTES)}"
        tracker.secret_digest = digest(sign_in_secret(tracker.login, secret))
    else:
        tracker.secret_digest = digest(secret)
    return secret


def _crew(session: Session, crew_id: int) -> Crew:
    crew = session.get(Crew, min(crew_id, LARGEST_ID))
    if crew is None:
        raise NotFound.thing("crew", crew_id)
    refuse_lent_here(crew.name, crew.unit_id)
    refuse_retired(crew)
    return crew


def _locked(session: Session, tracker_id: int) -> Tracker:
    tracker = session.get(Tracker, min(tracker_id, LARGEST_ID), with_for_update=True)
    if tracker is None:
        raise NotFound.thing("tracker", tracker_id)
    crew = session.get_one(Crew, tracker.crew_id)
    refuse_lent_here(crew.name, crew.unit_id)
    return tracker


def _live(session: Session, tracker_id: int) -> Tracker:
    tracker = _locked(session, tracker_id)
    if tracker.revoked_at is not None:
        message = N_("This tracker was revoked: add a new one.")
        raise Conflict("tracker_revoked", message)
    return tracker
