"""What trackers send, by the OsmAnd protocol and by OwnTracks over HTTP.

A fix that cannot be used is answered as a good one is: whatever else a phone hears, it sends the
same fix again, for ever, before all others. Why it was refused is kept and shown at the desk. Only
who is unknown is told so, and who sends too much is asked to wait.
"""

from collections import Counter
from typing import Final

from flask import Response
from flask import request
from pydantic_core import to_json
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.exceptions import TooManyRequests

from dispatch.trackers import osmand
from dispatch.trackers import owntracks
from dispatch.trackers.arrivals import KnownTracker
from dispatch.trackers.readings import Reading
from webconsole.monitoring.metrics import Metrics
from webconsole.platform.context import services
from webconsole.platform.route_rights import ANYBODY
from webconsole.platform.route_rights import Pages
from webconsole.trackers.rates import Buckets

LARGEST_BODY_BYTES: Final = 65_536
_BURST, _PER_S = 1_200, 25
"""A phone that was without signal for an hour sends a fix a request, as fast as it is answered."""
_UNKNOWN_BURST, _UNKNOWN_PER_S = 60, 1


class _Doors:
    """The two routes, and how often each tracker and each unknown sender may come."""

    def __init__(self, counted: Metrics) -> None:
        self._counted = counted
        self._known_rates = Buckets(_BURST, _PER_S)
        self._unknown_rates = Buckets(_UNKNOWN_BURST, _UNKNOWN_PER_S)

    def from_osmand(self) -> Response:
        """Take a fix of Traccar Client or OsmAnd, in any form that they send one."""
        arrivals = services().arrivals
        told = osmand.read(request.query_string, _body(), arrivals.now())
        if told.device is None:
            return self._unknown(400)
        known = arrivals.by_device(told.device)
        if known is None:
            return self._unknown(404 if told.as_json else 400)
        self._take(known, told.readings)
        return Response(status=200, content_type="text/plain")

    def from_owntracks(self) -> Response:
        """Take a message of OwnTracks; a desk that waits to hear from it has it asked."""
        arrivals = services().arrivals
        known = _signed_in()
        if known is None:
            refused = self._unknown(401)
            refused.headers["WWW-Authenticate"] = 'Basic realm="Nearcrew"'
            return refused
        self._take(known, owntracks.read(_body(), arrivals.now()))
        said_back = owntracks.REPORT_LOCATION if known.test_asked else owntracks.NOTHING_TO_SAY
        return Response(to_json(said_back), content_type="application/json")

    def _take(self, known: KnownTracker, readings: tuple[Reading, ...]) -> None:
        if not self._known_rates.take(known.setup.tracker_id):
            raise TooManyRequests
        stored = services().arrivals.take(known, readings)
        for status, number in Counter(each.status for each in stored).items():
            self._counted.positions.labels(status).inc(number)

    def _unknown(self, status: int) -> Response:
        if not self._unknown_rates.take(request.remote_addr):
            raise TooManyRequests
        return Response(status=status, content_type="text/plain")


def blueprint(counted: Metrics) -> Pages:
    """Return the routes that trackers send to; what became of the fixes is counted."""
    ingest = Pages("ingest", __name__, url_prefix="/ingest")
    doors = _Doors(counted)
    ingest.add_url_rule(
        "/osmand", "from_osmand", doors.from_osmand, methods=["GET", "POST"], needs=ANYBODY
    )
    ingest.add_url_rule(
        "/owntracks", "from_owntracks", doors.from_owntracks, methods=["POST"], needs=ANYBODY
    )
    return ingest


def _signed_in() -> KnownTracker | None:
    said = request.authorization
    if said is None or not said.username or not said.password:
        return None
    return services().arrivals.by_login(said.username, said.password)


def _body() -> bytes:
    """Return the body of a request, of whatever kind it says that it is."""
    if (request.content_length or 0) > LARGEST_BODY_BYTES:
        raise RequestEntityTooLarge
    body: bytes = request.get_data(cache=False)
    if len(body) > LARGEST_BODY_BYTES:
        raise RequestEntityTooLarge
    return body
