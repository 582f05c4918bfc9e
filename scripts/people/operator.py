"""Who runs a command, as the event log names them."""

import os
import pwd

from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role

_ROOT = 0


def operator() -> Actor:
    """Return whoever runs this command; who holds the database's key may do everything."""
    login = _login()
    roles = frozenset({Role.ADMINISTRATOR})
    return Actor(None, login, f"command line ({login})", roles)


def _login() -> str:
    """Return the name of the account; of root, who became it (the variable is sudo's)."""
    number = os.getuid()
    if number == _ROOT and (before := os.environ.get("SUDO_USER")):
        return before
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # in a container, with a number of its own
        return f"user {number}"
