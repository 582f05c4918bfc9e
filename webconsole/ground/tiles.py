"""The base map's door: vector tiles of the ground in use, for signed-in people."""

from flask import Response
from flask import request

from geodata.tiles.vector_tiles import MEDIA_TYPE
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.route_rights import SIGNED_IN
from webconsole.platform.route_rights import Pages

tiles = Pages("tiles", __name__)
_WEEK_S = 604_800
_LARGEST_ID = 2**63 - 1


@tiles.get("/tiles/<int:z>/<int:x>/<int:y>.mvt", needs=SIGNED_IN)
def tile(z: int, x: int, y: int) -> Response:
    """Return one tile; an empty one outside the ground.

    Pages ask with ``?g=<ground id>``: after an import they ask under another address, so a tile
    may be kept for a week. A page that still asks for the ground before gets the new one's tile,
    which it may not keep under that address.
    """
    actor()
    found = services().ground.tile(z, x, y, _asked_ground())
    answer = Response(mimetype=MEDIA_TYPE)
    answer.set_etag(found.tag)
    answer.headers["Cache-Control"] = (
        f"private, max-age={_WEEK_S}" if found.lasting else "private, no-cache"
    )
    answer.vary.add("Accept-Encoding")
    if request.if_none_match.contains(found.tag):
        answer.status_code = 304
        return answer
    if found.packed and request.accept_encodings.quality("gzip") > 0:
        answer.content_encoding = "gzip"
        answer.set_data(found.body)
    else:
        answer.set_data(found.plain())
    return answer


def _asked_ground() -> int | None:
    asked = request.args.get("g", type=int)
    return asked if asked is not None and 0 < asked <= _LARGEST_ID else None
