"""Incidents: pinned, shown and changed; how they end is in `dispatch.incidents.closing`."""

from typing import Any
from typing import cast

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access import privacy
from dispatch.access.caller_numbers import hidden
from dispatch.access.caller_numbers import may_see_numbers
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.event_reading import EventLog
from dispatch.board.read_model import ReadModel
from dispatch.board.types import EventsAnswer
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import DEFAULT_PAGE
from dispatch.core.sql_expressions import latitude
from dispatch.core.sql_expressions import longitude
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.ground.addresses import AddressLookup
from dispatch.ground.service import GroundService
from dispatch.incidents import kinds
from dispatch.incidents import merged_rows
from dispatch.incidents import reports
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import Incident
from dispatch.incidents.states import UNFINISHED_INCIDENT_STATES
from dispatch.incidents.states import IncidentState
from dispatch.incidents.types import ChangeIncident
from dispatch.incidents.types import CreateIncident
from dispatch.incidents.types import IncidentAnswer
from dispatch.incidents.types import IncidentsAnswer
from dispatch.incidents.types import KindsAnswer
from dispatch.notices import notice_rows
from dispatch.notices.states import TOLD
from dispatch.notices.states import NoticeKind
from dispatch.notices.states import differences
from dispatch.units.belonging import given_unit
from dispatch.writes.idempotency import Once

_UNFINISHED = tuple(state.value for state in IncidentState if state in UNFINISHED_INCIDENT_STATES)


