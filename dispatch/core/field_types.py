"""Types of the fields of commands and queries, each with its limits."""

from datetime import UTC
from datetime import date
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator
from pydantic import AwareDatetime
from pydantic import BeforeValidator
from pydantic import Field
from pydantic import StringConstraints
from pydantic_core import PydanticCustomError

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.limits import LARGEST_ID
from dispatch.core.limits import LARGEST_VERSION
from dispatch.core.limits import LEAST_RADIUS_M
from dispatch.core.limits import LEAST_URGENT
from dispatch.core.limits import LONGEST_ADDRESS
from dispatch.core.limits import LONGEST_KEY
from dispatch.core.limits import LONGEST_MESSAGE
from dispatch.core.limits import LONGEST_NAME
from dispatch.core.limits import LONGEST_PHONE
from dispatch.core.limits import LONGEST_REASON
from dispatch.core.limits import LONGEST_SKILL
from dispatch.core.limits import LONGEST_TEXT
from dispatch.core.limits import MOST_RADIUS_M
from dispatch.core.limits import MOST_URGENT

# Room to add and subtract days without leaving the calendar.
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_A_DAY = N_("must be a day such as 2026-01-31")


def _storable(text: str) -> str:
    """Refuse what PostgreSQL cannot hold in a text: NUL, and halves of surrogate pairs."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        kind = "unstorable_text"
        raise PydanticCustomError(kind, "has characters that no text can hold")
    return text


def _usable_key(text: str) -> str:
    """Refuse a name that cannot be stored or printed in a log."""
    if not (0 < len(text) <= LONGEST_KEY and text.isprintable()):
        kind, sentence = "unusable_key", "must have 1 to {most} printable characters"
        raise PydanticCustomError(kind, sentence, {"most": LONGEST_KEY})
    return text


def _read_time(value: object) -> object:
    """Read a time from text; refuse numbers, which pydantic would count in seconds from 1970."""
    if not isinstance(value, str):
        return value
    try:
        if value[4:5] == "-":  # every time that we read begins with its year
            return datetime.fromisoformat(value.upper())
    except ValueError:
        pass
    kind = "datetime_parsing"
    raise PydanticCustomError(kind, "is no time")


def _in_the_calendar(value: datetime) -> datetime:
    """Return an instant in UTC; refuse years that no clock shows."""
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        kind = "implausible_time"
        raise PydanticCustomError(kind, "must be a time such as 2026-01-31T08:15:00Z")
    return value.astimezone(UTC)


def _read_day(value: object) -> object:
    """Read a day from text, as 2026-01-31 and in no other way."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            raise in_own_words(_A_DAY) from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise in_own_words(_A_DAY)
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise in_own_words(_A_DAY)
    return value


def _text(limit: int, *, least: int | None = None) -> StringConstraints:
    return StringConstraints(max_length=limit, min_length=least, strip_whitespace=True)


storable = AfterValidator(_storable)
"""Refuses texts that PostgreSQL cannot hold."""
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Version = Annotated[int, Field(ge=0, le=LARGEST_VERSION)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="degrees, WGS 84")]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="degrees, WGS 84")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
RadiusM = Annotated[
    Finite, Field(ge=LEAST_RADIUS_M, le=MOST_RADIUS_M, description="metres, in a straight line")
]
Name = Annotated[str, _text(LONGEST_NAME), storable]
Skill = Annotated[str, _text(LONGEST_SKILL, least=1), storable]
Phone = Annotated[str, _text(LONGEST_PHONE), storable]
Address = Annotated[str, _text(LONGEST_ADDRESS), storable]
Caption = Annotated[str, _text(LONGEST_ADDRESS), storable]
LongText = Annotated[str, _text(LONGEST_TEXT), storable]
Reason = Annotated[str, _text(LONGEST_REASON), storable]
RequiredName = Annotated[str, _text(LONGEST_NAME, least=1), storable]
"""A name that must be there; what is blank is not."""
RequiredText = Annotated[str, _text(LONGEST_TEXT, least=1), storable]
MessageWords = Annotated[str, _text(LONGEST_MESSAGE, least=1), storable]
RequiredReason = Annotated[str, _text(LONGEST_REASON, least=1), storable]
Key = Annotated[
    str,
    AfterValidator(_usable_key),
    Field(
        description="repeated requests count once",
        json_schema_extra={"minLength": 1, "maxLength": LONGEST_KEY},
    ),
]
Priority = Annotated[
    int, Field(ge=MOST_URGENT, le=LEAST_URGENT, description="1 is the most urgent")
]
Day = Annotated[date, BeforeValidator(_read_day, json_schema_input_type=date)]
"""A day of the calendar, as 2026-01-31; whose midnight it begins at is the utility's."""
Timestamp = Annotated[
    AwareDatetime, BeforeValidator(_read_time, json_schema_input_type=AwareDatetime)
]
"""A time with its zone, as the sender's clock has it."""
Instant = Annotated[Timestamp, AfterValidator(_in_the_calendar)]
"""A time with its zone, as the sender's clock has it; UTC once it is read."""
