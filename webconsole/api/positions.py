"""Positions in: the busiest door."""

from flask import Response

from webconsole.api import answers
from webconsole.api import requests
from webconsole.api.answers import answer
from webconsole.api.reading import Area
from webconsole.context import actor
from webconsole.context import services

positions = Area("positions", __name__, url_prefix="/api/v1", tag="Positions")


@positions.post("/positions")
@positions.input(requests.PositionBatch, arg_name="body")
@positions.output(answers.PositionResults)
def record_positions(body: requests.PositionBatch) -> Response:
    """Report where crews are.

    Each fix has its own result: `used` (the crew's position now), `kept` (in the track only, with
    the reason), `duplicate`, or `refused` (not stored; `errors` names the fields).
    """
    return answer(services().positions.record(actor(), body.positions))
