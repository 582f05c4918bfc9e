"""Public links, as whoever opens one is known."""

from dataclasses import dataclass
from datetime import datetime

from dispatch.core.scope import Scope
from dispatch.links.states import LinkPurpose


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was opened.

    Parameters
    ----------
    incident_id
        The one it was made for; it may have been merged into another since.
    scope
        What is seen on its behalf: the rows of the incident's company. Never more than what it is
        for may be shown of them.
    """

    id: int
    purpose: LinkPurpose
    incident_id: int
    assignment_id: int | None
    report_id: int | None
    expires_at: datetime | None
    scope: Scope
