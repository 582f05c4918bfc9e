"""Alarms acknowledged: for the whole desk, under a name, for a short while."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.alarms.models import AlarmAcknowledgement
from dispatch.alarms.states import AlarmKind
from dispatch.alarms.states import acknowledged_for_s
from dispatch.alarms.states import can_be
from dispatch.alarms.types import AcknowledgeAlarm
from dispatch.alarms.types import AcknowledgementAnswer
from dispatch.assignments.models import Assignment
from dispatch.board import acknowledgement_rows
from dispatch.board import offer_briefs
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.incidents.incident_rows import locked
from dispatch.incidents.models import Incident
from dispatch.offers.states import UNTAKEN
from dispatch.writes.idempotency import Once


class AlarmService:
    """What can be done with alarms."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock, acknowledge_s: float) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._acknowledge_s = acknowledge_s

    def acknowledge(
        self, actor: Actor, incident_id: int, wanted: AcknowledgeAlarm
    ) -> tuple[AcknowledgementAnswer, bool]:
        """Keep an alarm silent at every desk for a short while; once for each ``client_id``.

        It ends by itself when the crew answers: then there is no such alarm any more.

        Returns
        -------
        acknowledgement, replayed
            Who saw it and until when it is silent; and whether that was answered before.

        Raises
        ------
        InvalidInput
            If the order is none of this incident.
        Conflict
            ``no_alarm`` when there is nothing to acknowledge (any more).
        """
        actor.require(Permission.ASSIGNMENT_SEND)
        now = self._clock()
        once = Once.of(actor, wanted.client_id, wanted, incident_id=incident_id)

        def add(session: Session) -> AcknowledgementAnswer:
            # Its version stays: who sees to an alarm changes nothing that a crew is sent by, and
            # whoever acknowledges and then sends must not be told that the incident changed.
            incident = locked(session, incident_id)
            order = _subject(session, incident, wanted)
            life_s = acknowledged_for_s(wanted.alarm, incident.priority, self._acknowledge_s)
            row = AlarmAcknowledgement(
                incident_id=incident_id,
                assignment_id=order.id if order else None,
                alarm=wanted.alarm.value,
                actor_id=actor.account_id or 0,
                acknowledged_by=actor.display_name,
                acknowledged_at=now,
                quiet_until=now + timedelta(seconds=life_s),
            )
            session.add(row)
            session.flush()
            events.append(
                session,
                EventKind.ALARM_ACKNOWLEDGED,
                actor,
                at=now,
                incident_id=incident_id,
                assignment_id=order.id if order else None,
                crew_id=order.crew_id if order else None,
                data={"alarm": wanted.alarm.value, "until": instant(row.quiet_until)},
            )
            return acknowledgement_rows.view(row)

        return self._work.run(lambda session: once.run(session, now, lambda: add(session)))


def _subject(session: Session, incident: Incident, wanted: AcknowledgeAlarm) -> Assignment | None:
    """Return the order that an alarm is about; None where it is about the incident itself."""
    if wanted.alarm is AlarmKind.UNTAKEN:
        offer = offer_briefs.newest(session, [incident.id]).get(incident.id)
        if offer is None or offer["state"] not in UNTAKEN:
            raise _no_alarm()
        return None
    return _order_of(session, incident, wanted)


def _no_alarm() -> Conflict:
    message = N_("There is no such alarm any more: the incident shows how it stands now.")
    return Conflict("no_alarm", message)


def _order_of(session: Session, incident: Incident, wanted: AcknowledgeAlarm) -> Assignment:
    """Return the order that an alarm is about."""
    query = (
        select(Assignment)
        .where(Assignment.incident_id == incident.id)
        .order_by(Assignment.id.desc())
    )
    orders = session.scalars(query).all()
    if wanted.assignment_id is not None:
        orders = [order for order in orders if order.id == wanted.assignment_id]
        if not orders:
            raise InvalidInput.one("assignment_id", N_("is no order of this incident"))
    for order in orders:
        if can_be(wanted.alarm, order.state, incident.state):
            return order
    raise _no_alarm()
