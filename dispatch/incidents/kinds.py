"""Kinds of incidents: what can happen, how urgent and how long it usually is, which skill it needs.

They are rows of `incident_kind`, shipped by the migrations.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.incidents.models import IncidentKind
from dispatch.incidents.types import KindsAnswer


def all_kinds(session: Session) -> KindsAnswer:
    """Return all kinds, in the order of the form."""
    found = session.scalars(select(IncidentKind).order_by(IncidentKind.sort)).all()
    return {
        "kinds": [
            {
                "code": kind.code,
                "utility": kind.utility,
                "name_en": kind.name_en,
                "name_zh": kind.name_zh,
                "default_priority": kind.default_priority,
                "work_s": kind.work_s,
                "skill": kind.skill,
                "danger_radius_m": kind.danger_radius_m,
            }
            for kind in found
        ]
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
