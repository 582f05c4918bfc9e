"""Outcomes: the ways in which an order can end, for each kind of incident."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.outcomes.types import OutcomeAnswer
from dispatch.outcomes.types import OutcomesAnswer
from dispatch.outcomes.types import SetOutcome
from webconsole.outcomes.schemas import OutcomesQuery
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area
from webconsole.platform.route_rights import ORDERS_SEEN

outcomes = Area("outcomes", __name__, url_prefix="/api/v1/outcomes", tag="Outcomes")
OUTCOME = described(OutcomeAnswer)
LAST = "last_outcome: a kind keeps one that means done and one that means not done"


@outcomes.get("", needs=ORDERS_SEEN)
@outcomes.input(OutcomesQuery, location="query", arg_name="query")
@outcomes.output(described(OutcomesAnswer))
def list_outcomes(query: OutcomesQuery) -> Response:
    """List the outcomes that are offered for a kind of incident, in the order of the form."""
    return answer(services().outcomes.of_kind(query.kind))


@outcomes.put("/<kind>/<code>", needs=(Permission.OUTCOME_WRITE,))
@outcomes.input(SetOutcome, arg_name="body")
@outcomes.output(OUTCOME)
@outcomes.doc(responses={409: LAST})
def set_outcome(kind: str, code: str, body: SetOutcome) -> Response:
    """Add an outcome, change it, or offer a retired one again.

    Orders that ended with it keep the name and the meaning that it had then.
    """
    return answer(services().outcomes.set(actor(), kind, code, body))


@outcomes.delete("/<kind>/<code>", needs=(Permission.OUTCOME_WRITE,))
@outcomes.output(OUTCOME)
@outcomes.doc(responses={409: LAST})
def retire_outcome(kind: str, code: str) -> Response:
    """Offer an outcome no longer; it stays known, for what ended or is about to end with it."""
    return answer(services().outcomes.retire(actor(), kind, code))
