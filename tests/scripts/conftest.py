"""Real clusters in folders of their own, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dispatch import migrate
from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.databases import create_statement
from scripts.cluster.databases import drop_statement
from tests.scripts.command_line import Nearcrew


def _open_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="nc-"))
    folder.chmod(0o755)
    return folder


def _remove_cluster(var_dir: Path) -> None:
    cluster.stop(var_dir)
    layout = find_layout(var_dir)
    shutil.rmtree(layout.data_dir, ignore_errors=True)
    shutil.rmtree(layout.fresh_socket_dir(), ignore_errors=True)
    if layout.data_dir.parent != var_dir:
        layout.data_dir.parent.rmdir()


@contextmanager
def _state_folder() -> Iterator[Path]:
    """Give a state folder and remove it, with its cluster, at the end."""
    folder = _open_folder()
    yield folder / "var"
    _remove_cluster(folder / "var")
    shutil.rmtree(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every account of the machine may enter, unlike pytest's own."""
    folder = _open_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def discard(open_folder: Path) -> Iterator[Callable[[Path], Path]]:
    """Return a function that has the cluster of a state folder removed after the test."""
    known: list[Path] = []

    def remember(var_dir: Path) -> Path:
        assert var_dir.is_relative_to(open_folder)
        known.append(var_dir)
        return var_dir

    yield remember
    for var_dir in known:
        if var_dir.is_dir():
            _remove_cluster(var_dir)


@pytest.fixture
def var_dir(open_folder: Path, discard: Callable[[Path], Path]) -> Path:
    """Give a state folder whose cluster the test may ill-treat."""
    return discard(open_folder / "var")


@pytest.fixture(scope="module")
def worn_var_dir() -> Iterator[Path]:
    """Give a state folder whose cluster the tests of a module may kill: it must survive them."""
    with _state_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def shared_var_dir() -> Iterator[Path]:
    """Give a state folder whose running cluster all these tests share."""
    with _state_folder() as folder:
        with cluster.ensure_running(folder).connect() as connection:
            # Dropping a database writes a checkpoint; this one's data need not survive a power cut.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield folder


@pytest.fixture
def as_root() -> None:
    """Skip where only root's case is meant."""
    if os.geteuid() != 0:
        pytest.skip("about set-ups that root runs")


@pytest.fixture(scope="session")
def migrated(shared_var_dir: Path) -> Path:
    """Give a state folder whose cluster has a database `migrated` to copy."""
    urls = cluster.create_database("migrated", shared_var_dir)
    migrate.upgrade(urls.owner("migrated"), cluster.APP_ROLE)
    return shared_var_dir


@pytest.fixture
def nearcrew(
    migrated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Nearcrew:
    """Give the command line of a fresh installation: tables, kinds and nothing else."""
    for name in [name for name in os.environ if name.startswith(("NEARCREW_", "DATABASE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NEARCREW_VAR", str(migrated))
    with cluster.ensure_running(migrated).connect() as connection:
        for name in (cluster.DATABASE, cluster.DEMO_DATABASE):
            connection.execute(drop_statement(name))
        connection.execute(_copy_statement(connection))
    return Nearcrew(monkeypatch, capsys)


def _copy_statement(connection: psycopg.Connection[tuple[object, ...]]) -> sql.Composed:
    """Copy files, as before PostgreSQL 15: nothing is synced here, and the log need not hold it."""
    statement = create_statement(cluster.DATABASE, "migrated")
    if connection.info.server_version < 150_000:
        return statement
    return statement + sql.SQL(" STRATEGY FILE_COPY")
