"""The utility's own layers: listed, drawn as tiles, looked at, and what of them is near."""

import gzip

from flask import Response
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.access.permissions import Permission
from dispatch.core.limits import LARGEST_LAYER_BYTES
from dispatch.layers.types import ChangeLayer
from dispatch.layers.types import FeaturesAnswer
from dispatch.layers.types import LayerAnswer
from dispatch.layers.types import LayersAnswer
from dispatch.layers.types import NearFeaturesAnswer
from dispatch.layers.uploads import known_attribute
from dispatch.layers.uploads import read_upload
from dispatch.layers.uploads import told_of
from geodata.tiles.vector_tiles import MEDIA_TYPE
from webconsole.layers.schemas import LayerImportAnswer
from webconsole.layers.schemas import NearQuery
from webconsole.layers.schemas import PlaceQuery
from webconsole.layers.schemas import UploadLayer
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import Pages

layers = Area("layers", __name__, url_prefix="/api/v1/layers", tag="Layers")
layer_tiles = Pages("layer_tiles", __name__)
WRITE = (Permission.LAYER_WRITE,)
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


@layers.post("", needs=WRITE)
@layers.input(UploadLayer, location="form_and_files", arg_name="form")
@layers.output(described(LayerImportAnswer), 201)
@layers.doc(responses={413: "Larger than 50 MB", 429: "too_many_uploads"})
def upload_layer(form: UploadLayer) -> Response:
    """Import a file as a layer: multipart/form-data; one of that name is replaced.

    The file is read apart from the server, within limits, as one of three formats known by their
    content; nothing is stored if it cannot be read.
    """
    actor().require(Permission.LAYER_WRITE)
    file = read_upload(form)
    known_attribute(file, form.label_field, "label_field")
    layer, replaced = services().layers.import_file(actor(), form, file)
    report = told_of(file, services().ground.active())
    return answer({"layer": layer, "replaced": replaced, "report": report}, 201)


@layers.patch("/<int:layer_id>", needs=WRITE)
@layers.input(ChangeLayer, arg_name="body")
@layers.output(described(LayerAnswer))
def change_layer(layer_id: int, body: ChangeLayer) -> Response:
    """Change what is named of a layer: name, kind, colour, utility."""
    return answer(services().layers.change(actor(), layer_id, body))


@layers.delete("/<int:layer_id>", needs=WRITE)
@layers.output(described(LayerAnswer))
def remove_layer(layer_id: int) -> Response:
    """Remove a layer, and show it for the last time."""
    return answer(services().layers.remove_one(actor(), layer_id))


@layers.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say which field is too large, and how large it may be."""
    return problems.file_too_large("file", LARGEST_LAYER_BYTES)


@layer_tiles.get(
    "/layers/<int:layer_id>/<int:z>/<int:x>/<int:y>.mvt", needs=(Permission.LAYER_READ,)
)
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
