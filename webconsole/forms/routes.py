"""Work on the spot: what crews are asked, what they measured, and the lists behind it."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.core.list_query import ListQuery
from dispatch.forms.types import FormAnswer
from dispatch.forms.types import FormsAnswer
from dispatch.forms.types import MeasurementAnswer
from dispatch.forms.types import MeasurementsAnswer
from dispatch.forms.types import PartAnswer
from dispatch.forms.types import PartsAnswer
from dispatch.forms.types import ResultCodeAnswer
from dispatch.forms.types import ResultCodesAnswer
from dispatch.forms.types import SetForm
from dispatch.forms.types import SetPart
from dispatch.forms.types import SetResultCode
from dispatch.forms.types import TakeMeasurement
from dispatch.forms.types import WorkSheetAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

forms = Area("forms", __name__, url_prefix="/api/v1", tag="Forms")
measurements = Area("measurements", __name__, url_prefix="/api/v1", tag="Measurements")
KEEPS = (Permission.OUTCOME_WRITE,)
STEPS = (Permission.ASSIGNMENT_ACT_ANY, Permission.ASSIGNMENT_ACT_OWN)


@forms.get("/work-sheets/<kind>", needs=ORDERS_SEEN)
@forms.output(described(WorkSheetAnswer))
def work_sheet(kind: str) -> Response:
    """Show what a crew is asked on the spot at incidents of a kind: forms, codes, parts."""
    return answer(services().forms.work_sheet(kind))


@forms.get("/forms", needs=KEEPS)
@forms.output(described(FormsAnswer))
def list_forms() -> Response:
    """List all forms, retired ones too."""
    return answer(services().forms.list(actor()))


@forms.put("/forms/<code>", needs=KEEPS)
@forms.input(SetForm, arg_name="body")
@forms.output(described(FormAnswer))
@forms.doc(responses={409: "form_changed: it is no longer the version that was changed"})
def set_form(code: str, body: SetForm) -> Response:
    """Make a form, change it, or retire it; what was filled in keeps the version of then."""
    return answer(services().forms.set(actor(), code, body))


@forms.get("/result-codes", needs=KEEPS)
@forms.output(described(ResultCodesAnswer))
def list_result_codes() -> Response:
    """List the result codes of all kinds, retired ones too."""
    return answer(services().result_codes.list(actor()))


@forms.put("/result-codes/<kind>/<code>", needs=KEEPS)
@forms.input(SetResultCode, arg_name="body")
@forms.output(described(ResultCodeAnswer))
def set_result_code(kind: str, code: str, body: SetResultCode) -> Response:
    """Add a result code, change it, or offer a retired one again."""
    return answer(services().result_codes.set(actor(), kind, code, body))


@forms.delete("/result-codes/<kind>/<code>", needs=KEEPS)
@forms.output(described(ResultCodeAnswer))
def retire_result_code(kind: str, code: str) -> Response:
    """Offer a result code no longer; it stays known."""
    return answer(services().result_codes.retire(actor(), kind, code))


@forms.get("/parts", needs=KEEPS)
@forms.input(ListQuery, location="query", arg_name="query")
@forms.output(described(PartsAnswer))
def list_parts(query: ListQuery) -> Response:
    """List the catalogue of parts, retired ones too."""
    return answer(services().parts.list(actor(), query))


@forms.put("/parts/<code>", needs=KEEPS)
@forms.input(SetPart, arg_name="body")
@forms.output(described(PartAnswer))
def set_part(code: str, body: SetPart) -> Response:
    """Add a part, change it, or retire it."""
    return answer(services().parts.set(actor(), code, body))


@measurements.post("/assignments/<int:assignment_id>/measurements", needs=STEPS)
@measurements.input(TakeMeasurement, arg_name="body")
@measurements.output(described(MeasurementAnswer), 201)
@measurements.doc(responses={409: "idempotency_mismatch"})
def take_measurement(assignment_id: int, body: TakeMeasurement) -> Response:
    """Keep a form that was filled in; once for each client_id, whatever became of the order."""
    taken, replayed = services().measurements.take(actor(), assignment_id, body)
    return answer(taken, 201, replayed=replayed)


@measurements.get("/incidents/<int:incident_id>/measurements", needs=ORDERS_SEEN)
@measurements.output(described(MeasurementsAnswer))
def list_measurements(incident_id: int) -> Response:
    """List what was measured at an incident; for a crew, what it measured itself."""
    return answer(services().measurements.list(actor(), incident_id))
