"""Kinds of incidents: added and changed by those who keep the rules."""

from flask import Response

from dispatch.access.permissions import Permission
from dispatch.incidents.types import AddKind
from dispatch.incidents.types import ChangeKind
from dispatch.incidents.types import KindAnswer
from webconsole.platform.answers import answer
from webconsole.platform.answers import described
from webconsole.platform.context import actor
from webconsole.platform.context import services
from webconsole.platform.reading import Area

kinds = Area("kinds", __name__, url_prefix="/api/v1/kinds", tag="Kinds")
KIND = described(KindAnswer)


@kinds.post("", needs=(Permission.KIND_WRITE,))
@kinds.input(AddKind, arg_name="body")
@kinds.output(KIND, 201)
def add_kind(body: AddKind) -> Response:
    """Add a kind, with the outcomes, the plan and the check-ins of another to begin with."""
    return answer(services().kind_changes.add(actor(), body), 201)


@kinds.patch("/<code>", needs=(Permission.KIND_WRITE,))
@kinds.input(ChangeKind, arg_name="body")
@kinds.output(KIND)
def change_kind(code: str, body: ChangeKind) -> Response:
    """Change what is named of a kind; incidents that are there keep their priority."""
    return answer(services().kind_changes.change(actor(), code, body))
