"""Find the directories, programs and owner of the private PostgreSQL cluster.

Everything here is found out, nothing is remembered: the same answer comes in every shell, after a
reboot and for root as well as for the owner, so no state file can go stale.
"""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.errors import ClusterError

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
DEBIAN_EXTENSIONS = Path("/usr/share/postgresql")
STATE_ROOT = Path("/var/lib/nearcrew")
RUN_ROOT = Path("/run")
SHORT_ROOT = Path("/tmp")  # noqa: S108 - a socket path may have 107 bytes; ownership is checked on use
SERVICE_ACCOUNT = "postgres"


@dataclass(frozen=True, slots=True)
class OsUser:
    """The operating-system account that owns and runs the cluster; never root."""

    name: str
    uid: int
    gid: int

    @classmethod
    def from_uid(cls, uid: int) -> "OsUser":
        """Return the account of a user id; PostgreSQL refuses one without a name.

        Raises
        ------
        ClusterError
            If the user id has no entry in the account database.
        """
        try:
            entry = pwd.getpwuid(uid)
        except KeyError:
            message = f"User id {uid} has no account name; PostgreSQL needs one."
            raise ClusterError(message, mend="Run as a user that `id -un` can name.") from None
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def run(
        self, command: list[str], *, timeout_s: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this user; the caller checks its return code.

        The working directory is `/`: the caller's own may be closed to this user.
        """
        return subprocess.run(  # noqa: S603
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout_s,
            **self._manner(),
        )

    def start(self, command: list[str], log: int) -> subprocess.Popen[bytes]:
        """Start a command as this user, in a session of its own that Ctrl-C does not reach.

        Parameters
        ----------
        log
            File descriptor that takes what it says.
        """
        return subprocess.Popen(  # noqa: S603
            command, stdout=log, stderr=log, start_new_session=True, **self._manner()
        )

    def _manner(self) -> dict[str, Any]:
        identity: dict[str, Any] = {}
        if os.geteuid() != self.uid:
            groups = os.getgrouplist(self.name, self.gid)
            identity = {"user": self.uid, "group": self.gid, "extra_groups": groups}
        environment = {name: value for name, value in os.environ.items() if name[:2] != "PG"}
        return {
            "cwd": "/",
            "env": {**environment, "LC_ALL": "C.UTF-8"},
            "stdin": subprocess.DEVNULL,
            **identity,
        }


@dataclass(frozen=True, slots=True)
class Layout:
    """Directories and programs of one cluster on this machine."""

    key: str
    user: OsUser
    data_dir: Path
    binaries: Path
    lock_file: Path

    @property
    def exists(self) -> bool:
        """Whether `initdb` has finished here."""
        return (self.data_dir / "PG_VERSION").is_file()

    @property
    def version(self) -> int:
        """Major version of the server that made the cluster."""
        return int((self.data_dir / "PG_VERSION").read_text(encoding="ascii").strip())

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's pid file of the running server."""
        return self.data_dir / "postmaster.pid"

    @property
    def folder(self) -> Path:
        """State folder that the cluster belongs to."""
        return self.lock_file.parent

    def write(self, name: str, text: str) -> None:
        """Replace a file of the data directory atomically; one that is as it should be stays.

        It belongs to the cluster's owner. A killed server has to come back on a full disk, too.
        """
        target = self.data_dir / name
        if target.is_file() and target.read_text(encoding="utf-8") == text:
            return
        fresh = target.with_name(name + ".new")
        fresh.touch(mode=0o600)
        fresh.write_text(text, encoding="utf-8")
        os.chown(fresh, self.user.uid, self.user.gid)
        fresh.replace(target)

    def fresh_socket_dir(self) -> Path:
        """Return the socket directory of a new server; short, however deep the checkout is."""
        name = f"nearcrew-{self.key}"
        in_run = RUN_ROOT / name
        if os.geteuid() == 0 and RUN_ROOT.is_dir():
            return in_run
        if in_run.is_dir() and in_run.stat().st_uid == self.user.uid:
            return in_run
        return SHORT_ROOT / name


def key_of(var_dir: Path) -> str:
    """Return the key of a cluster, from its folder, so that checkouts never share one."""
    return hashlib.sha256(os.fsencode(var_dir.resolve())).hexdigest()[:12]


def find_layout(var_dir: Path) -> Layout:
    """Return the layout of the cluster of a state folder, or of a new one.

    Parameters
    ----------
    var_dir
        The checkout's state folder; made if missing.

    Raises
    ------
    ClusterError
        If PostgreSQL with PostGIS is not installed, the cluster belongs to somebody else, or no
        unprivileged account is there to run it.
    """
    var_dir = var_dir.resolve()
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{var_dir} cannot be made: {error.strerror}."
        raise ClusterError(message, mend="Set NEARCREW_VAR to a folder you may write.") from error
    key = key_of(var_dir)
    near, far = var_dir / "pg", STATE_ROOT / key / "pg"
    existing = next((place for place in (near, far) if _is_cluster(place)), None)
    user = _owner(existing)
    data_dir = existing or (near if _can_enter(user, var_dir) else far)
    return Layout(key, user, data_dir, _binaries(existing), var_dir / "pg.lock")


def layout_if_there(var_dir: Path) -> Layout | None:
    """Return the layout of a state folder that has to be there; None if its disk is gone."""
    try:
        return find_layout(var_dir) if var_dir.is_dir() else None
    except (OSError, ClusterError):
        return None


def newest_server() -> Path | None:
    """Return the newest installed PostgreSQL that has PostGIS, as its folder of programs."""
    for version in sorted(_installed(), reverse=True):
        if _has_postgis(version):
            return DEBIAN_BINARIES / str(version) / "bin"
    return _binaries_on_path()


def _installed() -> list[int]:
    if not DEBIAN_BINARIES.is_dir():
        return []
    folders = [path.parent.parent.name for path in DEBIAN_BINARIES.glob("*/bin/pg_ctl")]
    return [int(name) for name in folders if re.fullmatch(r"\d+", name)]


def _has_postgis(version: int) -> bool:
    return (DEBIAN_EXTENSIONS / str(version) / "extension" / "postgis.control").is_file()


def _binaries_on_path() -> Path | None:
    """Return the programs that `pg_config` names, for systems not derived from Debian."""
    tool = shutil.which("pg_config")
    if tool is None:
        return None

    def told(option: str) -> Path:
        answer = subprocess.run([tool, option], capture_output=True, text=True, check=False)  # noqa: S603
        return Path(answer.stdout.strip())

    has_postgis = (told("--sharedir") / "extension" / "postgis.control").is_file()
    binaries = told("--bindir")
    return binaries if has_postgis and (binaries / "pg_ctl").is_file() else None


def _binaries(existing: Path | None) -> Path:
    """Return the programs of the data's version, since a newer server refuses older data."""
    if existing is not None:
        version = (existing / "PG_VERSION").read_text(encoding="ascii").strip()
        if (DEBIAN_BINARIES / version / "bin" / "pg_ctl").is_file():
            return DEBIAN_BINARIES / version / "bin"
        if _binaries_on_path() is None or DEBIAN_BINARIES.is_dir():
            message = f"The database was made by PostgreSQL {version}, which is not installed."
            mend = f"apt-get install postgresql-{version} postgresql-{version}-postgis-3"
            raise ClusterError(message, mend=mend)
    found = newest_server()
    if found is None:
        message = "PostgreSQL with PostGIS is not installed."
        raise ClusterError(message, mend="Run `make setup`; it installs them through apt.")
    return found


def _is_cluster(place: Path) -> bool:
    try:
        return (place / "PG_VERSION").is_file()
    except PermissionError:
        # Somebody's 0700 folder: it is there, and `_owner` says whose it is.
        return True


def _owner(existing: Path | None) -> OsUser:
    """Return the account that runs the cluster: its creator, this user, or a service account."""
    own_uid = os.geteuid()
    if existing is not None:
        uid = existing.stat().st_uid
        if uid == 0:
            message = f"{existing} belongs to root; PostgreSQL refuses to run as root."
            raise ClusterError(message, mend=f"chown -R {SERVICE_ACCOUNT} {existing}")
        user = OsUser.from_uid(uid)
        if own_uid not in {0, uid}:
            message = f"The database in {existing} belongs to {user.name}."
            raise ClusterError(message, mend=f"Run this as {user.name} or as root.")
        return user
    if own_uid != 0:
        return OsUser.from_uid(own_uid)
    try:
        return OsUser.from_uid(pwd.getpwnam(SERVICE_ACCOUNT).pw_uid)
    except KeyError:
        message = f"There is no {SERVICE_ACCOUNT} account, and PostgreSQL refuses to run as root."
        mend = "Run `make setup`; the postgresql package brings the account."
        raise ClusterError(message, mend=mend) from None


def _can_enter(user: OsUser, folder: Path) -> bool:
    """Return whether a user can enter a folder, access lists and mount options considered."""
    return user.run(["/usr/bin/test", "-x", str(folder)]).returncode == 0
