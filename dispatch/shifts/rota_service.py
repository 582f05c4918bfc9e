"""Kinds of shifts, and rotations: listed, set, retired; their shifts follow."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy import insert
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.errors import InvalidInput
from dispatch.core.errors import NotFound
from dispatch.core.instants import Clock
from dispatch.core.instants import instant
from dispatch.core.limits import LARGEST_ID
from dispatch.core.unit_of_work import UnitOfWork
from dispatch.events import log as events
from dispatch.events.kinds import EventKind
from dispatch.pledges.states import DayKind
from dispatch.pledges.types import clock_words
from dispatch.pledges.types import minutes
from dispatch.shifts import rota_deadlines
from dispatch.shifts import rotation_rows
from dispatch.shifts import shift_rows
from dispatch.shifts.models import Rotation
from dispatch.shifts.models import RotationCrew
from dispatch.shifts.models import RotationDay
from dispatch.shifts.models import ShiftTemplate
from dispatch.shifts.rota_types import RotationAnswer
from dispatch.shifts.rota_types import RotationsAnswer
from dispatch.shifts.rota_types import SetRotation
from dispatch.shifts.rota_types import SetRotationAnswer
from dispatch.shifts.rota_types import SetTemplate
from dispatch.shifts.rota_types import TemplateAnswer
from dispatch.shifts.rota_types import TemplatesAnswer


class RotaService:
    """Says which shifts there are, and which crew has which of them by turns."""

    def __init__(
        self, unit_of_work: UnitOfWork, clock: Clock, time_zone: str, reminder_s: float
    ) -> None:
        self._work = unit_of_work
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._lead = timedelta(seconds=reminder_s)

    def templates(self, actor: Actor) -> TemplatesAnswer:
        """Return the kinds of shifts that can be planned."""
        actor.require(Permission.SHIFT_READ)
        query = (
            select(ShiftTemplate)
            .where(ShiftTemplate.retired.is_(False))
            .order_by(ShiftTemplate.from_minute, ShiftTemplate.id)
        )
        with self._work.reading() as session:
            found = [_template_view(each) for each in session.scalars(query)]
        return {"time_zone": self._zone.key, "templates": found}

    def set_template(
        self, actor: Actor, template_id: int | None, wanted: SetTemplate
    ) -> TemplateAnswer:
        """Add a kind of shift (``template_id`` None) or change it.

        Rotations take the new hours over for their shifts to come with their next change, and
        every night for days that have no shifts yet.

        Raises
        ------
        Conflict
            ``template_changed`` if it is no longer at ``expected_version``.
        """
        actor.require(Permission.SHIFT_WRITE)
        with self._work.writing() as session:
            shift_rows.require_calendar(session, wanted.calendar)
            if template_id is None:
                row = ShiftTemplate(version=0, retired=False)
                session.add(row)
            else:
                row = _locked_template(session, template_id)
                if wanted.expected_version not in {None, row.version}:
                    message = N_("%(who)s changed this kind of shift meanwhile.")
                    raise Conflict("template_changed", message, {"who": row.updated_by})
            row.name = wanted.name
            row.from_minute, row.to_minute = minutes(wanted.from_time), minutes(wanted.to_time)
            row.weekdays = sorted(set(wanted.weekdays))
            row.days, row.calendar = wanted.days.value, wanted.calendar
            return self._template_told(session, actor, row)

    def retire_template(self, actor: Actor, template_id: int) -> TemplateAnswer:
        """Plan no more shifts of a kind; repeated, it changes nothing.

        Raises
        ------
        Conflict
            ``template_used`` while a rotation has it.
        """
        actor.require(Permission.SHIFT_WRITE)
        with self._work.writing() as session:
            row = _locked_template(session, template_id)
            if row.retired:
                return _template_view(row)
            used = session.scalar(
                select(Rotation.name)
                .join(RotationDay, RotationDay.rotation_id == Rotation.id)
                .where(RotationDay.template_id == row.id, Rotation.retired.is_(False))
                .limit(1)
            )
            if used is not None:
                message = N_("The rotation %(name)s has this kind of shift.")
                raise Conflict("template_used", message, {"name": used})
            row.retired = True
            return self._template_told(session, actor, row)

    def rotations(self, actor: Actor) -> RotationsAnswer:
        """Return all rotations that go on."""
        actor.require(Permission.SHIFT_READ)
        query = select(Rotation).where(Rotation.retired.is_(False)).order_by(Rotation.id)
        with self._work.reading() as session:
            rows = session.scalars(query).all()
            return {"rotations": [_rotation_view(session, each) for each in rows]}

    def set_rotation(
        self, actor: Actor, rotation_id: int | None, wanted: SetRotation
    ) -> SetRotationAnswer:
        """Add a rotation (``rotation_id`` None) or change it, and make its shifts to come.

        Shifts that have begun stay, and so do those that somebody changed by hand.

        Raises
        ------
        Conflict
            ``shift_overlaps``, naming the crew and both shifts; ``rotation_changed``.
        InvalidInput
            Naming the field: an unknown crew or kind of shift, an end before the beginning.
        """
        actor.require(Permission.SHIFT_WRITE)
        starts_on = shift_rows.day_of(wanted.starts_on, "starts_on")
        ends_on = None if wanted.ends_on is None else shift_rows.day_of(wanted.ends_on, "ends_on")
        if ends_on is not None and ends_on < starts_on:
            raise InvalidInput.one("ends_on", N_("must not be before starts_on"))
        crew_ids = [each.crew_id for each in wanted.crews]
        if len(set(crew_ids)) < len(crew_ids):
            raise InvalidInput.one("crews", N_("must name each crew once"))

        def work(session: Session) -> SetRotationAnswer:
            now = self._clock()
            shift_rows.require_crews(session, crew_ids, "crews")
            _require_templates(session, wanted.cycle)
            if rotation_id is None:
                row = Rotation(version=0, retired=False, made_until=starts_on)
                session.add(row)
            else:
                row = _locked_rotation(session, rotation_id)
                if wanted.expected_version not in {None, row.version}:
                    message = N_("%(who)s changed this rotation meanwhile.")
                    raise Conflict("rotation_changed", message, {"who": row.updated_by})
            row.name, row.starts_on, row.ends_on = wanted.name, starts_on, ends_on
            row.cycle_days = len(wanted.cycle)
            row.updated_at, row.updated_by = now, actor.display_name
            session.flush()
            _write_cycle(session, row.id, wanted)
            return self._made(session, actor, row)

        return shift_rows.run(self._work, work)

    def retire_rotation(self, actor: Actor, rotation_id: int) -> SetRotationAnswer:
        """End a rotation; its shifts to come that nobody changed go with it."""
        actor.require(Permission.SHIFT_WRITE)

        def work(session: Session) -> SetRotationAnswer:
            row = _locked_rotation(session, rotation_id)
            if row.retired:
                return {"rotation": _rotation_view(session, row), "added": 0, "removed": 0}
            row.retired = True
            return self._made(session, actor, row)

        return shift_rows.run(self._work, work)

    def _made(self, session: Session, actor: Actor, row: Rotation) -> SetRotationAnswer:
        now = self._clock()
        row.version += 1
        row.updated_at, row.updated_by = now, actor.display_name
        made = rotation_rows.make_shifts(session, row, now, self._zone, actor.display_name)
        rota_deadlines.wake_for_shifts(session, now, self._zone, self._lead)
        view = _rotation_view(session, row)
        data = {"rotation": view, "added": made.added, "removed": made.removed}
        events.append(session, EventKind.ROTATION_CHANGED, actor, at=now, data=data)
        return {"rotation": view, "added": made.added, "removed": made.removed}

    def _template_told(self, session: Session, actor: Actor, row: ShiftTemplate) -> TemplateAnswer:
        now = self._clock()
        row.version += 1
        row.updated_at, row.updated_by = now, actor.display_name
        session.flush()
        view = _template_view(row)
        events.append(
            session, EventKind.SHIFT_TEMPLATE_CHANGED, actor, at=now, data={"template": view}
        )
        return view


def _locked_template(session: Session, template_id: int) -> ShiftTemplate:
    row = session.get(ShiftTemplate, min(template_id, LARGEST_ID), with_for_update=True)
    if row is None:
        raise NotFound.thing("shift_template", template_id)
    return row


def _locked_rotation(session: Session, rotation_id: int) -> Rotation:
    row = session.get(Rotation, min(rotation_id, LARGEST_ID), with_for_update=True)
    if row is None:
        raise NotFound.thing("rotation", rotation_id)
    return row


def _require_templates(session: Session, cycle: Sequence[Sequence[int]]) -> None:
    named = {each for day in cycle for each in day}
    if not named:
        raise InvalidInput.one("cycle", N_("must have a shift on some day"))
    query = select(ShiftTemplate.id).where(
        ShiftTemplate.id.in_(named), ShiftTemplate.retired.is_(False)
    )
    known = set(session.scalars(query))
    for number, day in enumerate(cycle):
        field = f"cycle[{number}]"
        for each in day:
            if each not in known:
                raise InvalidInput.one(field, N_("There is no kind of shift %(id)s."), id=each)
        if len(set(day)) < len(day):
            raise InvalidInput.one(field, N_("must name each kind of shift once"))


def _write_cycle(session: Session, rotation_id: int, wanted: SetRotation) -> None:
    session.execute(delete(RotationDay).where(RotationDay.rotation_id == rotation_id))
    session.execute(delete(RotationCrew).where(RotationCrew.rotation_id == rotation_id))
    session.execute(
        insert(RotationDay),
        [
            {"rotation_id": rotation_id, "day": number, "template_id": each}
            for number, day in enumerate(wanted.cycle)
            for each in day
        ],
    )
    crews = [{"rotation_id": rotation_id, **each.model_dump()} for each in wanted.crews]
    session.execute(insert(RotationCrew), crews)


def _template_view(row: ShiftTemplate) -> TemplateAnswer:
    return {
        "id": row.id,
        "name": row.name,
        "from_time": clock_words(row.from_minute),
        "to_time": clock_words(row.to_minute),
        "weekdays": list(row.weekdays),
        "days": DayKind(row.days),
        "calendar": row.calendar,
        "retired": row.retired,
        "version": row.version,
        "updated_at": instant(row.updated_at),
        "updated_by": row.updated_by,
    }


def _rotation_view(session: Session, row: Rotation) -> RotationAnswer:
    days = session.scalars(select(RotationDay).where(RotationDay.rotation_id == row.id))
    crews = session.scalars(
        select(RotationCrew)
        .where(RotationCrew.rotation_id == row.id)
        .order_by(RotationCrew.offset_days, RotationCrew.crew_id)
    ).all()
    names = shift_rows.crew_names(session, {each.crew_id for each in crews})
    cycle: list[list[int]] = [[] for _ in range(row.cycle_days)]
    for each in days:
        cycle[each.day].append(each.template_id)
    return {
        "id": row.id,
        "name": row.name,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": None if row.ends_on is None else row.ends_on.isoformat(),
        "cycle": [sorted(day) for day in cycle],
        "crews": [
            {
                "crew_id": each.crew_id,
                "crew_name": names.get(each.crew_id, ""),
                "offset_days": each.offset_days,
            }
            for each in crews
        ],
        "made_until": row.made_until.isoformat(),
        "retired": row.retired,
        "version": row.version,
        "updated_at": instant(row.updated_at),
        "updated_by": row.updated_by,
    }
