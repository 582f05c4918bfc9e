"""Types of the fields of commands and queries, each with its limits."""

from datetime import UTC
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator
from pydantic import AwareDatetime
from pydantic import Field
from pydantic import StringConstraints
from pydantic_core import PydanticCustomError

LARGEST_ID = 2**63 - 1
"""The largest id that PostgreSQL's bigint holds."""
LARGEST_VERSION = 2**31 - 1
LONGEST_KEY = 200
# Room to add and subtract days without leaving the calendar.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999


def _storable(text: str) -> str:
    """Refuse what PostgreSQL cannot hold in a text: NUL, and halves of surrogate pairs."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        kind = "unstorable_text"
        raise PydanticCustomError(kind, "has characters that no text can hold")
    return text


def _usable_key(text: str) -> str:
    """Refuse a name that cannot be stored or printed in a log."""
    if not (0 < len(text) <= LONGEST_KEY and text.isprintable()):
        kind = "unusable_key"
        raise PydanticCustomError(kind, "must have 1 to 200 printable characters")
    return text


def _in_the_calendar(value: datetime) -> datetime:
    """Return an instant in UTC; refuse years that no clock shows."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        kind = "implausible_time"
        raise PydanticCustomError(kind, "must be a time such as 2026-01-31T08:15:00Z")
    return value.astimezone(UTC)


def _text(limit: int, *, least: int | None = None) -> StringConstraints:
    return StringConstraints(max_length=limit, min_length=least, strip_whitespace=True)


_STORABLE = AfterValidator(_storable)
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Version = Annotated[int, Field(ge=0, le=LARGEST_VERSION)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="degrees, WGS 84")]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="degrees, WGS 84")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
RadiusM = Annotated[Finite, Field(ge=100, le=100_000, description="metres, in a straight line")]
Name = Annotated[str, _text(100), _STORABLE]
Skill = Annotated[str, _text(40, least=1), _STORABLE]
Phone = Annotated[str, _text(40), _STORABLE]
Address = Annotated[str, _text(300), _STORABLE]
Caption = Annotated[str, _text(300), _STORABLE]
LongText = Annotated[str, _text(4000), _STORABLE]
Reason = Annotated[str, _text(1000), _STORABLE]
RequiredName = Annotated[str, _text(100, least=1), _STORABLE]
"""A name that must be there; what is blank is not."""
RequiredText = Annotated[str, _text(4000, least=1), _STORABLE]
RequiredReason = Annotated[str, _text(1000, least=1), _STORABLE]
Key = Annotated[
    str,
    AfterValidator(_usable_key),
    Field(
        description="repeated requests count once",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_KEY},
    ),
]
Priority = Annotated[int, Field(ge=1, le=4, description="1 is the most urgent")]
Instant = Annotated[AwareDatetime, AfterValidator(_in_the_calendar)]
"""A time with its zone, as the sender's clock has it; UTC once it is read."""
