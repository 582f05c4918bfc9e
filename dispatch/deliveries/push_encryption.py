"""Web Push: a message encrypted for one browser, and the header that says who sends it.

A pure calculation on keys. Encryption: RFC 8291 (aes128gcm of RFC 8188, one record);
identification: RFC 8292 (VAPID, a token signed with ES256).
"""

import base64
import json
import os
from datetime import datetime
from datetime import timedelta
from typing import Final
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECORD_SIZE: Final = 4_096
LONGEST_MESSAGE: Final = 3_000
"""Bytes; push services promise to take 4 096 with all that is added here."""
_CURVE: Final = ec.SECP256R1()
_POINT_BYTES: Final = 65
_SALT_BYTES: Final = 16
_AUTH_BYTES: Final = 16
_COORDINATE_BYTES: Final = 32
_TOKEN_HOLDS: Final = timedelta(hours=12)
_LAST_RECORD: Final = b"\x02"


class KeyPair(NamedTuple):
    """A key as it is kept: the private number and the public point, base64url."""

    private: str
    public: str


def encode(raw: bytes) -> str:
    """Return bytes as base64url without padding, as all of Web Push writes them."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes of base64url, padded or not."""
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def new_keys() -> KeyPair:
    """Make a key pair."""
    key = ec.generate_private_key(_CURVE)
    private = key.private_numbers().private_value.to_bytes(_COORDINATE_BYTES)
    return KeyPair(encode(private), encode(_point(key.public_key())))


def is_usable(p256dh: str, auth: str) -> bool:
    """Return whether these are keys of a browser."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, decode(p256dh))
        return len(decode(p256dh)) == _POINT_BYTES and len(decode(auth)) == _AUTH_BYTES
    except ValueError:
        return False


def encrypt(
    message: bytes,
    p256dh: str,
    auth: str,
    *,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return a message that only the browser with these keys can read.

    Parameters
    ----------
    message
        At most `LONGEST_MESSAGE` bytes.
    p256dh, auth
        The browser's public key and its secret, base64url.
    salt, sender
        Made at random, anew for each message; given only to compare with the RFC's example.

    References
    ----------
    RFC 8291, section 3.4; RFC 8188, section 2.
    """
    receiver_point = decode(p256dh)
    receiver = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, receiver_point)
    sender = sender or ec.generate_private_key(_CURVE)
    sender_point = _point(sender.public_key())
    salt = salt or os.urandom(_SALT_BYTES)
    shared = sender.exchange(ec.ECDH(), receiver)
    info = b"WebPush: info\x00" + receiver_point + sender_point
    secret = _derive(shared, decode(auth), info, 32)
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(key).encrypt(nonce, message + _LAST_RECORD, None)
    header = salt + RECORD_SIZE.to_bytes(4) + len(sender_point).to_bytes(1) + sender_point
    return header + sealed


def authorization(keys: KeyPair, endpoint: str, subject: str, now: datetime) -> str:
    """Return the ``Authorization`` header that says who sends a push.

    Parameters
    ----------
    keys
        The product's own.
    endpoint
        Where it is sent; the token holds for that host only.
    subject
        Whom the push service may turn to: an address of the form ``https:`` or ``mailto:``.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + _TOKEN_HOLDS).timestamp()),
        "sub": subject,
    }
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    private = ec.derive_private_key(int.from_bytes(decode(keys.private)), _CURVE)
    # JWS wants the two numbers side by side, not the DER that everybody else has (RFC 7518, 3.4).
    r, s = decode_dss_signature(private.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encode(r.to_bytes(_COORDINATE_BYTES) + s.to_bytes(_COORDINATE_BYTES))
    return f"vapid t={signed}.{signature}, k={keys.public}"


def _json(value: dict[str, object]) -> str:
    return encode(json.dumps(value, separators=(",", ":")).encode())


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
