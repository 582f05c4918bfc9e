"""Tiles and names to take along, in few large answers; neither ever changes for one ground."""

import gzip
from http import HTTPStatus

from apiflask.schemas import FileSchema
from flask import Response
from flask import request

from dispatch.access.permissions import Permission
from dispatch.kit.types import CrewKitAnswer
from dispatch.kit.types import KitFile
from dispatch.kit.types import NamesAnswer
from webconsole.kit.schemas import NamesQuery
from webconsole.kit.schemas import TilesQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import SIGNED_IN

kit = Area("kit", __name__, url_prefix="/api/v1", tag="Kit")
_ARCHIVE = "application/octet-stream"


@kit.get("/crews/<int:crew_id>/kit", needs=(Permission.CREW_READ, Permission.ASSIGNMENT_ACT_OWN))
@kit.output(described(CrewKitAnswer))
def crew_kit(crew_id: int) -> Response:
    """Show around what a crew's phone keeps the city: its station; orders it knows itself."""
    return answer(services().kit.of_crew(actor(), crew_id))


@kit.get("/kit/tiles", needs=SIGNED_IN)
@kit.input(TilesQuery, location="query", arg_name="query")
@kit.output(FileSchema(type="string", format="binary"), content_type=_ARCHIVE)
@kit.doc(responses={409: "ground_changed"})
def tiles(query: TilesQuery) -> Response:
    """Give up to 128 tiles of the map in one body, for where there is no signal.

    The body is `NCT1` and the ground's id (8 bytes), then for each tile its zoom (1 byte), column
    and row (4 bytes each), whether its content is packed with gzip (1 byte), its length (4 bytes)
    and the content. Numbers are big-endian.
    """
    return _file(services().kit.tiles(actor(), query.tiles, query.ground_id), _ARCHIVE)


@kit.get("/kit/names", needs=SIGNED_IN)
@kit.input(NamesQuery, location="query", arg_name="query")
@kit.output(described(NamesAnswer))
def names(query: NamesQuery) -> Response:
    """List streets, places and house numbers, the nearest first, as many as 300 kB hold packed."""
    found = services().kit.names(actor(), query.lonlat)
    if request.accept_encodings.quality("gzip") > 0:
        listed = _file(found, "application/json")
        if listed.status_code == HTTPStatus.OK:
            listed.content_encoding = "gzip"
    else:
        plain = KitFile(gzip.decompress(found.body), found.tag)
        listed = _file(plain, "application/json")
    listed.vary.add("Accept-Encoding")
    return listed


def _file(found: KitFile, mimetype: str) -> Response:
    body = Response(found.body, mimetype=mimetype)
    body.set_etag(found.tag)
    body.headers["Cache-Control"] = "private, no-cache"
    body.make_conditional(request)
    return body
