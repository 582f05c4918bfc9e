"""What a search finds, as the API shows it."""

from typing import Annotated
from typing import Literal
from typing import NotRequired

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from typing_extensions import TypedDict

from geodata.places.hits import Precision

ResultKind = Literal["address", "street", "crossing", "place", "coordinate", "crew", "incident"]
PlaceKind = Literal["address", "street", "place"]


@with_config(ConfigDict(extra="forbid", title="SearchResult"))
class SearchResultAnswer(TypedDict):
    """Something that was found."""

    kind: ResultKind
    label: Annotated[str, Field(description="what it is called on the spot")]
    detail: Annotated[str | None, Field(description="address, settlement or station")]
    lon: float | None
    lat: float | None
    distance_m: Annotated[float | None, Field(description="from the middle of the map")]
    category: NotRequired[
        Annotated[str | None, Field(description="of a place: hospital, school, shop, …")]
    ]
    called: NotRequired[
        Annotated[str | None, Field(description="of a place: the name it was found by, if another")]
    ]
    precision: NotRequired[
        Annotated[
            Precision,
            Field(
                description="of an address: exact; interpolated between known houses of its side of"
                " the street; street: the number is not known, the position is the street's"
            ),
        ]
    ]
    house: NotRequired[
        Annotated[str, Field(description="the house number asked for, where it is not known")]
    ]
    between: NotRequired[
        Annotated[list[str], Field(description="the house numbers it was interpolated between")]
    ]
    datum: NotRequired[Annotated[str, Field(description="of a position: what it was typed in")]]
    id: NotRequired[Annotated[int, Field(description="of a crew or an incident")]]
    state: NotRequired[Annotated[str, Field(description="an incident's state, a crew's duty")]]
    incident_kind: NotRequired[Annotated[str | None, Field(description="of an incident")]]


@with_config(ConfigDict(extra="forbid", title="SearchResults"))
class SearchResultsAnswer(TypedDict):
    """What was found, the best first."""

    results: list[SearchResultAnswer]


class NearestPlace(TypedDict):
    """What has a name nearest to a point; all null where nothing is near."""

    kind: PlaceKind | None
    name: Annotated[str | None, Field(description="the address, street or place alone")]
    beside: Annotated[str | None, Field(description="what is near on that street")]
    distance_m: Annotated[float | None, Field(description="from the point to what is named")]
