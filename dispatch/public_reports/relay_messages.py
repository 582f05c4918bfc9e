"""What passes between this side and a relay, signed in both directions. Pure.

Only this side asks: a relay stands where the public reaches it, and has no way in here.
"""

from typing import Any
from typing import Final

from pydantic import BaseModel
from pydantic import ConfigDict

PATH: Final = "/outbox"
QUESTION, ANSWER = "question", "answer"
"""In the place of a delivery's number in what is signed, so that neither passes for the other."""


class RelayQuestion(BaseModel):
    """Asks for reports, says which have been taken, and what the relay's page is to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    taken: list[str]
    kinds: list[tuple[str, str, str]]
    """Code, name in English, name in Chinese."""
    emergency_phone: str
    bits: int


class RelayAnswer(BaseModel):
    """Reports that wait, the oldest first; photos are in base 64."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reports: list[dict[str, Any]]
