"""Watch the standby: while it follows, commits wait for it; when it does not, they wait no longer.

PostgreSQL itself waits for a dead standby without limit, and no timeout of a statement ends that.
What is decided here is readable for every connection as the setting `nearcrew.standby`, from which
the desks are told.
"""

import contextlib
import math
import os
import signal
import threading
import time
from datetime import UTC
from datetime import datetime
from pathlib import Path

import psycopg

from scripts.cluster.cluster_layout import Layout
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.cluster.replication import cluster_name
from scripts.cluster.replication import read_replication
from scripts.cluster.replication import write_progress
from scripts.cluster.replication_settings import write_primary_settings
from scripts.cluster.server_process import living_server
from scripts.errors import ScriptError
from scripts.standby.standby_state import connect
from scripts.standby.watch_rules import Seen
from scripts.standby.watch_rules import StandbyWatch
from scripts.standby.watch_rules import Verdict

LOOK_EVERY_S = 0.5
_RELOADED_WITHIN_S = 1.0
_LOOK = """
    SELECT current_setting('synchronous_standby_names') <> '',
        pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint,
        (SELECT pg_wal_lsn_diff(flush_lsn, '0/0')::bigint FROM pg_stat_replication
            WHERE application_name = %s AND state = 'streaming'),
        (SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep')
"""
Connection = psycopg.Connection[tuple[object, ...]]


class StandbyWatcher:
    """Looks at the primary of an installation and decides for whom its commits wait."""

    def __init__(self, var_dir: Path) -> None:
        self._var_dir = var_dir
        self._watch = StandbyWatch()
        self._record: Replication | None = None
        self._connection: Connection | None = None
        self._confirm_after_s = math.inf
        self._wanted_bytes: int | None = None
        self._is_synchronous = False

    def run(self, stop: threading.Event) -> None:
        """Look twice a second until asked to stop; then nobody watches, and none is waited for."""
        while not stop.is_set():
            try:
                self._look()
            except (psycopg.Error, ScriptError, OSError) as error:
                # The primary is being started or stopped: the next look finds out.
                self._hang_up()
                self._watch = StandbyWatch()
                if not isinstance(error, psycopg.Error):
                    say(f"It cannot be looked at: {error}")
            stop.wait(LOOK_EVERY_S)
        if self._is_synchronous and self._record is not None:
            with contextlib.suppress(ScriptError, OSError):
                self._let_go(self._record, "nobody is going to watch it")
        self._hang_up()

    def _look(self) -> None:
        record = read_replication(self._var_dir)
        if record != self._record:
            self._hang_up()
            self._record, self._watch, self._is_synchronous = record, StandbyWatch(), False
        if record is None or record.is_fenced:
            return
        seen = self._ask(record)
        self._is_synchronous = seen.is_synchronous
        verdict = self._watch.judge(time.monotonic(), seen)
        if verdict is Verdict.LET_GO:
            self._let_go(record, "it does not keep up" if seen.flushed_bytes else "it is away")
        elif verdict is Verdict.WAIT_FOR_IT:
            self._wait_for_it(record)
        elif seen.is_synchronous:
            self._confirm(record, seen)

    def _ask(self, record: Replication) -> Seen:
        if self._connection is None:
            self._connection = connect(find_layout(record.primary_folder))
        row = self._connection.execute(_LOOK, (cluster_name(record.other),)).fetchone()
        assert row is not None  # noqa: S101  (a query without FROM has one row)
        flushed = None if row[2] is None else int(str(row[2]))
        return Seen(bool(row[0]), int(str(row[1])), flushed, int(str(row[3])))

    def _let_go(self, record: Replication, why: str) -> None:
        """Let commits go on. Noted first: a standby that is let go misses what comes now."""
        layout = find_layout(record.primary_folder)
        write_progress(record, Progress.noted_now(is_synchronous=False), layout.user)
        self._confirm_after_s, self._wanted_bytes = math.inf, None
        write_primary_settings(layout, record, waits_since=None)
        _reload(layout)
        say(f"The standby was let go: {why}. Commits do not wait for it.")

    def _wait_for_it(self, record: Replication) -> None:
        layout = find_layout(record.primary_folder)
        since = Progress.noted_now(is_synchronous=True)
        write_primary_settings(layout, record, waits_since=since)
        _reload(layout)
        self._confirm_after_s = time.monotonic() + _RELOADED_WITHIN_S

    def _confirm(self, record: Replication, seen: Seen) -> None:
        """Note that the standby has everything, once it has all of before commits waited for it.

        From then on nothing is acknowledged that is not there.
        """
        if time.monotonic() < self._confirm_after_s:
            return
        if self._wanted_bytes is None:
            self._wanted_bytes = seen.written_bytes
        elif seen.flushed_bytes is not None and seen.flushed_bytes >= self._wanted_bytes:
            self._confirm_after_s, self._wanted_bytes = math.inf, None
            user = find_layout(record.primary_folder).user
            write_progress(record, Progress.noted_now(is_synchronous=True), user)
            say("The standby follows: what is committed is on both.")

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def watch(var_dir: Path) -> None:
    """Watch the standby until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    StandbyWatcher(var_dir).run(stop)


def say(sentence: str) -> None:
    """Print a line of the log."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z standby: {sentence}", flush=True)


def _reload(layout: Layout) -> None:
    server = living_server(layout)
    if server is not None:
        os.kill(server.pid, signal.SIGHUP)
