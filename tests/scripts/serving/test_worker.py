"""`nearcrew worker`: it waits for its database, keeps house, and outlives a restart of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from dispatch import migrate
from scripts.cluster import private_cluster as cluster
from scripts.cluster.urls import APP_ROLE
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until

pytestmark = pytest.mark.postgis
_EXPIRED = """
    INSERT INTO account (username, display_name, password_hash, created_at)
    VALUES ('dora', 'Dora', '', now()) ON CONFLICT DO NOTHING;
    INSERT INTO credential (secret_hash, account_id, kind, created_at, expires_at, seen_at)
    SELECT 'old', id, 'session', now(), now() - interval '1 minute', now() FROM account;
    SELECT procrastinate_defer_jobs_v1(ARRAY[
        ROW('default', 'housekeeping:forget_expired', 0, NULL, NULL, '{"timestamp": 0}', NULL)
    ]::procrastinate_job_to_defer_v1[])
"""


@contextmanager
def _worker(urls: cluster.ClusterUrls, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("NEARCREW_")}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.cli", "worker"],
            env={**env, "DATABASE_URL": urls.app(), "NEARCREW_VAR": str(log.parent)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def test_a_worker_waits_for_its_tables_and_outlives_a_restart_of_the_database(
    worn_var_dir: Path, tmp_path: Path
) -> None:
    """Left to itself, procrastinate ends when the database goes away, and says all was well."""
    urls, log = cluster.ensure_running(worn_var_dir), tmp_path / "worker.log"

    def says(words: str, times: int = 1) -> bool:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        return log.read_text(encoding="utf-8").count(words) >= times

    with _worker(urls, log) as process:
        wait_until(lambda: says("Waiting: the tables have not been made yet"))
        migrate.upgrade(urls.owner(), APP_ROLE)
        _expire_something(urls)
        wait_until(lambda: _credentials(urls) == 0 and says("housekeeping:prepare_days"))
        cluster.stop(worn_var_dir)
        wait_until(lambda: says("Waiting: the database does not answer"))
        urls = cluster.ensure_running(worn_var_dir)
        _expire_something(urls)
        wait_until(lambda: _credentials(urls) == 0)
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE_S)

    said = log.read_text(encoding="utf-8")
    assert code == 0, said
    assert "Traceback" not in said


def _expire_something(urls: cluster.ClusterUrls) -> None:
    with urls.connect("nearcrew") as connection:
        connection.execute(_EXPIRED)


def _credentials(urls: cluster.ClusterUrls) -> int:
    with psycopg.connect(host=str(urls.socket_dir), user=APP_ROLE, dbname="nearcrew") as app:
        row = app.execute("SELECT count(*) FROM credential").fetchone()
    return int(str(row[0])) if row else -1
