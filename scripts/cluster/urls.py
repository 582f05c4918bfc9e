"""The URLs of the private cluster, by role."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

DATABASE = "nearcrew"
DEMO_DATABASE = "nearcrew_demo"
SUPERUSER = "postgres"
OWNER_ROLE = "nearcrew_owner"
APP_ROLE = "nearcrew_app"


@dataclass(frozen=True, slots=True)
class ClusterUrls:
    """SQLAlchemy URLs of the running cluster.

    Parameters
    ----------
    socket_dir
        Folder of the unix socket.
    """

    socket_dir: Path

    def admin(self, database: str = DATABASE) -> str:
        """Return the superuser's URL: for extensions, new databases and nothing else."""
        return self._url(SUPERUSER, database)

    def owner(self, database: str = DATABASE) -> str:
        """Return the URL of the role that owns the tables: `DATABASE_ADMIN_URL`."""
        return self._url(OWNER_ROLE, database)

    def app(self, database: str = DATABASE) -> str:
        """Return the URL of the role that serves: `DATABASE_URL`."""
        return self._url(APP_ROLE, database)

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Return a superuser connection in autocommit, as creating databases requires."""
        return psycopg.connect(
            host=str(self.socket_dir), user=SUPERUSER, dbname=database, autocommit=True
        )

    def _url(self, role: str, database: str) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self.socket_dir))}"
