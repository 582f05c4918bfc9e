"""Rows of forms and of their versions."""

from collections.abc import Iterable
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy import tuple_
from sqlalchemy.orm import Session

from dispatch.forms.models import Form
from dispatch.forms.models import FormVersion
from dispatch.forms.states import Asked
from dispatch.forms.types import FormAnswer
from dispatch.forms.types import FormField
from dispatch.forms.types import FormFieldAnswer

_NEWEST = (
    select(Form, FormVersion)
    .join(FormVersion, (FormVersion.form == Form.code) & (FormVersion.version == Form.version))
    .order_by(Form.sort, Form.code)
)


def all_forms(session: Session) -> list[FormAnswer]:
    """Return every form as it is now, retired ones too."""
    return [form_view(row.Form, row.FormVersion) for row in session.execute(_NEWEST)]


def forms_of(session: Session, kind: str) -> list[FormAnswer]:
    """Return the forms that are asked for at incidents of a kind."""
    query = _NEWEST.where(
        Form.retired.is_(False), or_(Form.kinds.contains([kind]), Form.kinds == [])
    )
    return [form_view(row.Form, row.FormVersion) for row in session.execute(query)]


def version_of(session: Session, form: str, version: int) -> FormVersion | None:
    """Return what a form asked in one of its versions; None if there never was one."""
    return session.get(FormVersion, (form, version))


def versions(
    session: Session, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], FormVersion]:
    """Return versions by form and number."""
    keys = sorted(set(wanted))
    if not keys:
        return {}
    query = select(FormVersion).where(tuple_(FormVersion.form, FormVersion.version).in_(keys))
    return {(each.form, each.version): each for each in session.scalars(query)}


def versions_at(session: Session, forms: Sequence[str], at: datetime) -> dict[str, FormVersion]:
    """Return what forms asked at an instant; nothing of those that are younger."""
    newest = (
        select(FormVersion.form, func.max(FormVersion.version).label("version"))
        .where(FormVersion.form.in_(forms), FormVersion.made_at <= at)
        .group_by(FormVersion.form)
        .subquery()
    )
    query = select(FormVersion).join(
        newest,
        (FormVersion.form == newest.c.form) & (FormVersion.version == newest.c.version),
    )
    return {each.form: each for each in session.scalars(query)}


def fields_of(version: FormVersion) -> list[FormField]:
    """Return the fields of a version, which were checked when it was stored."""
    return [FormField.model_validate(each) for each in version.fields]


def stored_field(field: FormField) -> dict[str, Any]:
    """Return a field as it is stored."""
    return field.model_dump(mode="json")


def form_view(form: Form, version: FormVersion) -> FormAnswer:
    """Return a form as the API shows it."""
    return {
        "code": form.code,
        "version": version.version,
        "name_en": version.name_en,
        "name_zh": version.name_zh,
        "kinds": list(form.kinds),
        "asked": Asked(version.asked),
        "fields": [_field_view(each) for each in fields_of(version)],
        "sort": form.sort,
        "retired": form.retired,
    }


def _field_view(field: FormField) -> FormFieldAnswer:
    return {
        "code": field.code,
        "name_en": field.name_en,
        "name_zh": field.name_zh,
        "type": field.type,
        "required": field.required,
        "unit_en": field.unit_en,
        "unit_zh": field.unit_zh,
        "least": field.least,
        "most": field.most,
        "alarm_low": field.alarm_low,
        "warn_low": field.warn_low,
        "warn_high": field.warn_high,
        "alarm_high": field.alarm_high,
        "choices": [
            {"code": each.code, "name_en": each.name_en, "name_zh": each.name_zh}
            for each in field.choices
        ],
    }
