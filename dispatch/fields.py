"""Checks of single values that come from outside; each names the field that it refuses."""

import math
from collections.abc import Collection
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import Any

from dispatch.errors import N_
from dispatch.errors import FieldError
from dispatch.errors import InvalidInput

TEXT_LIMITS = {
    "kind": 100,
    "address": 300,
    "description": 4000,
    "caller_name": 100,
    "caller_phone": 40,
    "reason": 1000,
    "result": 4000,
    "client_id": 200,
    "name": 100,
    "username": 100,
    "display_name": 100,
}


class FieldReader:
    """Reads values out of an input, collecting every error before it refuses once."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.errors: list[FieldError] = []

    def finish(self) -> None:
        """Refuse the input if any field was wrong.

        Raises
        ------
        InvalidInput
            Naming all of them.
        """
        if self.errors:
            raise InvalidInput(self.errors)

    def refuse(self, name: str, msgid: str, **params: object) -> None:
        """Note what is wrong with a field."""
        self.errors.append(FieldError(name, msgid, params))

    def present(self, name: str) -> bool:
        """Tell whether the input says anything about a field."""
        return self._values.get(name) is not None

    def number(
        self, name: str, least: float, most: float, *, required: bool = False
    ) -> float | None:
        """Read a finite number within bounds."""
        raw = self._values.get(name)
        if raw is None:
            if required:
                self.refuse(name, N_("is required"))
            return None
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
            self.refuse(name, N_("must be a finite number"))
            return None
        if not least <= raw <= most:
            self.refuse(
                name,
                N_("must be between %(least)s and %(most)s"),
                least=f"{least:g}",
                most=f"{most:g}",
            )
            return None
        return float(raw)

    def whole(self, name: str, least: int, most: int, *, required: bool = False) -> int | None:
        """Read a whole number within bounds."""
        value = self.number(name, least, most, required=required)
        if value is not None and not value.is_integer():
            self.refuse(name, N_("must be a whole number"))
            return None
        return None if value is None else int(value)

    def text(self, name: str, *, required: bool = False) -> str | None:
        """Read a text within its length; PostgreSQL cannot hold NUL, so neither can we."""
        raw = self._values.get(name)
        if raw is None or (required and isinstance(raw, str) and not raw.strip()):
            if required:
                self.refuse(name, N_("is required"))
            return None
        if not isinstance(raw, str):
            self.refuse(name, N_("must be a text"))
            return None
        if len(raw) > TEXT_LIMITS[name]:
            self.refuse(name, N_("may have at most %(limit)s characters"), limit=TEXT_LIMITS[name])
            return None
        if "\x00" in raw or any("\ud800" <= letter <= "\udfff" for letter in raw):
            self.refuse(name, N_("has characters that no text can hold"))
            return None
        return raw.strip()

    def choice(self, name: str, choices: Collection[str], *, required: bool = False) -> str | None:
        """Read one of a few words."""
        raw = self._values.get(name)
        if raw is None:
            if required:
                self.refuse(name, N_("is required"))
            return None
        if not isinstance(raw, str) or raw not in choices:
            self.refuse(name, N_("must be one of: %(choices)s"), choices=", ".join(choices))
            return None
        return str(raw)

    def instant(self, name: str, *, required: bool = False) -> datetime | None:
        """Read an instant with its zone, as ISO 8601 or already parsed."""
        raw = self._values.get(name)
        if raw is None:
            if required:
                self.refuse(name, N_("is required"))
            return None
        try:
            value = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
            return self._aware(name, value)
        except (TypeError, ValueError, OverflowError):
            self.refuse(name, N_("must be a time such as 2026-01-31T08:15:00Z"))
            return None

    def _aware(self, name: str, value: datetime) -> datetime | None:
        if value.tzinfo is None:
            self.refuse(name, N_("must say its time zone, such as Z or +08:00"))
            return None
        return value.astimezone(UTC)

    def lonlat(self, *, required: bool = False) -> tuple[float, float] | None:
        """Read ``lon`` and ``lat``: both or neither."""
        required = required or self.present("lon") or self.present("lat")
        lon = self.number("lon", -180, 180, required=required)
        lat = self.number("lat", -90, 90, required=required)
        return None if lon is None or lat is None else (lon, lat)
