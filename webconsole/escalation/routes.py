"""Escalation chains: what happens while an order is not answered."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.assignments.types import AssignmentAnswer
from dispatch.escalation.types import ChainAnswer
from dispatch.escalation.types import ChainsAnswer
from dispatch.escalation.types import KeepWaiting
from dispatch.escalation.types import SetChain
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

chains = Area("chains", __name__, url_prefix="/api/v1/chains", tag="Chains")
order_chains = Area("order_chains", __name__, url_prefix="/api/v1/assignments", tag="Escalation")
CHAIN = described(ChainAnswer)


@chains.get("", needs=(Permission.INCIDENT_READ,))
@chains.output(described(ChainsAnswer))
def list_chains() -> Response:
    """List all chains, that for all kinds and priorities first."""
    return answer(services().chains.everything(actor()))


@chains.put("", needs=(Permission.RULES_WRITE,))
@chains.input(SetChain, arg_name="body")
@chains.output(CHAIN)
def set_chain(body: SetChain) -> Response:
    """Set the chain of a kind and a priority, or add it; orders under way keep theirs."""
    return answer(services().chains.set(actor(), body))


@chains.delete("/<int:chain_id>", needs=(Permission.RULES_WRITE,))
@chains.output(CHAIN)
@chains.doc(responses={409: "last_chain: the one for all that has none of its own"})
def remove_chain(chain_id: int) -> Response:
    """Remove a chain: orders take the next one that fits them."""
    return answer(services().chains.remove(actor(), chain_id))


@order_chains.post("/<int:assignment_id>/wait", needs=(Permission.ASSIGNMENT_SEND,))
@order_chains.input(KeepWaiting, arg_name="body")
@order_chains.output(described(AssignmentAnswer))
@order_chains.doc(responses={409: "wrong_state or idempotency_mismatch"})
def keep_waiting(assignment_id: int, body: KeepWaiting) -> Response:
    """Give the crew more time: what is left of the order's chain happens later."""
    kept, replayed = services().asking.keep_waiting(actor(), assignment_id, body)
    return answer(kept, replayed=replayed)
