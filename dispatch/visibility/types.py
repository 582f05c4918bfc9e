"""Who sees what: the answers as the API shows them."""

from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from dispatch.core.errors import N_
from dispatch.core.list_query import ListQuery

_ANSWER = ConfigDict(extra="forbid")


class Thing(StrEnum):
    """What can be seen."""

    INCIDENT = "incident"
    CREW = "crew"
    ACCOUNT = "account"
    STATION = "station"
    ZONE = "zone"
    LAYER = "layer"
    GATEWAY = "gateway"
    PLEDGE = "pledge"


THING_LABELS = {
    Thing.INCIDENT: N_("Incidents"),
    Thing.CREW: N_("Crews"),
    Thing.ACCOUNT: N_("Accounts"),
    Thing.STATION: N_("Stations"),
    Thing.ZONE: N_("Zones"),
    Thing.LAYER: N_("Layers"),
    Thing.GATEWAY: N_("Gateways"),
    Thing.PLEDGE: N_("Pledges"),
}


class PeopleQuery(ListQuery):
    """Whose sight."""

    thing: Annotated[Thing | None, Field(description="with number: only who sees this one")] = None
    number: Annotated[int | None, Field(ge=1)] = None


@with_config(_ANSWER)
class SeenAnswer(TypedDict):
    """How many rows of a table somebody sees, and whether any role lets them be read."""

    thing: Thing
    count: int
    may_read: bool


@with_config(ConfigDict(extra="forbid", title="Viewer"))
class ViewerAnswer(TypedDict):
    """Somebody, and what they see."""

    id: int
    username: str
    display_name: str
    roles: list[str]
    unit_id: int
    unit_name: str | None
    crew_id: int | None
    everything: bool
    units: Annotated[list[str], Field(description="names of the units whose rows are seen")]
    lent_crews: Annotated[list[int], Field(description="seen because they are lent")]


@with_config(_ANSWER)
class ViewersAnswer(TypedDict):
    """People by user name; with a thing, those who can read it."""

    viewers: list[ViewerAnswer]
    total: int


@with_config(_ANSWER)
class SightAnswer(TypedDict):
    """What one person sees, counted by the database in that person's own scope."""

    viewer: ViewerAnswer
    seen: list[SeenAnswer]
