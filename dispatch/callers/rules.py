"""What an installation decided about callers' links. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from dispatch.callers.types import Language


@dataclass(frozen=True, slots=True)
class CallerRules:
    """How callers are dealt with.

    Parameters
    ----------
    automatic
        Whether a link is sent to each number that a report comes with, where a gateway sends SMS.
    kept
        How long a link lasts after its case has ended.
    language
        Of the message, where nobody says.
    names_crews
        Whether callers are told what the crew is called.
    fresh
        How old a crew's position may be to be told of.
    public_url
        Where callers find this console; None: where the gateway says that phones do.
    """

    automatic: bool
    kept: timedelta
    language: Language
    names_crews: bool
    fresh: timedelta
    public_url: str | None = None
