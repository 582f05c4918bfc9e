"""Encryption of the secrets of authenticator apps, which must be readable to check a code.

Who steals the database alone gets no codes: the key is in the environment or in a file beside it.
"""

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PURPOSE: Final = b"nearcrew time codes"


class Sealing:
    """Seals and opens secrets; each is bound to its account, so that none can be moved to another.

    Parameters
    ----------
    key
        Any long random text; the cipher's key is derived from it.
    """

    def __init__(self, key: str) -> None:
        derived = HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=_PURPOSE).derive(key.encode())
        self._cipher = AESGCM(derived)

    def seal(self, secret: str, account_id: int) -> bytes:
        """Return a secret encrypted, with a nonce in front that is never used again."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), _bound(account_id))

    def open(self, sealed: bytes, account_id: int) -> str | None:
        """Return the secret; None if it was sealed with another key or for another account."""
        nonce, encrypted = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, encrypted, _bound(account_id)).decode()
        except InvalidTag:
            return None


def _bound(account_id: int) -> bytes:
    return f"account {account_id}".encode()
