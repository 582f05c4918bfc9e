"""Which addresses something may be sent to. Pure rules."""

from urllib.parse import urlsplit

from dispatch.core.errors import N_

_SCHEMES = frozenset({"http", "https"})


def why_unusable(url: str) -> str | None:
    """Return what is wrong with an address as a sentence; None if something may be sent there.

    A password in it would stand in logs and lists; the signature is what a gateway knows us by.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return N_("is no address such as https://sms.example/send")
    if parts.scheme not in _SCHEMES or not parts.hostname or port == 0:
        return N_("is no address such as https://sms.example/send")
    if parts.username is not None or parts.password is not None:
        return N_("must hold no user name or password")
    if parts.fragment or any(letter.isspace() or not letter.isprintable() for letter in url):
        return N_("is no address such as https://sms.example/send")
    return None
