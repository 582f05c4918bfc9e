"""`nearcrew backup nightly` and `drill`: whole or not there, kept by the plan, and tried."""

import os
import re
from datetime import UTC
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from scripts.backups.drill_record import read_drill
from scripts.backups.kept_backups import environment_plan
from scripts.backups.kept_backups import whole_backups
from scripts.backups.nightly import run_nightly
from scripts.cluster import private_cluster as cluster
from scripts.cluster.urls import OWNER_ROLE
from tests.scripts.command_line import Nearcrew

pytestmark = pytest.mark.postgis
_HIDDEN = "ALTER TABLE crew ENABLE ROW LEVEL SECURITY; CREATE POLICY nobody ON crew USING (false)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nearcrew: Nearcrew) -> Path:
    """Give the folder of the nightly backups of a fresh installation."""
    monkeypatch.setenv("NEARCREW_BACKUPS", str(tmp_path / "nightly"))
    assert nearcrew("crew", "add", "Monday").code == 0
    return tmp_path / "nightly"


def test_a_backup_restores_to_all_rows_although_a_policy_hides_them(
    nearcrew: Nearcrew, folder: Path, migrated: Path
) -> None:
    """The owner of the tables, who dumps, is exempt; the drill compares with what was counted."""
    with cluster.ensure_running(migrated).connect(cluster.DATABASE) as connection:
        connection.execute(_HIDDEN)

    made = nearcrew("backup", "nightly")
    tried = nearcrew("backup", "drill")

    assert made.code == 0, made.err
    assert tried.code == 0, tried.out + tried.err
    drill = read_drill(folder)
    assert drill is not None
    assert drill.troubles == ()
    assert drill.rows > 0
    assert '"crew": 1' in whole_backups(folder)[0].manifest.read_text(encoding="utf-8")
    assert not _databases(migrated, "nearcrew_drill")


def test_a_policy_that_binds_the_owner_too_fails_the_backup(
    nearcrew: Nearcrew, folder: Path, migrated: Path
) -> None:
    """Instead of dumping a database without its rows."""
    with cluster.ensure_running(migrated).connect(cluster.DATABASE) as connection:
        connection.execute(f"{_HIDDEN}; ALTER TABLE crew FORCE ROW LEVEL SECURITY".encode())

    made = nearcrew("backup", "nightly")

    assert made.code == 1
    assert "row-level security" in made.err
    assert whole_backups(folder) == []
    assert not list(folder.glob("*.dump"))


@pytest.mark.parametrize("harm", ["a row is missing", "a byte is another"])
def test_a_drill_notices_what_is_not_as_it_was(nearcrew: Nearcrew, folder: Path, harm: str) -> None:
    """And says so until the next one, with exit code 1."""
    nearcrew("backup", "nightly")
    [backup] = whole_backups(folder)
    if harm == "a row is missing":
        text = backup.manifest.read_text(encoding="utf-8")
        backup.manifest.write_text(re.sub(r'"crew": 1\b', '"crew": 2', text), encoding="utf-8")
    else:
        with backup.path.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"\x00" if file.read(1) != b"\x00" else b"\x01")

    tried = nearcrew("backup", "drill")

    assert tried.code == 1
    assert "cannot be relied on" in tried.out
    assert "cannot be relied on" in nearcrew("backup", "list").out
    drill = read_drill(folder)
    assert drill is not None
    assert drill.troubles


def test_old_backups_go_and_half_ones_count_for_nothing(nearcrew: Nearcrew, folder: Path) -> None:
    """Of two of last year none is kept once there is a new one; what was killed is no backup."""
    nearcrew("backup", "nightly")
    [first] = whole_backups(folder)
    old = [folder / f"nearcrew-2025010{day}T024000Z.dump" for day in (1, 2)]
    for path in old:
        path.write_bytes(first.path.read_bytes())
        path.with_suffix(".json").write_bytes(first.manifest.read_bytes())
    killed = [folder / "nearcrew-20250103T024000Z.dump", folder / ".nearcrew-x.dump.abc"]
    for path in killed:
        path.write_bytes(b"half of it")
        os.utime(path, (0, 0))
    assert [each.path for each in whole_backups(folder)] == [*old, first.path]

    again = nearcrew("backup", "nightly", NEARCREW_BACKUP_DAYS="3", NEARCREW_BACKUP_WEEKS="1")

    assert again.code == 0
    assert again.out.count("removed") >= 2
    assert not any(path.exists() for path in (*old, *killed))
    assert whole_backups(folder)


def test_two_backups_of_the_same_second_are_two(
    nearcrew: Nearcrew, folder: Path, migrated: Path
) -> None:
    """A name tells seconds, and a small database is dumped in less; the day keeps its last."""
    del nearcrew
    admin_url = cluster.ensure_running(migrated).owner()
    now = datetime.now(UTC)

    first, second = [run_nightly(admin_url, environment_plan(), now) for _ in range(2)]

    assert second.made.path != first.made.path
    assert [each.path for each in whole_backups(folder)] == [second.made.path]


def test_a_setting_that_is_no_number_of_days_is_named(nearcrew: Nearcrew, folder: Path) -> None:
    """Before anything is removed."""
    answer = nearcrew("backup", "nightly", NEARCREW_BACKUP_DAYS="a week")

    assert answer.code == 2
    assert "NEARCREW_BACKUP_DAYS" in answer.err
    assert not folder.exists()


def _databases(var_dir: Path, name: str) -> list[tuple[object, ...]]:
    socket_dir = str(cluster.ensure_running(var_dir).socket_dir)
    with psycopg.connect(host=socket_dir, user=OWNER_ROLE, dbname=cluster.DATABASE) as owner:
        return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchall()
