"""The base of commands: one typed value for each write, the same for HTTP, command line and tests.

Pydantic checks the shape: types, finite numbers, ranges, lengths, unknown names. What the values
*mean* (is the point on our ground, may this state follow that one) is the services' to say, in
the same form. Nothing is checked twice.
"""

from collections.abc import Mapping
from typing import Annotated
from typing import Any
from typing import Self

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import model_validator
from pydantic_core import InitErrorDetails

from dispatch.core.field_errors import refused
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import LongText
from dispatch.core.field_types import Reason


class Command(BaseModel):
    """One write; unknown fields are refused, so that a typing error cannot pass in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read_json(cls, body: bytes) -> Self:
        """Read JSON; strictly, so that "7.4" is no number and 1 is no text.

        Raises
        ------
        pydantic.ValidationError
            Naming every field that is wrong.
        """
        return cls.model_validate_json(body, strict=True)

    @classmethod
    def read_form(cls, fields: Mapping[str, str | bytes]) -> Self:
        """Read a form, which knows only texts and files; a field that is left blank is not there.

        Raises
        ------
        pydantic.ValidationError
            Naming every field that is wrong.
        """
        return cls.model_validate({name: value for name, value in fields.items() if value})

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Read Python values, as strictly.

        Raises
        ------
        InvalidInput
            Naming every field that is wrong.
        """
        try:
            return cls.model_validate(dict(values), strict=True)
        except ValidationError as error:
            raise refused(error) from None

    def given(self) -> dict[str, Any]:
        """Return only what was said, so that absent and null stay different."""
        return self.model_dump(exclude_unset=True)


class RepeatableCommand(Command):
    """A write that may be repeated under one name and that happened at the sender's time."""

    client_id: Key | None = None
    occurred_at: Annotated[
        Instant | None, Field(description="when it happened by the actor's clock")
    ] = None


class OptionalPlace(BaseModel):
    """Where something is, if that is said: ``lon`` and ``lat``, both or neither."""

    lon: Lon | None = None
    lat: Lat | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        missing = [name for name in ("lon", "lat") if getattr(self, name) is None]
        if len(missing) == 1:
            detail = InitErrorDetails(type="missing", loc=(missing[0],), input=None)
            raise ValidationError.from_exception_data(type(self).__name__, [detail])
        return self

    @property
    def lonlat(self) -> tuple[float, float] | None:
        """The place, longitude first."""
        return None if self.lon is None or self.lat is None else (self.lon, self.lat)


class PlacedCommand(OptionalPlace, Command):
    """A write that may say where."""


class Step(RepeatableCommand, PlacedCommand):
    """A step of an assignment, or a decision of the desk on an incident."""

    reason: Reason | None = None
    result: LongText | None = None
