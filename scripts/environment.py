"""Select the database of the commands: a configured one, or the private cluster."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from dispatch.settings import Settings
from dispatch.settings import is_yes
from dispatch.settings import with_driver
from scripts.cluster import private_cluster as cluster
from scripts.errors import UsageError

_KEPT_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The settings, and the environment variables that give a child process the same ones.

    Parameters
    ----------
    settings
        What the services are built from.
    variables
        The whole environment for child processes.
    private
        Whether the database is this checkout's own cluster.
    """

    settings: Settings
    variables: Mapping[str, str]
    private: bool

    @property
    def admin_url(self) -> str:
        """The URL of the role that owns the tables."""
        return self.settings.database_admin_url or self.settings.database_url

    @property
    def app_role(self) -> str:
        """The serving role, to which migrations grant its privileges."""
        return make_url(self.settings.database_url).username or cluster.APP_ROLE

    def worker_variables(self) -> dict[str, str]:
        """Return the environment of job workers, without the owner's credentials."""
        return {
            name: value for name, value in self.variables.items() if name != "DATABASE_ADMIN_URL"
        }

    def serving_variables(self) -> dict[str, str]:
        """Return the environment of the web workers, without credentials of other roles."""
        return {
            name: value
            for name, value in self.variables.items()
            if name not in {"DATABASE_ADMIN_URL", "DATABASE_WORKER_URL"}
        }


def look_around(env: Mapping[str, str] | None = None) -> Surroundings:
    """Return the settings; starts the private cluster when no database is configured.

    Raises
    ------
    ClusterError
        If the private cluster is needed and cannot be started.
    InvalidInput
        If a variable cannot be understood.
    UsageError
        If DATABASE_URL is not the address of a PostgreSQL database.
    """
    variables = dict(os.environ if env is None else env)
    var_dir = cluster.default_var_dir(variables)
    variables["NEARCREW_VAR"] = str(var_dir)
    private = not variables.get("DATABASE_URL")
    if private:
        # The demo's accounts have published passwords: they never share a database with real
        # people, and real work can begin beside the demo at any time.
        demo = is_yes(variables.get("NEARCREW_DEMO"))
        database = cluster.DEMO_DATABASE if demo else cluster.DATABASE
        if is_yes(variables.get(cluster.KEPT_ELSEWHERE)):
            urls = cluster.wait_until_running(var_dir, _KEPT_WITHIN_S)
        else:
            urls = cluster.ensure_running(var_dir)
        cluster.ensure_database(urls, database)
        variables["DATABASE_URL"] = urls.app(database)
        variables["DATABASE_ADMIN_URL"] = urls.owner(database)
        variables["DATABASE_WORKER_URL"] = urls.worker(database)
    else:
        _check_url(variables, "DATABASE_URL")
        for name in ("DATABASE_ADMIN_URL", "DATABASE_WORKER_URL"):
            if variables.get(name):
                _check_url(variables, name)
    return Surroundings(Settings.from_environment(variables), variables, private)


def _check_url(variables: Mapping[str, str], name: str) -> None:
    mend = f"{name}=postgresql://user:password@host:5432/nearcrew"
    try:
        url = make_url(with_driver(variables[name]))
    except ArgumentError:
        # The value may hold a password: it is not repeated.
        message = f"{name} is not a database address."
        raise UsageError(message, mend=mend) from None
    if url.get_backend_name() != "postgresql":
        message = f"{name} names {url.get_backend_name()}; Nearcrew needs PostgreSQL with PostGIS."
        raise UsageError(message, mend=mend)
