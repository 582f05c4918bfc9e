"""The database role that serves, as migrations grant it its few rights."""

from alembic import context


def app_role() -> str:
    """Return the quoted name of the role that the application connects as."""
    name = context.config.attributes["app_role"]
    return '"' + str(name).replace('"', '""') + '"'
