"""Devices as they are listed and signed out."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import StringConstraints
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.field_types import Id
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.writes.command import Command

_ANSWER = ConfigDict(extra="forbid")
_MOST_AT_ONCE = 10_000
DeviceId = Annotated[str, StringConstraints(pattern=r"^(c-[0-9a-f]{16}|p-\d{1,18})$")]


class DeviceKind(StrEnum):
    """How a device proves who it is, or is told something."""

    TOKEN = "token"  # noqa: S105  (a kind)
    SESSION = "session"
    PUSH = "push"


class DeviceListQuery(ListQuery):
    """Which devices."""

    kind: DeviceKind | None = None
    crew_id: Id | None = None


class RevokeDevices(Command):
    """Devices to sign out; one that is gone already is no mistake."""

    ids: Annotated[
        tuple[DeviceId, ...], Field(min_length=1, max_length=_MOST_AT_ONCE, strict=False)
    ]


@with_config(_ANSWER)
class DeviceAnswer(TypedDict):
    """One device; its secret is known to nobody but itself."""

    id: str
    kind: DeviceKind
    account: str
    crew_id: int | None
    crew_name: str | None
    created_at: InstantText
    seen_at: Annotated[
        InstantText | None, Field(description="when it last asked, or a push last arrived")
    ]
    expires_at: InstantText | None
    failure: Annotated[str | None, Field(description="why pushes do not arrive")]


@with_config(_ANSWER)
class DevicesAnswer(TypedDict):
    """Devices, those seen last first."""

    devices: list[DeviceAnswer]
    total: int


@with_config(_ANSWER)
class RevokedAnswer(TypedDict):
    """How many devices were signed out."""

    revoked: int
