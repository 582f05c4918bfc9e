"""Measurements: what crews filled in on the spot, taken in once and listed."""

from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.assignments.models import Assignment
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotAllowed
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import ScopeChangedError
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.crews.models import Crew
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.forms import form_rows
from dispatch.forms import measurement_rows
from dispatch.forms.form_values import read_values
from dispatch.forms.models import FormVersion
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.forms.types import MeasurementAnswer
from dispatch.forms.types import MeasurementsAnswer
from dispatch.forms.types import TakeMeasurement
from dispatch.incidents import record_entries
from dispatch.incidents.incident_rows import locked
from dispatch.writes.idempotency import Once


class MeasurementService:
    """What can be done with measurements."""

    def __init__(self, unit_of_work: UnitOfWork, clock: Clock) -> None:
        self._work = unit_of_work
        self._clock = clock

    def list(self, actor: Actor, incident_id: int) -> MeasurementsAnswer:
        """Return what was measured at an incident; for a crew, what it measured itself."""
        with self._work.reading() as session:
            place = record_entries.seat(session, actor, incident_id)
            found = measurement_rows.of_incidents(session, place.incident_ids, actor)
        return {
            "measurements": [
                each for each in found if place.crew_id is None or place.crew_id == each["crew_id"]
            ]
        }

    def take(
        self, actor: Actor, assignment_id: int, taken: TakeMeasurement
    ) -> tuple[MeasurementAnswer, bool]:
        """Keep what was filled in; sent again under the same ``client_id`` it is kept once.

        It is read by the version that was on the screen, whatever the form asks by now, and kept
        whatever became of the order meanwhile: what a phone without signal measured is not lost.

        Returns
        -------
        measurement, replayed
            What is kept, and whether it was there already.

        Raises
        ------
        NotFound
            If there is no such order.
        NotAllowed
            If it is neither the actor's own nor of the actor's desk.
        InvalidInput
            On ``form`` or ``version``, if there is none; else on each value that is wrong.
        """
        incident_id = self._incident_of(actor, assignment_id)
        once = Once.of(actor, taken.client_id, taken, assignment_id=assignment_id)

        def work(session: Session) -> tuple[MeasurementAnswer, bool]:
            now = self._clock()
            before = once.begin(session, now)
            if before is not None:
                return cast("MeasurementAnswer", before), True
            version = _version(session, taken)
            filled = read_values(form_rows.fields_of(version), taken.values)
            taken_at = min(taken.occurred_at or now, now)
            locked(session, incident_id)
            order = session.get_one(Assignment, assignment_id, populate_existing=True)
            if order.incident_id != incident_id:
                raise ScopeChangedError
            row, is_new = measurement_rows.add(
                *(session, actor, order, version, filled),
                client_id=taken.client_id,
                taken_at=taken_at,
                now=now,
            )
            crew = session.get_one(Crew, order.crew_id)
            answer = measurement_rows.view(row, version, crew.name, actor)
            once.finish(session, answer)
            if is_new:
                order.breach = measurement_rows.breach_of(session, order.id)
                session.flush()
                _tell(session, actor, answer, now)
            return answer, not is_new

        return self._work.run(work)

    def _incident_of(self, actor: Actor, assignment_id: int) -> int:
        """Return the incident of an order for which an actor may speak."""
        query = select(Assignment.crew_id, Assignment.incident_id).where(
            Assignment.id == min(assignment_id, LARGEST_ID)
        )
        with self._work.reading() as session:
            row = session.execute(query).one_or_none()
        if row is None:
            raise NotFound.thing("assignment", assignment_id)
        own = actor.may(Permission.ASSIGNMENT_ACT_OWN) and actor.crew_id == row.crew_id
        if not own and not actor.may(Permission.ASSIGNMENT_ACT_ANY):
            raise NotAllowed(N_("Your account may not do this with that order."))
        incident_id: int = row.incident_id
        return incident_id


def _version(session: Session, taken: TakeMeasurement) -> FormVersion:
    version = form_rows.version_of(session, taken.form, taken.version)
    if version is not None:
        return version
    if form_rows.version_of(session, taken.form, 1) is None:
        raise InvalidInput.one("form", N_("there is no form %(form)s"), form=taken.form)
    message = N_("the form never had version %(version)s")
    raise InvalidInput.one("version", message, version=taken.version)


def _tell(session: Session, actor: Actor, answer: MeasurementAnswer, now: datetime) -> None:
    """Write the event; without texts, which stay where they can be erased."""
    told = [each for each in answer["items"] if each["type"] is not FieldType.TEXT]
    shown = ("name_en", "name_zh", "shown_en", "shown_zh", "unit_en", "unit_zh", "verdict")
    events.append(
        session,
        EventKind.ASSIGNMENT_MEASURED,
        actor,
        at=now,
        occurred_at=datetime.fromisoformat(answer["taken_at"]),
        incident_id=answer["incident_id"],
        assignment_id=answer["assignment_id"],
        crew_id=answer["crew_id"],
        data={
            "entry_id": answer["id"],
            "form_en": answer["name_en"],
            "form_zh": answer["name_zh"],
            "items": [{name: each[name] for name in shown} for each in told],  # type: ignore[literal-required]  # the names above
            **({"verdict": answer["verdict"]} if answer["verdict"] is not LimitVerdict.OK else {}),
        },
    )
