"""Parts out of a file: a line names a part by its code."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Permission
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_types import RequiredName
from dispatch.core.sql_expressions import among
from dispatch.forms.models import Part
from dispatch.forms.parts import LAST
from dispatch.forms.parts import refuse_unusable
from dispatch.forms.types import Code
from dispatch.forms.types import Unit
from dispatch.importing.cell_types import YesNo
from dispatch.importing.subjects import ImportSubject
from dispatch.importing.types import LineFate
from dispatch.writes.command import Command

_COLUMNS = ("name_en", "name_zh", "unit_en", "unit_zh", "sort", "retired")


class PartLine(Command):
    """A part, named by its code; what a line does not say stays."""

    code: Code
    name_en: RequiredName | None = None
    name_zh: Annotated[
        RequiredName | None, Field(description="as the English one where a new part has none")
    ] = None
    unit_en: Unit | None = None
    unit_zh: Unit | None = None
    sort: Annotated[int | None, Field(ge=0, le=10_000)] = None
    retired: YesNo | None = None


def _known(session: Session, _actor: Actor, lines: Sequence[PartLine]) -> dict[str, Part]:
    codes = {each.code for each in lines}
    rows = session.scalars(select(Part).where(among(Part.code, codes)))
    return {each.code: each for each in rows}


def _store(session: Session, _actor: Actor, known: dict[str, Part], line: PartLine) -> LineFate:
    given = {name: value for name in _COLUMNS if (value := getattr(line, name)) is not None}
    row = known.get(line.code)
    if row is None:
        refuse_unusable(line.code)
        name = line.name_en or line.name_zh
        if name is None:
            raise InvalidInput.one("name_en", N_("is required"))
        unit = line.unit_en or line.unit_zh or ""
        words = {"name_en": name, "name_zh": name, "unit_en": unit, "unit_zh": unit}
        row = Part(**{"code": line.code, "sort": LAST, "retired": False, **words, **given})
        session.add(row)
        known[line.code] = row
        return LineFate.NEW
    new = {name: value for name, value in given.items() if getattr(row, name) != value}
    for name, value in new.items():
        setattr(row, name, value)
    return LineFate.CHANGED if new else LineFate.SAME


PARTS = ImportSubject(
    name="parts",
    permission=Permission.OUTCOME_WRITE,
    line=PartLine,
    key=("code",),
    known=_known,
    store=_store,
    headings={
        "code": ("Code", "Number", "编码", "物料编码"),
        "name_en": ("Name in English", "Name", "英文名称"),
        "name_zh": ("Name in Chinese", "中文名称", "名称"),
        "unit_en": ("Unit", "英文单位"),
        "unit_zh": ("Unit in Chinese", "单位"),
        "sort": ("Place in the list", "排序"),
        "retired": ("Retired", "停用"),
    },
    examples={
        "code": "valve_dn20",
        "name_en": "Ball valve DN 20",
        "name_zh": "球阀 DN20",
        "unit_en": "pcs",
        "unit_zh": "个",
        "sort": "15",
        "retired": "no",
    },
)
