"""Gateways: what is asked, and the answers as the API shows them."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import SecretStr
from pydantic import StringConstraints
from pydantic import with_config
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from dispatch.core.field_types import RequiredName
from dispatch.core.instants import InstantText
from dispatch.core.list_query import ListQuery
from dispatch.gateways.states import GatewayKind
from dispatch.writes.command import Command
from dispatch.writes.command import RepeatableCommand

_ANSWER = ConfigDict(extra="forbid")
LEAST_SECRET, LONGEST_SECRET = 16, 200
LEAST_TIMEOUT_S, MOST_TIMEOUT_S, DEFAULT_TIMEOUT_S = 0.1, 30.0, 5.0


def _long_enough(secret: SecretStr) -> SecretStr:
    if not LEAST_SECRET <= len(secret) <= LONGEST_SECRET:
        kind, sentence = "password_length", "must have {least} to {most} characters"
        raise PydanticCustomError(kind, sentence, {"least": LEAST_SECRET, "most": LONGEST_SECRET})
    return secret


Url = Annotated[
    str,
    StringConstraints(max_length=1_000, strip_whitespace=True),
    Field(description="http or https, without user name and password"),
]
PageUrl = Annotated[Url, Field(description="where phones find this console; links begin with it")]
Secret = Annotated[
    SecretStr,
    AfterValidator(_long_enough),
    Field(description="signs both directions; can be set and never read"),
]
TimeoutS = Annotated[
    float,
    Field(
        ge=LEAST_TIMEOUT_S,
        le=MOST_TIMEOUT_S,
        allow_inf_nan=False,
        description="seconds within which it has to answer",
    ),
]


class AddGateway(RepeatableCommand):
    """A new gateway."""

    name: RequiredName
    kind: GatewayKind = GatewayKind.OTHER
    url: Url
    secret: Secret
    page_url: PageUrl | None = None
    timeout_s: TimeoutS = DEFAULT_TIMEOUT_S
    enabled: bool = True


class ChangeGateway(Command):
    """What becomes another of a gateway."""

    name: RequiredName | None = None
    kind: GatewayKind | None = None
    url: Url | None = None
    secret: Secret | None = None
    page_url: PageUrl | None = None
    timeout_s: TimeoutS | None = None
    enabled: bool | None = None


class GatewayListQuery(ListQuery):
    """Which gateways."""

    kind: GatewayKind | None = None
    enabled: bool | None = None


@with_config(ConfigDict(extra="forbid", title="Gateway"))
class GatewayAnswer(TypedDict):
    """A gateway; its secret is never told."""

    id: int
    name: str
    kind: GatewayKind
    url: str
    page_url: str | None
    enabled: bool
    timeout_s: float
    created_at: InstantText
    paused_until: Annotated[
        InstantText | None,
        Field(description="it did not answer several times: nothing is sent until then"),
    ]


@with_config(_ANSWER)
class GatewaysAnswer(TypedDict):
    """Gateways, by name; all unless a page was asked for."""

    gateways: list[GatewayAnswer]
    total: int
