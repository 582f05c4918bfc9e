"""Proposals: made, shown, and sent row by row."""

from flask import Response
from flask import url_for

from dispatch.access.permissions import Permission
from dispatch.proposals.types import BatchAnswer
from dispatch.proposals.types import Propose
from dispatch.proposals.types import SendProposal
from dispatch.proposals.types import SentBatchAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.problems import from_domain
from webconsole.platform.reading import Area

proposals = Area("proposals", __name__, url_prefix="/api/v1/proposals", tag="Proposals")


@proposals.post("", needs=(Permission.ASSIGNMENT_SEND,))
@proposals.input(Propose, arg_name="body")
@proposals.output(described(BatchAnswer), 201)
@proposals.doc(responses={409: "no_road_time or idempotency_mismatch"})
def propose(body: Propose) -> Response:
    """Propose a crew for as many incidents as possible, at the least weighted arrival time.

    Nothing is sent. The most urgent incidents get a crew first; those that get none are named.
    """
    made, replayed = services().proposals.propose(actor(), body)
    location = url_for("proposals.get_proposal", proposal_id=made["id"])
    return answer(made, 201, location=location, replayed=replayed)


@proposals.get("/<int:proposal_id>", needs=(Permission.INCIDENT_READ,))
@proposals.output(described(BatchAnswer))
def get_proposal(proposal_id: int) -> Response:
    """Show a proposal as it was made, and what of it was sent."""
    return answer(services().proposals.get(actor(), proposal_id))


@proposals.post("/<int:proposal_id>/send", needs=(Permission.ASSIGNMENT_SEND,))
@proposals.input(SendProposal, arg_name="body")
@proposals.output(described(SentBatchAnswer))
def send_proposal(proposal_id: int, body: SendProposal) -> Response:
    """Send rows of a proposal, as proposed or with other crews; each is sent wholly or not at all.

    Rows that no longer hold are named with the reason. With the same ``client_id`` repeated,
    nothing is sent twice.
    """
    sent = services().proposals.send(actor(), proposal_id, body)
    stale = [(row, from_domain(error)) for row, error in sent.refused]
    told: SentBatchAnswer = {
        "proposal_id": proposal_id,
        "sent": sent.orders,
        "stale": [
            {
                "incident_id": row.incident_id,
                "crew_id": row.crew_id,
                "code": problem.code,
                "detail": problem.detail,
            }
            for row, problem in stale
        ],
    }
    return answer(told)
