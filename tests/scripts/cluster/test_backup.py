"""`nearcrew db backup` and `restore`: a file that is whole, and a database that is never lost."""

import stat
from pathlib import Path

import psycopg
import pytest

from scripts.cluster import private_cluster as cluster
from scripts.cluster.urls import OWNER_ROLE
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis

EVERYTHING = "-c nearcrew.all=1"  # the rows of all units


def _crews(var_dir: Path, database: str = cluster.DATABASE) -> list[str]:
    """Read as the role that serves, so that lost grants show."""
    socket_dir = cluster.ensure_running(var_dir).socket_dir
    with psycopg.connect(
        host=str(socket_dir), user=cluster.APP_ROLE, dbname=database, options=EVERYTHING
    ) as app:
        return [str(row[0]) for row in app.execute("SELECT name FROM crew ORDER BY name")]


def test_a_restored_database_is_what_was_backed_up(
    nearcrew: Nearcrew, migrated: Path, tmp_path: Path
) -> None:
    """With its grants; and what it replaced is kept under another name."""
    file = tmp_path / "monday.dump"
    nearcrew("crew", "add", "Monday")
    backed_up = nearcrew("db", "backup", str(file))
    nearcrew("crew", "add", "Tuesday")

    restored = nearcrew("db", "restore", str(file), "--yes")

    assert backed_up.code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert restored.code == 0
    assert _crews(migrated) == ["Monday"]
    kept_as = restored.out.split("kept as ")[1].split(".")[0]
    assert _crews(migrated, kept_as) == ["Monday", "Tuesday"]
    cluster.drop_database(kept_as, migrated)


def test_photos_are_in_the_backup_byte_by_byte(
    nearcrew: Nearcrew, migrated: Path, tmp_path: Path
) -> None:
    """With notes and reports; nothing of an incident's record is left out."""
    file, picture = tmp_path / "monday.dump", bytes(range(256)) * 1000
    socket_dir = str(cluster.ensure_running(migrated).socket_dir)
    with psycopg.connect(host=socket_dir, user=OWNER_ROLE, dbname=cluster.DATABASE) as owner:
        owner.execute(_INCIDENT)
        for statement in (_NOTE, _REPORT):
            owner.execute(statement)
        owner.execute(_PHOTO, {"picture": picture})
    nearcrew("db", "backup", str(file))
    with psycopg.connect(host=socket_dir, user=OWNER_ROLE, dbname=cluster.DATABASE) as owner:
        owner.execute("DELETE FROM photo")

    restored = nearcrew("db", "restore", str(file), "--yes")

    assert restored.code == 0
    with psycopg.connect(
        host=socket_dir, user=cluster.APP_ROLE, dbname=cluster.DATABASE, options=EVERYTHING
    ) as app:
        assert app.execute("SELECT image, thumbnail FROM photo").fetchall() == [(picture, b"small")]
        assert app.execute("SELECT words FROM incident_note").fetchall() == [("a note",)]
        assert app.execute("SELECT words FROM incident_report").fetchall() == [("a report",)]
    cluster.drop_database(restored.out.split("kept as ")[1].split(".")[0], migrated)


def test_jobs_that_wait_are_in_the_backup_and_can_be_run(
    nearcrew: Nearcrew, migrated: Path, tmp_path: Path
) -> None:
    """With the functions, triggers and rights that running takes."""
    file = tmp_path / "monday.dump"
    socket_dir = str(cluster.ensure_running(migrated).socket_dir)
    with psycopg.connect(
        host=socket_dir, user=cluster.APP_ROLE, dbname=cluster.DATABASE, options=EVERYTHING
    ) as app:
        app.execute(_JOB, {"task": "before"})
    nearcrew("db", "backup", str(file))

    restored = nearcrew("db", "restore", str(file), "--yes")

    with psycopg.connect(
        host=socket_dir, user=cluster.APP_ROLE, dbname=cluster.DATABASE, options=EVERYTHING
    ) as app:
        app.execute(_JOB, {"task": "after"})
        [(worker,)] = app.execute("SELECT procrastinate_register_worker_v1()").fetchall()
        ran = [app.execute(_TAKE, {"worker": worker}).fetchone() for _ in range(3)]
        app.execute("SELECT procrastinate_finish_job_v1(id, 'succeeded', true)" + _DOING)
        left = app.execute("SELECT id FROM procrastinate_jobs").fetchall()
    assert restored.code == 0
    assert ran == [(1, "before"), (2, "after"), (None, None)]
    assert left == []
    cluster.drop_database(restored.out.split("kept as ")[1].split(".")[0], migrated)


