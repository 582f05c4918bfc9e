"""Where things are on a machine on which Nearcrew is installed as a service."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.cluster.cluster_layout import key_of
from scripts.cluster.private_cluster import CHECKOUT

VAR_LIB = Path("/var/lib")
HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
SETTINGS = Path("/etc/nearcrew/nearcrew.env")
UNITS = Path("/etc/systemd/system")
ACCOUNT = Path("/etc/sysusers.d/nearcrew.conf")
COMMAND = Path("/usr/local/bin/nearcrew")


@dataclass(frozen=True, slots=True)
class Installation:
    """What the units are written from.

    Attributes
    ----------
    user
        Account that runs everything; the private cluster belongs to it.
    var_dir
        State folder.
    standby
        State folder of a standby on this machine, if it is not inside the other one.
    variables
        What the settings file holds.
    checkout
        Where the program is.
    """

    user: str
    var_dir: Path
    standby: Path | None
    variables: Mapping[str, str]
    checkout: Path = CHECKOUT

    @property
    def python(self) -> Path:
        """The interpreter of the program's virtual environment."""
        return self.checkout / ".venv" / "bin" / "python"

    @property
    def generated(self) -> Path:
        """Scripts and styles, which the web server puts together when it starts."""
        return self.checkout / "webconsole" / "static" / "gen"

    @property
    def keeps_cluster(self) -> bool:
        """Whether the database is the private cluster and not one of the utility's own."""
        return not self.variables.get("DATABASE_URL")

    @property
    def is_in_a_home(self) -> bool:
        """Whether the program lies where units usually may not look."""
        return any(self.checkout.is_relative_to(home) for home in HOMES)

    @property
    def state_directory(self) -> str | None:
        """Name of the state folder below /var/lib, where systemd makes it; None elsewhere."""
        if self.var_dir.is_relative_to(VAR_LIB):
            return str(self.var_dir.relative_to(VAR_LIB))
        return None

    @property
    def socket_folders(self) -> list[str]:
        """Names of the folders below /run for the sockets of primary and standby."""
        standby = self.standby or self.var_dir / "standby"
        return [f"nearcrew-{key_of(each)}" for each in (self.var_dir, standby)]

    @property
    def written_folders(self) -> list[Path]:
        """Folders that the services write to, besides those that systemd makes."""
        backups = self.variables.get("NEARCREW_BACKUPS")
        named = [None if self.state_directory else self.var_dir, self.standby]
        return [each for each in [*named, Path(backups) if backups else None] if each]


def read_settings(text: str) -> dict[str, str]:
    """Return the variables of a settings file, as systemd reads an EnvironmentFile."""
    variables: dict[str, str] = {}
    for line in text.splitlines():
        name, is_set, value = line.strip().partition("=")
        if is_set and name and not name.startswith(("#", ";")):
            variables[name.strip()] = _unquoted(value.strip())
    return variables


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in {'"', "'"}
    return value[1:-1] if quoted else value
