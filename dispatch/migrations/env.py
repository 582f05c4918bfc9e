"""Run migrations over the connection that `dispatch.migrate` hands in."""

from alembic import context

from dispatch.migrations import tables  # noqa: F401  (fills the metadata that autogenerate compares)
from geodata.db import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
