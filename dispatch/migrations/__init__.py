"""Alembic migrations of the whole database: the ground's tables and the job's."""
