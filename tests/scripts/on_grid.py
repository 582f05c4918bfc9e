"""Fixtures of commands that need files and no database, on a grid whose travel times are known."""

from pathlib import Path

import pytest

from tests.cities import GridCity
from tests.scripts.command_line import Nearcrew


@pytest.fixture
def nearcrew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Nearcrew:
    """Return the command line with a state folder of its own."""
    monkeypatch.setenv("NEARCREW_VAR", str(tmp_path / "var"))
    return Nearcrew(monkeypatch, capsys)


@pytest.fixture
def grid(tmp_path: Path) -> str:
    """Return the file of a city of 12 by 12 blocks, 20 s each."""
    return str(GridCity().write(tmp_path / "grid.osm"))
