"""What has to be measured before an order can end with the work done."""

from sqlalchemy.orm import Session

from dispatch.assignments.models import Assignment
from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.forms import form_rows
from dispatch.forms import measurement_rows


def refuse_missing(session: Session, order: Assignment, kind: str) -> None:
    """Refuse to end an order for which a form with required fields was not filled in.

    A form that was made, or made stricter, after the order was sent holds for later ones: a crew
    without signal cannot know of it.

    Raises
    ------
    InvalidInput
        For each form that is missing, as ``measurements.<code>``.
    """
    needed = [
        form
        for form in form_rows.forms_of(session, kind)
        if any(field["required"] for field in form["fields"])
    ]
    if not needed:
        return
    codes = [form["code"] for form in needed]
    when_sent = form_rows.versions_at(session, codes, order.offered_at)
    there = measurement_rows.forms_measured(session, order.id)
    missing = [
        FieldError(
            f"measurements.{form['code']}",
            N_("has to be filled in before the order is completed: %(form)s"),
            {"form": f"{form['name_en']} · {form['name_zh']}"},
        )
        for form in needed
        if form["code"] not in there
        and form["code"] in when_sent
        and any(field.required for field in form_rows.fields_of(when_sent[form["code"]]))
    ]
    if missing:
        raise InvalidInput(missing)
