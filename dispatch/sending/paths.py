"""Ways between any two places, for whoever may see crews and incidents, or drives."""

from typing import Any

from dispatch.access.permissions import Actor
from dispatch.core.fields import FieldReader
from dispatch.sending.candidates import CandidateService


class RouteService:
    """Routes that belong to no order."""

    def __init__(self, candidates: CandidateService) -> None:
        self._candidates = candidates

    def between(
        self,
        actor: Actor,
        origin: tuple[float, float],
        target: tuple[float, float],
        *,
        language: str | None = None,
    ) -> dict[str, Any]:
        """Return the fastest way between two places, longitude first, as a GeoJSON feature.

        With a language, ``"zh"`` or ``"en"``, it carries its steps in words.

        Raises
        ------
        InvalidInput
            If a place cannot be one.
        Conflict
            ``off_road``, ``unreachable`` or ``no_road_time``.
        """
        del actor  # whoever is signed in may ask
        for lon, lat in (origin, target):
            reader = FieldReader({"lon": lon, "lat": lat})
            reader.lonlat(required=True)
            reader.finish()
        return self._candidates.between(origin, target, language=language)
