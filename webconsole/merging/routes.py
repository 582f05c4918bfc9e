"""Duplicates: what may be known already, merging and taking apart, calling back, danger radii."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.incidents.types import IncidentAnswer
from dispatch.incidents.types import ReportAnswer
from dispatch.merging.types import DangerRadiusAnswer
from dispatch.merging.types import MarkCalledBack
from dispatch.merging.types import MergeAnswer
from dispatch.merging.types import MergedIncidentsAnswer
from dispatch.merging.types import MergeIncident
from dispatch.merging.types import MergePreviewAnswer
from dispatch.merging.types import NearIncidentsAnswer
from dispatch.merging.types import PeopleAnswer
from dispatch.merging.types import SetDangerRadius
from dispatch.merging.types import UnmergeIncident
from webconsole.merging.schemas import NearQuery
from webconsole.merging.schemas import PreviewMergeQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.caller_numbers import note_or_refuse
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

merging = Area("merging", __name__, url_prefix="/api/v1/incidents", tag="Duplicates")
danger_radii = Area("danger_radii", __name__, url_prefix="/api/v1/kinds", tag="Danger radii")


@merging.get("/near", needs=(Permission.INCIDENT_READ,))
@merging.input(NearQuery, location="query", arg_name="query")
@merging.output(described(NearIncidentsAnswer))
def near_incidents(query: NearQuery) -> Response:
    """List what is known near a place already, before it is reported as something new.

    Incidents that have not ended and were reported within the last 24 hours, the likeliest first,
    each with a score and what it comes from.
    """
    found = services().join_proposals.near(
        actor(),
        (query.lon, query.lat),
        kind=query.kind,
        address=query.address or "",
        radius_m=query.radius_m,
        limit=query.limit,
    )
    return answer(found)


@merging.get("/<int:incident_id>/merge", needs=(Permission.INCIDENT_READ,))
@merging.input(PreviewMergeQuery, location="query", arg_name="query")
@merging.output(described(MergePreviewAnswer))
def preview_merge(incident_id: int, query: PreviewMergeQuery) -> Response:
    """Show what a merge would bring together, and what `move` would do with live orders."""
    return answer(services().merge_previews.preview(actor(), incident_id, query.into))


@merging.post("/<int:incident_id>/merge", needs=(Permission.INCIDENT_WRITE,))
@merging.input(MergeIncident, arg_name="body")
@merging.output(described(MergeAnswer))
@merging.doc(
    responses={
        409: "incident_ended, into_ended, into_resolved, merge_into_itself, orders_live or "
        "idempotency_mismatch"
    }
)
def merge_incident(incident_id: int, body: MergeIncident) -> Response:
    """Merge an incident into another, from which all that belongs to both is read.

    While it has live orders, `orders` says what becomes of them; without it: 409 orders_live, with
    the orders and the choices.
    """
    return answer(services().merging.merge(actor(), incident_id, body))


@merging.post("/<int:incident_id>/unmerge", needs=(Permission.INCIDENT_WRITE,))
@merging.input(UnmergeIncident, arg_name="body")
@merging.output(described(MergeAnswer))
@merging.doc(responses={409: "not_merged, follow_up_exists or idempotency_mismatch"})
def unmerge_incident(incident_id: int, body: UnmergeIncident) -> Response:
    """Take an incident out of the one that it was merged into, with all that is its own."""
    return answer(services().merging.unmerge(actor(), incident_id, body))


@merging.get("/<int:incident_id>/merged", needs=(Permission.INCIDENT_READ,))
@merging.output(described(MergedIncidentsAnswer))
def merged_incidents(incident_id: int) -> Response:
    """List what was merged into an incident."""
    return answer(services().merging.merged(actor(), incident_id))


@merging.post(
    "/<int:incident_id>/reports/<int:report_id>/call-back", needs=(Permission.INCIDENT_WRITE,)
)
@merging.input(MarkCalledBack, arg_name="body")
@merging.output(described(ReportAnswer))
@merging.doc(responses={409: "idempotency_mismatch"})
def call_back(incident_id: int, report_id: int, body: MarkCalledBack) -> Response:
    """Tick that who reported it was called back, or take the tick away."""
    return answer(services().call_backs.call_back(actor(), incident_id, report_id, body))


@merging.get("/<int:incident_id>/call-backs", needs=(Permission.INCIDENT_READ,))
@merging.output(described(PeopleAnswer))
def people_to_call_back(incident_id: int) -> Response:
    """List who left a telephone number, one entry for each number."""
    people = services().call_backs.people(actor(), incident_id)
    if people["people"]:
        note_or_refuse({incident_id: None})
    return answer(people)


@merging.get("/<int:incident_id>/call-backs.csv", needs=(Permission.EXPORT,))
@merging.doc(responses={200: "CSV, UTF-8 with BOM"})
def call_back_table(incident_id: int) -> Response:
    """Give the same list as a table for spreadsheets."""
    table = services().call_backs.table(actor(), incident_id)
    note_or_refuse({incident_id: None})
    services().export_trail.note(actor(), "call-backs.csv", subject_id=str(incident_id))
    reply = Response(table, mimetype="text/csv")
    name = f"call-backs-{incident_id}.csv"
    reply.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    reply.headers["Cache-Control"] = "no-store"
    return reply


@merging.put("/<int:incident_id>/danger-radius", needs=(Permission.INCIDENT_WRITE,))
@merging.input(SetDangerRadius, arg_name="body")
@merging.output(described(IncidentAnswer))
@merging.doc(responses={409: "incident_ended or idempotency_mismatch"})
def set_danger_radius(incident_id: int, body: SetDangerRadius) -> Response:
    """Set how far around an incident people are in danger; null: as its kind has it."""
    return answer(services().danger.set_for_incident(actor(), incident_id, body))


@danger_radii.put("/<kind>/danger-radius", needs=(Permission.RULES_WRITE,))
@danger_radii.input(SetDangerRadius, arg_name="body")
@danger_radii.output(described(DangerRadiusAnswer))
def set_danger_radius_of_kind(kind: str, body: SetDangerRadius) -> Response:
    """Set how far around incidents of a kind people are in danger."""
    return answer(services().danger.set_for_kind(actor(), kind, body))
