"""Positions in: the busiest door."""

from collections import Counter

from flask import Response

from webconsole.monitoring.metrics import Metrics
from webconsole.platform import answers
from webconsole.platform import requests
from webconsole.platform.answers import answer
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area


def blueprint(counted: Metrics) -> Area:
    """Return the door, which counts what became of the reports."""
    positions = Area("positions", __name__, url_prefix="/api/v1", tag="Positions")

    @positions.post("/positions")
    @positions.input(requests.PositionBatch, arg_name="body")
    @positions.output(answers.PositionResults)
    def record_positions(body: requests.PositionBatch) -> Response:
        """Report where crews are.

        Each fix has its own result: `used` (the crew's position now), `kept` (in the track only,
        with the reason), `duplicate`, or `refused` (not stored; `errors` names the fields).
        """
        recorded = services().positions.record(actor(), body.positions)
        for status, number in Counter(each["status"] for each in recorded["results"]).items():
            counted.positions.labels(status).inc(number)
        return answer(recorded)

    return positions
