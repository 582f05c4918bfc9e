"""Which ground the demo stands on."""

from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import delete

from dispatch.access.permissions import SYSTEM
from dispatch.bootstrap import Services
from dispatch.crews.types import AddCrew
from geodata.ground.service import GroundInfo
from geodata.ground.service import active_ground
from geodata.ground.service import is_searchable
from geodata.places.models import PlaceIndex
from scripts.demo.demo_ground import ensure_city
from scripts.errors import UsageError
from tests.conftest import Database

pytestmark = pytest.mark.postgis


def _ground(connection: Connection) -> GroundInfo:
    found = active_ground(connection)
    assert found is not None
    return found


@pytest.fixture
def kept(grid_extract: Path, tmp_path: Path) -> Path:
    """Return a folder of state that holds the extract the ground came from."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / grid_extract.name).write_bytes(grid_extract.read_bytes())
    return tmp_path


def test_a_city_that_is_there_is_left_alone(
    services: Services, owner_engine: Engine, database: Database, kept: Path
) -> None:
    """A second start is quick."""
    del services  # there is a ground
    with owner_engine.connect() as connection:
        before = _ground(connection)

    ensure_city(database.owner_url, kept, None)

    with owner_engine.connect() as connection:
        assert _ground(connection) == before


def test_a_city_of_an_older_release_is_imported_again(
    services: Services, owner_engine: Engine, database: Database, kept: Path
) -> None:
    """It had no names to search; the crews stay where they are."""
    crew_id = services.crews.add(SYSTEM, AddCrew(name="North"))
    with owner_engine.begin() as connection:
        before = _ground(connection)
        connection.execute(delete(PlaceIndex).where(PlaceIndex.ground_id == before.id))

    ensure_city(database.owner_url, kept, None)

    with owner_engine.connect() as connection:
        after = _ground(connection)
        assert is_searchable(connection, after.id)
    assert after.id > before.id
    assert (after.name, after.bounds) == (before.name, before.bounds)
    assert services.crews.get(SYSTEM, crew_id)["name"] == "North"


def test_no_other_city_is_put_under_crews(
    services: Services, database: Database, kept: Path, tmp_path: Path
) -> None:
    """Their stations would lie elsewhere."""
    services.crews.add(SYSTEM, AddCrew(name="North"))

    with pytest.raises(UsageError, match="The demo city is Grid"):
        ensure_city(database.owner_url, kept, tmp_path / "porto.osm.pbf")
