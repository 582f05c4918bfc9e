"""How tickets stand, and their words. Pure rules."""

from enum import StrEnum

from dispatch.core.errors import N_


class Ended(StrEnum):
    """How a ticket ceased to count."""

    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class TicketState(StrEnum):
    """How a ticket stands on a day."""

    VALID = "valid"
    EXPIRES_SOON = "expires_soon"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


TICKET_STATE_LABELS = {
    TicketState.VALID: N_("Valid"),
    TicketState.EXPIRES_SOON: N_("Expires soon"),
    TicketState.NOT_YET: N_("Not valid yet"),
    TicketState.EXPIRED: N_("Expired"),
    TicketState.WITHDRAWN: N_("Withdrawn"),
}
