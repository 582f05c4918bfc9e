"""Time formatting for the API, and the type of the injected clock."""

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from typing import Annotated
from typing import overload
from zoneinfo import ZoneInfo

from pydantic import Field

Clock = Callable[[], datetime]
InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant as ISO 8601 in UTC with milliseconds, as `instant` writes it."""


@overload
def instant(value: datetime) -> str: ...
@overload
def instant(value: None) -> None: ...
@overload
def instant(value: datetime | None) -> str | None: ...
def instant(value: datetime | None) -> str | None:
    """Return an instant as ISO 8601 in UTC with milliseconds; None stays None."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def start_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant at which the local day of ``now`` began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
