"""The database of the desk, where studies look for it, and the grid for those that need none."""

import pytest

from dispatch.settings import Settings
from tests.conftest import Database
from tests.scripts.on_grid import grid
from tests.scripts.on_grid import nearcrew

__all__ = ["grid", "nearcrew", "of_the_desk"]


@pytest.fixture
def of_the_desk(database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands read the database of the services."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("DATABASE_ADMIN_URL", database.owner_url)
    monkeypatch.setenv("NEARCREW_VAR", str(settings.var_dir))
