"""Checks of single values that come from outside; each names the field that it refuses."""

import math
from collections.abc import Collection
from collections.abc import Mapping
from datetime import UTC
from datetime import datetime
from typing import Any

from dispatch.core.errors import N_
from dispatch.core.errors import FieldError
from dispatch.core.errors import InvalidInput

MAX_ID = 2**63 - 1
"""The largest id that PostgreSQL's bigint holds."""
TEXT_LIMITS = {
    "kind": 100,
    "address": 300,
    "description": 4000,
    "caller_name": 100,
    "caller_phone": 40,
    "reason": 1000,
    "result": 4000,
    "client_id": 200,
    "words": 4000,
    "caption": 300,
    "reference": 100,
    "name": 100,
    "name_zh": 100,
    "username": 100,
    "display_name": 100,
    "q": 200,
}


# Room to add and subtract days without leaving the calendar.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


def is_number(raw: object) -> bool:
    """Tell whether a value is a number that a calculation can use."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return False
    try:
        return math.isfinite(raw)
    except OverflowError:  # a whole number beyond any double
        return False


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
        if not is_number(raw):
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
        """Read a whole number within bounds; exactly, however long it is."""
        if self.number(name, least, most, required=required) is None:
            return None
        raw = self._values[name]
        if isinstance(raw, float) and not raw.is_integer():
            self.refuse(name, N_("must be a whole number"))
            return None
        return int(raw)

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
            if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
                raise ValueError  # noqa: TRY301  (said below, like all that is no usable time)
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
