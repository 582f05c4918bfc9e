"""Shapes of the search, as it is asked and answered."""

from typing import Annotated
from typing import Literal

from pydantic import Field
from pydantic import StringConstraints

from webconsole.platform.answers import Answer
from webconsole.platform.queries import Query
from webconsole.platform.requests import Lat
from webconsole.platform.requests import Lon

ResultKind = Literal["address", "street", "crossing", "place", "coordinate", "crew", "incident"]


class SearchQuery(Query):
    """What is looked for, and where the map stands."""

    q: Annotated[
        str,
        StringConstraints(max_length=200),
        Field(
            description="an address, street, crossing (A / B), place, position, crew or incident",
            examples=["rue grimaldi 12"],
        ),
    ]
    lon: Lon | None = None
    lat: Lat | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class PointQuery(Query):
    """A point."""

    lon: Lon
    lat: Lat


class SearchResult(Answer):
    """Something that was found."""

    kind: ResultKind
    label: str = Field(description="what it is called on the spot")
    detail: str | None = Field(description="address, settlement or station")
    lon: float | None
    lat: float | None
    distance_m: float | None = Field(description="from the middle of the map")
    category: str | None = Field(None, description="of a place: hospital, school, shop, …")
    called: str | None = Field(None, description="the name it was found by, if another")
    exact: bool = Field(True, description="false: a house beside the one asked for")  # noqa: FBT003  (pydantic's default)
    datum: str | None = Field(None, description="of a position: what it was typed in")
    id: int | None = Field(None, description="of a crew or an incident")
    state: str | None = Field(None, description="an incident's state, a crew's duty")
    incident_kind: str | None = None


class SearchResults(Answer):
    """What was found, the best first."""

    results: list[SearchResult]


class NearestAddress(Answer):
    """What is at a point; all null where nothing with a name is near."""

    label: str | None = Field(description="an address, or a street and what is near")
    kind: Literal["address", "street", "place"] | None
    name: str | None = Field(description="the address, street or place alone")
    beside: str | None = Field(description="what is near on that street")
    distance_m: float | None = Field(description="from the point to what is named")
