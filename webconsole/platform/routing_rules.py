"""What may stand in an address."""

from apiflask import APIFlask
from werkzeug.routing import IntegerConverter
from werkzeug.routing import Map

from dispatch.core.limits import LARGEST_ID


class RecordId(IntegerConverter):
    """A number that PostgreSQL can hold; beyond that there is nothing to be found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def install(app: APIFlask) -> None:
    """Make ``<int:…>`` mean such a number; the name keeps the API's description right."""
    app.url_map.converters["int"] = RecordId
