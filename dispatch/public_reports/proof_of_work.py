"""Proof of work against floods: a browser calculates for a second before a report is taken. Pure.

As hashcash: to a challenge of ours a number has to be found, so that the SHA-256 of both begins
with so many zero bits. Challenges are signed instead of stored; each is worth one report.
"""

import hashlib
import hmac
from datetime import datetime
from datetime import timedelta
from typing import Final

HOLDS_FOR: Final = timedelta(hours=2)
"""Somebody may take long to write; whoever took longer calculates once more."""
_LONGEST: Final = 200
_CLOCKS_APART_S: Final = 60
"""Between two servers of one installation."""


def new_challenge(key: bytes, now: datetime, bits: int, nonce: str) -> str:
    """Return a challenge: time, bits and something of its own, with our signature."""
    what = f"{int(now.timestamp())}.{bits}.{nonce}"
    return f"{what}.{_signature(key, what)}"


def is_solved(key: bytes, challenge: str, solution: str, now: datetime, least_bits: int) -> bool:
    """Return whether a challenge is ours, of late, hard enough, and solved."""
    if len(challenge) > _LONGEST or len(solution) > _LONGEST:
        return False
    what, _, signature = challenge.rpartition(".")
    wanted = _signature(key, what).encode()
    if not hmac.compare_digest(wanted, signature.encode("utf-8", "surrogatepass")):
        return False
    parts = what.split(".")
    made_at, bits = int(parts[0]), int(parts[1])
    age_s = now.timestamp() - made_at
    if bits < least_bits or not -_CLOCKS_APART_S <= age_s <= HOLDS_FOR.total_seconds():
        return False
    return zero_bits(f"{challenge}:{solution}") >= bits


def zero_bits(text: str) -> int:
    """Return with how many zero bits the SHA-256 of a text begins."""
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return 256 - int.from_bytes(found, "big").bit_length()


def key_of(challenge: str) -> str:
    """Return the name under which a challenge is remembered as used."""
    return hashlib.sha256(challenge.encode("utf-8", "surrogatepass")).hexdigest()


def _signature(key: bytes, what: str) -> str:
    signed = b"challenge:" + what.encode("utf-8", "surrogatepass")
    return hmac.new(key, signed, hashlib.sha256).hexdigest()[:32]
