"""Whether this process can do its job, part by part."""

from dataclasses import dataclass
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dispatch import migrate
from dispatch.roads.types import RoadPort
from geodata.ground.service import active_ground


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at what the process depends on."""

    engine: Engine
    roads: RoadPort

    def ready(self) -> dict[str, Any]:
        """Return what is there; ``ready`` is true when orders can be sent by road time."""
        found: dict[str, Any] = {"database": False, "migrations": False, "ground": False}
        try:
            with self.engine.connect() as connection:
                found["database"] = True
                revision = MigrationContext.configure(connection).get_current_revision()
                found["migrations"] = revision == migrate.head()
                if found["migrations"]:
                    found["ground"] = active_ground(connection) is not None
        except SQLAlchemyError:
            pass
        found["roads"] = self.roads.ready
        found["ready"] = all(found.values())
        return found
