"""The size of the pipe at an incident, where the utility's own layers tell it."""

import re
from collections.abc import Mapping
from typing import Any
from typing import Final

from sqlalchemy import func
from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.incidents.models import Incident
from geodata.layers.models import SEEN_FEATURES
from geodata.layers.models import Layer

NEAR_M: Final = 25.0
"""A pin is hardly further from the main that it is about."""
_LOOKED_AT = 5
_NAMES = frozenset(
    {"dn", "diameter", "diameter_mm", "dn_mm", "nominal_diameter", "size_mm", "管径", "口径"}
)
_NUMBER = re.compile(r"(?:DN|dn|De|d)?\s*(\d{2,4}(?:\.\d+)?)\s*(?:mm)?")


def asset_size_mm(session: Session, utility: str, incident_id: int) -> float | None:
    """Return the nominal diameter of the nearest main that tells its own; None if none does."""
    here: Any = func.geography(Incident.point)
    there: Any = func.geography(SEEN_FEATURES.c.geom)
    query = (
        select(SEEN_FEATURES.c.attributes)
        .join(Layer, Layer.id == SEEN_FEATURES.c.layer_id)
        .join(Incident, Incident.id == incident_id)
        .where(
            Layer.kind == "mains",
            or_(Layer.utility == utility, Layer.utility.is_(None)),
            func.ST_DWithin(there, here, NEAR_M),
        )
        .order_by(func.ST_Distance(there, here))
        .limit(_LOOKED_AT)
    )
    sizes = (size_in(each) for each in session.scalars(query))
    return next((size for size in sizes if size is not None), None)


def size_in(attributes: Mapping[str, Any]) -> float | None:
    """Return the diameter that a feature's attributes tell, in millimetres."""
    for name, value in attributes.items():
        if name.lower() in _NAMES:
            found = _NUMBER.fullmatch(str(value).strip())
            if found is not None:
                return float(found[1])
    return None
