"""Devices: tokens of trackers, sessions of phones, browsers that take pushes."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.devices.types import DeviceListQuery
from dispatch.devices.types import DevicesAnswer
from dispatch.devices.types import RevokedAnswer
from dispatch.devices.types import RevokeDevices
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

devices = Area("devices", __name__, url_prefix="/api/v1/devices", tag="Devices")


@devices.get("", needs=(Permission.DEVICE_WRITE,))
@devices.input(DeviceListQuery, location="query", arg_name="query")
@devices.output(described(DevicesAnswer))
def list_devices(query: DeviceListQuery) -> Response:
    """List devices that may still be used, those seen last first; their secrets are never told."""
    return answer(services().devices.list(actor(), query))


@devices.post("/revoke", needs=(Permission.DEVICE_WRITE,))
@devices.input(RevokeDevices, arg_name="body")
@devices.output(described(RevokedAnswer))
def revoke_devices(body: RevokeDevices) -> Response:
    """Sign devices out: their next request is refused, and pushes go there no longer."""
    return answer(services().devices.revoke(actor(), body))
