"""What a password must be: long, and neither common nor somebody's name. Pure.

No letter, digit or sign is demanded and none expires: both make people choose worse ones
(NIST SP 800-63B, 3.1.1.2).
"""

import re
from collections.abc import Iterable
from typing import Annotated
from typing import Final

from pydantic import AfterValidator
from pydantic import Field
from pydantic_core import PydanticCustomError

from dispatch.accounts.common_passwords import COMMON
from dispatch.core.errors import N_
from dispatch.core.errors import InvalidInput
from dispatch.core.field_errors import in_own_words

LEAST_LENGTH = 10
MOST_LENGTH = 200
_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm")
_MIXED_ROWS: Final = ("1q2w3e4r5t6y7u8i9o0p", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")
_LEET: Final = str.maketrans("@4301!5$7", "aaeoiisst")
_AROUND: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_FEW_LETTERS: Final = 3
_LONGEST_REPEATED: Final = 5
_LEAST_NAME: Final = 3
_LEAST_BESIDE_NAMES: Final = 8
_COMMON: Final = N_("is one of the passwords that are tried first; choose another")
_NAMES: Final = N_("is little more than the user name or the company's name; choose another")


def refuse_names(password: str, names: Iterable[str], field: str = "password") -> None:
    """Refuse a password that says little beside names that everybody knows.

    Raises
    ------
    InvalidInput
        On the field.
    """
    rest = password.casefold()
    for name in sorted({each.strip().casefold() for each in names}, key=len, reverse=True):
        if len(name) >= _LEAST_NAME or not name.isascii():
            rest = rest.replace(name, "") if name else rest
    if rest != password.casefold() and len(_AROUND.sub("", rest)) < _LEAST_BESIDE_NAMES:
        raise InvalidInput.one(field, _NAMES)


def is_common(password: str) -> bool:
    """Return whether a password is one of those that guessers try first, or made like them."""
    typed = "".join(password.casefold().split())
    if len(set(typed)) <= _FEW_LETTERS or _is_repeated(typed) or _is_row(typed):
        return True
    readings = (typed, typed.translate(_LEET))
    bare = {_AROUND.sub("", each) for each in readings} | {_AROUND.sub("", typed).translate(_LEET)}
    return not COMMON.isdisjoint({*readings, *bare})


def _is_repeated(typed: str) -> bool:
    """Tell whether a few characters are said again and again, as in ``abcabcabcabc``."""
    return any(
        typed == (typed[:length] * len(typed))[: len(typed)]
        for length in range(1, _LONGEST_REPEATED + 1)
    )


def _is_row(typed: str) -> bool:
    """Tell whether the keys lie in a row, forwards or backwards."""
    rows = [row * 2 for row in (*_ROWS, *_MIXED_ROWS)]
    return any(typed in row or typed[::-1] in row for row in rows)


def _good(password: str) -> str:
    """Refuse what is too short to be safe, too long to be hashed again and again, or common."""
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        kind, sentence = "password_length", "must have {least} to {most} characters"
        raise PydanticCustomError(kind, sentence, {"least": LEAST_LENGTH, "most": MOST_LENGTH})
    if is_common(password):
        raise in_own_words(_COMMON)
    return password


NewPassword = Annotated[str, AfterValidator(_good), Field(repr=False)]
"""A password that somebody chooses; never shown where a command is printed."""
