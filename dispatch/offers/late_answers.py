"""What a crew, or a desk, is told that answers an offer after it has ended."""

from datetime import datetime
from typing import Any
from typing import Protocol

from dispatch.core.errors import N_
from dispatch.core.errors import Conflict
from dispatch.core.instants import instant
from dispatch.offers.states import OVER_SENTENCES
from dispatch.offers.states import OfferState


class Standing(Protocol):
    """How an offer stands: its row, or a query's."""

    @property
    def state(self) -> str:
        """State of the offer."""

    @property
    def taken_by_id(self) -> int | None:
        """The crew that has it."""

    @property
    def ended_at(self) -> datetime | None:
        """When it ended."""

    @property
    def ended_by(self) -> str | None:
        """Who or what ended it."""


def refused_as_over(offer: Standing, taken_by: str) -> Conflict:
    """Return the refusal for an offer that has ended, saying how.

    Parameters
    ----------
    offer
        How it stands.
    taken_by
        The name of the crew that took it, if one did.
    """
    extra: dict[str, Any]
    if offer.state == OfferState.TAKEN:
        message = N_("Taken by %(crew)s.")
        extra = {"by": taken_by, "crew_id": offer.taken_by_id, "at": instant(offer.ended_at)}
        return Conflict("offer_taken", message, {"crew": taken_by}, extra=extra)
    message = OVER_SENTENCES[OfferState(offer.state)]
    extra = {"state": offer.state, "at": instant(offer.ended_at), "ended_by": offer.ended_by}
    return Conflict("offer_over", message, extra=extra)
