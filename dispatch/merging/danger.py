"""The danger radius: how far around an incident people are in danger, by kind and for one alone."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.board.read_model import ReadModel
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.incident_rows import refuse_ended
from dispatch.incidents.incident_rows import write_change
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.types import IncidentAnswer
from dispatch.merging.types import DangerRadiusAnswer
from dispatch.merging.types import SetDangerRadius
from dispatch.writes.idempotency import Once


class DangerService:
    """Sets danger radii."""

    def __init__(self, unit_of_work: UnitOfWork, read_model: ReadModel, clock: Clock) -> None:
        self._work = unit_of_work
        self._read_model = read_model
        self._clock = clock

    def set_for_kind(self, actor: Actor, kind: str, wanted: SetDangerRadius) -> DangerRadiusAnswer:
        """Set the radius of a kind; it holds at once for every incident without one of its own.

        Raises
        ------
        NotFound
            If there is no such kind.
        """
        actor.require(Permission.RULES_WRITE)
        with self._work.writing() as session:
            row = session.scalar(
                select(IncidentKind)
                .where(IncidentKind.code == kind)
                .with_for_update(key_share=True)
            )
            if row is None:
                raise NotFound.thing("kind", kind)
            row.danger_radius_m = wanted.radius_m or None
            session.flush()
            told = {"kind": kind, "radius_m": row.danger_radius_m}
            events.append(session, EventKind.KIND_DANGER_SET, actor, at=self._clock(), data=told)
            return {"kind": kind, "radius_m": row.danger_radius_m}

    def set_for_incident(
        self, actor: Actor, incident_id: int, wanted: SetDangerRadius
    ) -> IncidentAnswer:
        """Set the radius of one incident; null gives it that of its kind again.

        Raises
        ------
        NotFound
            If there is no such incident.
        Conflict
            ``incident_ended`` or ``idempotency_mismatch``.
        """
        actor.require(Permission.INCIDENT_WRITE)
        once = Once.of(actor, wanted.client_id, wanted, danger_of=incident_id)

        def work(session: Session) -> IncidentAnswer:
            now = self._clock()
            known = once.begin(session, now)
            if known is not None:
                return cast("IncidentAnswer", known)
            incident = locked(session, incident_id)
            refuse_ended(incident)
            incident.danger_radius_m = wanted.radius_m
            write_change(session, incident, now)
            answer = self._read_model.incident(session, incident_id)
            once.finish(session, answer)
            events.append(
                session,
                EventKind.INCIDENT_DANGER_SET,
                actor,
                at=now,
                incident_id=incident_id,
                data={"radius_m": wanted.radius_m},
            )
            return answer

        return self._work.run(work)
