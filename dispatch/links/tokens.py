"""The secret part of a public link's address. Pure rules.

It may be read out on the phone and typed: the letters of Crockford's base 32, in which none looks
like another, and of which large and small are the same.
"""

import hashlib
import secrets
from typing import Final

_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 26
"""130 bits, five a letter: nobody guesses one, so that a fast hash of it may be stored."""
_MEANT: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
_LONGEST: Final = 200


def new_token() -> str:
    """Return a token that nobody had before."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


def digest_of(token: str) -> str:
    """Return what is stored of a token; the same however it was typed."""
    meant = token[:_LONGEST].lower().translate(_MEANT)
    return hashlib.sha256(meant.encode("utf-8", "surrogatepass")).hexdigest()
