"""Kinds of incidents: what can happen, how urgent and how long it usually is, which skill it needs.

They are rows of `incident_kind`, shipped by the migrations.
"""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.types import KindAnswer
from dispatch.incidents.types import KindsAnswer

INSERT_NEW = insert(IncidentKind).on_conflict_do_nothing()
"""Adds a kind unless its code is taken."""


def all_kinds(session: Session) -> KindsAnswer:
    """Return all kinds, in the order of the form."""
    found = session.scalars(select(IncidentKind).order_by(IncidentKind.sort)).all()
    return {"kinds": [view(kind) for kind in found]}


def view(kind: IncidentKind) -> KindAnswer:
    """Return a kind as it is told."""
    return {
        "code": kind.code,
        "utility": kind.utility,
        "name_en": kind.name_en,
        "name_zh": kind.name_zh,
        "default_priority": kind.default_priority,
        "work_s": kind.work_s,
        "skill": kind.skill,
        "equipment": kind.equipment,
        "danger_radius_m": kind.danger_radius_m,
    }


def known(session: Session, code: str) -> IncidentKind:
    """Return a kind.

    Raises
    ------
    InvalidInput
        On ``kind``, if there is none of this code; names those that there are.
    """
    kind = session.get(IncidentKind, code)
    if kind is None:
        choices = ", ".join(each["code"] for each in all_kinds(session)["kinds"])
        raise InvalidInput.one("kind", N_("must be one of: %(choices)s"), choices=choices)
    return kind
