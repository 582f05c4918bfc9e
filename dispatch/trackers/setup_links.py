"""Links and QR codes by which a phone sets itself up: nobody types a secret on a phone."""

import base64
import json
from urllib.parse import urlencode

import segno

from dispatch.trackers.states import Protocol
from dispatch.trackers.types import TrackerIssuedAnswer

OSMAND_PATH = "/ingest/osmand"
OWNTRACKS_PATH = "/ingest/owntracks"
# As shipped, the client reports each 300 s or 75 m and falls asleep when it takes itself to stand.
_TRACCAR_CLIENT = {
    "interval": 10,
    "distance": 10,
    "accuracy": "high",
    "heartbeat": 60,
    "stopDetection": "false",
}
_HTTP_MODE = 3
_MOVE_MODE = 2
_TRACKER_ID_LENGTH = 2


def with_link(issued: TrackerIssuedAnswer, host_url: str) -> TrackerIssuedAnswer:
    """Return a tracker with its secret, and with the link that sets a phone up.

    Parameters
    ----------
    host_url
        Where phones reach this server, such as ``https://dispatch.example.com``.
    """
    link = link_of(issued, host_url)
    return {**issued, "link": link, "qr": qr_image(link)}


def link_of(issued: TrackerIssuedAnswer, host_url: str) -> str:
    """Return the link that sets a phone's program up."""
    base = host_url.rstrip("/")
    if issued["tracker"]["protocol"] is Protocol.OSMAND:
        query = urlencode({"id": issued["secret"], **_TRACCAR_CLIENT})
        return f"{base}{OSMAND_PATH}?{query}"
    settings = {
        "_type": "configuration",
        "mode": _HTTP_MODE,
        "url": f"{base}{OWNTRACKS_PATH}",
        "auth": True,
        "username": issued["login"],
        "password": issued["secret"],
        "deviceId": issued["login"],
        "tid": issued["login"][-_TRACKER_ID_LENGTH:],
        "monitoring": _MOVE_MODE,
        "locatorInterval": 10,
        "locatorDisplacement": 10,
        "moveModeLocatorInterval": 10,
        "ping": 15,
        "cmd": True,
        "remoteConfiguration": False,
    }
    inline = base64.b64encode(json.dumps(settings).encode()).decode()
    return "owntracks:///config?" + urlencode({"inline": inline})


def qr_image(link: str) -> str:
    """Return a link as a QR code: the address of an SVG image that holds the image itself."""
    code = segno.make(link, error="m", micro=False)
    address: str = code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    return address
