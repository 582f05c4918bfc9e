"""Whether this process can do its job, part by part."""

from dataclasses import dataclass
from typing import Annotated

from alembic.runtime.migration import MigrationContext
from pydantic import ConfigDict
from pydantic import Field
from pydantic import with_config
from sqlalchemy import Engine
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from typing_extensions import TypedDict

from dispatch import migrate
from dispatch.roads.types import RoadPort
from dispatch.writes.write_check import WriteCheck
from geodata.ground.service import active_ground

_STANDBY_LOST_S = text("""
    SELECT CASE WHEN state LIKE 'let go %'
        THEN greatest(extract(epoch FROM now() - substr(state, 8)::timestamptz), 0)::float8
        ELSE 0 END
    FROM (SELECT current_setting('nearcrew.standby', true) AS state) AS setting
""")


@with_config(ConfigDict(extra="forbid", title="Ready"))
class ReadyAnswer(TypedDict):
    """Whether everything a request needs is there."""

    ready: bool
    database: bool
    migrations: bool
    ground: bool
    roads: Annotated[bool, Field(description="travel times can be computed")]
    writes: Annotated[
        bool, Field(description="the database keeps what is written; not so when its disk is full")
    ]


@dataclass(frozen=True, slots=True)
class Health:
    """Looks at what the process depends on."""

    engine: Engine
    roads: RoadPort
    writes: WriteCheck

    def ready(self) -> ReadyAnswer:
        """Return what is there; ``ready`` is true when orders can be sent by road time."""
        database = migrations = ground = False
        try:
            with self.engine.connect() as connection:
                database = True
                revision = MigrationContext.configure(connection).get_current_revision()
                migrations = revision == migrate.head()
                ground = migrations and active_ground(connection) is not None
        except SQLAlchemyError:
            pass
        roads = self.roads.ready
        writes = migrations and self.writes.works()
        return {
            "ready": database and migrations and ground and roads and writes,
            "database": database,
            "migrations": migrations,
            "ground": ground,
            "roads": roads,
            "writes": writes,
        }

    def standby_lost_s(self) -> float:
        """Return for how long commits have not waited for the database's standby, in seconds."""
        return standby_lost_s(self.engine)


def standby_lost_s(engine: Engine) -> float:
    """Return for how long commits have not waited for the database's standby, in seconds.

    0 while they do, and without a standby. Whoever watches it (`nearcrew standby watch`) writes
    that to a setting of the server, which tells even while nothing can be written.
    """
    with engine.connect() as connection:
        return float(connection.execute(_STANDBY_LOST_S).scalar_one())
