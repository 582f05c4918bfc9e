"""LISTEN on a dedicated PostgreSQL connection."""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence

import psycopg
from psycopg import sql
from sqlalchemy import make_url

GROUND_CHANNEL = "nearcrew_ground"
CLOSURE_CHANNEL = "nearcrew_closure"


def listen(
    database_url: str, channels: Sequence[str], timeout_s: float | Callable[[], float]
) -> Iterator[tuple[str, str] | None]:
    """Yield None once it listens, then (channel, payload) each, and None when none came in time.

    Notifications are only a nudge: what happened is read from the tables, so a lost one (while
    reconnecting) costs a moment and never an event.

    Parameters
    ----------
    database_url
        SQLAlchemy URL of the application's database.
    channels
        Which to listen to.
    timeout_s
        Longest silence before a None; a function is asked anew before each wait.

    Raises
    ------
    psycopg.OperationalError
        When the connection is lost; call again.
    """
    url = make_url(database_url).set(drivername="postgresql")
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for channel in channels:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        yield None  # listening now: look once, for what happened before
        while True:
            quiet = True
            longest_s = timeout_s() if callable(timeout_s) else timeout_s
            for notice in connection.notifies(timeout=longest_s, stop_after=1):
                quiet = False
                yield notice.channel, notice.payload
            if quiet:
                yield None
