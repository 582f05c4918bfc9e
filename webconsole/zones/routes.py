"""Zones: listed, drawn, changed and removed."""

from flask import Response
from flask import url_for
from werkzeug.exceptions import RequestEntityTooLarge

from dispatch.access.permissions import Permission
from dispatch.core.limits import LARGEST_LAYER_BYTES
from dispatch.layers.uploads import known_attribute
from dispatch.layers.uploads import read_upload
from dispatch.layers.uploads import told_of
from dispatch.zones.types import ChangeZone
from dispatch.zones.types import DrawZone
from dispatch.zones.types import ZoneAnswer
from dispatch.zones.types import ZoneListQuery
from dispatch.zones.types import ZonesAnswer
from dispatch.zones.zone_files import zones_of
from webconsole.platform import problems
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.queries import RepeatHeaders
from webconsole.platform.reading import Area
from webconsole.zones.schemas import UploadZones
from webconsole.zones.schemas import ZoneImportAnswer
from webconsole.zones.schemas import ZoneRemovalQuery

zones = Area("zones", __name__, url_prefix="/api/v1/zones", tag="Zones")
ZONE = described(ZoneAnswer)


@zones.get("", needs=(Permission.ZONE_READ,))
@zones.input(ZoneListQuery, location="query", arg_name="query")
@zones.output(described(ZonesAnswer))
def list_zones(query: ZoneListQuery) -> Response:
    """List zones, all by kind and name unless a page is asked for."""
    return answer(services().zones.list(actor(), query))


@zones.post("", needs=(Permission.ZONE_WRITE,))
@zones.input(DrawZone, arg_name="body")
@zones.input(RepeatHeaders, location="headers", arg_name="headers")
@zones.output(ZONE, 201)
@zones.doc(responses={409: "idempotency_mismatch"})
def create_zone(body: DrawZone, headers: RepeatHeaders) -> Response:
    """Add a zone; with the header Idempotency-Key a repeated request adds it once."""
    zone, replayed = services().zones.create(actor(), body, idempotency_key=headers.key)
    location = url_for("zones.get_zone", zone_id=zone["id"])
    return answer(zone, 201, location=location, replayed=replayed)


@zones.get("/<int:zone_id>", needs=(Permission.ZONE_READ,))
@zones.output(ZONE)
def get_zone(zone_id: int) -> Response:
    """Show one zone."""
    return answer(services().zones.get(actor(), zone_id))


@zones.patch("/<int:zone_id>", needs=(Permission.ZONE_WRITE,))
@zones.input(ChangeZone, arg_name="body")
@zones.output(ZONE)
@zones.doc(responses={409: "zone_changed; the answer carries the zone as it is"})
def change_zone(zone_id: int, body: ChangeZone) -> Response:
    """Change what is named; repeated, it changes nothing."""
    return answer(services().zones.change(actor(), zone_id, body))


@zones.delete("/<int:zone_id>", needs=(Permission.ZONE_WRITE,))
@zones.input(ZoneRemovalQuery, location="query", arg_name="query")
@zones.output(ZONE)
@zones.doc(responses={409: "zone_changed; the answer carries the zone as it is"})
def remove_zone(zone_id: int, query: ZoneRemovalQuery) -> Response:
    """Remove a zone, and show it for the last time."""
    return answer(services().zones.remove(actor(), zone_id, query.expected_version))


@zones.post("/import", needs=(Permission.ZONE_WRITE,))
@zones.input(UploadZones, location="form_and_files", arg_name="form")
@zones.output(described(ZoneImportAnswer), 201)
@zones.doc(responses={413: "Larger than 50 MB", 429: "too_many_uploads"})
def upload_zones(form: UploadZones) -> Response:
    """Import zones from a file, all or none: those of a known kind and name are replaced."""
    actor().require(Permission.ZONE_WRITE)
    file = read_upload(form)
    for field in ("name_field", "name_zh_field"):
        known_attribute(file, getattr(form, field), field)
    wanted = zones_of(file, form.kind, form.name_field, form.name_zh_field)
    counts = services().zones.take_in(actor(), wanted)
    report = told_of(file, services().ground.active())
    return answer({**counts, "report": report}, 201)


@zones.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Say which field is too large, and how large it may be."""
    return problems.file_too_large("file", LARGEST_LAYER_BYTES)
