"""Replay of a past period, and its export for other programs."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.replay.exports import ExportFile
from dispatch.replay.types import GeoJsonAnswer
from dispatch.replay.types import ReplayAnswer
from webconsole.platform import i18n
from webconsole.platform import queries
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.replay.schemas import ExportQuery

replay = Area("replay", __name__, url_prefix="/api/v1/replay", tag="Replay")
exports = Area("exports", __name__, url_prefix="/api/v1/exports", tag="Exports")


@replay.get("", needs=(Permission.REPLAY_READ,))
@replay.input(queries.PeriodQuery, location="query", arg_name="query")
@replay.output(described(ReplayAnswer))
def replay_board(query: queries.PeriodQuery) -> Response:
    """Tell how the whole board was: the last half hour, or a period of two hours at most."""
    return answer(services().replay.board(actor(), query.from_, query.to))


@replay.get("/incidents/<int:incident_id>", needs=(Permission.REPLAY_READ,))
@replay.input(queries.PeriodQuery, location="query", arg_name="query")
@replay.output(described(ReplayAnswer))
def replay_incident(incident_id: int, query: queries.PeriodQuery) -> Response:
    """Tell how an incident went: tracks, states and decisions."""
    return answer(services().replay.incident(actor(), incident_id, query.from_, query.to))


@replay.get("/crews/<int:crew_id>", needs=(Permission.REPLAY_READ, Permission.ASSIGNMENT_ACT_OWN))
@replay.input(queries.PeriodQuery, location="query", arg_name="query")
@replay.output(described(ReplayAnswer))
def replay_crew(crew_id: int, query: queries.PeriodQuery) -> Response:
    """Tell where a crew was and what it did: the last four hours, or a day at most."""
    return answer(services().replay.crew(actor(), crew_id, query.from_, query.to))


@exports.get("/incidents/<int:incident_id>", needs=(Permission.EXPORT,))
@exports.input(ExportQuery, location="query", arg_name="query")
@exports.output(described(GeoJsonAnswer), content_type="application/geo+json")
def export_incident(incident_id: int, query: ExportQuery) -> Response:
    """Give an incident with its tracks, ways and events as GPX 1.1 or GeoJSON."""
    return _file(
        services().exports.incident(
            actor(),
            incident_id,
            query.format,
            from_=query.from_,
            to=query.to,
            language=i18n.chosen_language(),
        )
    )


@exports.get("/crews/<int:crew_id>", needs=(Permission.EXPORT, Permission.ASSIGNMENT_ACT_OWN))
@exports.input(ExportQuery, location="query", arg_name="query")
@exports.output(described(GeoJsonAnswer), content_type="application/geo+json")
def export_crew(crew_id: int, query: ExportQuery) -> Response:
    """Give a crew's track and events of a period as GPX 1.1 or GeoJSON."""
    return _file(
        services().exports.crew(
            actor(),
            crew_id,
            query.format,
            from_=query.from_,
            to=query.to,
            language=i18n.chosen_language(),
        )
    )


def _file(file: ExportFile) -> Response:
    services().export_trail.note(actor(), file.name)
    response = Response(file.content, mimetype=file.mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
