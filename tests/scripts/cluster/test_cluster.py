"""The private cluster: made once, found again, and not in anybody's way."""

import os
import signal
import stat
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from dispatch import bootstrap
from dispatch import migrate
from dispatch.access.permissions import SYSTEM
from dispatch.access.permissions import Role
from dispatch.crews.states import Duty
from dispatch.crews.types import AddCrew
from dispatch.positions.types import ReportPositions
from dispatch.settings import Settings
from scripts.cluster import private_cluster as cluster
from scripts.cluster.cluster_config import server_settings
from scripts.cluster.cluster_layout import find_layout
from scripts.cluster.server_process import running_server
from scripts.errors import ClusterError
from tests.scripts.cluster.busy_backend import compute_for_ever
from tests.scripts.cluster.busy_backend import wait_for_computing

pytestmark = pytest.mark.postgis
SOCKET_PATH_LIMIT = 107


def _pid(var_dir: Path) -> int:
    server = running_server(find_layout(var_dir))
    assert server is not None
    return server.pid


def test_a_first_start_makes_roles_without_power_and_a_database_with_postgis(
    shared_var_dir: Path,
) -> None:
    """What serves the public must not be able to read past its grants."""
    urls = cluster.ensure_running(shared_var_dir)

    with urls.connect("nearcrew") as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname LIKE 'nearcrew%' ORDER BY 1"
        ).fetchall()
        extensions = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        shape = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, pg_get_userbyid(datdba)"
            " FROM pg_database WHERE datname = 'nearcrew'"
        ).fetchone()
    assert roles == [
        ("nearcrew_app", False, False, False, False),
        ("nearcrew_owner", False, False, False, False),
        ("nearcrew_worker", False, False, False, False),
    ]
    assert "postgis" in extensions
    assert shape == ("UTF8", "C.UTF-8", "nearcrew_owner")


def test_the_app_role_may_not_make_tables(shared_var_dir: Path) -> None:
    """Only migrations, run as the owner, change the shape."""
    urls = cluster.ensure_running(shared_var_dir)

    with (
        psycopg.connect(host=str(urls.socket_dir), user="nearcrew_app", dbname="nearcrew") as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE TABLE sneaked (id int)")


def test_it_listens_on_a_socket_that_only_its_owner_and_root_can_reach(
    shared_var_dir: Path,
) -> None:
    """No port; a folder closed to all others."""
    urls = cluster.ensure_running(shared_var_dir)

    with urls.connect() as connection:
        addresses = connection.execute("SHOW listen_addresses").fetchone()
    mode = stat.S_IMODE(urls.socket_dir.stat().st_mode)
    assert addresses == ("",)
    assert mode == 0o700


def test_an_acknowledged_commit_survives_kill_9(worn_var_dir: Path) -> None:
    """A killed server leaves its note behind; the next start must not stumble over it."""
    urls = cluster.ensure_running(worn_var_dir)
    with urls.connect("nearcrew") as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    os.kill(_pid(worn_var_dir), signal.SIGKILL)

    again = cluster.ensure_running(worn_var_dir)

    with again.connect("nearcrew") as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(7,)]


def test_acknowledged_fixes_survive_kill_9(worn_var_dir: Path) -> None:
    """A phone deletes what was said to be used: it must be on the disk by then.

    The server's own writing in the background, which would save what is not, is made rare.
    """
    urls = cluster.ensure_running(worn_var_dir)
    migrate.upgrade(urls.owner(), cluster.APP_ROLE)
    with urls.connect() as connection:
        connection.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        connection.execute("SELECT pg_reload_conf()")
    services = bootstrap.build(Settings.from_environment({"DATABASE_URL": urls.app()}))
    crew_id = services.crews.add(SYSTEM, AddCrew(name="A", duty=Duty.ON_DUTY))
    tracker = replace(SYSTEM, roles=frozenset({Role.INTEGRATION}))
    used = 0
    for second in range(20):
        fixed_at = datetime.now(UTC) - timedelta(seconds=60 - second)
        fix = {"crew_id": crew_id, "lon": 7.4, "lat": 43.7, "fixed_at": fixed_at}
        answer = services.positions.record(tracker, ReportPositions(positions=[fix]))
        used += answer["results"][0]["status"] == "used"
    os.kill(_pid(worn_var_dir), signal.SIGKILL)
    services.close()

    again = cluster.ensure_running(worn_var_dir)

    with again.connect("nearcrew") as connection:
        found = connection.execute(
            "SELECT (SELECT count(*) FROM position_report),"
            " (SELECT fixed_at = (SELECT max(fixed_at) FROM position_report) FROM crew_position)"
        ).fetchone()
    assert used == 20
    assert found == (20, True)


def test_a_backend_that_outlives_its_killed_server_does_not_block_the_next_start(
    worn_var_dir: Path,
) -> None:
    """PostgreSQL refuses to start beside a backend that still computes."""
    urls = cluster.ensure_running(worn_var_dir)
    pid = _pid(worn_var_dir)
    busy = threading.Thread(target=compute_for_ever, args=(urls,))
    busy.start()
    wait_for_computing(urls)
    os.kill(pid, signal.SIGKILL)

    again = cluster.ensure_running(worn_var_dir)

    busy.join(timeout=60)
    with again.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not busy.is_alive()


