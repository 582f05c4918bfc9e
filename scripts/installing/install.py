"""Put the files in their places, and have systemd start what they name."""

import os
import pwd
import shutil
from collections.abc import Iterable
from pathlib import Path

from scripts.errors import UsageError
from scripts.installing import systemd
from scripts.installing.installation import ACCOUNT
from scripts.installing.installation import COMMAND
from scripts.installing.installation import SETTINGS
from scripts.installing.installation import UNITS
from scripts.installing.installation import Installation
from scripts.installing.installation import read_settings
from scripts.installing.units import BACKUP
from scripts.installing.units import CLUSTER
from scripts.installing.units import DRILL
from scripts.installing.units import STANDBY
from scripts.installing.units import TARGET
from scripts.installing.units import WEB
from scripts.installing.units import other_files
from scripts.installing.units import settings_text
from scripts.installing.units import unit_files

_EXECUTABLE, _READABLE, _SECRET = 0o755, 0o644, 0o640
_OURS = "nearcrew"


def planned(
    root: Path, *, user: str | None, var_dir: Path | None, standby: Path | None
) -> tuple[Installation, dict[Path, str]]:
    """Return what would be installed, and the files that would be written.

    A settings file that is there already is read, and stays; what is not said now is as it was at
    the last installation.
    """
    there = below(root, SETTINGS)
    variables = read_settings(there.read_text(encoding="utf-8")) if there.is_file() else {}
    state = var_dir or Path(variables.get("NEARCREW_VAR") or "/var/lib/nearcrew")
    former = _former(root)
    kept_standby = Path(former[STANDBY]) if former.get(STANDBY, str(state)) != str(state) else None
    account = user or former.get("User") or "nearcrew"
    installation = Installation(account, state, standby or kept_standby, variables)
    files = {**other_files(installation), **unit_files(installation)}
    if not there.is_file():
        files[SETTINGS] = settings_text(installation)
    return installation, files


def write_files(root: Path, files: dict[Path, str]) -> None:
    """Write files below a root, each as a whole."""
    for place, text in files.items():
        target = below(root, place)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.new")
            fresh.write_text(text, encoding="utf-8")
            fresh.chmod(_mode_of(place))
            fresh.replace(target)
        except OSError as error:
            message = f"{target} cannot be written: {error.strerror}."
            raise UsageError(message, mend="Run this as root, or with --root DIR.") from error


def install(installation: Installation, files: dict[Path, str]) -> None:
    """Install on this machine and start everything; again after an upgrade, or with other options.

    Raises
    ------
    SystemdError
        If there is no systemd or it refuses.
    UsageError
        If this is not root, or the account could not read the program.
    """
    systemd.demand()
    _demand_root()
    refuse_hidden(installation)
    write_files(Path("/"), files)
    systemd.run("systemd-sysusers", str(ACCOUNT))
    entry = pwd.getpwnam(installation.user)
    os.chown(SETTINGS, 0, entry.pw_gid)
    SETTINGS.chmod(_SECRET)
    for folder in [*installation.written_folders, installation.generated]:
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    for path in installation.generated.rglob("*"):
        os.chown(path, entry.pw_uid, entry.pw_gid)  # made by root, when it was set up
    systemd.tell("daemon-reload")
    systemd.tell("enable", TARGET)
    systemd.tell("restart", TARGET)


def uninstall(root: Path) -> list[Path]:
    """Stop and remove the units and the command; return what was removed.

    Settings, account and data stay.

    Raises
    ------
    UsageError
        If this is not root.
    """
    if root == Path("/"):
        _demand_root()
        if systemd.is_running() and below(root, UNITS / TARGET).is_file():
            systemd.tell("disable", "--now", TARGET)
            systemd.tell("stop", *_there(root, [BACKUP, DRILL]))
    removed = [path for path in _installed_files(root) if path.is_file()]
    for path in removed:
        path.unlink()
    if root == Path("/") and systemd.is_running():
        systemd.tell("daemon-reload")
    return removed


def below(root: Path, place: Path) -> Path:
    """Return where a file belongs below a root."""
    return root / place.relative_to("/")


def refuse_hidden(installation: Installation) -> None:
    """Raise an error if others than root may not enter the folder of the program, or of Python.

    Raises
    ------
    UsageError
        Naming the folder in the way.
    """
    if not installation.python.exists():
        message = f"There is no {installation.python}."
        raise UsageError(message, mend="make setup")
    python = installation.python.resolve()  # of the machine, or one that root has for itself
    folders = {installation.checkout, *installation.checkout.parents, *python.parents}
    hidden = next((each for each in sorted(folders) if not each.stat().st_mode & 0o001), None)
    if hidden is not None:
        message = f"The account {installation.user} may not enter {hidden}."
        mend = (
            "Move the program to /opt/nearcrew, with a Python that everybody may run, and there:"
            " make setup"
        )
        raise UsageError(message, mend=mend)


def _former(root: Path) -> dict[str, str]:
    """Return what the installed units say, if there are any."""
    for name in (CLUSTER, WEB):
        unit = below(root, UNITS / name)
        if unit.is_file():
            return read_settings(unit.read_text(encoding="utf-8"))
    return {}


def _installed_files(root: Path) -> Iterable[Path]:
    units = below(root, UNITS)
    yield from sorted(units.glob(f"{_OURS}.target")) + sorted(units.glob(f"{_OURS}-*.service"))
    yield from sorted(units.glob(f"{_OURS}-*.timer"))
    yield below(root, ACCOUNT)
    yield below(root, COMMAND)


def _there(root: Path, names: Iterable[str]) -> list[str]:
    return [name for name in names if below(root, UNITS / name).is_file()]


def _demand_root() -> None:
    if os.geteuid() != 0:
        sudo = "sudo " if shutil.which("sudo") else ""
        message = "Only root installs services."
        raise UsageError(message, mend=f"{sudo}nearcrew service …, or --dry-run to look.")


def _mode_of(place: Path) -> int:
    if place == COMMAND:
        return _EXECUTABLE
    return _SECRET if place == SETTINGS else _READABLE
