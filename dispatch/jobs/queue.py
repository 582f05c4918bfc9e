"""Putting jobs into the queue, inside the transaction that causes them."""

from contextlib import nullcontext
from datetime import datetime

from procrastinate import App
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.types import JSONValue
from sqlalchemy.orm import Session


class JobQueue:
    """Puts jobs in on the caller's own connection, so that they commit or vanish with its rows.

    It has no connections: procrastinate's pool would be a second one beside ours, and its threads
    would stop a gevent worker.
    """

    def __init__(self) -> None:
        self._app = App(connector=SyncPsycopgConnector(conninfo=""))

    def defer(
        self,
        session: Session,
        task: str,
        *,
        due_at: datetime | None = None,
        lock: str | None = None,
        once: str | None = None,
        **arguments: JSONValue,
    ) -> int | None:
        """Put a job in and return its id; None if the same job waits already.

        Parameters
        ----------
        session
            With the transaction that causes the job; a rollback removes it.
        task
            The task's name, ``"room:function"``.
        due_at
            Not to be run before; at once when left out.
        lock
            Jobs with the same lock run one after the other, in the order in which they were put in.
        once
            While a job with this name waits, a second one is not put in. A transaction that has put
            one in and not ended yet makes others with the same name wait for it.
        arguments
            What the task is called with: ids and numbers, no personal data.
        """
        try:
            # Without the savepoint a refused insert would spoil the caller's transaction.
            with session.begin_nested() if once else nullcontext():
                # procrastinate speaks psycopg, so it gets the connection below SQLAlchemy's. It is
                # asked for in here: the session sends the savepoint only when it is used.
                return self._app.configure_task(
                    task,
                    connection=session.connection().connection.driver_connection,
                    schedule_at=due_at,
                    lock=lock,
                    queueing_lock=once,
                ).defer(**arguments)
        except AlreadyEnqueued:
            return None
