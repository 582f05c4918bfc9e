"""Signatures as they are given and shown."""

import re
from typing import Annotated
from typing import Final
from typing import Self

from pydantic import AfterValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import model_validator
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.field_errors import in_own_words
from dispatch.core.field_types import Id
from dispatch.core.field_types import Instant
from dispatch.core.field_types import Key
from dispatch.core.field_types import RequiredName
from dispatch.core.field_types import RequiredReason
from dispatch.core.instants import InstantText
from dispatch.core.limits import LONGEST_SIGNATURE
from dispatch.writes.command import Command

_LARGEST_SIDE: Final = 4_096
# Lines from point to point and nothing else: it is put into pages and reports as it is.
_STROKES: Final = re.compile(r"(?:M[0-9]{1,4} [0-9]{1,4}(?:L[0-9]{1,4} [0-9]{1,4})+)+")


def _lines(path: str) -> str:
    if not _STROKES.fullmatch(path):
        raise in_own_words(N_("must be lines from point to point"))
    return path


class AddSignature(Command):
    """Keep what a customer signed, or why the customer would not.

    Either ``strokes`` with ``width``, ``height`` and the ``signer_name``, or ``refusal``.
    """

    signer_name: RequiredName | None = None
    strokes: Annotated[
        Annotated[str, AfterValidator(_lines)] | None,
        Field(
            max_length=LONGEST_SIGNATURE,
            description="the lines as the path of an SVG: M and L with whole numbers, such as"
            " M10 20L15 25L30 22",
        ),
    ] = None
    width: Annotated[int | None, Field(ge=1, le=_LARGEST_SIDE)] = None
    height: Annotated[int | None, Field(ge=1, le=_LARGEST_SIDE)] = None
    refusal: RequiredReason | None = None
    signed_at: Annotated[Instant | None, Field(description="by the phone's clock")] = None
    client_id: Key | None = None

    @model_validator(mode="after")
    def _signed_or_refused(self) -> Self:
        if self.strokes is None and self.refusal is None:
            raise in_own_words(N_("needs either the lines of a signature or why there is none"))
        if self.strokes is None:
            return self
        if self.refusal is not None:
            raise in_own_words(N_("cannot be signed and refused"))
        if self.signer_name is None or self.width is None or self.height is None:
            raise in_own_words(N_("a signature needs the name of who signs, a width and a height"))
        return self


@with_config(ConfigDict(extra="forbid", title="Signature"))
class SignatureAnswer(TypedDict):
    """What a customer signed, or why not."""

    assignment_id: Id
    incident_id: Id
    crew_name: str
    signer_name: str
    strokes: Annotated[
        str | None, Field(description="path of an SVG; null when it was refused, or is erased")
    ]
    width: int | None
    height: int | None
    refusal: str | None
    signed_at: InstantText
    received_at: InstantText


@with_config(ConfigDict(extra="forbid", title="Signatures"))
class SignaturesAnswer(TypedDict):
    """The signatures under the orders of an incident."""

    signatures: list[SignatureAnswer]