class IncidentService:
    """What can be done with incidents."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        event_log: EventLog,
        ground: GroundService,
        addresses: AddressLookup,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._events = event_log
        self._ground = ground
        self._addresses = addresses
        self._clock = clock

    def kinds(self) -> KindsAnswer:
        """Return what can happen, in the order of the form."""
        with self._work.reading() as session:
            return kinds.all_kinds(session)

    def create(self, actor: Actor, wanted: CreateIncident) -> IncidentAnswer:
        """Pin an incident; a command repeated with its ``client_id`` pins it once.

        One that comes without an address gets that of its point, as a pin on the map does.

        Raises
        ------
        InvalidInput
            If there is no such kind, the place lies outside the ground, or the call has not begun.
        """
        actor.require(Permission.INCIDENT_WRITE)
        self._ground.require_inside(wanted.lon, wanted.lat)
        address = wanted.address or self._addresses.address_at(wanted.lon, wanted.lat)
        now = self._clock()
        if wanted.told_at is not None and wanted.told_at > now:
            raise InvalidInput.one("told_at", N_("must not be in the future"))
        once = Once.of(actor, wanted.client_id, wanted)
        with self._work.writing() as session:
            known = once.begin(session, now)
            if known is not None:
                return cast("IncidentAnswer", known)
            kind = kinds.known(session, wanted.kind)
            priority = wanted.priority or kind.default_priority
            incident_id = session.execute(
                insert(Incident)
                .values(
                    kind=kind.code,
                    priority=priority,
                    state=IncidentState.OPEN,
                    round=0,
                    version=1,
                    point=_point(wanted.lon, wanted.lat),
                    address=address,
                    description=wanted.description or "",
                    caller_name=wanted.caller_name or "",
                    caller_phone=wanted.caller_phone or "",
                    created_at=now,
                    updated_at=now,
                    **given_unit(session, wanted.unit_id),
                )
                .returning(Incident.id)
            ).scalar_one()
            reports.keep_first(session, actor, incident_id, wanted, now)
            answer = self._read_model.incident(session, incident_id)
            once.finish(session, answer)
            events.append(
                session,
                EventKind.INCIDENT_CREATED,
                actor,
                at=now,
                incident_id=incident_id,
                data={
                    "kind": kind.code,
                    "priority": priority,
                    "address": address,
                    "lon": wanted.lon,
                    "lat": wanted.lat,
                },
            )
            return answer

    def get(self, actor: Actor, incident_id: int) -> IncidentAnswer:
        """Return one incident; a crew sees those it was sent to.

        A crew whose order went over to the incident that this one was merged into gets that.
        """
        with self._work.reading() as session:
            there = merged_rows.leads_actor_to(session, actor, incident_id)
            wanted = incident_id if actor.may(Permission.INCIDENT_READ) else there
            found = self._read_model.incidents(session, [wanted])
        if not _may_see(actor, found[wanted]):
            raise NotFound.thing("incident", incident_id)
        return privacy.incident_for(actor, found[wanted])

    def list(
        self,
        actor: Actor,
        states: list[str] | None = None,
        limit: int = DEFAULT_PAGE,
        before_id: int | None = None,
    ) -> IncidentsAnswer:
        """Return incidents, the newest first; those not yet ended unless states are named."""
        actor.require(Permission.INCIDENT_READ)
        wanted = states or list(_UNFINISHED)
        unknown = [state for state in wanted if state not in list(IncidentState)]
        if unknown:
            choices = ", ".join(IncidentState)
            raise InvalidInput.one("state", N_("must be one of: %(choices)s"), choices=choices)
        query = (
            select(Incident.id)
            .where(Incident.state.in_(wanted))
            .order_by(Incident.id.desc())
            .limit(limit)
        )
        if before_id is not None:
            query = query.where(Incident.id < before_id)
        with self._work.reading() as session:
            ids = session.scalars(query).all()
            found = self._read_model.incidents(session, ids)
        return {"incidents": [found[incident_id] for incident_id in ids]}

    def timeline(self, actor: Actor, incident_id: int) -> EventsAnswer:
        """Return everything that happened to an incident, oldest first.

        For the desk with what happened to those that were merged into it.
        """
        incident = self.get(actor, incident_id)
        with self._work.reading() as session:
            ids = [incident["id"]]
            if actor.may(Permission.INCIDENT_READ):
                ids = merged_rows.with_merged(session, incident_id)
            told = self._events.for_incidents(session, ids)
        return {"events": [privacy.event_for(actor, each, incident) for each in told]}

    def update(self, actor: Actor, incident_id: int, wanted: ChangeIncident) -> IncidentAnswer:
        """Change what is known of an incident; what is not mentioned, or null, stays.

        Raises
        ------
        InvalidInput
            If there is no such kind, or the place lies outside the ground.
        Conflict
            If the incident has ended, or is no longer at ``expected_version``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        if wanted.lonlat is not None:
            self._ground.require_inside(*wanted.lonlat)
        changes = wanted.model_dump(exclude={"lon", "lat", "expected_version"}, exclude_none=True)

        def work(session: Session) -> IncidentAnswer:
            incident = locked(session, incident_id)
            if "kind" in changes:
                kinds.known(session, changes["kind"])
            if wanted.expected_version not in {None, incident.version}:
                raise _changed(incident)
            refuse_ended(incident)
            now = self._clock()
            if changes.get("caller_phone") == hidden(incident.caller_phone) and not (
                may_see_numbers(actor)
            ):
                # Sent back as it was shown.
                changes["caller_phone"] = incident.caller_phone
            changed = _for_crews(session, incident, wanted)
            for name, value in changes.items():
                setattr(incident, name, value)
            data = dict(changes)
            if wanted.lonlat is not None:
                incident.point = _point(*wanted.lonlat)
                data["lon"], data["lat"] = wanted.lonlat
            write_change(session, incident, now)
            orders = notice_rows.live_orders(session, incident_id) if changed else ()
            kind = NoticeKind.CHANGED
            told = notice_rows.make(session, orders, kind, actor, now, what=changed)
            answer = self._read_model.incident(session, incident_id)
            events.append(
                session,
                EventKind.INCIDENT_UPDATED,
                actor,
                at=now,
                incident_id=incident_id,
                data=data,
            )
            notice_rows.tell_all(told)
            return answer

        return self._work.run(work)


def _for_crews(
    session: Session, incident: Incident, wanted: ChangeIncident
) -> list[dict[str, Any]]:
    """Return what the crews of an incident must be told of a change to it."""
    new = wanted.model_dump(include=set(TOLD), exclude_none=True)
    old = {name: getattr(incident, name) for name in new}
    if wanted.lonlat is not None:
        new["place"] = list(wanted.lonlat)
        query = select(longitude(Incident.point), latitude(Incident.point))
        old["place"] = list(session.execute(query.where(Incident.id == incident.id)).one())
    return differences(old, new)


def _point(lon: float, lat: float) -> Any:  # noqa: ANN401  (a SQL expression)
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), 4326)


def _may_see(actor: Actor, incident: IncidentAnswer) -> bool:
    if actor.may(Permission.INCIDENT_READ):
        return True
    return any(each["crew_id"] == actor.crew_id for each in incident["assignments"])


def _changed(incident: Incident) -> Conflict:
    message = N_("Incident %(id)s changed meanwhile: look at it again.")
    extra = {"version": incident.version}
    return Conflict("incident_changed", message, {"id": incident.id}, extra=extra)
