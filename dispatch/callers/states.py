"""How a case stands, as callers are told, and how far the message with a link is. Pure."""

from enum import StrEnum
from typing import Final

from dispatch.core.errors import N_


class Stage(StrEnum):
    """How a case stands; each has one sentence."""

    SEARCHING = "searching"
    SEARCHING_AGAIN = "searching_again"
    """A crew that was asked does not come."""
    ASKED = "asked"
    CHOSEN = "chosen"
    BUSY = "busy"
    """Its crew has other work before it."""
    ON_ITS_WAY = "on_its_way"
    THERE = "there"
    FINISHED = "finished"
    MADE_SAFE = "made_safe"
    NOT_FINISHED = "not_finished"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    """By the desk, without anybody having said that the work is done."""


STAGE_SENTENCES: Final = {
    Stage.SEARCHING: N_("We have your report and are looking for a crew."),
    Stage.SEARCHING_AGAIN: N_("We are looking for another crew for you."),
    Stage.ASKED: N_("A crew has been asked to come."),
    Stage.CHOSEN: N_("A crew will come to you. It has not set out yet."),
    Stage.BUSY: N_("A crew will come to you after the work that it has to finish first."),
    Stage.ON_ITS_WAY: N_("The crew is on its way to you."),
    Stage.THERE: N_("The crew is there."),
    Stage.FINISHED: N_("The work is finished."),
    Stage.MADE_SAFE: N_("The crew has removed the danger. The repair is still to come."),
    Stage.NOT_FINISHED: N_("The crew could not finish the work. Another visit is needed."),
    Stage.CANCELLED: N_("This case was cancelled: no crew will come because of it."),
    Stage.CLOSED: N_("This case is closed. No crew has told us that work was done."),
}
STAGE_HINTS: Final = {
    Stage.NOT_FINISHED: N_("The danger may still be there: keep to what stands below."),
    Stage.MADE_SAFE: N_("Leave everything as the crew left it."),
    Stage.CANCELLED: N_("If there still is a danger, call us again."),
    Stage.CLOSED: N_("If there still is a danger, call us again."),
}
OVER: Final = frozenset({Stage.FINISHED, Stage.MADE_SAFE, Stage.CANCELLED, Stage.CLOSED})
"""No crew is awaited: the page need not look again, and may be rated."""


class StepName(StrEnum):
    """The steps of a case, in their order."""

    REPORTED = "reported"
    CHOSEN = "chosen"
    ON_ITS_WAY = "on_its_way"
    THERE = "there"
    ENDED = "ended"


STEP_SENTENCES: Final = {
    StepName.REPORTED: N_("Your report has come in"),
    StepName.CHOSEN: N_("A crew has said that it will come"),
    StepName.ON_ITS_WAY: N_("The crew has set out"),
    StepName.THERE: N_("The crew has arrived"),
    StepName.ENDED: N_("The work is finished"),
}
"""Of steps that are done, and of those to come."""
END_SENTENCES: Final = {
    Stage.MADE_SAFE: N_("The danger has been removed"),
    Stage.NOT_FINISHED: N_("The crew has left without finishing"),
    Stage.CANCELLED: N_("Cancelled"),
    Stage.CLOSED: N_("Closed"),
}
"""How the last step is called where it is not that the work is finished."""


class StepState(StrEnum):
    """Whether a step is done."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"


class ArrivalNote(StrEnum):
    """What can be said of when the crew will be there."""

    BAND = "band"
    UNKNOWN = "unknown"
    LATE = "late"
    """Later than was expected, and nobody knows by how much."""


class SmsState(StrEnum):
    """What became of the message with the link; the stored names."""

    NONE = "none"
    """None was asked for."""
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


SMS_LABELS: Final = {
    SmsState.NONE: N_("not sent"),
    SmsState.QUEUED: N_("waits to be sent"),
    SmsState.SENT: N_("sent"),
    SmsState.FAILED: N_("could not be sent"),
}
