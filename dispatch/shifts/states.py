"""Words of shifts: how a crew stands to its rota, and the states of a swap. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class RotaMark(StrEnum):
    """How a crew's duty agrees with its rota."""

    NO_ROTA = "no_rota"
    """It has no shifts at all: nothing is expected of it."""
    AS_PLANNED = "as_planned"
    OUTSIDE = "outside"
    """On duty, and the rota does not say so."""
    MISSING = "missing"
    """Not on duty, and the rota says that it is."""


class SwapState(StrEnum):
    """How far a swap of shifts has come."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """Never stored: one of its shifts began before it was decided."""


OPEN_SWAPS: Final = (SwapState.ASKED, SwapState.AGREED)
SWAP_LABELS = {
    SwapState.ASKED: N_("Asked"),
    SwapState.AGREED: N_("Agreed, to be approved"),
    SwapState.DECLINED: N_("Declined by the other crew"),
    SwapState.APPROVED: N_("Approved"),
    SwapState.REFUSED: N_("Not approved"),
    SwapState.WITHDRAWN: N_("Withdrawn by who asked"),
    SwapState.LAPSED: N_("Not decided in time"),
}
