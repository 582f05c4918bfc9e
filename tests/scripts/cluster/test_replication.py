"""Which of two servers may start as the primary: what both state folders have noted."""

import os
from pathlib import Path

import pytest

from scripts.cluster.cluster_layout import OsUser
from scripts.cluster.replication import FencedError
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.cluster.replication import is_fenced
from scripts.cluster.replication import primary_folder
from scripts.cluster.replication import read_progress
from scripts.cluster.replication import read_replication
from scripts.cluster.replication import refuse_fenced
from scripts.cluster.replication import write_progress
from scripts.cluster.replication import write_replication
from scripts.errors import ClusterError


@pytest.fixture
def user() -> OsUser:
    """Return who runs the tests."""
    return OsUser.from_uid(os.geteuid())


@pytest.fixture
def record(tmp_path: Path) -> Replication:
    """Return the record of a primary with its standby, in folders that are there."""
    folders = {name: tmp_path / name for name in ("a", "b")}
    for folder in folders.values():
        folder.mkdir()
    return Replication(1, "a", folders)


def test_a_folder_that_was_away_learns_from_the_other_that_it_was_taken_over_from(
    record: Replication, user: OsUser
) -> None:
    """Its own note still says that it is the primary."""
    write_replication(record, user)
    a, b = record.folders["a"], record.folders["b"]
    away = a.rename(a.with_name("unmounted"))
    write_replication(record.promoted(), user)
    away.rename(a)

    assert primary_folder(a) == b
    assert is_fenced(a)
    assert not is_fenced(b)
    with pytest.raises(FencedError) as refused:
        refuse_fenced(a)
    assert "nearcrew standby create" in refused.value.mend


def test_a_former_primary_may_start_once_it_is_a_standby(record: Replication, user: OsUser) -> None:
    """As the standby; the other one remains the primary."""
    write_replication(record.promoted(), user)

    write_replication(record.promoted().rejoined(), user)

    a, b = record.folders["a"], record.folders["b"]
    assert not is_fenced(a)
    assert [primary_folder(each) for each in (a, b)] == [b, b]


def test_a_standby_whose_primary_is_gone_with_its_disk_is_known_from_its_own_folder(
    record: Replication, user: OsUser
) -> None:
    """So it can be promoted from there."""
    write_replication(record, user)
    record.folders["a"].rename(record.folders["a"].with_name("gone"))

    assert read_replication(record.folders["b"]) == record


def test_a_record_that_cannot_be_read_stops_a_start(record: Replication, user: OsUser) -> None:
    """Rather no server than two."""
    write_replication(record, user)
    (record.folders["a"] / "replication.json").write_text("{", encoding="utf-8")

    with pytest.raises(ClusterError, match="cannot be read"):
        primary_folder(record.folders["a"])


def test_of_two_notes_the_one_that_promises_less_counts(record: Replication, user: OsUser) -> None:
    """One folder was away when the standby was let go, or it is of an earlier term."""
    complete, let_go = Progress(True, "08:00"), Progress(False, "09:00")  # noqa: FBT003
    write_progress(record, complete, user)
    before = read_progress(record)
    b = record.folders["b"]
    away = b.rename(b.with_name("unmounted"))
    write_progress(record, let_go, user)
    away.rename(b)

    assert before == complete
    assert read_progress(record) == let_go
    assert read_progress(record.promoted()) is None