def test_a_killed_server_has_little_to_make_good(shared_var_dir: Path) -> None:
    """It is back the sooner, the less it has to synchronise and to replay."""
    urls = cluster.ensure_running(shared_var_dir)

    with urls.connect() as connection:
        shown = [
            connection.execute(f"SHOW {name}").fetchone()
            for name in ("checkpoint_timeout", "max_wal_size", "recovery_init_sync_method")
        ]

    assert shown == [("1min",), ("512MB",), ("syncfs",)]
    assert "recovery_init_sync_method" not in server_settings(urls.socket_dir, 2_000, version=13)


def test_a_note_with_somebody_elses_process_id_is_not_believed(worn_var_dir: Path) -> None:
    """After a reboot the noted number may be any process; here it is this test itself."""
    cluster.ensure_running(worn_var_dir)
    cluster.stop(worn_var_dir)
    layout = find_layout(worn_var_dir)
    lines = [str(os.getpid()), str(layout.data_dir), "1", "5432", "/nowhere", "", "0 0", "ready"]
    layout.pid_file.write_text("\n".join(lines) + "\n", encoding="ascii")
    os.chown(layout.pid_file, layout.user.uid, layout.user.gid)

    assert cluster.status(worn_var_dir).running is False
    cluster.ensure_running(worn_var_dir)

    assert _pid(worn_var_dir) != os.getpid()


def test_many_starts_at_once_make_one_server(var_dir: Path) -> None:
    """`make run` and `make test` may be typed in two terminals."""
    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(lambda _: cluster.ensure_running(var_dir), range(4)))

    assert len({each.socket_dir for each in urls}) == 1


def test_two_checkouts_on_one_machine_have_nothing_in_common(
    open_folder: Path, discard: Callable[[Path], Path]
) -> None:
    """Neither data nor sockets meet."""
    first_dir, second_dir = discard(open_folder / "one/var"), discard(open_folder / "two/var")

    first, second = cluster.ensure_running(first_dir), cluster.ensure_running(second_dir)

    cluster.create_database("only_here", first_dir)
    with second.connect() as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    assert first.socket_dir != second.socket_dir
    assert "only_here" not in names


def test_a_deep_checkout_still_has_a_short_socket(
    open_folder: Path, discard: Callable[[Path], Path]
) -> None:
    """A socket path longer than 107 bytes cannot be bound."""
    deep = discard(open_folder.joinpath(*["a-rather-long-name"] * 8) / "var")

    urls = cluster.ensure_running(deep)

    assert len(os.fsencode(deep)) > SOCKET_PATH_LIMIT
    assert len(os.fsencode(urls.socket_dir / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
    with urls.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.usefixtures("as_root")
def test_a_checkout_that_the_service_account_cannot_enter_keeps_its_data_elsewhere(
    open_folder: Path, discard: Callable[[Path], Path]
) -> None:
    """Root clones under /root, which is closed; the data goes to a system state folder."""
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    state_dir = discard(closed / "var")

    urls = cluster.ensure_running(state_dir)

    layout = find_layout(state_dir)
    assert not layout.data_dir.is_relative_to(closed)
    assert layout.key in str(layout.data_dir)
    with urls.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_stopped_cluster_keeps_its_data_and_stopping_twice_is_no_error(
    worn_var_dir: Path,
) -> None:
    """Stop is for maintenance, not for forgetting."""
    cluster.create_database("kept", worn_var_dir)

    stopped = [cluster.stop(worn_var_dir), cluster.stop(worn_var_dir)]
    urls = cluster.ensure_running(worn_var_dir)

    with urls.connect() as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'kept'").fetchone()
    assert stopped == [True, False]
    assert found == (1,)


def test_a_database_made_for_a_test_has_postgis_and_can_be_dropped_while_in_use(
    shared_var_dir: Path,
) -> None:
    """Tests make many; a forgotten connection must not keep one alive."""
    urls = cluster.create_database("throw_away", shared_var_dir)
    held = psycopg.connect(host=str(urls.socket_dir), user="nearcrew_owner", dbname="throw_away")
    version = held.execute("SELECT postgis_lib_version()").fetchone()

    cluster.drop_database("throw_away", shared_var_dir)
    cluster.drop_database("throw_away", shared_var_dir)

    held.close()
    with urls.connect() as connection:
        left = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'throw_away'")
        assert left.fetchone() is None
    assert version is not None


def test_a_second_database_of_the_same_name_is_refused(shared_var_dir: Path) -> None:
    """Two test runs must not share by accident."""
    cluster.create_database("twice", shared_var_dir)

    with pytest.raises(ClusterError, match="already a database named twice"):
        cluster.create_database("twice", shared_var_dir)


def test_somebody_elses_folder_in_the_sockets_place_is_refused(var_dir: Path) -> None:
    """In a shared folder anybody can be there first; a link would lead the server astray."""
    var_dir.mkdir()
    place = find_layout(var_dir).fresh_socket_dir()
    place.symlink_to("/")
    try:
        with pytest.raises(ClusterError, match="somebody else made it"):
            cluster.ensure_running(var_dir)
    finally:
        place.unlink()
