"""Finding things by what is typed, and addresses by where a pin is."""

from flask import Response
from flask_babel import gettext

from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.search import schemas as shapes

search = Area("search", __name__, url_prefix="/api/v1", tag="Search")


@search.get("/search")
@search.input(shapes.SearchQuery, location="query", arg_name="query")
@search.output(shapes.SearchResults)
def find(query: shapes.SearchQuery) -> Response:
    """Find addresses, streets, crossings, places, positions, crews and incidents.

    Part of a name is enough, and so is a misspelt one, in Latin letters, Chinese or pinyin. Crews
    and incidents are found only by who may see all of them.
    """
    return answer(services().search.find(actor(), query.model_dump(exclude_none=True)))


@search.get("/addresses/nearest")
@search.input(shapes.PointQuery, location="query", arg_name="query")
@search.output(shapes.NearestAddress)
def nearest_address(query: shapes.PointQuery) -> Response:
    """Say what is at a point: the nearest address, else the street and what is near."""
    found = services().search.nearest(actor(), query.lon, query.lat)
    return answer({**found, "label": _label(found["kind"], found["name"], found["beside"])})


def _label(kind: str | None, name: str | None, beside: str | None) -> str | None:
    if name is None or kind == "address":
        return name
    if kind == "place":
        return str(gettext("near %(place)s", place=name))
    if beside is None:
        return name
    return str(gettext("%(street)s, near %(place)s", street=name, place=beside))
