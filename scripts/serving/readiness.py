"""Tell systemd that a service is ready; without systemd nothing is told."""

import contextlib
import os
import socket

_VARIABLE = "NOTIFY_SOCKET"


class Readiness:
    """The socket that systemd listens on, if it started us."""

    def __init__(self) -> None:
        # Ours alone: gunicorn and PostgreSQL would report themselves as well.
        self._address = os.environ.pop(_VARIABLE, "")

    def tell(self, state: str = "READY=1") -> None:
        """Tell a state; not being able to is no reason to stop."""
        if not self._address:
            return
        # An address that begins with @ is in the abstract namespace.
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line,
        ):
            line.sendto(state.encode(), address)
