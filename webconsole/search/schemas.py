"""Query strings of the search, and what the console adds to its answers."""

from typing import Annotated

from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config

from dispatch.core.field_types import Lat
from dispatch.core.field_types import Lon
from dispatch.core.field_types import RequiredText
from dispatch.core.limits import LONGEST_SEARCH
from dispatch.search.service import DEFAULT_LIMIT
from dispatch.search.service import MOST_RESULTS
from dispatch.search.types import NearestPlace
from dispatch.writes.command import OptionalPlace
from webconsole.platform.queries import Query


class SearchQuery(OptionalPlace, Query):
    """What is looked for, and where the map stands."""

    q: Annotated[
        RequiredText,
        Field(
            max_length=LONGEST_SEARCH,
            description="an address, street, crossing (A / B), place, position, crew or incident",
            examples=["rue grimaldi 12"],
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=MOST_RESULTS)] = DEFAULT_LIMIT


class PointQuery(Query):
    """A point."""

    lon: Lon
    lat: Lat


@with_config(ConfigDict(extra="forbid", title="NearestAddress"))
class NearestAddressAnswer(NearestPlace):
    """What is at a point; all null where nothing with a name is near."""

    label: Annotated[str | None, Field(description="an address, or a street and what is near")]
