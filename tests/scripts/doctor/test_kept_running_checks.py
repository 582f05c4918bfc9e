"""What `nearcrew doctor` says of units, backups, drills and the standby."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

import pytest

from scripts.backups.drill_record import Drill
from scripts.backups.kept_backups import KeptBackup
from scripts.cluster.replication import Progress
from scripts.cluster.replication import Replication
from scripts.doctor import kept_running_checks as checks
from scripts.doctor.findings import Finding
from scripts.doctor.findings import Level
from scripts.installing.installed_units import Installed
from scripts.installing.systemd import UnitState
from scripts.standby.standby_commands import describe
from scripts.standby.standby_state import Follower
from scripts.standby.standby_state import StandbyState

NOW = datetime(2026, 6, 30, 8, tzinfo=UTC)


def _follower(
    *,
    is_synchronous: bool = False,
    state: str | None = "streaming",
    behind_bytes: int = 0,
    behind_s: float = 0.0,
    is_too_far_behind: bool = False,
) -> Follower:
    return Follower(is_synchronous, state, behind_bytes, behind_s, is_too_far_behind)


def _backup(hours_ago: float) -> KeptBackup:
    return KeptBackup(NOW - timedelta(hours=hours_ago), Path("nearcrew.dump"))


@pytest.mark.parametrize(
    ("hours_ago", "sizes", "level", "words"),
    [
        (5, [100_000_000, 101_000_000], Level.GOOD, "is 5 h old (101.0 MB)"),
        (27, [100_000_000, 101_000_000], Level.BAD, "is 27 h old"),
        (5, [100_000_000, 40_000_000], Level.ODD, "The one before has 100.0 MB"),
    ],
)
def test_a_backup_that_is_late_or_much_smaller_is_noticed(
    hours_ago: float, sizes: list[int], level: Level, words: str
) -> None:
    """One that fails every night leaves the last one growing old."""
    found = checks.judge_backups([_backup(hours_ago + 24), _backup(hours_ago)], sizes, NOW)

    assert found.level is level
    assert words in found.sentence


@pytest.mark.parametrize(
    ("days_ago", "troubles", "level"),
    [(20, (), Level.GOOD), (41, (), Level.ODD), (1, ("crew has 3 rows instead of 4",), Level.BAD)],
)
def test_a_drill_that_is_long_ago_or_failed_is_noticed(
    days_ago: int, troubles: tuple[str, ...], level: Level
) -> None:
    """And one that was never made."""
    drill = Drill(NOW - timedelta(days=days_ago), "nearcrew.dump", troubles, 12.0, 900)

    assert checks.judge_drill(drill, NOW).level is level
    assert checks.judge_drill(None, NOW).level is Level.ODD


def test_units_that_stand_still_or_do_not_start_with_the_machine_are_named() -> None:
    """Each of them, with what to type."""
    web = UnitState("nearcrew-web.service", True, "active (running)", False, 2)  # noqa: FBT003
    target = UnitState("nearcrew.target", True, "active (active)", True, 0)  # noqa: FBT003
    failed = UnitState("nearcrew-web.service", False, "failed (failed)", False, 9)  # noqa: FBT003

    def finding(*states: UnitState) -> Finding:
        return checks.units(Installed(tuple(each.name for each in states), states))

    assert finding(target, web).level is Level.GOOD
    assert finding(web).mend == "systemctl enable nearcrew.target"
    assert finding(target, failed).level is Level.BAD
    assert "nearcrew-web.service is failed" in finding(target, failed).sentence
    assert checks.units(Installed((), ())).level is Level.GOOD


@pytest.mark.parametrize(
    ("follower", "words", "is_well"),
    [
        (_follower(is_synchronous=True), "has everything", True),
        (_follower(behind_bytes=5_000_000, behind_s=3.0), "5.0 MB and 3.0 s behind", False),
        (_follower(state=None), "is away", False),
        (_follower(state=None, is_too_far_behind=True), "create it anew", False),
        (None, "nearcrew standby promote", True),
    ],
)
def test_how_the_standby_stands_is_said(
    follower: Follower | None, words: str, *, is_well: bool
) -> None:
    """Of a primary that does not answer, the note of the watch is what is left to go by."""
    record = Replication(1, "a", {"a": Path("/a"), "b": Path("/b")})
    noted = Progress(is_synchronous=True, since="08:00")
    state = StandbyState(
        record, primary_runs=True, other_runs=True, progress=noted, follower=follower
    )

    sentence, found_well = describe(state)

    assert words in sentence
    assert found_well is is_well
