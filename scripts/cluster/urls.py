"""The URLs of the private cluster, by role."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo

DATABASE = "nearcrew"
DEMO_DATABASE = "nearcrew_demo"
SUPERUSER = "postgres"
OWNER_ROLE = "nearcrew_owner"
APP_ROLE = "nearcrew_app"
WORKER_ROLE = "nearcrew_worker"
STANDBY_ROLE = "nearcrew_standby"


@dataclass(frozen=True, slots=True)
class ClusterUrls:
    """SQLAlchemy URLs of the running cluster.

    Parameters
    ----------
    socket_dir
        Folder of the unix socket.
    standby_socket_dir
        That of its standby: a client that connects anew finds whichever takes writes.
    peer
        Account that has to run a server with a standby. The standby's socket may be missing, and
        its place might be taken by somebody else's.
    """

    socket_dir: Path
    standby_socket_dir: Path | None = None
    peer: str = ""

    def admin(self, database: str = DATABASE) -> str:
        """Return the superuser's URL: for extensions, new databases and nothing else."""
        return self._url(SUPERUSER, database)

    def owner(self, database: str = DATABASE) -> str:
        """Return the URL of the role that owns the tables: `DATABASE_ADMIN_URL`."""
        return self._url(OWNER_ROLE, database)

    def app(self, database: str = DATABASE) -> str:
        """Return the URL of the role that serves: `DATABASE_URL`."""
        return self._url(APP_ROLE, database)

    def worker(self, database: str = DATABASE) -> str:
        """Return the URL of the role that jobs and deadlines are done by: `DATABASE_WORKER_URL`."""
        return self._url(WORKER_ROLE, database)

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Return a superuser connection in autocommit, as creating databases requires."""
        conninfo = make_conninfo(user=SUPERUSER, dbname=database, **self._parameters())
        return psycopg.connect(conninfo, autocommit=True)

    def _url(self, role: str, database: str) -> str:
        asked = "&".join(f"{name}={quote(value)}" for name, value in self._parameters().items())
        return f"postgresql+psycopg://{role}@/{database}?{asked}"

    def _parameters(self) -> dict[str, str]:
        if self.standby_socket_dir is None:
            return {"host": str(self.socket_dir)}
        return {
            "host": f"{self.socket_dir},{self.standby_socket_dir}",
            "target_session_attrs": "read-write",
            "requirepeer": self.peer,
        }
