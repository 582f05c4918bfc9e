"""Query strings of replay and exports."""

from dispatch.replay.types import Format
from webconsole.platform.queries import PeriodQuery


class ExportQuery(PeriodQuery):
    """From when until when, and as what."""

    format: Format = "gpx"
