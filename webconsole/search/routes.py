"""Finding things by what is typed, and addresses by where a pin is."""

from flask import Response
from flask_babel import gettext

from dispatch.search.types import SearchResultsAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import SIGNED_IN
from webconsole.search.schemas import NearestAddressAnswer
from webconsole.search.schemas import PointQuery
from webconsole.search.schemas import SearchQuery

search = Area("search", __name__, url_prefix="/api/v1", tag="Search")


@search.get("/search", needs=SIGNED_IN)
@search.input(SearchQuery, location="query", arg_name="query")
@search.output(described(SearchResultsAnswer))
def find(query: SearchQuery) -> Response:
    """Find addresses, streets, crossings, places, positions, crews and incidents.

    Part of a name is enough, and so is a misspelt one, in Latin letters, Chinese or pinyin. Crews
    and incidents are found only by who may see all of them.
    """
    found = services().search.find(actor(), query.q, near=query.lonlat, limit=query.limit)
    return answer(found)


@search.get("/addresses/nearest", needs=SIGNED_IN)
@search.input(PointQuery, location="query", arg_name="query")
@search.output(described(NearestAddressAnswer))
def nearest_address(query: PointQuery) -> Response:
    """Say what is at a point: the nearest address, else the street and what is near."""
    found = services().search.nearest(actor(), query.lon, query.lat)
    label = _label(found["kind"], found["name"], found["beside"])
    return answer(NearestAddressAnswer(**found, label=label))


def _label(kind: str | None, name: str | None, beside: str | None) -> str | None:
    if name is None or kind == "address":
        return name
    if kind == "place":
        return str(gettext("near %(place)s", place=name))
    if beside is None:
        return name
    return str(gettext("%(street)s, near %(place)s", street=name, place=beside))
