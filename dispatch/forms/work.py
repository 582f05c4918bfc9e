"""What the end of an order says of the work: codes, parts and minutes, in the words of then."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput
from dispatch.core.sql_expressions import among
from dispatch.forms.models import Part
from dispatch.forms.models import ResultCode
from dispatch.forms.states import CodeGroup
from dispatch.forms.types import SaidCodeAnswer
from dispatch.forms.types import UsedPart
from dispatch.forms.types import UsedPartAnswer
from dispatch.forms.types import WorkAnswer


def read_work(
    session: Session,
    kind: str,
    *,
    codes: Sequence[str],
    parts: Sequence[UsedPart],
    minutes: int | None,
) -> WorkAnswer | None:
    """Return what is said of the work; None where nothing is.

    Retired codes and parts count, and so do codes of another kind: a phone without signal chose
    them before the list, or the incident's kind, changed.

    Raises
    ------
    InvalidInput
        For each code and part that there never was.
    """
    if not codes and not parts and minutes is None:
        return None
    errors: list[FieldError] = []
    work: WorkAnswer = {
        "minutes": minutes,
        "codes": _codes(session, kind, codes, errors),
        "parts": _parts(session, parts, errors),
    }
    if errors:
        raise InvalidInput(errors)
    return work


def _codes(
    session: Session, kind: str, wanted: Sequence[str], errors: list[FieldError]
) -> list[SaidCodeAnswer]:
    rows = session.scalars(select(ResultCode).where(among(ResultCode.code, wanted)))
    known: dict[str, ResultCode] = {}
    for row in rows:
        if row.code not in known or row.kind == kind:
            known[row.code] = row
    said: list[SaidCodeAnswer] = []
    for place, code in enumerate(dict.fromkeys(wanted)):
        found = known.get(code)
        if found is None:
            message = N_("there is no result code %(code)s")
            errors.append(FieldError(f"codes.{place}", message, {"code": code}))
            continue
        said.append(
            {
                "code": code,
                "group": CodeGroup(found.group),
                "name_en": found.name_en,
                "name_zh": found.name_zh,
            }
        )
    return said


def _parts(
    session: Session, wanted: Sequence[UsedPart], errors: list[FieldError]
) -> list[UsedPartAnswer]:
    """Return the parts that were used; named twice, the quantities add up."""
    codes = [each.code for each in wanted]
    known = {
        each.code: each for each in session.scalars(select(Part).where(among(Part.code, codes)))
    }
    used: dict[str, UsedPartAnswer] = {}
    for place, each in enumerate(wanted):
        row = known.get(each.code)
        if row is None:
            message = N_("there is no part %(code)s")
            errors.append(FieldError(f"parts.{place}.code", message, {"code": each.code}))
            continue
        before = used[each.code]["quantity"] if each.code in used else 0.0
        used[each.code] = {
            "code": each.code,
            "name_en": row.name_en,
            "name_zh": row.name_zh,
            "unit_en": row.unit_en,
            "unit_zh": row.unit_zh,
            "quantity": before + each.quantity,
        }
    return list(used.values())
