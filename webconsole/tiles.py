"""The base map's door: vector tiles of the ground in use, for signed-in people."""

import gzip

from flask import Blueprint
from flask import Response
from flask import request

from webconsole.context import actor
from webconsole.context import services

tiles = Blueprint("tiles", __name__)
_MIMETYPE = "application/vnd.mapbox-vector-tile"
_WEEK_S = 604_800
_WORTH_GZIP_BYTES = 500


@tiles.get("/tiles/<int:z>/<int:x>/<int:y>.mvt")
def tile(z: int, x: int, y: int) -> Response:
    """Return one tile; an empty one outside the ground.

    Pages ask with ``?g=<ground id>``: after an import they ask under another address, so a tile
    may be kept for a week.
    """
    actor()
    body, etag = services().ground.tile(z, x, y) or (b"", "no-ground")
    answer = Response(mimetype=_MIMETYPE)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = f"private, max-age={_WEEK_S}"
    answer.vary.add("Accept-Encoding")
    if request.if_none_match.contains(etag):
        answer.status_code = 304
        return answer
    if len(body) > _WORTH_GZIP_BYTES and request.accept_encodings.quality("gzip") > 0:
        body = gzip.compress(body, compresslevel=4, mtime=0)
        answer.content_encoding = "gzip"
    answer.set_data(body)
    return answer
