"""The utility's own layers: listed, drawn as tiles, looked at, and what of them is near."""

import gzip

from flask import Blueprint
from flask import Response
from flask import request

from dispatch.access.permissions import Permission
from dispatch.layers.types import FeaturesAnswer
from dispatch.layers.types import LayersAnswer
from dispatch.layers.types import NearFeaturesAnswer
from geodata.tiles.vector_tiles import MEDIA_TYPE
from webconsole.layers.schemas import NearQuery
from webconsole.layers.schemas import PlaceQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

layers = Area("layers", __name__, url_prefix="/api/v1/layers", tag="Layers")
layer_tiles = Blueprint("layer_tiles", __name__)
_WEEK_S = 604_800
_WORTH_GZIP_BYTES = 500


@layers.get("", needs=(Permission.LAYER_READ,))
@layers.output(described(LayersAnswer))
def list_layers() -> Response:
    """List all layers by kind and name."""
    return answer(services().layers.list(actor()))


@layers.get("/at", needs=(Permission.LAYER_READ,))
@layers.input(PlaceQuery, location="query", arg_name="query")
@layers.output(described(FeaturesAnswer))
def features_at(query: PlaceQuery) -> Response:
    """Show what of some layers lies at a place, with all that is known of it."""
    found = services().layers.at(actor(), (query.lon, query.lat), query.layers, query.tolerance_m)
    return answer(found)


@layers.get("/near", needs=(Permission.LAYER_READ,))
@layers.input(NearQuery, location="query", arg_name="query")
@layers.output(described(NearFeaturesAnswer))
def features_near(query: NearQuery) -> Response:
    """Show the nearest things of one kind: which valves to shut."""
    found = services().layers.near(
        actor(),
        (query.lon, query.lat),
        query.kind,
        utility=query.utility,
        within_m=query.within_m,
        limit=query.limit,
    )
    return answer(found)


@layer_tiles.get("/layers/<int:layer_id>/<int:z>/<int:x>/<int:y>.mvt")
def layer_tile(layer_id: int, z: int, x: int, y: int) -> Response:
    """Return one tile of a layer.

    Pages ask with ``?v=<version>``: after an import they ask under another address, so a tile may
    be kept for a week. Under any other address it is asked for again each time.
    """
    service, place = services().layers, f"{layer_id}-{z}-{x}-{y}"
    if request.if_none_match:
        # To find out that nothing changed, nothing is cut.
        version = service.version(actor(), layer_id)
        if request.if_none_match.contains(f"layer-{place}-{version}"):
            return _tile_reply(place, version, 304)
    body, version = service.tile(actor(), layer_id, z, x, y)
    reply = _tile_reply(place, version)
    if len(body) > _WORTH_GZIP_BYTES and request.accept_encodings.quality("gzip") > 0:
        body = gzip.compress(body, compresslevel=4, mtime=0)
        reply.content_encoding = "gzip"
    reply.set_data(body)
    return reply


def _tile_reply(place: str, version: int, status: int = 200) -> Response:
    reply = Response(mimetype=MEDIA_TYPE, status=status)
    reply.set_etag(f"layer-{place}-{version}")
    lasting = request.args.get("v") == str(version)
    reply.headers["Cache-Control"] = f"private, {f'max-age={_WEEK_S}' if lasting else 'no-cache'}"
    reply.vary.add("Accept-Encoding")
    return reply
