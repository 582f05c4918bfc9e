"""Position ingestion (highest request rate of the API)."""

from collections import Counter

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.positions.types import PositionResultsAnswer
from dispatch.positions.types import ReportPositions
from webconsole.monitoring.metrics import Metrics
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

REPORTS = (Permission.POSITION_WRITE_OWN, Permission.POSITION_WRITE_ANY)


def blueprint(counted: Metrics) -> Area:
    """Return the routes of positions; what became of the fixes is counted."""
    positions = Area("positions", __name__, url_prefix="/api/v1", tag="Positions")

    @positions.post("/positions", needs=REPORTS)
    @positions.input(ReportPositions, arg_name="body")
    @positions.output(described(PositionResultsAnswer))
    def record_positions(body: ReportPositions) -> Response:
        """Report where crews are.

        Each fix has its own result: `used` (the crew's position now), `kept` (in the track only,
        with the reason), `duplicate`, or `refused` (not stored; `errors` names the fields).
        """
        recorded = services().positions.record(actor(), body)
        for status, number in Counter(each["status"] for each in recorded["results"]).items():
            counted.positions.labels(status).inc(number)
        return answer(recorded)

    return positions
