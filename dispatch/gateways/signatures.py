"""Signatures of what goes to a gateway and of what comes from one: HMAC-SHA256. Pure rules.

Signed are the time, the delivery's id and the very bytes of the body, so that neither an old
message nor another delivery's can be passed off as this one.
"""

import hashlib
import hmac
from datetime import datetime
from datetime import timedelta
from typing import Final

TIMESTAMP: Final = "X-Nearcrew-Timestamp"
DELIVERY: Final = "X-Nearcrew-Delivery"
SIGNATURE: Final = "X-Nearcrew-Signature"
HOLDS_FOR: Final = timedelta(minutes=5)
"""How far a gateway's clock may be from ours, and for how long a message is taken."""
_SCHEME: Final = "v1="
_LONGEST: Final = 20


def sign(secret: str, timestamp: str, delivery_id: str, body: bytes) -> str:
    """Return the signature of a message.

    Parameters
    ----------
    timestamp
        Seconds since 1970, as they stand in the header.
    delivery_id
        As it stands in the header.
    body
        Exactly as it is sent.
    """
    signed = f"{timestamp}.{delivery_id}.".encode() + body
    return _SCHEME + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_signed(secret: str, timestamp: str, delivery_id: str, signature: str, body: bytes) -> bool:
    """Return whether a signature is the right one; it takes as long for any wrong one."""
    wanted = sign(secret, timestamp, delivery_id, body)
    return hmac.compare_digest(wanted.encode(), signature.encode())


def is_recent(timestamp: str, now: datetime) -> bool:
    """Return whether a message was signed just now, by the clock of whoever signed it."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < _LONGEST):
        return False
    return abs(now.timestamp() - int(timestamp)) <= HOLDS_FOR.total_seconds()
