"""A disk that is full: writes are refused, and no log names anybody."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from dispatch import bootstrap
from dispatch.access.permissions import Actor
from dispatch.access.permissions import Role
from dispatch.accounts.types import CreateAccount
from dispatch.records.types import AddPhoto
from dispatch.settings import Settings
from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.databases import create_statement
from scripts.cluster.databases import drop_statement
from scripts.serving.serve import serve_command
from tests.conftest import CHEAP_HASHER
from tests.conftest import PASSWORD
from tests.pictures import drawn
from tests.pictures import encoded
from tests.scripts.serving.served_product import unused_port
from tests.waiting import PATIENCE_S
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgis, pytest.mark.real_time]
NAME, SPACE = "full_disk", "small_disk"
SECRETS = {
    "caller_name": "Wang-Geheim",
    "caller_phone": "13800138000",
    "description": "smell-in-the-yard",
    "words": "key-at-the-porters",
    "reference": "ticket-12345-77",
    "caption": "valve-in-her-cellar",
    "display_name": "Dora-Geheim",
}
_INCIDENT = """
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at)
    VALUES ('gas_leak', 1, 'open', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', '', '', '', now(), now())
    RETURNING id
"""


@pytest.fixture
def full_database(migrated: Path, open_folder: Path) -> Iterator[Settings]:
    """Give a database on a disk of 96 MB of its own; only root can mount one.

    Where that is not possible the rule is not held here: CI fails then, a checkout says so.
    """
    disk, layout = open_folder / "disk", find_layout(migrated)
    disk.mkdir()
    mounted = subprocess.run(  # noqa: S603
        ["/usr/bin/mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(disk)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"no small disk can be mounted here (needs root): {mounted.stderr.strip()}"
        )
    os.chown(disk, layout.user.uid, layout.user.gid)
    urls = cluster.ensure_running(migrated)
    place = sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(SPACE), str(disk))
    on_it = sql.SQL("{} TABLESPACE {}").format(
        create_statement(NAME, "migrated"), sql.Identifier(SPACE)
    )
    try:
        with urls.connect() as connection:
            connection.execute(place)
            connection.execute(on_it)
            # Every statement is logged as a slow one would be.
            connection.execute(f"ALTER DATABASE {NAME} SET log_min_duration_statement = 0")
        yield Settings.from_environment(
            {"DATABASE_URL": urls.app(NAME), "NEARCREW_VAR": str(open_folder / "served")}
        )
    finally:
        with urls.connect() as connection:
            connection.execute(drop_statement(NAME))
            connection.execute(f"DROP TABLESPACE IF EXISTS {SPACE}")
        subprocess.run(["/usr/bin/umount", str(disk)], check=True)  # noqa: S603


@contextmanager
def logged(command: list[str], settings: Settings, log: Path) -> Iterator[None]:
    """Run one of our processes with its output in a file."""
    variables = {"DATABASE_URL": settings.database_url, "NEARCREW_VAR": str(settings.var_dir)}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  (ourselves)
            command, env={**os.environ, **variables}, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.kill()
        process.wait(PATIENCE_S)


def fill(urls: cluster.ClusterUrls) -> None:
    """Take all space that is left, down to the last page."""
    with urls.connect(NAME) as connection:
        connection.execute("CREATE TABLE filler (page text) WITH (autovacuum_enabled = off)")
        connection.execute("ALTER TABLE filler ALTER COLUMN page SET STORAGE PLAIN")
        for rows in (4000, 400, 40, 4, 1, 1):
            for _ in range(1000):
                try:
                    connection.execute(
                        "INSERT INTO filler SELECT repeat('x', 8000) FROM generate_series(1, %s)",
                        (rows,),
                    )
                except psycopg.errors.DiskFull:
                    break


def test_when_the_disk_is_full_no_log_has_a_parameter_or_a_refused_row(
    full_database: Settings, migrated: Path, tmp_path: Path
) -> None:
    """Of the web workers, the job worker and PostgreSQL: each says that the disk is full."""
    settings, urls = full_database, cluster.ensure_running(migrated)
    with urls.connect(NAME) as connection:
        row = connection.execute(_INCIDENT).fetchone()
    assert row is not None
    incident, token = f"/api/v1/incidents/{row[0]}", _prepare(settings, int(str(row[0])))
    web_log, worker_log = tmp_path / "web.log", tmp_path / "worker.log"
    served = settings.model_copy(update={"port": unused_port(), "workers": 1})
    base = f"http://127.0.0.1:{served.port}"

    with (
        logged(serve_command(served), served, web_log),
        httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}) as client,
    ):
        wait_until(lambda: _is_alive(base))
        fill(urls)
        for ask in _writes(client, incident):
            wait_until(lambda ask=ask: ask().status_code == httpx.codes.SERVICE_UNAVAILABLE)  # type: ignore[misc]  # bound as it is now
    with logged([sys.executable, "-m", "scripts.cli", "worker"], settings, worker_log):
        wait_until(lambda: b"DiskFull" in worker_log.read_bytes())

    server_logs = sorted((find_layout(migrated).data_dir / "log").glob("*.log"))
    said = {log.name: log.read_text(encoding="utf-8", errors="replace") for log in server_logs}
    said |= {log.name: log.read_text(encoding="utf-8") for log in (web_log, worker_log)}
    assert "DiskFull" in said["web.log"]
    assert any("No space left on device" in said[log.name] for log in server_logs)
    found = [
        (name, field)
        for name, log in said.items()
        for field, secret in SECRETS.items()
        if secret in log
    ]
    assert found == []


def _prepare(settings: Settings, incident_id: int) -> str:
    """Sign a dispatcher up and take a photo in; return a token."""
    services = bootstrap.build(settings, hasher=CHEAP_HASHER)
    try:
        account_id = services.accounts.create(
            CreateAccount(
                username="dora",
                password=PASSWORD,
                roles=(Role.DISPATCHER,),
                display_name=SECRETS["display_name"],
            )
        )
        dora = Actor(account_id, "dora", SECRETS["display_name"], frozenset({Role.DISPATCHER}))
        noise = encoded(drawn(2000, 2000).effect_spread(300))
        photo = AddPhoto(photo=noise, caption=SECRETS["caption"])
        services.photos.add(dora, incident_id, photo)
        return services.accounts.issue_token(dora)["token"]
    finally:
        services.close()


def _writes(client: httpx.Client, incident: str) -> Iterator[Callable[[], httpx.Response]]:
    """Yield requests that each write something personal, and more than an old page has room for."""

    def long(name: str) -> str:
        return f"{SECRETS[name]} {secrets.token_hex(1900)}"

    def send(method: str, path: str, body: Callable[[], dict[str, Any]]) -> httpx.Response:
        return client.request(method, f"{incident}{path}", json=body(), timeout=PATIENCE_S)

    caller = {name: SECRETS[name] for name in ("caller_name", "caller_phone")}
    yield lambda: send("POST", "/notes", lambda: {"words": long("words")})
    yield lambda: send(
        "POST",
        "/reports",
        lambda: {
            **caller,
            "channel": "call",
            "words": long("words"),
            "reference": SECRETS["reference"],
        },
    )
    yield lambda: send("PATCH", "", lambda: {**caller, "description": long("description")})


def _is_alive(base: str) -> bool:
    try:
        return httpx.get(f"{base}/healthz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
