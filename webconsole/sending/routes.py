"""Why a dispatcher sent another crew: the reasons to choose from, and the one that was chosen."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.sending.types import ExplainOverride
from dispatch.sending.types import OverrideExplanationAnswer
from dispatch.sending.types import OverrideReasonAnswer
from dispatch.sending.types import OverrideReasonsAnswer
from dispatch.sending.types import SetOverrideReason
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

overrides = Area("overrides", __name__, url_prefix="/api/v1", tag="Overrides")


@overrides.get("/override-reasons", needs=(Permission.ASSIGNMENT_SEND,))
@overrides.output(described(OverrideReasonsAnswer))
def override_reasons() -> Response:
    """List why another crew than the recommended one may be sent, in the order of the keys."""
    return answer(services().explanations.reasons(actor()))


@overrides.put("/override-reasons/<code>", needs=(Permission.RULES_WRITE,))
@overrides.input(SetOverrideReason, arg_name="body")
@overrides.output(described(OverrideReasonAnswer))
def set_override_reason(code: str, body: SetOverrideReason) -> Response:
    """Add a reason, change its words, or retire it."""
    return answer(services().explanations.set_reason(actor(), code, body))


@overrides.put(
    "/assignments/<int:assignment_id>/override-reason", needs=(Permission.ASSIGNMENT_SEND,)
)
@overrides.input(ExplainOverride, arg_name="body")
@overrides.output(described(OverrideExplanationAnswer))
@overrides.doc(responses={409: "no_override or idempotency_mismatch"})
def explain_override(assignment_id: int, body: ExplainOverride) -> Response:
    """Say why another crew than the recommended one was sent; the later word stands."""
    return answer(services().explanations.explain(actor(), assignment_id, body))
