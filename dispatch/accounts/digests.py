"""Digests of secrets: what is stored of tokens, sessions, devices and addresses."""

import hashlib


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret; those of ours are long and random, so a fast hash is right.

    For names and addresses, which can be guessed, it only keeps them from being read in passing.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
