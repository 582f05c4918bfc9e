"""Rows of measurements, and measurements as the API shows them."""

from collections.abc import Collection
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.assignments.models import Assignment
from dispatch.core.instants import instant
from dispatch.core.sql_expressions import any_of
from dispatch.crews.models import Crew
from dispatch.forms import form_rows
from dispatch.forms.form_values import Filled
from dispatch.forms.form_values import judge
from dispatch.forms.models import FormVersion
from dispatch.forms.models import Measurement
from dispatch.forms.states import FieldType
from dispatch.forms.states import LimitVerdict
from dispatch.forms.types import BreachAnswer
from dispatch.forms.types import FormField
from dispatch.forms.types import MeasuredAnswer
from dispatch.forms.types import MeasurementAnswer
from dispatch.writes.idempotency import mismatch

_YES_NO = {True: ("yes", "是"), False: ("no", "否")}
_OF_INCIDENTS = (
    select(Measurement, Crew.name)
    .join(Crew, Crew.id == Measurement.crew_id)
    .where(any_of(Measurement.incident_id, "ids"))
    .order_by(Measurement.taken_at, Measurement.id)
)


def add(
    session: Session,
    actor: Actor,
    order: Assignment,
    version: FormVersion,
    filled: Filled,
    *,
    client_id: str | None,
    taken_at: datetime,
    now: datetime,
) -> tuple[Measurement, bool]:
    """Add a measurement of an order whose incident is locked; return it and whether it is new.

    Raises
    ------
    Conflict
        ``idempotency_mismatch`` if the name belongs to a measurement of another order.
    """
    row_id = session.execute(
        insert(Measurement)
        .values(
            {
                Measurement.incident_id: order.incident_id,
                Measurement.assignment_id: order.id,
                Measurement.crew_id: order.crew_id,
                Measurement.actor_id: actor.account_id or 0,
                Measurement.author: actor.display_name,
                Measurement.client_id: client_id,
                Measurement.form: version.form,
                Measurement.form_version: version.version,
                Measurement.taken_at: taken_at,
                Measurement.received_at: now,
                Measurement.verdict: filled.verdict.value,
                Measurement.values: filled.values,
                Measurement.words: filled.words,
            }
        )
        .on_conflict_do_nothing(index_elements=["actor_id", "client_id"])
        .returning(Measurement.id)
    ).scalar()
    if row_id is not None:
        return session.get_one(Measurement, row_id), True
    mine = (Measurement.actor_id == (actor.account_id or 0)) & (Measurement.client_id == client_id)
    row = session.scalars(select(Measurement).where(mine)).one()
    if row.assignment_id != order.id:
        raise mismatch()
    return row, False


def of_incidents(
    session: Session, incident_ids: Collection[int], actor: Actor | None = None
) -> list[MeasurementAnswer]:
    """Return what was measured at incidents, in time."""
    rows = session.execute(_OF_INCIDENTS, {"ids": list(incident_ids)}).all()
    known = form_rows.versions(
        session, ((row.Measurement.form, row.Measurement.form_version) for row in rows)
    )
    return [
        view(
            row.Measurement,
            known[row.Measurement.form, row.Measurement.form_version],
            row.name,
            actor,
        )
        for row in rows
    ]


def forms_measured(session: Session, assignment_id: int) -> set[str]:
    """Return the forms that were filled in for an order."""
    query = select(Measurement.form).where(Measurement.assignment_id == assignment_id).distinct()
    return set(session.scalars(query))


def breach_of(session: Session, assignment_id: int) -> BreachAnswer | None:
    """Return the newest alarm of an order that no later measurement of the same form took back."""
    query = (
        select(Measurement)
        .where(Measurement.assignment_id == assignment_id)
        .order_by(Measurement.taken_at, Measurement.id)
    )
    newest = {row.form: row for row in session.scalars(query)}
    loud = [row for row in newest.values() if row.verdict == LimitVerdict.ALARM]
    if not loud:
        return None
    row = max(loud, key=lambda each: (each.taken_at, each.id))
    version = form_rows.versions(session, [(row.form, row.form_version)])[
        row.form, row.form_version
    ]
    return {
        "at": instant(row.taken_at),
        "form": row.form,
        "name_en": version.name_en,
        "name_zh": version.name_zh,
        "items": [
            each
            for each in measured(form_rows.fields_of(version), row.values, {})
            if each["verdict"] is LimitVerdict.ALARM
        ],
    }


def view(
    row: Measurement, version: FormVersion, crew_name: str, actor: Actor | None
) -> MeasurementAnswer:
    """Return a measurement as the API shows it, in the words of its form's own version."""
    mine = actor is not None and row.actor_id == (actor.account_id or 0)
    return {
        "id": row.id,
        "incident_id": row.incident_id,
        "assignment_id": row.assignment_id,
        "crew_id": row.crew_id,
        "crew_name": crew_name,
        "author": row.author,
        "client_id": row.client_id if mine else None,
        "form": row.form,
        "version": row.form_version,
        "name_en": version.name_en,
        "name_zh": version.name_zh,
        "taken_at": instant(row.taken_at),
        "received_at": instant(row.received_at),
        "verdict": LimitVerdict(row.verdict),
        "items": measured(form_rows.fields_of(version), row.values, row.words),
    }


def measured(
    fields: Sequence[FormField], values: dict[str, Any], words: dict[str, str]
) -> list[MeasuredAnswer]:
    """Return what was filled in, field by field in the form's order."""
    said = {**values, **words}
    return [_item(field, said[field.code]) for field in fields if field.code in said]


def _item(field: FormField, value: Any) -> MeasuredAnswer:  # noqa: ANN401  (as stored)
    verdict = LimitVerdict.OK
    english = chinese = str(value)
    if field.type is FieldType.NUMBER:
        value = float(value)
        verdict = judge(field, value)
        english = chinese = f"{value:.6f}".rstrip("0").rstrip(".")
    elif field.type is FieldType.YES_NO:
        english, chinese = _YES_NO[bool(value)]
    elif field.type is FieldType.CHOICE:
        named = {each.code: each for each in field.choices}
        english, chinese = named[value].name_en, named[value].name_zh
    return {
        "code": field.code,
        "name_en": field.name_en,
        "name_zh": field.name_zh,
        "type": field.type,
        "value": value,
        "unit_en": field.unit_en,
        "unit_zh": field.unit_zh,
        "shown_en": english,
        "shown_zh": chinese,
        "verdict": verdict,
    }
