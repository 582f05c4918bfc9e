"""What a password must be."""

from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field
from pydantic_core import PydanticCustomError

LEAST_LENGTH = 10
MOST_LENGTH = 200


def _of_good_length(password: str) -> str:
    """Refuse what is too short to be safe, or too long to be hashed again and again."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        kind, sentence = "password_length", "must have {least} to {most} characters"
        raise PydanticCustomError(kind, sentence, {"least": LEAST_LENGTH, "most": MOST_LENGTH})
    return password


NewPassword = Annotated[str, AfterValidator(_of_good_length), Field(repr=False)]
"""A password that somebody chooses; never shown where a command is printed."""
