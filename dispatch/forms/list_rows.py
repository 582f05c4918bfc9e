"""Rows of result codes and of parts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.forms.models import Part
from dispatch.forms.models import ResultCode
from dispatch.forms.states import CodeGroup
from dispatch.forms.types import PartAnswer
from dispatch.forms.types import ResultCodeAnswer

MOST_OFFERED_PARTS = 500
"""Of the catalogue on a phone: it is kept there for where there is no signal."""


def codes_of(session: Session, kind: str) -> list[ResultCodeAnswer]:
    """Return the result codes that are offered for a kind, in their order."""
    query = (
        select(ResultCode)
        .where(ResultCode.kind == kind, ResultCode.retired.is_(False))
        .order_by(ResultCode.sort, ResultCode.code)
    )
    return [code_view(each) for each in session.scalars(query)]


def offered_parts(session: Session) -> list[PartAnswer]:
    """Return the parts that are offered, the first of a long catalogue."""
    query = (
        select(Part)
        .where(Part.retired.is_(False))
        .order_by(Part.sort, Part.code)
        .limit(MOST_OFFERED_PARTS)
    )
    return [part_view(each) for each in session.scalars(query)]


def code_view(row: ResultCode) -> ResultCodeAnswer:
    """Return a result code as the API shows it."""
    return {
        "kind": row.kind,
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "group": CodeGroup(row.group),
        "sort": row.sort,
        "retired": row.retired,
    }


def part_view(row: Part) -> PartAnswer:
    """Return a part as the API shows it."""
    return {
        "code": row.code,
        "name_en": row.name_en,
        "name_zh": row.name_zh,
        "unit_en": row.unit_en,
        "unit_zh": row.unit_zh,
        "sort": row.sort,
        "retired": row.retired,
    }
