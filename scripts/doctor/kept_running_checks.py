"""Whether it outlives the machine: units, backups, restore drills, and the standby."""

from collections.abc import Iterator
from collections.abc import Mapping
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from scripts.backups.backup_commands import describe as describe_drill
from scripts.backups.drill_record import Drill
from scripts.backups.drill_record import read_drill
from scripts.backups.kept_backups import BackupPlan
from scripts.backups.kept_backups import KeptBackup
from scripts.backups.kept_backups import whole_backups
from scripts.doctor.findings import Finding
from scripts.doctor.findings import bad
from scripts.doctor.findings import good
from scripts.doctor.findings import odd
from scripts.errors import ScriptError
from scripts.installing.installed_units import Installed
from scripts.installing.units import TARGET
from scripts.serving.serve import SECOND
from scripts.serving.serving_record import read_records
from scripts.standby.standby_commands import describe as describe_standby
from scripts.standby.standby_state import StandbyState
from scripts.standby.standby_state import read_state

LATE_BACKUP = timedelta(hours=26)
LATE_DRILL = timedelta(days=40)
MUCH_SMALLER = 0.5
_BACK_UP, _DRILL = "nearcrew backup nightly", "nearcrew backup drill"


def units(found: Installed) -> Finding:
    """Return how the installed services stand."""
    if not found.names:
        return good("No units are installed: nothing starts with this machine by systemd.")
    if not found.states:
        mend = "Where systemd does not run they do nothing: nearcrew service uninstall"
        return odd("Units are installed, and systemd does not run here.", mend)
    if found.stopped:
        named = ", ".join(f"{each.name} is {each.state}" for each in found.stopped)
        mend = f"journalctl -u {found.stopped[0].name} -e, then systemctl start {TARGET}"
        return bad(f"Of the services {named}.", mend)
    if not found.starts_with_machine:
        return odd(
            "The services run and do not start with the machine.", f"systemctl enable {TARGET}"
        )
    restarts = sum(each.restarts for each in found.states)
    return good(
        f"All {len(found.states)} units are up and start with the machine ({restarts} restarts)."
    )


def backups(env: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """Yield how old the last backup and the last drill are, and what came of it."""
    try:
        plan = BackupPlan.of(env)
        there = whole_backups(plan.folder)
        drill = read_drill(plan.folder)
    except ScriptError as error:
        yield bad(error.message, error.mend)
        return
    except OSError as error:
        yield odd(f"The backups cannot be looked at: {error}.", "Run this as root.")
        return
    if not there:
        yield odd(f"There is no backup in {plan.folder}.", _BACK_UP)
        return
    yield judge_backups(there, [each.size_bytes for each in there], now)
    yield judge_drill(drill, now)


def judge_backups(there: list[KeptBackup], sizes: list[int], now: datetime) -> Finding:
    """Return whether the newest backup is as new and as large as one would think."""
    age = now - there[-1].made_at
    sentence = (
        f"The last of {len(there)} backups is {age / timedelta(hours=1):.0f} h old"
        f" ({sizes[-1] / 1e6:.1f} MB)."
    )
    if age > LATE_BACKUP:
        return bad(sentence, f"systemctl status nearcrew-backup.service, or now: {_BACK_UP}")
    if len(sizes) > 1 and sizes[-1] < MUCH_SMALLER * sizes[-2]:
        mend = "Was so much erased? Look at what it holds: nearcrew backup drill"
        return odd(f"{sentence} The one before has {sizes[-2] / 1e6:.1f} MB.", mend)
    return good(sentence)


def judge_drill(drill: Drill | None, now: datetime) -> Finding:
    """Return whether a backup was restored lately, and wholly."""
    if drill is None:
        return odd("No backup has ever been restored for trial.", _DRILL)
    sentence = describe_drill(drill)
    if drill.troubles:
        return bad(sentence, f"{_BACK_UP}, then {_DRILL}")
    if now - drill.at > LATE_DRILL:
        return odd(f"{sentence} That is long ago.", _DRILL)
    return good(sentence)


def standby(var_dir: Path) -> Iterator[Finding]:
    """Yield how the standby stands; nothing without one."""
    try:
        state = read_state(var_dir)
    except ScriptError as error:
        yield bad(error.message, error.mend)
        return
    if state is None:
        return
    yield _following(state)
    for record in () if state.record.is_fenced else read_records(var_dir):
        if record.is_alive and "database" in record.children and SECOND not in record.children:
            sentence = f"Process {record.pid} was started before there was a standby."
            yield odd(sentence, "Restart it; it then keeps both and watches the standby.")


def _following(state: StandbyState) -> Finding:
    sentence, is_well = describe_standby(state)
    if state.follower is None:
        return bad(sentence, "First: nearcrew standby status. Step by step: docs/deployment.md")
    if is_well:
        return good(sentence)
    since = "" if state.progress is None else f" (so since {state.progress.since})"
    mend = f"nearcrew standby status; the log of the database's service tells more{since}."
    return odd(sentence, mend)
