"""Run migrations over the connection that `dispatch.migrate` hands in."""

from alembic import context

from dispatch import record_tables  # noqa: F401  (fills the metadata that autogenerate compares)
from dispatch import tables  # noqa: F401  (as above)
from geodata.db import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
