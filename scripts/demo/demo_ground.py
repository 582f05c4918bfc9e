"""Import the ground of the demo: its own city or a given one, never replaced later."""

from pathlib import Path

from sqlalchemy import select

from geodata.db import make_engine
from geodata.ground.models import Ground
from geodata.ground.service import active_ground
from geodata.ground.service import is_searchable
from scripts.cluster.backup import contents
from scripts.commands.import_osm import import_with_progress
from scripts.demo.demo_city import fetch_demo_city
from scripts.errors import UsageError


def ensure_city(owner_url: str, var_dir: Path, pbf: Path | None) -> None:
    """Import the city unless it is there; never replace it once crews have stations.

    A city that an older release imported has nothing to search yet: it is imported again.

    Parameters
    ----------
    owner_url
        The database, as the owner of its tables.
    var_dir
        Where the demo's extracts are kept.
    pbf
        The city that is wanted; ``None`` for the one that is there, else the demo's own.

    Raises
    ------
    UsageError
        If crews have their stations in another city.
    """
    engine = make_engine(owner_url)
    try:
        with engine.connect() as connection:
            ground = active_ground(connection)
            if ground is not None and (pbf is None or _title(pbf) == ground.name):
                if is_searchable(connection, ground.id):
                    return
                source = select(Ground.source_file).where(Ground.id == ground.id)
                kept = var_dir / "demo" / str(connection.scalar(source))
                pbf = pbf or (kept if kept.is_file() else None)
                if pbf is None:  # `nearcrew doctor` tells what to do
                    return
            elif ground is not None and not contents(owner_url).is_empty:
                message = (
                    f"The demo city is {ground.name}, and its crews have their stations there."
                )
                raise UsageError(message, mend="Add --fresh to start over in the other city.")
        pbf = pbf or fetch_demo_city(var_dir)
        import_with_progress(engine, pbf, name=_title(pbf))
    finally:
        engine.dispose()


def _title(pbf: Path) -> str:
    return pbf.name.split(".")[0].replace("_", " ").replace("-", " ").title()
