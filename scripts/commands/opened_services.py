"""The services on the configured database, for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.bootstrap import build
from scripts.environment import Surroundings
from scripts.errors import DatabaseError
from scripts.errors import UsageError


@contextmanager
def opened_services(surroundings: Surroundings) -> Iterator[Services]:
    """Give the services, and close them at the end.

    Raises
    ------
    DatabaseError
        If the tables are missing or out of date.
    """
    services = build(surroundings.settings)
    try:
        if not services.health.ready()["migrations"]:
            message = "The tables are missing or out of date."
            raise DatabaseError(message, mend="nearcrew db migrate")
        yield services
    finally:
        services.close()


def crew_named(services: Services, name: str) -> int:
    """Return the id of a crew.

    Raises
    ------
    UsageError
        Naming the crews that there are.
    """
    crews = services.crews.list(SYSTEM)["crews"]
    found = [crew["id"] for crew in crews if crew["name"] == name]
    if not found:
        known = ", ".join(sorted(crew["name"] for crew in crews)) or "none yet"
        message = f"There is no crew named {name} (known: {known})."
        raise UsageError(message, mend="nearcrew crew add adds one.")
    return found[0]
