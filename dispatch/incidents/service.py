"""Incidents: pinned, shown and changed; how they end is in `dispatch.incidents.closing`."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access import privacy
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.event_reading import EventLog
from dispatch.board.read_model import ReadModel
from dispatch.commands.idempotency import Once
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.fields import FieldReader
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.ground.service import GroundService
from dispatch.incidents import reports
from dispatch.incidents.incident_rows import checked_id
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import Incident
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.states import ENDED_INCIDENT_STATES
from dispatch.incidents.states import IncidentState

_TEXTS = ("address", "description", "caller_name", "caller_phone")
_UNFINISHED = tuple(state.value for state in IncidentState if state not in ENDED_INCIDENT_STATES)


class IncidentService:
    """What can be done with incidents."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        read_model: ReadModel,
        event_log: EventLog,
        ground: GroundService,
        clock: Clock,
    ) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._events = event_log
        self._ground = ground
        self._clock = clock

    def kinds(self) -> list[dict[str, Any]]:
        """Return what can happen, in the order of the form."""
        with self._work.reading() as session:
            kinds = session.scalars(select(IncidentKind).order_by(IncidentKind.sort)).all()
        return [
            {
                "code": kind.code,
                "utility": kind.utility,
                "name_en": kind.name_en,
                "name_zh": kind.name_zh,
                "default_priority": kind.default_priority,
                "work_s": kind.work_s,
                "skill": kind.skill,
            }
            for kind in kinds
        ]

    def create(self, actor: Actor, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Pin an incident; a request repeated with its ``client_id`` pins it once.

        Raises
        ------
        InvalidInput
            Naming each field that is missing, out of range, or outside the ground.
        """
        actor.require(Permission.INCIDENT_WRITE)
        reader = FieldReader(fields)
        kind = reader.text("kind", required=True) if reader.present("kind") else None
        if not reader.present("kind"):
            reader.refuse("kind", N_("is required"))
        priority = reader.whole("priority", 1, 4)
        lonlat = reader.lonlat(required=True)
        texts = {name: reader.text(name) or "" for name in _TEXTS}
        channel = reader.choice("channel", reports.CHANNELS)
        client_id = reader.text("client_id")
        if lonlat is not None:
            self._ground.check_inside(reader, *lonlat)
        reader.finish()
        now = self._clock()
        once = Once(actor, client_id, {"incident": fields})
        with self._work.writing() as session:
            known = once.begin(session, now)
            if known is not None:
                return known
            found = self._kind(session, str(kind))
            incident_id = session.execute(
                insert(Incident)
                .values(
                    kind=found.code,
                    priority=priority or found.default_priority,
                    state=IncidentState.OPEN,
                    round=0,
                    version=1,
                    point=_point(lonlat),
                    created_at=now,
                    updated_at=now,
                    **texts,
                )
                .returning(Incident.id)
            ).scalar_one()
            pinned = {**texts, "channel": channel or ""}
            reports.keep_first(session, actor, incident_id, pinned, now)
            answer = self._read_model.incident(session, incident_id)
            once.finish(session, answer)
            events.append(
                session,
                "incident.created",
                actor,
                at=now,
                incident_id=incident_id,
                data={
                    "kind": found.code,
                    "priority": priority or found.default_priority,
                    "address": texts["address"],
                    **({"lon": lonlat[0], "lat": lonlat[1]} if lonlat else {}),
                },
            )
            return answer

    def get(self, actor: Actor, incident_id: int) -> dict[str, Any]:
        """Return one incident; a crew sees those it was sent to."""
        with self._work.reading() as session:
            found = self._read_model.incidents(session, [checked_id(incident_id)])
        if incident_id not in found or not _may_see(actor, found[incident_id]):
            raise NotFound.thing("incident", incident_id)
        return privacy.incident_for(actor, found[incident_id])

    def list(
        self,
        actor: Actor,
        states: list[str] | None = None,
        limit: int = 500,
        before_id: int | None = None,
    ) -> dict[str, Any]:
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

    def timeline(self, actor: Actor, incident_id: int) -> dict[str, Any]:
        """Return everything that happened to an incident, oldest first."""
        incident = self.get(actor, incident_id)
        with self._work.reading() as session:
            told = self._events.for_incident(session, incident_id)
        return {"events": [privacy.event_for(actor, each, incident) for each in told]}

    def update(self, actor: Actor, incident_id: int, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Change what is known of an incident; what is not mentioned stays.

        Raises
        ------
        Conflict
            If the incident has ended, or is no longer at ``expected_version``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        reader = FieldReader(fields)
        changes = _changes(reader)
        lonlat = reader.lonlat()
        if lonlat is not None:
            self._ground.check_inside(reader, *lonlat)
        expected = reader.whole("expected_version", 0, 2**31 - 1)
        reader.finish()

        def work(session: Session) -> dict[str, Any]:
            incident = locked(session, incident_id)
            if "kind" in changes:
                self._kind(session, changes["kind"])
            if expected is not None and expected != incident.version:
                raise _changed(incident)
            refuse_ended(incident)
            for name, value in changes.items():
                setattr(incident, name, value)
            data = dict(changes)
            if lonlat is not None:
                incident.point = _point(lonlat)
                data["lon"], data["lat"] = lonlat
            now = self._clock()
            write_change(session, incident, now)
            answer = self._read_model.incident(session, incident_id)
            events.append(
                session, "incident.updated", actor, at=now, incident_id=incident_id, data=data
            )
            return answer

        return self._work.run(work)

    @staticmethod
    def _kind(session: Session, code: str) -> IncidentKind:
        kind = session.get(IncidentKind, code)
        if kind is None:
            codes = session.scalars(select(IncidentKind.code).order_by(IncidentKind.sort))
            choices = ", ".join(codes)
            raise InvalidInput.one("kind", N_("must be one of: %(choices)s"), choices=choices)
        return kind


def _changes(reader: FieldReader) -> dict[str, Any]:
    """Read what a change says of an incident, apart from its place."""
    changes: dict[str, Any] = {name: reader.text(name) for name in _TEXTS if reader.present(name)}
    if reader.present("kind"):
        changes["kind"] = reader.text("kind")
    if reader.present("priority"):
        changes["priority"] = reader.whole("priority", 1, 4)
    return changes


def _point(lonlat: tuple[float, float] | None) -> Any:  # noqa: ANN401  (a SQL expression)
    if lonlat is None:
        raise ValueError
    return func.ST_SetSRID(func.ST_MakePoint(*lonlat), 4326)


def _may_see(actor: Actor, incident: Mapping[str, Any]) -> bool:
    if actor.may(Permission.INCIDENT_READ):
        return True
    return any(each["crew_id"] == actor.crew_id for each in incident["assignments"])


def _changed(incident: Incident) -> Conflict:
    message = N_("Incident %(id)s changed meanwhile: look at it again.")
    extra = {"version": incident.version}
    return Conflict("incident_changed", message, {"id": incident.id}, extra=extra)
