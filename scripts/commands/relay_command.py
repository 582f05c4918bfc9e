"""`nearcrew relay`: the report page for a network that has no way into the database."""

import os
import sys
from typing import Annotated

import typer

from scripts.errors import UsageError

_SECRET, _LEAST = "NEARCREW_RELAY_SECRET", 16
_APPLICATION = "webconsole.relay.app:create_relay()"


def relay(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8_100,
    file: Annotated[str, typer.Option(help="Where reports are kept.")] = "var/relay.sqlite",
) -> None:
    """Show the public report page and keep what is sent until a worker inside fetches it.

    It needs no database and opens no connection: a worker with NEARCREW_RELAY_URL and the same
    NEARCREW_RELAY_SECRET asks it.
    """
    if len(os.environ.get(_SECRET, "")) < _LEAST:
        message = f"{_SECRET} is not set, or has fewer than {_LEAST} characters"
        raise UsageError(message)
    os.environ["NEARCREW_RELAY_FILE"] = file
    # One process: how often an address may send is counted in its memory.
    command = [
        *(sys.executable, "-m", "gunicorn", f"--bind={host}:{port}", "--workers=1"),
        *("--threads=8", "--no-control-socket", _APPLICATION),
    ]
    os.execv(sys.executable, command)  # noqa: S606  (our own program, no shell)