_JOB = """
    SELECT procrastinate_defer_jobs_v1(ARRAY[
        ROW('default', %(task)s, 0, NULL, NULL, '{}', NULL)]::procrastinate_job_to_defer_v1[])
"""
_DOING = " FROM procrastinate_jobs WHERE status = 'doing'"
_TAKE = "SELECT id, task_name FROM procrastinate_fetch_job_v2(NULL, %(worker)s)"
_INCIDENT = """
    INSERT INTO incident (kind, priority, state, round, version, point, address, description,
                          caller_name, caller_phone, created_at, updated_at)
    VALUES ('gas_leak', 1, 'open', 0, 1, 'SRID=4326;POINT(7.4 43.7)', '', '', '', '', now(), now())
"""
_NOTE = """
    INSERT INTO incident_note (incident_id, actor_id, author, words, written_at, received_at)
    SELECT id, 1, 'dora', 'a note', now(), now() FROM incident
"""
_REPORT = """
    INSERT INTO incident_report (incident_id, actor_id, author, channel, told_at, received_at,
                                 caller_name, caller_phone, words, reference)
    SELECT id, 1, 'dora', 'call', now(), now(), '', '', 'a report', '' FROM incident
"""
_PHOTO = """
    INSERT INTO photo (incident_id, actor_id, author, caption, received_at, state, width, height,
                       size_bytes, sha256, sent_sha256, image, thumbnail)
    SELECT id, 1, 'dora', '', now(), 'shown', 4, 3, 256000, 'a', 'b', %(picture)s, 'small'
    FROM incident
"""


def test_a_database_in_use_is_not_replaced_without_yes(
    nearcrew: Nearcrew, migrated: Path, tmp_path: Path
) -> None:
    """The answer says what would go."""
    file = tmp_path / "empty.dump"
    nearcrew("db", "backup", str(file))
    nearcrew("crew", "add", "Precious")

    answer = nearcrew("db", "restore", str(file))

    assert answer.code == 1
    assert "1 crews" in answer.err
    assert "--yes" in answer.err
    assert _crews(migrated) == ["Precious"]


@pytest.mark.parametrize("damage", ["cut", "not a backup", "missing"])
def test_a_damaged_file_changes_nothing(
    nearcrew: Nearcrew, migrated: Path, tmp_path: Path, damage: str
) -> None:
    """It is read to its end before anything is touched."""
    file = tmp_path / "damaged.dump"
    nearcrew("crew", "add", "Precious")
    nearcrew("db", "backup", str(file))
    if damage == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "not a backup":
        file.write_text("Monday, Tuesday", encoding="utf-8")
    else:
        file.unlink()

    answer = nearcrew("db", "restore", str(file), "--yes")

    assert answer.code == 1
    assert str(file) in answer.err
    assert _crews(migrated) == ["Precious"]


def test_a_backup_does_not_replace_an_older_one(nearcrew: Nearcrew, tmp_path: Path) -> None:
    """The older one may be the only good one."""
    file = tmp_path / "kept.dump"
    file.write_text("older", encoding="utf-8")

    answer = nearcrew("db", "backup", str(file))

    assert answer.code == 1
    assert file.read_text(encoding="utf-8") == "older"


def test_a_database_of_ones_own_is_restored_only_while_empty(
    nearcrew: Nearcrew, migrated: Path, tmp_path: Path
) -> None:
    """Names of databases there are for their administrator."""
    file = tmp_path / "house.dump"
    nearcrew("crew", "add", "Monday")
    nearcrew("db", "backup", str(file))
    own = cluster.create_database("own", migrated).owner("own")

    first = nearcrew("db", "restore", str(file), DATABASE_URL=own)
    second = nearcrew("db", "restore", str(file), "--yes", DATABASE_URL=own)

    assert first.code == 0
    assert _crews(migrated, "own") == ["Monday"]
    assert second.code == 1
    assert "already holds" in second.err
    cluster.drop_database("own", migrated)
